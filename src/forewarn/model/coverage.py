"""Coverage: who could see what, where and when, so that silence can be read.

A statement is itself a claim about sight, with a basis and a day on which it was made. A month nobody speaks of is
unknown; it is never taken as calm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.place import admin1_id
from forewarn.model.validation import require_choice, require_text

__all__ = ["COVERAGE_KINDS", "SIGHTS", "CoverageStatement"]

COVERAGE_KINDS = ("observed", "no_access")
"""Somebody could have seen and reported; somebody says that nobody could."""

SIGHTS = (*COVERAGE_KINDS, "not_present")
"""What a source may say of its own sight. That it was not there says nothing of what others could see."""


@dataclass(frozen=True, slots=True)
class CoverageStatement:
    """What a channel says of its own sight, or what is known to have been out of sight.

    Attributes:
        channel: whose sight.
        country: ISO 3166 alpha-3.
        month_first, month_last: VIEWS month ids, inclusive.
        basis: who says so and how they know.
        kind: one of :data:`COVERAGE_KINDS`.
        admin1: the first-level area it speaks of; empty for the whole country.
        known_on: the day the statement became known; missing where it held from its first month on.
    """

    channel: str
    country: str
    month_first: int
    month_last: int
    basis: str
    kind: str = "observed"
    admin1: str = ""
    known_on: date | None = None

    def __post_init__(self) -> None:
        require_text(self.channel, "channel", longest=60)
        require_text(self.country, "country", longest=3)
        require_text(self.basis, "basis", longest=2_000)
        require_choice(self.kind, "kind", COVERAGE_KINDS)
        if self.month_first > self.month_last:
            raise InputValueError(
                f"{self.month_first} is after {self.month_last}", where="month_first..month_last", mend="swap them"
            )

    @property
    def coverage_id(self) -> str:
        """``cov_`` and the SHA-256 over everything said."""
        known = self.known_on.isoformat() if self.known_on else ""
        said = (self.channel, self.country, self.admin1, self.month_first, self.month_last, self.kind, self.basis)
        return content_id("cov", *said, known)

    @property
    def area(self) -> str:
        """The unit it speaks of: a country or an admin1 area."""
        return admin1_id(self.country, self.admin1) if self.admin1 else self.country

    def covers(self, unit: str, month: int) -> bool:
        """Whether it speaks of that country or admin1 area in that month: the area itself or what it lies in."""
        return self.month_first <= month <= self.month_last and self.area in (unit, unit.partition("/")[0])

    def row(self) -> dict[str, Any]:
        """The statement as a flat row. ``known_on`` is empty text where it held from the first."""
        return {
            "coverage_id": self.coverage_id,
            "channel": self.channel,
            "country": self.country,
            "admin1": self.admin1,
            "month_first": self.month_first,
            "month_last": self.month_last,
            "kind": self.kind,
            "basis": self.basis,
            "known_on": self.known_on.isoformat() if self.known_on else "",
        }
