"""A small linear model over words, read from a file anybody can read.

Multinomial logistic regression: one weight a feature and class, one bias a class. Loading needs no learning library.
A decision names the features that carried it; below the shipped threshold there is none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from forewarn.collect.narratives.mentions import load_words
from forewarn.errors import ConfigurationError

__all__ = ["Decision", "WordModel", "load_model"]

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """The likeliest class, its share of belief from 0 to 1, and the features that spoke most for it, heaviest first."""

    label: str
    confidence: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordModel:
    """Classes, biases and weights; ``threshold`` is the confidence below which the model abstains."""

    classes: tuple[str, ...]
    threshold: float
    biases: tuple[float, ...]
    weights: dict[str, tuple[float, ...]]

    def decide(self, features: Iterable[str]) -> Decision:
        """The likeliest class for what a narrative shows, threshold or not."""
        held = [(name, self.weights[name]) for name in features if name in self.weights]
        totals = list(self.biases)
        for _, row in held:
            for at, weight in enumerate(row):
                totals[at] += weight
        top = max(totals)
        shares = [math.exp(total - top) for total in totals]
        best = totals.index(top)
        spoke = sorted(held, key=lambda pair: (-pair[1][best], pair[0]))[:_SHOWN]
        because = tuple(name for name, row in spoke if row[best] > 0)
        return Decision(self.classes[best], shares[best] / sum(shares), because)


@lru_cache(maxsize=4)
def load_model(name: str) -> WordModel:
    """The shipped model of that name.

    Raises:
        ConfigurationError: a row has not one weight for each class.
    """
    listed = load_words(name)
    classes = tuple(listed["classes"])
    weights = {feature: tuple(map(float, str(row).split())) for feature, row in listed["weights"].items()}
    if any(len(row) != len(classes) for row in weights.values()) or len(listed["biases"]) != len(classes):
        raise ConfigurationError(
            "a row of weights does not fit the classes", where=f"{name}.yaml", mend="train it again"
        )
    return WordModel(classes, float(listed["threshold"]), tuple(map(float, listed["biases"])), weights)
