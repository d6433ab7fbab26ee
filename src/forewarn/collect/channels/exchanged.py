"""What partners send as STIX, FollowTheMoney, MISP or GeoJSON, in one set of columns, and what those columns say.

Owns the fields that are read, whatever else a document holds; days told as months or years; places as close as they are
said to be; and the mark, which sets the sensitivity. Without a mark that is understood a row counts as severe. A row
that tells neither what was done, nor when, nor to how many is a report that claims nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import polars as pl

from forewarn.collect.channels.told import number, with_absent
from forewarn.collect.gathering import Item, Unread
from forewarn.collect.jsonpages import json_text
from forewarn.collect.telling import Telling
from forewarn.errors import InputFormatError
from forewarn.model.claim import COUNT_FIELDS, RECORD_FIELDS
from forewarn.model.markings import sensitivity_under
from forewarn.model.releasability import AUDIENCES
from forewarn.taxonomy import countries

__all__ = ["COLUMNS", "FOREWARN_TAG", "Twice", "record_in", "tell", "text_in"]

COLUMNS = (
    *("id", "version", "title", "text", "published_on", "source_name", "tlp", "admin1", "place_name", "metres"),
    *RECORD_FIELDS,
)
"""The columns of a row: ``tlp`` is an audience, ``metres`` how closely the place is told."""

_COPIED = (
    *("title", "text", "published_on", "source_name", "admin1", "place_name", "act", "violence"),
    *("latitude", "longitude", *COUNT_FIELDS),
)
FOREWARN_TAG = re.compile(r'forewarn:([a-z0-9_]{1,40})="([^"]{0,300})"')
"""A field of a record as a tag or keyword."""

_YEAR, _MONTH = r"^\d{4}$", r"^\d{4}-\d{2}$"
_MOST_IDS = 2_000_000
_CELL = 0.5


class Twice:
    """Tells when an id stands for two different things in one document. Memory holds a digest for each id."""

    def __init__(self, name: str) -> None:
        self._name, self._seen = name, dict[str, bytes]()

    def checked(self, item: Item, *, by: Iterable[str] = ("id",)) -> Item:
        """The item, or what is wrong with it. Rows without an id pass.

        Raises:
            InputFormatError: there are more ids than anybody has claims.
        """
        if isinstance(item, Unread) or not item.get("id"):
            return item
        key = "\0".join(str(item.get(part) or "") for part in by)
        digest = hashlib.sha256(json.dumps(item, sort_keys=True).encode("utf-8", "surrogatepass")).digest()
        if self._seen.setdefault(key, digest) != digest:
            return Unread(str(item["id"]), "stands for two different things", "give each its own id")
        if len(self._seen) > _MOST_IDS:
            raise InputFormatError(f"has more than {_MOST_IDS:,} ids", where=self._name, mend="split it")
        return item


def text_in(told: Mapping[str, Any], key: str) -> str | None:
    """What stands under a key where it is text or a number, without white space around it; else nothing."""
    value = told.get(key)
    return value.strip() if isinstance(value, str) else None


def record_in(told: Mapping[str, Any]) -> dict[str, str | None]:
    """The fields of :data:`RECORD_FIELDS` that stand in an object."""
    return {name: json_text(told[name]) for name in RECORD_FIELDS if told.get(name) is not None}


def tell(frame: pl.DataFrame) -> Telling:
    """What rows of :data:`COLUMNS` say; absent columns say nothing."""
    given = with_absent(frame, COLUMNS)
    start = pl.coalesce("started_on", "month")
    end = pl.coalesce("ended_on", "month")
    told = {
        **{name: pl.col(name) for name in _COPIED},
        "external_id": pl.col("id"),
        "started_on": _day(start, last=False),
        "ended_on": _day(end, last=True),
        "date_precision": pl.coalesce("date_precision", _precision(start)),
        "country": pl.col("country").replace(_alpha3()),
        "place_precision": pl.coalesce("place_precision", _closeness()),
        "sensitivity": pl.col("tlp").replace_strict(_SENSITIVITIES, default=None, return_dtype=pl.String),
    }
    says_act = (pl.col("act") != "unknown").fill_null(value=False)
    says = says_act | pl.any_horizontal(pl.col(name).is_not_null() for name in ("started_on", "month", *COUNT_FIELDS))
    told["claims_nothing"] = pl.when(~says).then(pl.lit("yes"))
    return Telling(given.select(**told), {name: name for name in told} | {"external_id": "id", "sensitivity": "tlp"})


_SENSITIVITIES = {name: sensitivity_under(name).value for name in AUDIENCES}


def _day(cell: pl.Expr, *, last: bool) -> pl.Expr:
    """The first or last day of a year or month; anything else as it is."""
    first = cell + "-01"
    of_month = first.str.to_date("%Y-%m-%d", strict=False)
    month = of_month.dt.month_end().dt.to_string("%Y-%m-%d") if last else first
    return (
        pl.when(cell.str.contains(_YEAR))
        .then(cell + ("-12-31" if last else "-01-01"))
        .when(cell.str.contains(_MONTH) & of_month.is_not_null())
        .then(month)
        .otherwise(cell)
    )


def _precision(cell: pl.Expr) -> pl.Expr:
    year = pl.when(cell.str.contains(_YEAR)).then(pl.lit("year"))
    return year.when(cell.str.contains(_MONTH)).then(pl.lit("month"))


def _closeness() -> pl.Expr:
    """By the side of a block or the metres around a point; unknown where neither is told."""
    blocks = ((_CELL, "admin2"), (2, "admin1"), (360, "country"))
    rounds = ((1_000, "exact"), (25_000, "near"), (60_000, "admin2"), (300_000, "admin1"), (40_000_000, "country"))
    parts = [
        pl.when(number(column).is_between(0, most)).then(pl.lit(word))
        for column, steps in (("degrees", blocks), ("metres", rounds))
        for most, word in steps
    ]
    return pl.coalesce(parts)


@cache
def _alpha3() -> dict[str, str]:
    """Alpha-2 codes of countries there are, in both cases, as alpha-3."""
    known = {one.iso2: one.iso3 for one in countries() if one.last is None and one.iso2}
    return known | {iso2.lower(): iso3 for iso2, iso3 in known.items()}
