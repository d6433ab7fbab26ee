"""Protection themes: what there is, what falls in one and by which rule, and how it goes over time in an area.

Every figure comes with the coverage of its months and the caution of its theme. Areas are in the order of their names
and are not compared. Where a theme forbids lists or finer areas, neither is worked out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from sqlalchemy import Connection

from forewarn.assess import coverage, sight_of
from forewarn.assess.themes import OfStatus, ThemeMonth, ThemeTrend, require_shown_at, theme_marks, theme_trend
from forewarn.clock import last_complete_month, month_label
from forewarn.errors import UsageError
from forewarn.model.place import UnitLevel
from forewarn.operations.knowledge import Knowledge, knowledge
from forewarn.operations.scope import Asked, scope_within
from forewarn.operations.situation import area_named, claims_with_kinds
from forewarn.operations.theme_pictures import trend_picture
from forewarn.operations.workspace import Workspace
from forewarn.taxonomy.protection import ProtectionTheme, protection_theme, protection_themes

__all__ = [
    "MONTHS",
    "OfStatus",
    "RuleShown",
    "ThemeListed",
    "ThemeMonth",
    "ThemeShown",
    "ThemeTrend",
    "list_themes",
    "show_theme",
]

MONTHS = 36
"""Months shown unless asked otherwise."""
_MOST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule in words: the code it gives, what that stands for, and the conditions that must hold together."""

    id: str
    code: str
    label: str
    conditions: str


@dataclass(frozen=True, slots=True)
class ThemeListed:
    """A theme in short.

    Attributes:
        id, name, caution: of the theme.
        lists: its coded lists with their codes and labels; ``to_compare`` those not yet compared with their publisher.
        rules: by which claims fall in it.
        incidents: how many are in it as known, whatever the area; missing where too few to show, or not to be counted.
        coverage: in how much of where and when anything is known to have happened somebody could see.
    """

    id: str
    name: str
    caution: str
    lists: dict[str, dict[str, str]]
    to_compare: tuple[str, ...]
    rules: list[RuleShown]
    incidents: int | None
    coverage: str


@dataclass(frozen=True, slots=True)
class ThemeShown:
    """A theme over time, area by area.

    Attributes:
        theme: what it is.
        months: first and last month shown, as people write them.
        trends: one for each area, by name.
        pictures: by area, the trend as an SVG element.
    """

    theme: ThemeListed
    months: tuple[str, str]
    trends: list[ThemeTrend]
    pictures: dict[str, str]


def list_themes(workspace: Workspace, *, as_known_at: date) -> list[ThemeListed]:
    """The themes, each with its lists, its rules and how many incidents fall in it."""
    with workspace.database.reading() as connection:
        known, marks = _known(connection, as_known_at)
    members = known.assembly.members.join(marks, on="claim_id")
    counted = dict(members.group_by("theme").agg(pl.col("incident_id").n_unique()).iter_rows())
    seen = _coverage(known)
    return [_listed(theme, counted.get(theme.id, 0), seen) for theme in protection_themes()]


def show_theme(
    workspace: Workspace,
    name: str,
    *,
    unit: str = "",
    months: tuple[int | None, int | None] = (None, None),
    as_known_at: date,
) -> ThemeShown:
    """A theme month by month: in an area, or in every country in which something of it is told.

    Args:
        workspace: an open one.
        name: id of the theme.
        unit: a country, or an admin1 area where the theme may be shown for one; empty for all countries.
        months: first and last month id; by default the :data:`MONTHS` up to the last complete one.
        as_known_at: the day whose knowledge is used.

    Raises:
        DisclosureError: the area is too fine for the theme, or is none.
    """
    theme = protection_theme(name)
    area = _area(theme, unit) if unit else ""
    span = _span(months, as_known_at)
    with workspace.database.reading() as connection:
        known, marks = _known(connection, as_known_at)
    areas = [area] if area else _countries(known, marks.filter(pl.col("theme") == theme.id))
    trends = [_trend(theme, area, known, marks, span) for area in areas]
    number = known.assembly.members.join(marks.filter(pl.col("theme") == theme.id), on="claim_id")
    listed = _listed(theme, number["incident_id"].n_unique(), _coverage(known))
    pictures = {trend.unit: trend_picture(theme.name, trend) for trend in trends}
    return ThemeShown(listed, (month_label(span[0]), month_label(span[-1])), trends, pictures)


def _area(theme: ProtectionTheme, name: str) -> str:
    """The area, where the theme may be shown for it; what is plainly none is refused before it is looked up."""
    if "/" not in name and re.search(r"[\d_<>→:]", name):
        require_shown_at(theme, name)
    area = area_named(name)
    require_shown_at(theme, area)
    return area


def _known(connection: Connection, as_known_at: date) -> tuple[Knowledge, pl.DataFrame]:
    known = knowledge(connection, as_known_at)
    return known, theme_marks(claims_with_kinds(connection, known), protection_themes())


def _span(months: tuple[int | None, int | None], as_known_at: date) -> range:
    last = months[1] if months[1] is not None else last_complete_month(as_known_at)
    first = months[0] if months[0] is not None else last - MONTHS + 1
    if not 0 <= last - first < _MOST_MONTHS:
        said = f"{month_label(first)} to {month_label(last)}"
        raise UsageError(f"{said} are not up to {_MOST_MONTHS} months in order", where="--from", mend="change --from")
    return range(first, last + 1)


def _countries(known: Knowledge, marks: pl.DataFrame) -> list[str]:
    """The countries in which something of the theme is told, by name."""
    told = known.assembly.members.join(marks, on="claim_id", how="semi")
    inside = known.held.join(told, on="incident_id", how="semi")
    return sorted(country for country in inside["country"].unique() if country)


def _trend(theme: ProtectionTheme, area: str, known: Knowledge, marks: pl.DataFrame, span: Sequence[int]) -> ThemeTrend:
    level = UnitLevel.ADMIN1 if "/" in area else UnitLevel.COUNTRY
    covered = coverage(known.statements, [area], span)
    incidents = known.incidents(level).filter(pl.col("unit") == area)
    return theme_trend(theme, area, incidents=incidents, marks=marks, covered=covered)


def _coverage(known: Knowledge) -> str:
    """What could have been seen of all that is known, in a sentence."""
    return str(sight_of(scope_within(known, Asked()).covered))


def _listed(theme: ProtectionTheme, incidents: int, seen: str) -> ThemeListed:
    is_hidden = theme.counted == "mandated" or 0 < incidents < theme.smallest
    return ThemeListed(
        id=theme.id,
        name=theme.name,
        caution=theme.caution,
        lists={one.name: {entry.code: entry.label for entry in one} for one in theme.lists},
        to_compare=theme.to_compare,
        rules=[
            RuleShown(
                rule.id,
                rule.code,
                rule.label,
                "; ".join(
                    f"{noun}: {', '.join(said)}"
                    for noun, said in (
                        ("act", rule.acts),
                        ("violence", rule.violence),
                        ("source", rule.sources),
                        ("target", rule.targets.said),
                        ("words", rule.words.said),
                    )
                    if said
                ),
            )
            for rule in theme.rules
        ],
        incidents=None if is_hidden else incidents,
        coverage=seen,
    )
