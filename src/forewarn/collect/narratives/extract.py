"""A table of narratives into a table of claims: columns in, columns out, one row for each claim.

Owns the columns of the result and the context that a row gives its narrative: the day relative words count from, the
country names are looked up in, the language. A country or day that cannot be read leaves the narrative without it and
is counted. The narratives themselves do not go into the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from forewarn.collect.narratives.claims import COUNTED_GROUPS, Counted, NarrativeClaim, extract_narrative
from forewarn.collect.narratives.found import VICTIM_KINDS, Narrative
from forewarn.errors import ForewarnError, InputFormatError, InputValueError, shorten
from forewarn.model.place import Place
from forewarn.taxonomy import country

__all__ = ["CLAIM_SCHEMA", "LONGEST", "Filed", "Source", "claims_frame", "extract_frame", "narratives_of"]

LONGEST = 1_000_000
"""Characters of the longest cell taken as a narrative: longer ones are a damaged table."""

_ENDS = ("low", "best", "high")


def _count_schema() -> dict[str, pl.DataType]:
    """Columns of counts: totals of five kinds of harm, then each group's."""
    names = [*VICTIM_KINDS, *(f"{group}_{kind}" for group in COUNTED_GROUPS for kind in VICTIM_KINDS)]
    return {f"{name}_{end}": pl.Int64() for name in names for end in _ENDS}


CLAIM_SCHEMA: dict[str, pl.DataType] = {
    "row": pl.Int64(),
    "claim": pl.Int64(),
    "act": pl.String(),
    "act_detail": pl.String(),
    "acts": pl.String(),
    "codes": pl.String(),
    "target": pl.String(),
    "targets": pl.String(),
    "protected_status": pl.String(),
    "actor_class": pl.String(),
    "actor_detail": pl.String(),
    "actor_name": pl.String(),
    "weapon": pl.String(),
    "weapon_detail": pl.String(),
    **_count_schema(),
    "date_start": pl.Date(),
    "date_end": pl.Date(),
    "date_precision": pl.String(),
    "country": pl.String(),
    "place_name": pl.String(),
    "latitude": pl.Float64(),
    "longitude": pl.Float64(),
    "place_precision": pl.String(),
    "certainty": pl.String(),
    "negated": pl.Boolean(),
    "span": pl.String(),
    "rule": pl.String(),
    "evidence": pl.String(),
}
"""The columns of the result. Counts that the text does not tell are missing; so is an open upper end."""


@dataclass(frozen=True, slots=True)
class Source:
    """Which columns of a table tell what; empty where none does.

    Attributes:
        text: the narratives.
        date: the day relative words count from, ISO 8601, a time behind it passed over.
        country: the country a narrative is filed under, as code or name.
        language: BCP 47 code of all narratives.
    """

    text: str
    date: str = ""
    country: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """The narratives of a table, in order, and how many days and countries could not be read."""

    narratives: tuple[Narrative, ...]
    unread_dates: int
    unread_countries: int


def extract_frame(
    frame: pl.DataFrame,
    text_column: str,
    *,
    date_column: str = "",
    country_column: str = "",
    language: str = "",
    rows: pl.Series | None = None,
) -> pl.DataFrame:
    """The claims of a table of narratives, as a frame of :data:`CLAIM_SCHEMA`.

    Args:
        frame: any table; its other columns are not read.
        text_column: the column of narratives. Missing and blank ones give no row, every other gives at least one.
        date_column, country_column, language: the context, as in :class:`Source`.
        rows: the number of each row; from 1 where not given.

    Raises:
        InputFormatError: there is no such column.
        InputValueError: a narrative is longer than :data:`LONGEST`.
    """
    numbers = list(range(1, frame.height + 1)) if rows is None else rows.to_list()
    filed = narratives_of(frame, Source(text_column, date_column, country_column, language), numbers)
    return claims_frame(filed.narratives, numbers)


def narratives_of(frame: pl.DataFrame, source: Source, rows: Sequence[int]) -> Filed:
    """The narratives of a table with the context its columns give. Raises as :func:`extract_frame` does."""
    texts = _column(frame, source.text)
    told_days = _column(frame, source.date) if source.date else [""] * frame.height
    told_countries = _column(frame, source.country) if source.country else [""] * frame.height
    made, unread_dates, unread_countries = [], 0, 0
    for row, text, told_day, told_country in zip(rows, texts, told_days, told_countries, strict=True):
        _require_length(text, row, source.text)
        day, iso3 = _day(told_day), _iso3(told_country)
        unread_dates += day is None and bool(told_day.strip())
        unread_countries += not iso3 and bool(told_country.strip())
        made.append(Narrative(text, source.language, day, iso3))
    return Filed(tuple(made), unread_dates, unread_countries)


def _require_length(text: str, row: int, column: str) -> None:
    if len(text) > LONGEST:
        raise InputValueError(
            f"the narrative has {len(text):,} characters, {LONGEST:,} at most",
            where=f"row {row}, column {shorten(column)}",
            mend="check that the table is not damaged",
        )


def claims_frame(narratives: Sequence[Narrative], rows: Sequence[int]) -> pl.DataFrame:
    """The claims of some narratives, ``rows`` their numbers, as a frame of :data:`CLAIM_SCHEMA`."""
    columns: dict[str, list[Any]] = {name: [] for name in CLAIM_SCHEMA}
    # One narrative at a time: its claims are let go once they are told.
    for row, narrative in zip(rows, narratives, strict=True):
        for number, claim in enumerate(extract_narrative(narrative), 1):
            told = {"row": row, "claim": number, **_cells(claim, narrative)}
            for name, values in columns.items():
                values.append(told.get(name))
    return pl.DataFrame(columns, schema=CLAIM_SCHEMA)


def _cells(claim: NarrativeClaim, narrative: Narrative) -> dict[str, Any]:
    """What a claim tells, by column."""
    proof = list(claim.evidence())
    return {
        **_what(claim),
        **_how_many(claim),
        **_when_and_where(claim, narrative),
        "certainty": claim.certainty.level,
        "negated": claim.negated,
        "span": f"{claim.start}-{claim.end}",
        "rule": " ".join(f"{field}={rule}" for field, rule, _, _ in proof),
        "evidence": " ".join(f"{field}={start}-{end}" for field, _, start, end in proof),
    }


def _what(claim: NarrativeClaim) -> dict[str, Any]:
    act, target, actor, weapon = claim.act, claim.target, claim.actor, claim.weapon
    return {
        "act": act.act if act else "unknown",
        "act_detail": act.detail if act else None,
        "acts": _listed(one.detail for one in claim.acts),
        "codes": _listed(claim.codes),
        "target": target.value if target else "unknown",
        "targets": _listed(one.value for one in claim.targets),
        "protected_status": target.detail if target else None,
        "actor_class": actor.value if actor else "unknown",
        "actor_detail": (actor.detail or None) if actor and not _is_name(actor.detail) else None,
        "actor_name": actor.detail if actor and _is_name(actor.detail) else None,
        "weapon": weapon.value if weapon else "unknown",
        "weapon_detail": (weapon.detail or None) if weapon else None,
    }


def _is_name(detail: str) -> bool:
    """Whether it is the listed name of a body; finer codes are in small letters."""
    return detail != detail.lower()


def _listed(words: Any) -> str | None:
    """Each word once, in order of mention."""
    return " ".join(dict.fromkeys(words)) or None


def _how_many(claim: NarrativeClaim) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for kind, counted in claim.totals.items():
        _spread(found, kind, counted)
    for (group, kind), counted in claim.groups.items():
        _spread(found, f"{group}_{kind}", counted)
    return found


def _spread(found: dict[str, int | None], name: str, counted: Counted) -> None:
    found[f"{name}_low"], found[f"{name}_best"], found[f"{name}_high"] = counted.low, counted.best, counted.high


def _when_and_where(claim: NarrativeClaim, narrative: Narrative) -> dict[str, Any]:
    when = claim.date
    place = claim.place.place if claim.place else Place(country=narrative.country)
    precision = "country" if claim.place is None and narrative.country else place.precision
    return {
        "date_start": when.first if when else None,
        "date_end": when.last if when else None,
        "date_precision": when.precision if when else "unknown",
        "country": place.country or None,
        "place_name": place.name or None,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "place_precision": precision,
    }


def _column(frame: pl.DataFrame, name: str) -> list[str]:
    """A column as text, missing cells empty."""
    if name not in frame.columns:
        known = ", ".join(shorten(column, 40) for column in frame.columns[:20])
        raise InputFormatError(f"has no column '{shorten(name)}' among {known}", mend="name one of its columns")
    return frame[name].cast(pl.String).fill_null("").to_list()


def _day(value: str) -> date | None:
    """The day of a cell; ``None`` where it is blank or no day."""
    try:
        return date.fromisoformat(value.strip()[:10])
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _iso3(value: str) -> str:
    """The code of a country; empty where the cell is blank or no country has that code or name."""
    try:
        return country(value.strip()).iso3 if value.strip() else ""
    except ForewarnError:
        return ""
