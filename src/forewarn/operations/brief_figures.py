"""The numbers of a brief: deaths by kind of violence, people displaced, and early signs, each with its range.

Reported and corroborated figures are never added up. A group of incidents none of which gives a number is counted as
incidents, not as a death figure that reads ``unknown`` a dozen times; how many gave no number is always said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from forewarn.clock import first_day, last_day
from forewarn.model.claim import CountRange
from forewarn.operations.brief_parts import VIOLENCE_WORDS
from forewarn.operations.brief_scope import Months, Sentence
from forewarn.operations.knowledge import count_range
from forewarn.operations.trace import frame_ids
from forewarn.respond import Figure

__all__ = ["EARLY_SIGNS", "figures_of"]

EARLY_SIGNS = ("abduction", "denial_of_access", "destruction", "detention", "displacement", "threat")
"""Acts short of killing that are signs listed under risk factor 7 of the UN Framework of Analysis."""

_STATUSES = ("corroborated", "reported")


def figures_of(incidents: pl.DataFrame, spans: Iterable[Months], sentence: Sentence) -> tuple[Figure, ...]:
    """The numbers of each span of months.

    Args:
        incidents: of one unit, with ``claim_ids``.
        spans: the months; an incident belongs to the month it began in.
        sentence: what could be seen in some months, in words.
    """
    made: list[Figure] = []
    for one in spans:
        inside = pl.col("started_on").is_between(
            pl.lit(first_day(one.first).isoformat()), pl.lit(last_day(one.last).isoformat())
        )
        recent = incidents.filter(inside)
        said = sentence(one.span)
        for status in _STATUSES:
            rows = recent.filter(pl.col("status") == status)
            made += _of_status(rows, f"{status}, {one.words}", f"{status}-{one.key}", said)
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Sum:
    """A count summed over incidents: the range, how many incidents it adds up, and their claims."""

    count: CountRange
    over: str
    claim_ids: tuple[str, ...]


def _of_status(rows: pl.DataFrame, words: str, key: str, said: str) -> Iterator[Figure]:
    for kind, name in VIOLENCE_WORDS.items():
        deaths = _summed(rows.filter(pl.col("violence") == kind), "deaths")
        if deaths is not None:
            label = f"Deaths in {name}, {words} {deaths.over}"
            yield Figure(f"{kind}-{key}".replace("_", "-"), label, deaths.count, "deaths", said, deaths.claim_ids)
    displaced = _summed(rows, "displaced")
    if displaced is not None:
        label = f"People displaced, {words} {displaced.over}"
        yield Figure(f"displaced-{key}", label, displaced.count, "people", said, displaced.claim_ids)
    signs = rows.filter(pl.col("act").is_in(EARLY_SIGNS))
    if signs.height:
        acts = ", ".join(act.replace("_", " ") for act in sorted(signs["act"].unique()))
        count = CountRange(signs.height, signs.height, signs.height, _status(signs))
        label = f"Early signs ({acts}), {words}"
        yield Figure(f"signs-{key}", label, count, "incidents", said, tuple(frame_ids(signs)))


def _summed(rows: pl.DataFrame, name: str) -> _Sum | None:
    """The sum of a count over the incidents that give one; ``None`` where none does."""
    given = rows.with_columns(*count_range(name)).filter(pl.col("low").is_not_null())
    if given.is_empty():
        return None
    low, best, high = (int(given[end].sum()) for end in ("low", "best", "high"))
    plural = "incident" if given.height == 1 else "incidents"
    silent = rows.height - given.height if name == "deaths" else 0
    more = f", {silent} more give no number" if silent else ""
    over = f"({given.height} {plural}{more})"
    return _Sum(CountRange(low, best, high, _status(given)), over, tuple(frame_ids(given)))


def _status(rows: pl.DataFrame) -> str:
    return str(rows["status"][0])
