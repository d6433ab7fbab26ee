"""The pictures of a brief from what is known: months, the forecast's fan, and the map by cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from sqlalchemy import Connection

from forewarn.assess import coverage
from forewarn.clock import day_from_text, first_day, last_day, month_of
from forewarn.model.grid import cell_centres
from forewarn.model.place import unit_name
from forewarn.operations.brief_figures import EARLY_SIGNS
from forewarn.operations.brief_parts import incident_words
from forewarn.operations.knowledge import Knowledge, count_range
from forewarn.operations.places import Window, outlines_in, places_in
from forewarn.operations.trace import frame_ids
from forewarn.respond import AreaMap, Exceedance, Fan, FanMonth, MapCell, Moment, Series, SeriesMonth, Timeline
from forewarn.store.forecasts import forecast_run, read_forecast_units, read_skill

__all__ = ["area_of", "fan_of", "observed_months", "series_of", "timeline_of"]

_LANE_OF = {
    "one_sided": "one-sided",
    "state_based": "state-based",
    "non_state": "non-state",
    "unknown": "kind unstated",
}
_THRESHOLDS = (1, 25, 100, 1000)


def observed_months(known: Knowledge, unit: str, months: range) -> Mapping[int, bool]:
    """For each month whether somebody was looking at the unit; false where nobody said so."""
    covered = coverage(known.statements, [unit], months)
    return dict(zip(covered["month"], (covered["state"] == "observed"), strict=True))


def series_of(
    known: Knowledge,
    unit: str,
    incidents: pl.DataFrame,
    months: range,
    *,
    sentence: str,
    later: pl.DataFrame | None = None,
) -> Series:
    """Deaths by month, as known; with what became known later, where asked for."""
    seen = observed_months(known, unit, months)
    inside = _dated(incidents).filter(pl.col("month").is_in(list(months)))
    tail = later if later is not None and not later.is_empty() else None
    return Series(
        label=f"Deaths reported by month, {unit_name(unit)}",
        noun="deaths",
        months=_months(inside, months, seen),
        coverage=sentence,
        claim_ids=tuple(frame_ids(inside)),
        later=() if tail is None else _later_months(tail, months),
        later_claim_ids=() if tail is None else tuple(sorted(_dated(tail)["claim_id"])),
    )


def fan_of(connection: Connection, forecast_id: str, unit: str, base_rate: Mapping[int, float]) -> Fan | None:
    """The forecast of a unit as months ahead; ``None`` where it has none."""
    rows = read_forecast_units(connection, forecast_id, unit)
    if rows.is_empty():
        return None
    run = forecast_run(connection, forecast_id)
    total = rows.filter(pl.col("month") == 0).row(0, named=True)
    quantiles = ("q05", "q25", "q50", "q75", "q95")
    return Fan(
        months=tuple(
            FanMonth(row["month"], *(row[q] for q in quantiles))
            for row in rows.filter(pl.col("month") > 0).iter_rows(named=True)
        ),
        noun=run.target.replace("_", " "),
        model=run.model,
        forecast_id=forecast_id,
        data_through=run.data_through,
        as_known_at=day_from_text(run.as_known_at),
        exceedances=tuple(Exceedance(n, total[f"p{n}"], base_rate.get(n)) for n in _THRESHOLDS),
        skill=_skill_words(connection, forecast_id),
        total=(total["q05"], total["q50"], total["q95"]),
    )


def _skill_words(connection: Connection, forecast_id: str) -> str:
    whole = next((row for row in read_skill(connection, forecast_id) if row.kind == "all"), None)
    if whole is None:
        return "No back-test of this model on this panel has been recorded; treat the chances as uncalibrated."
    return f"On the panel's own past: {whole.sentence}"


def area_of(
    known: Knowledge,
    unit: str,
    incidents: pl.DataFrame,
    *,
    sentence: str,
    since: date,
    until: date,
    around: Callable[[], Sequence[int]],
) -> AreaMap | None:
    """Deaths by cell between two days, over the populated places around; ``None`` where nothing can be shown.

    ``around`` gives the cells to show where none of these days is placed.
    """
    inside = pl.col("started_on").is_between(pl.lit(since.isoformat()), pl.lit(until.isoformat()))
    recent = incidents.filter(inside)
    placed = recent.filter(pl.col("cell") > 0)
    window = _window(placed["cell"].to_list() or around())
    if window is None:
        return None
    country = unit[:3]
    places, outlines = places_in(window, country), outlines_in(window, country, focus=unit, atlas=known.atlas)
    cells = _cells(placed)
    if not (cells or places or outlines):
        return None
    return AreaMap(
        label=f"Deaths reported by half-degree cell, {since} to {until}, {unit_name(unit)}",
        noun="deaths",
        cells=cells,
        places=places,
        coverage=sentence,
        claim_ids=tuple(frame_ids(placed)),
        outlines=outlines,
        unplaced=recent.height - placed.height,
    )


def timeline_of(known: Knowledge, unit: str, incidents: pl.DataFrame, months: range) -> Timeline:
    """Incidents day by day and by kind over some months, up to the day of knowledge."""
    first, last = first_day(months[0]), min(last_day(months[-1]), known.as_known_at)
    inside = pl.col("started_on").is_between(pl.lit(first.isoformat()), pl.lit(last.isoformat()))
    rows = incidents.filter(inside).sort("started_on", "incident_id")
    seen = observed_months(known, unit, months)
    return Timeline(
        label=f"Timeline of incidents, {unit_name(unit)}",
        first=first,
        last=last,
        moments=tuple(_moment(row) for row in rows.iter_rows(named=True)),
        unseen=tuple(month for month in months if not seen.get(month)),
        claim_ids=tuple(frame_ids(rows)),
    )


def _moment(row: dict[str, Any]) -> Moment:
    lane = "early signs" if row["act"] in EARLY_SIGNS else _LANE_OF[row["violence"]]
    killed = next((row[f"deaths_{end}"] for end in ("low", "best") if row[f"deaths_{end}"] is not None), None)
    return Moment(day_from_text(row["started_on"]), lane, killed, incident_words(row))


def _dated(frame: pl.DataFrame) -> pl.DataFrame:
    dated = frame.filter(pl.col("started_on").is_not_null())
    months = [month_of(day_from_text(day)) for day in dated["started_on"]]
    return dated.with_columns(pl.Series("month", months, dtype=pl.Int64))


def _sums(frame: pl.DataFrame) -> dict[int, tuple[int, int, int]]:
    summed = frame.with_columns(*count_range("deaths")).group_by("month").agg(pl.col("low", "best", "high").sum())
    return {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in summed.iter_rows()}


def _months(frame: pl.DataFrame, months: range, seen: Mapping[int, bool]) -> tuple[SeriesMonth, ...]:
    sums = _sums(frame)
    made = []
    for month in months:
        observed = bool(seen.get(month))
        low, best, high = sums.get(month) or ((0, 0, 0) if observed else (None, None, None))
        made.append(SeriesMonth(month, low, best, high, observed))
    return tuple(made)


def _later_months(later: pl.DataFrame, months: range) -> tuple[SeriesMonth, ...]:
    """Months with what became known later added; months after the day of knowledge included."""
    sums: dict[int, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    sums.update(_sums(_dated(later)))
    return tuple(
        SeriesMonth(month, low, best, high, observed=True)
        for month, (low, best, high) in sorted(sums.items())
        if month >= months[0]
    )


def _cells(placed: pl.DataFrame) -> tuple[MapCell, ...]:
    summed = (
        placed.with_columns(*count_range("deaths"))
        .group_by("cell")
        .agg(pl.col("low", "high").sum(), pl.len().alias("incidents"))
        .sort("cell")
    )
    return tuple(MapCell(int(cell), int(low), int(high), int(n)) for cell, low, high, n in summed.iter_rows())


def _window(cells: Sequence[int]) -> Window | None:
    """What the map shows: the cells with a margin of a degree."""
    if not cells:
        return None
    latitude, longitude = cell_centres(np.array(cells, dtype=np.int64))
    return (
        float(latitude.min()) - 1.0,
        float(longitude.min()) - 1.0,
        float(latitude.max()) + 1.0,
        float(longitude.max()) + 1.0,
    )
