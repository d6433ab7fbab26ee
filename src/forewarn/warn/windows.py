"""Spans of days and what was reported in them: the counting that recent violence and early signs share.

Owns the windows, the counts inside them, and the reading of origins, claims and targets off incident rows. A sum
of reported counts has a low end that unknown numbers add nothing to; they are counted apart. Nothing is judged here.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

import polars as pl

__all__ = ["Reported", "WindowCount", "between", "months_before", "reported", "window"]


@dataclass(frozen=True, slots=True)
class WindowCount:
    """Incidents of one unit in one span of days, both ends included.

    ``low``, ``best`` and ``high`` add up what the incidents give; ``uncounted`` is how many give no number.
    """

    first: date
    last: date
    incidents: int = 0
    low: int = 0
    best: int = 0
    high: int = 0
    uncounted: int = 0


@dataclass(frozen=True, slots=True)
class Reported:
    """What a set of incidents rests on.

    Attributes:
        acts: how many incidents of each act, the most frequent first, then by name.
        independent_origins: at least so many that do not go back to each other.
        corroborated: incidents with two or more independent origins.
        contested: incidents whose claims contradict each other.
        claim_ids: all their claims, sorted.
        targets: who was harmed, in the sources' words, most often named first; five at most.
    """

    acts: tuple[tuple[str, int], ...] = ()
    independent_origins: int = 0
    corroborated: int = 0
    contested: int = 0
    claim_ids: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()

    @property
    def incidents(self) -> int:
        """How many there are."""
        return sum(number for _, number in self.acts)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month where it is shorter."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def between(rows: pl.DataFrame, after: date, last: date) -> pl.DataFrame:
    """The rows whose ``day`` lies after one day and up to another."""
    return rows.filter((pl.col("day") > after) & (pl.col("day") <= last))


def window(rows: pl.DataFrame, after: date, last: date) -> WindowCount:
    """The rows of such a span, counted."""
    span = between(rows, after, last)
    low, best, high, uncounted = (int(span[name].sum()) for name in ("low", "best", "high", "uncounted"))
    first = date.fromordinal(after.toordinal() + 1)
    return WindowCount(first, last, span.height, low, best, max(high, best), uncounted)


def reported(rows: pl.DataFrame) -> Reported:
    """What all the rows together rest on."""
    acts = rows["act"].to_list()
    return Reported(
        acts=tuple(sorted(((act, acts.count(act)) for act in set(acts)), key=lambda one: (-one[1], one[0]))),
        independent_origins=_origins(rows),
        corroborated=int((rows["independent_origins"] >= 2).sum()),
        contested=int(rows["contested"].sum()),
        claim_ids=_claims(rows),
        targets=_targets(rows),
    )


def _origins(rows: pl.DataFrame) -> int:
    """At least so many: names where they are given, else the most that any one incident has."""
    named = {
        " ".join(name.casefold().split())
        for names in rows["origins"].to_list()
        for name in (names or ())
        if name and name.strip()
    }
    highest = rows["independent_origins"].max()
    return max(len(named), int(highest) if isinstance(highest, int) else 0)


def _claims(rows: pl.DataFrame) -> tuple[str, ...]:
    found = {claim for claims in rows["claim_ids"].to_list() for claim in (claims or ())}
    return tuple(sorted(found))


def _targets(rows: pl.DataFrame) -> tuple[str, ...]:
    named = [" ".join(target.split())[:120] for target in rows["target"].to_list() if target.strip()]
    return tuple(sorted(set(named), key=lambda target: (-named.count(target), target)))[:5]
