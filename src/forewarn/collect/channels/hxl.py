"""Any table with a row of HXL hashtags: what its tags say, whatever the headers say.

Owns the finding of the hashtag row (within the first 25 rows) and the meaning of tags and attributes in our words.
Columns without a tag, and those that tell whom to contact or who collected, are not read. A count that is only given
for groups of people is told as at least that of the largest group: groups may overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from forewarn.collect.channels.hxl_files import TAG, read
from forewarn.collect.channels.told import number
from forewarn.collect.telling import Telling

__all__ = ["read", "tell"]

_HARMS = {
    "deaths": {"killed", "dead", "deaths", "fatalities"},
    "injured": {"injured", "wounded"},
    "abducted": {"abducted", "kidnapped"},
    "detained": {"detained", "arrested"},
    "displaced": {"displaced", "idps", "refugees"},
}
_LOW, _HIGH = {"min", "low"}, {"max", "high"}
_MEASURES = {"num", "ind", "total", "all", "best", "i", "reported", *_LOW, *_HIGH}.union(*_HARMS.values())
_START, _END = {"start", "occurred", "event", "begin"}, {"end"}
_PUBLISHED = {"reported", "published", "publication"}
_CODES = {"code", "id", "iso", "iso2", "iso3", "v_iso2", "v_iso3", "v_pcode", "pcode"}


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its name in the frame, its tag without ``#``, its attributes without ``+``."""

    name: str
    tag: str
    attributes: frozenset[str]

    def has(self, tags: Iterable[str], any_of: Iterable[str] = ()) -> bool:
        """Whether the tag is one of these, with one of the attributes where any is asked for."""
        wanted = set(any_of)
        return self.tag in set(tags) and (not wanted or bool(wanted & self.attributes))


def tell(frame: pl.DataFrame) -> Telling:
    """What the rows say.

    Args:
        frame: a chunk whose columns are called by their hashtags.
    """
    columns = [_column(name) for name in frame.columns]
    picked = {name: column for name, column in _picked(columns).items() if column}
    values = {name: pl.col(column) for name, column in picked.items()}
    counts, named = _counts(columns)
    lists = {
        "parties": _names(columns, ("group", "actor"), but={"perp", "id", "code", "size"}),
        "origin_names": [c.name for c in columns if c.tag == "meta" and "source" in c.attributes],
    }
    values |= {name: pl.concat_list(found) for name, found in lists.items() if found}
    values |= _country(columns) | _days(columns) | counts
    values |= {"act": _act(counts)}
    # A literal alone would make a frame of one row; beside a column of the frame it fills every row.
    told = frame.with_columns(**values).select(list(values)) if frame.width else frame
    return Telling(told, {**picked, **named})


def _column(name: str) -> _Column:
    found = TAG.match(name)
    tag, *attributes = (found[0] if found else name).lower().replace(" ", "").lstrip("#").split("+")
    return _Column(name, tag, frozenset(attributes))


def _picked(columns: Sequence[_Column]) -> dict[str, str | None]:
    """The columns that tell one thing each, by our field."""
    return {
        "external_id": _first(columns, ("event", "incident", "id", "meta"), _CODES)
        or _first([c for c in columns if c.tag == "id"], ("id",)),
        "published_on": _first(columns, ("date",), _PUBLISHED),
        "admin1": _area(columns, "adm1"),
        "admin2": _area(columns, "adm2"),
        "place_name": _area(columns, "loc"),
        "latitude": _first(columns, ("geo",), {"lat"}),
        "longitude": _first(columns, ("geo",), {"lon", "lng", "long"}),
        "alleged_by": _first([c for c in columns if not {"size", "id", "code"} & c.attributes], ("group",), {"perp"}),
        "title": _first(columns, ("event", "meta"), {"name", "title"}),
        "text": _first(columns, ("description",)),
        "language": _first(columns, ("meta",), {"lang"}),
    }


def _first(columns: Sequence[_Column], tags: Iterable[str], any_of: Iterable[str] = ()) -> str | None:
    """The column that fits with the fewest attributes; of several, the first."""
    fit = [column for column in columns if column.has(tags, any_of)]
    return min(fit, key=lambda column: len(column.attributes)).name if fit else None


def _area(columns: Sequence[_Column], tag: str) -> str | None:
    """The name of an area rather than its code."""
    return _first([column for column in columns if not column.attributes & _CODES], (tag,))


def _names(columns: Sequence[_Column], tags: tuple[str, ...], *, but: set[str]) -> list[str]:
    return [column.name for column in columns if column.tag in tags and not column.attributes & but]


def _country(columns: Sequence[_Column]) -> dict[str, pl.Expr]:
    """The alpha-3 code, else the name, else whatever the column of codes holds."""
    code = _first(columns, ("country", "adm0"), _CODES)
    name = _area(columns, "country") or _area(columns, "adm0")
    parts = [pl.col(column) for column in (name, code) if column]
    if code:
        parts.insert(0, pl.col(code).str.extract(r"^\s*([A-Za-z]{3})\s*$"))
    return {"country": pl.coalesce(parts)} if parts else {}


def _days(columns: Sequence[_Column]) -> dict[str, pl.Expr]:
    """First and last day; one of them stands for both; a bare year is all of it."""
    bare = [column.name for column in columns if column.tag == "date" and not column.attributes]
    start = _first(columns, ("date",), _START) or (bare[0] if bare else None)
    end = _first(columns, ("date",), _END)
    year = _first(columns, ("date",), {"year"})
    if start or end:
        first, last = pl.col(start or end or ""), pl.col(end or start or "")
        return {"started_on": pl.coalesce(first, last), "ended_on": pl.coalesce(last, first)}
    if year:
        cell = pl.col(year).str.strip_chars()
        return {"started_on": cell + "-01-01", "ended_on": cell + "-12-31", "date_precision": pl.lit("year")}
    return {}


def _counts(columns: Sequence[_Column]) -> tuple[dict[str, pl.Expr], dict[str, str]]:
    """Counts by our field, and the column each is from."""
    values: dict[str, pl.Expr] = {}
    named: dict[str, str] = {}
    for harm, words in _HARMS.items():
        fit = [column for column in columns if column.has(("affected",), words)]
        whole = [column for column in fit if column.attributes <= _MEASURES]
        for column in whole:
            end = "low" if column.attributes & _LOW else "high" if column.attributes & _HIGH else "best"
            if f"{harm}_{end}" not in values:
                values[f"{harm}_{end}"], named[f"{harm}_{end}"] = pl.col(column.name), column.name
        if fit and not whole:
            most = pl.max_horizontal(number(column.name) for column in fit)
            values[f"{harm}_low"], named[f"{harm}_low"] = most.cast(pl.String), fit[0].name
    return values, named


def _act(counts: dict[str, pl.Expr]) -> pl.Expr:
    """Tags do not say what was done: unknown, save where people displaced are all that is counted."""
    is_displacement = bool(counts) and all(name.startswith("displaced") for name in counts)
    return pl.lit("displacement" if is_displacement else "unknown")
