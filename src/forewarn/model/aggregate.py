"""Figures over many incidents, and the sight without which none of them can be made.

An :class:`Aggregate` needs a :class:`Sight`: a total without what could have been seen does not exist here. A
:class:`Tally` adds people of one kind of count, one kind of death, one status and one standard of proof; adding two
that differ in any of these raises.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from forewarn.clock import month_label
from forewarn.errors import InputValueError, RuleError
from forewarn.model.casualty import DEATH_KINDS, STATUSES
from forewarn.model.claim import COUNTED
from forewarn.model.validation import require_choice

__all__ = ["Aggregate", "Sight", "Tally"]

Figures = TypeVar("Figures")


@dataclass(frozen=True, slots=True)
class Sight:
    """What could have been seen where something was counted.

    Attributes:
        units: the areas looked at; empty where no incident has a place or day.
        month_first, month_last: VIEWS month ids, inclusive; 0 without units.
        observed, not_observed, unknown: unit-months in which somebody could see, in which somebody says that nobody
            could, and of which nobody said anything.
        bases: who says so, each once.
        partly: of the unknown unit-months, those in which somebody spoke of an area within the unit and not of all of
            it.
    """

    units: tuple[str, ...]
    month_first: int
    month_last: int
    observed: int
    not_observed: int
    unknown: int
    bases: tuple[str, ...] = ()
    partly: int = 0

    def __post_init__(self) -> None:
        if min(self.observed, self.not_observed, self.unknown) < 0:
            raise InputValueError("a number of unit-months is negative", where="sight", mend="correct it")
        room = len(self.units) * (self.month_last - self.month_first + 1) if self.units else 0
        if not 0 <= self.partly <= self.unknown:
            raise InputValueError("partly spoken of is no part of unknown", where="sight", mend="correct it")
        if self.unit_months != room:
            raise InputValueError(
                f"{self.unit_months} unit-months do not fill {room}", where="sight", mend="say something of each"
            )

    @property
    def unit_months(self) -> int:
        """Areas times months."""
        return self.observed + self.not_observed + self.unknown

    @property
    def _unsaid(self) -> str:
        if not self.partly:
            return "nobody said whether they looked"
        if self.partly == self.unknown:
            return "somebody spoke of areas within, nobody of the whole"
        return f"in {self.partly:,} somebody spoke of areas within, in the rest nobody said whether they looked"

    def __str__(self) -> str:
        """One sentence that says where silence means nothing."""
        if not self.unit_months:
            return "Whether anybody could see is unknown: no reports does not mean no incidents."
        span = month_label(self.month_first)
        span += "" if self.month_first == self.month_last else f" to {month_label(self.month_last)}"
        areas = "1 area" if len(self.units) == 1 else f"{len(self.units):,} areas"
        text = (
            f"Coverage, {areas}, {span}: of {self.unit_months:,} area-months {self.observed:,} observed, "
            f"{self.not_observed:,} not observed (no access), "
            f"{self.unknown:,} unknown ({self._unsaid})"
        )
        closing = "" if self.observed == self.unit_months else "; where it was not seen, no reports means nothing"
        return f"{text}{closing}."


@dataclass(frozen=True, slots=True)
class Aggregate(Generic[Figures]):
    """Figures and the sight they rest on, as known at a day; without a sight it cannot be built."""

    figures: Figures
    sight: Sight
    as_known_at: date

    def __post_init__(self) -> None:
        if not isinstance(self.sight, Sight):
            raise InputValueError("an aggregate without coverage", where="sight", mend="say what could have been seen")


@dataclass(frozen=True, slots=True)
class Tally:
    """People of one kind, added up over incidents.

    Attributes:
        counted: one of ``COUNTED``.
        death_kind: direct, indirect or unknown for deaths; empty for everything else.
        status: reported, corroborated or verified.
        standard: the standard of proof of what is verified, else empty.
        incidents: incidents with a number.
        without_number: incidents for which nobody gives one; they add nothing and are not zero.
        low: at least so many; 0 where no incident has a number.
        best, high: missing where a single incident with a number lacks that end.
    """

    counted: str
    death_kind: str
    status: str
    standard: str
    incidents: int
    without_number: int
    low: int
    best: int | None = None
    high: int | None = None

    def __post_init__(self) -> None:
        require_choice(self.counted, "counted", COUNTED)
        require_choice(self.status, "status", STATUSES)
        is_deaths = self.counted in ("deaths", "civilian_deaths")
        require_choice(self.death_kind, "death_kind", DEATH_KINDS if is_deaths else ("",))
        if (self.status == "verified") != bool(self.standard):
            raise InputValueError("verified and a named standard go together", where="status", mend="name the standard")
        if min(self.low, self.incidents, self.without_number) < 0:
            raise InputValueError("is negative", where="tally", mend="correct it")

    @property
    def kind(self) -> tuple[str, str, str, str]:
        """What must be the same for two tallies to be added."""
        return self.counted, self.death_kind, self.status, self.standard

    def __add__(self, other: Tally) -> Tally:
        """The two together. Raises :class:`RuleError` where they count different things or are not equally sure."""
        if self.kind != other.kind:
            raise RuleError(
                f"{' '.join(filter(None, self.kind))} and {' '.join(filter(None, other.kind))} are not added up",
                where="totals",
                mend="show them as separate rows",
            )
        return Tally(
            *self.kind,
            self.incidents + other.incidents,
            self.without_number + other.without_number,
            self.low + other.low,
            _sum(self, other, "best"),
            _sum(self, other, "high"),
        )

    def __str__(self) -> str:
        """``deaths (direct): at least 12 verified to P2, no upper bound known, in 3 incidents``."""
        status = f"verified to {self.standard}" if self.standard else self.status
        if not self.incidents:
            return f"{self._people}: number unknown, {status}, in {_incidents(self.without_number)}"
        most = "no upper bound known" if self.high is None else f"at most {self.high:,} by these reports"
        text = f"{self._people}: at least {self.low:,} {status}, {most}, in {_incidents(self.incidents)}"
        return f"{text}; number unknown in {self.without_number:,} more" if self.without_number else text

    @property
    def _people(self) -> str:
        name = self.counted.replace("_", " ")
        name = name if name.endswith("deaths") else f"people {name}"
        kinds = {"unknown": " (direct or indirect not said)", "": ""}
        return name + kinds.get(self.death_kind, f" ({self.death_kind})")


def _sum(left: Tally, right: Tally, end: str) -> int | None:
    parts = [getattr(tally, end) for tally in (left, right) if tally.incidents]
    return sum(parts) if parts and None not in parts else None


def _incidents(number: int) -> str:
    return "1 incident" if number == 1 else f"{number:,} incidents"
