"""The hidden truth of the exercise as tables, for tests, scores and trainers.

Nothing here may reach a file that a trainee or the rest of the system reads as a report. With it one can say how
well linkage found what belongs together, which copies were held to be independent, and what nobody told.
"""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from forewarn.clock import month_of
from forewarn.learn.exercise.course import happenings
from forewarn.learn.exercise.dice import DEFAULT_SEED
from forewarn.learn.exercise.tellings import tellings

__all__ = ["provenance", "truth"]

_COUNTS = ("deaths", "civilian_deaths", "injured", "abducted", "detained", "displaced")


def truth(seed: int = DEFAULT_SEED) -> pl.DataFrame:
    """Everything that happened, one row each, in order of time.

    Columns: ``happening_id``, ``arc``, ``started_on``, ``ended_on``, ``month`` (month id of the start), ``unit``
    (admin1 id), ``country``, ``place``, ``latitude``, ``longitude``, ``act``, ``violence``, ``alleged_by``, the true
    counts (0, never missing), and ``report_ids``: the reports that tell of it, sorted; empty for what nobody told.
    """
    told: dict[str, list[str]] = defaultdict(list)
    for one in tellings(seed):
        told[one.happening_id].append(one.report_id)
    rows = [
        {
            "happening_id": one.happening_id,
            "arc": one.arc,
            "started_on": one.started_on,
            "ended_on": one.ended_on,
            "month": month_of(one.started_on),
            "unit": one.area,
            "country": one.area.partition("/")[0],
            "place": one.place.name,
            "latitude": one.place.latitude,
            "longitude": one.place.longitude,
            "act": one.act,
            "violence": one.violence,
            "alleged_by": one.alleged_by,
            **{name: one.count(name) for name in _COUNTS},
            "report_ids": sorted(told[one.happening_id]),
        }
        for one in happenings(seed)
    ]
    return pl.DataFrame(rows, schema_overrides={"report_ids": pl.List(pl.String)}, infer_schema_length=None)


def provenance(seed: int = DEFAULT_SEED) -> pl.DataFrame:
    """Where every report came from, one row each.

    Columns: ``report_id``, ``source``, ``told_as`` (``own``, ``copy``, ``hoax``, ``check``), ``happening_id`` (null
    for hoaxes and checks), ``copied_from`` (the report it repeats, or null), ``published_on``.
    """
    rows = [
        {
            "report_id": one.report_id,
            "source": one.outlet.name,
            "told_as": one.told_as,
            "happening_id": one.happening_id or None,
            "copied_from": one.copied_from or None,
            "published_on": one.published_on,
        }
        for one in tellings(seed)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)
