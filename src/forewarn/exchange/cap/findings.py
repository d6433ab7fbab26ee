"""What is found in a CAP message: where, what, how to mend it, and by which measure it is wrong.

A finding is of one of four kinds: ``error`` breaks the standard; ``profile`` breaks what we ask beyond it; ``advice``
breaks neither; ``unsure`` says what could not be told. Only the first two fail a message. No finding quotes more than
a few words of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["KINDS", "CapFinding", "fails"]

KINDS = ("error", "profile", "advice", "unsure")


@dataclass(frozen=True, slots=True)
class CapFinding:
    """One finding. ``where`` is the path of the element, such as ``info[1]/area[2]``; empty for the whole."""

    kind: str
    where: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        """``kind: where: what; mend``, on one line."""
        text = f"{self.kind}: {self.where}: {self.what}" if self.where else f"{self.kind}: {self.what}"
        return " ".join((f"{text}; {self.mend}" if self.mend else text).split())


def fails(findings: Iterable[CapFinding], *, standard_only: bool = False) -> bool:
    """Whether any finding fails the message: errors, and unless the standard alone counts, those of the profile."""
    failing = ("error",) if standard_only else ("error", "profile")
    return any(one.kind in failing for one in findings)
