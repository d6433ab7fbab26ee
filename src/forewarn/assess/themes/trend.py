"""How a protection theme goes over time in one area: months with figures, and bands where nobody could see.

Owns what may be shown of a theme. Areas are countries and admin1 areas, as the theme allows; a cell, a place, a person
or a route is refused. A month nobody covered is part of a band and never zero; small numbers are suppressed where the
theme says so; deaths from disease and hunger stay out of every direct series, and nothing here adds the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import polars as pl

from forewarn.clock import day_from_text, month_of
from forewarn.errors import DisclosureError, shorten
from forewarn.model.place import UnitLevel
from forewarn.taxonomy.protection import ProtectionTheme, mandated_sources

__all__ = ["Band", "Fallen", "OfStatus", "ThemeMonth", "ThemeTrend", "require_shown_at", "theme_trend"]

INDIRECT = "indirect_effects"
_AREA = re.compile(r"[A-Z]{3}(/[^/<>→]+)?")
_DATED = ("day", "week", "month")


@dataclass(frozen=True, slots=True)
class OfStatus:
    """What a month comes to among incidents of one status: how many, and their deaths, by the rules of the month."""

    status: str
    incidents: int
    deaths_low: int | None
    deaths_best: int | None
    deaths_high: int | None


@dataclass(frozen=True, slots=True)
class ThemeMonth:
    """One month of a theme in one area.

    Attributes:
        month: VIEWS month id.
        state: ``observed``, ``not_observed`` or ``unknown``: whether anybody could have seen.
        incidents: those told of; 0 only where somebody looked. Missing where nothing is told and nobody looked, or
            where the number may not be shown. Without sight a number is a minimum.
        corroborated: of them, with two or more independent origins.
        deaths_low, deaths_best, deaths_high: at least, best and at most, over incidents with a number; missing where
            none has one, best and high also where one of them lacks that end.
        is_suppressed: whether there are some, but too few to show.
        is_told: whether somebody told of it whose telling is not counted.
        by_status: the same by status of the incidents, which the numbers above put together; none where there are no
            incidents, or where a status would have too few to show.
    """

    month: int
    state: str
    incidents: int | None
    corroborated: int | None
    deaths_low: int | None
    deaths_best: int | None
    deaths_high: int | None
    is_suppressed: bool = False
    is_told: bool = False
    by_status: tuple[OfStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """Months in a row, both ends included, in which nobody is known to have been able to see."""

    first: int
    last: int
    state: str


@dataclass(frozen=True, slots=True)
class Fallen:
    """Why an incident is in the theme: the claim, the rule, the code it gives, and what called for it."""

    incident_id: str
    claim_id: str
    code: str
    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class ThemeTrend:
    """A theme over time in one area.

    Attributes:
        theme: its id; ``unit`` the area.
        months: all asked for, in order.
        bands: where no number means nothing.
        codes: by code, in how many incidents of these months or known to none; missing where too few to show. An
            incident may have several.
        undated: incidents known to no month, which are in no month above; missing where too few to show.
        outside: incidents of other months than these; missing where too few to show.
        left_out: incidents whose deaths are indirect and left out of those above; missing where too few to show.
        fallen: the incidents and why; none where the theme forbids a list.
    """

    theme: str
    unit: str
    months: tuple[ThemeMonth, ...]
    bands: tuple[Band, ...]
    codes: tuple[tuple[str, int | None], ...]
    undated: int | None
    outside: int | None
    left_out: int | None
    fallen: tuple[Fallen, ...]

    @property
    def at_least(self) -> int:
        """The incidents of the months whose number is shown: a minimum, whatever else there was."""
        return sum(month.incidents or 0 for month in self.months)

    @property
    def by_status(self) -> tuple[tuple[str, int], ...]:
        """The same by status, none where a month does not show it."""
        shown = [month for month in self.months if month.incidents]
        if not all(month.by_status for month in shown):
            return ()
        parts = [part for month in shown for part in month.by_status]
        names = sorted({part.status for part in parts})
        return tuple((name, sum(part.incidents for part in parts if part.status == name)) for name in names)


def require_shown_at(theme: ProtectionTheme, unit: str) -> UnitLevel:
    """The level of an area at which the theme may be shown.

    Raises:
        DisclosureError: it is no area (a cell, place, person, route or record), or one too fine for the theme.
    """
    where = f"theme {theme.id}"
    if not _AREA.fullmatch(unit):
        raise DisclosureError(
            f"'{shorten(unit)}' is no country or area: places, persons and routes are not followed",
            where=where,
            mend=f"give a {' or '.join(theme.levels)}",
        )
    level = UnitLevel.ADMIN1 if "/" in unit else UnitLevel.COUNTRY
    if level.value not in theme.levels:
        raise DisclosureError(
            f"is shown for a {' or '.join(theme.levels)} only, as aggregate", where=where, mend=f"give {unit[:3]}"
        )
    return level


def theme_trend(
    theme: ProtectionTheme, unit: str, *, incidents: pl.DataFrame, marks: pl.DataFrame, covered: pl.DataFrame
) -> ThemeTrend:
    """The theme in one area, month by month.

    Args:
        theme: which.
        unit: a country or admin1 area the theme may be shown for.
        incidents: all of ``INCIDENT_COLUMNS`` with ``unit`` and ``claim_ids``.
        marks: of :func:`~forewarn.assess.themes.marks.theme_marks`, over all themes: those of indirect effects settle
            whose deaths are left out of direct ones.
        covered: ``unit, month, state`` for the months wanted, as :func:`forewarn.assess.coverage` gives them.
    """
    require_shown_at(theme, unit)
    states = covered.filter(pl.col("unit") == unit).sort("month")
    every = _dated(incidents.filter(pl.col("unit") == unit))
    links = every.select("incident_id", claim_id="claim_ids").explode("claim_id").join(marks, on="claim_id")
    counted = _counted(theme, links.filter(pl.col("theme") == theme.id))
    is_inside = pl.col("month").is_null() | pl.col("month").is_in(states["month"].implode())
    outside = every.filter(~is_inside, pl.col("incident_id").is_in(counted.implode())).height
    inside = every.filter(is_inside)
    links = links.join(inside.select("incident_id"), on="incident_id", how="semi")
    own = links.filter(pl.col("theme") == theme.id)
    indirect = links.filter(pl.col("theme") == INDIRECT)["incident_id"].unique()
    told = inside.filter(pl.col("incident_id").is_in(own["incident_id"].unique().implode()))
    kept = told.filter(pl.col("incident_id").is_in(counted.implode()))
    if theme.is_direct:
        kept = _without_deaths(kept, indirect)
    months = tuple(_months(theme, kept, told, states))
    left = kept.filter(pl.col("incident_id").is_in(indirect.implode())).height if theme.is_direct else 0
    return ThemeTrend(
        theme=theme.id,
        unit=unit,
        months=months,
        bands=tuple(_bands(months)),
        codes=_codes(theme, own.filter(pl.col("incident_id").is_in(counted.implode()))),
        undated=_shown(theme, kept.filter(pl.col("month").is_null()).height),
        outside=_shown(theme, outside),
        left_out=_shown(theme, left),
        fallen=_fallen(own) if theme.is_listed else (),
    )


def _counted(theme: ProtectionTheme, own: pl.DataFrame) -> pl.Series:
    """The incidents that count: all, or those that a mandated body tells of."""
    if theme.counted == "mandated":
        own = own.filter(pl.col("source_kind").is_in(mandated_sources()))
    return own["incident_id"].unique()


def _dated(frame: pl.DataFrame) -> pl.DataFrame:
    """The incidents with their ``month``; missing where it is not known closely enough."""
    is_known = frame["started_on"].is_not_null() & frame["date_precision"].is_in(_DATED)
    months = [
        month_of(day_from_text(day)) if known else None
        for day, known in zip(frame["started_on"], is_known, strict=True)
    ]
    return frame.with_columns(pl.Series("month", months, dtype=pl.Int64))


def _without_deaths(frame: pl.DataFrame, incidents: pl.Series) -> pl.DataFrame:
    """The incidents, those named without their deaths."""
    is_out = pl.col("incident_id").is_in(incidents.implode())
    ends = ("deaths_low", "deaths_best", "deaths_high")
    return frame.with_columns(pl.when(~is_out).then(end).alias(end) for end in ends)


def _months(
    theme: ProtectionTheme, kept: pl.DataFrame, told: pl.DataFrame, states: pl.DataFrame
) -> Iterator[ThemeMonth]:
    by_month = {row[0]: row[1:] for row in _sums(kept, "month").iter_rows()}
    by_status: dict[int, list[tuple[Any, ...]]] = {}
    for month, *part in _sums(kept, "month", "status").sort("month", "status").iter_rows():
        by_status.setdefault(month, []).append(tuple(part))
    heard = set(told["month"]) if theme.counted == "mandated" else set()
    for month, state in states.select("month", "state").iter_rows():
        whole = _month(theme, month, state, found=by_month.get(month), is_told=month in heard)
        yield replace(whole, by_status=_parts(theme, whole, by_status.get(month, ())))


def _sums(kept: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """How many incidents, how many of them corroborated, and their deaths, for each value of the keys."""
    low, best, high = (pl.col(f"deaths_{end}") for end in ("low", "best", "high"))
    ends = (pl.coalesce(low, best), best, pl.coalesce(high, best))
    is_told = pl.any_horizontal(end.is_not_null() for end in (low, best, high))
    return kept.drop_nulls("month").group_by(*keys).agg(
        pl.len(),
        (pl.col("status") == "corroborated").sum().alias("corroborated"),
        pl.when(is_told.any()).then(ends[0].sum()).alias("low"),
        # An end that one of the incidents with a number lacks is known of none of them together.
        *(pl.when(is_told.any() & ~(is_told & end.is_null()).any()).then(end.sum()).alias(name)
          for name, end in zip(("best", "high"), ends[1:], strict=True)),
    )  # fmt: skip


def _parts(theme: ProtectionTheme, whole: ThemeMonth, rows: Iterable[tuple[Any, ...]]) -> tuple[OfStatus, ...]:
    """A month by status. Where one status is too few to show, none is: the rest of the sum would give it away."""
    if not whole.incidents:
        return ()
    parts = [OfStatus(status, count, *deaths) for status, count, _, *deaths in rows]
    if any(part.incidents < theme.smallest for part in parts):
        return ()
    numbers = [end for part in parts for end in (part.deaths_low, part.deaths_best, part.deaths_high)]
    if any(end is not None and 0 < end < theme.smallest for end in numbers):
        parts = [OfStatus(part.status, part.incidents, None, None, None) for part in parts]
    return tuple(parts)


def _month(
    theme: ProtectionTheme, month: int, state: str, *, found: tuple[int | None, ...] | None, is_told: bool
) -> ThemeMonth:
    if found is None:
        # Of what is hardly ever told, a month without a report says nothing, whoever was there.
        zero = 0 if state == "observed" and theme.counted == "incidents" else None
        state = "unknown" if state == "observed" and zero is None else state
        return ThemeMonth(month, state, zero, zero, None, None, None, is_told=is_told)
    count, corroborated = found[:2]
    deaths: tuple[int | None, int | None, int | None] = (found[2], found[3], found[4])
    if count is None or count < theme.smallest:
        return ThemeMonth(month, state, None, None, None, None, None, is_suppressed=True)
    if any(number is not None and 0 < number < theme.smallest for number in deaths):
        deaths = (None, None, None)
    if corroborated is not None and any(0 < n < theme.smallest for n in (corroborated, count - corroborated)):
        corroborated = None
    return ThemeMonth(month, state, count, corroborated, *deaths)


def _bands(months: Iterable[ThemeMonth]) -> Iterator[Band]:
    for state, run in groupby(months, key=lambda month: month.state):
        if state != "observed":
            span = list(run)
            yield Band(span[0].month, span[-1].month, state)


def _codes(theme: ProtectionTheme, own: pl.DataFrame) -> tuple[tuple[str, int | None], ...]:
    counted = own.group_by("code").agg(pl.col("incident_id").n_unique()).sort("code")
    return tuple((code, _shown(theme, number)) for code, number in counted.iter_rows())


def _shown(theme: ProtectionTheme, number: int) -> int | None:
    return None if 0 < number < theme.smallest else number


def _fallen(own: pl.DataFrame) -> tuple[Fallen, ...]:
    columns = ("incident_id", "claim_id", "code", "rule", "because")
    return tuple(Fallen(*row) for row in own.select(columns).sort(columns).iter_rows())
