"""Chance for the exercise, the same on every machine.

A :class:`Dice` is one named stream of whole numbers derived from the exercise's seed. Each part of the
generator throws its own dice, so a stream that is added or throws more often changes no other. Only the raw
bits of PCG64 are used, whose sequence numpy promises to keep, and only whole-number arithmetic on them: no
floating point, no mathematical library and no version of numpy's distributions can change a byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from forewarn.errors import InputValueError, shorten

__all__ = ["DEFAULT_SEED", "Dice", "require_seed"]

DEFAULT_SEED = 2026
"""The seed of the exercise as it is shipped."""

_BLOCK = 512
_T = TypeVar("_T")


def require_seed(seed: int) -> None:
    """The seed is a whole number from 0 to 2**63 - 1."""
    if type(seed) is not int or not 0 <= seed < 2**63:
        raise InputValueError(f"'{shorten(seed)}' is no seed", where="seed", mend="use a whole number from 0")


class Dice:
    """One named stream of throws.

    Args:
        seed: the exercise's seed.
        name: what the stream is for; equal seeds and names give equal throws.
    """

    def __init__(self, seed: int, name: str) -> None:
        require_seed(seed)
        digest = hashlib.sha256(name.encode()).digest()
        words = [int.from_bytes(digest[i : i + 4], "big") for i in range(0, 16, 4)]
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, *words]))
        self._block: list[int] = []

    def whole(self, below: int) -> int:
        """A whole number from 0 to ``below - 1``, all alike (to one part in 2**64 / below)."""
        if not self._block:
            self._block = self._bits.random_raw(_BLOCK).tolist()
        return self._block.pop() * below >> 64

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + self.whole(high - low + 1)

    def chance(self, per_mille: int) -> bool:
        """True ``per_mille`` times in a thousand."""
        return self.whole(1000) < per_mille

    def pick(self, options: Sequence[_T]) -> _T:
        """One of the options, all alike."""
        return options[self.whole(len(options))]

    def weighted(self, options: Sequence[_T], weights: Sequence[int]) -> _T:
        """One of the options, by whole-number weights with a positive sum."""
        mark = self.whole(sum(weights))
        for option, weight in zip(options, weights, strict=True):
            mark -= weight
            if mark < 0:
                return option
        raise AssertionError("the weights have no positive sum")

    def shuffled(self, options: Sequence[_T]) -> list[_T]:
        """The options in a random order (Fisher and Yates)."""
        order = list(options)
        for last in range(len(order) - 1, 0, -1):
            other = self.whole(last + 1)
            order[last], order[other] = order[other], order[last]
        return order

    def count(self, mean_milli: int) -> int:
        """A geometric count from 0 with mean ``mean_milli`` / 1000: its variance exceeds its mean, as of violence."""
        number = 0
        while number < 60 and self.whole(1000 + mean_milli) < mean_milli:
            number += 1
        return number

    def nearly(self, mean_milli: int) -> int:
        """``mean_milli`` / 1000 rounded up or down by chance, so that the mean is kept."""
        return (mean_milli + self.whole(1000)) // 1000

    def heavy(self, double_per_mille: int, most: int) -> int:
        """A whole number from 1 to ``most`` with a heavy upper tail.

        The octave doubles with probability p = ``double_per_mille`` / 1000 and the number is even within it, so
        P(n > x) falls about as x to the power log2(p): 500 gives 1/x, 350 gives x**-1.5.
        """
        octave = 1
        while octave < most and self.chance(double_per_mille):
            octave *= 2
        return min(octave + self.whole(octave), most)
