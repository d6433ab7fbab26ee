"""Typing and checking what was told, column by column: days, counts, coordinates, countries, coded words.

Each check is one expression that is true where a cell is wrong, with its reason and its mend. Nothing is mended
here but what the channel's rules allow by name: values out of order that are taken as a range. A row with any
fault is rejected whole, so no claim ever holds half of what a source said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl

from forewarn.clock import EARLIEST
from forewarn.collect.rejects import no_faults
from forewarn.collect.telling import Rules, Telling
from forewarn.errors import UnknownNameError, shorten
from forewarn.model.claim import ACTS, COUNT_FIELDS, COUNTED, DATE_PRECISIONS, VIOLENCE_TYPES
from forewarn.model.coverage import SIGHTS
from forewarn.model.place import PLACE_PRECISIONS
from forewarn.model.provenance import Sensitivity
from forewarn.model.report import SOURCE_KINDS
from forewarn.model.validation import LARGEST_COUNT
from forewarn.taxonomy import country, is_fictional

__all__ = ["LONGEST_CELL", "Check", "found_faults", "iso3_of", "shared_checks", "typed"]

LONGEST_CELL = 1_000_000
"""Characters: a longer cell is no account of one happening."""

_DAYS = ("published_on", "started_on", "ended_on")
_TIME = r"^.{10}([ T].*)?$"
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "act": ACTS,
    "violence": VIOLENCE_TYPES,
    "date_precision": DATE_PRECISIONS,
    "place_precision": PLACE_PRECISIONS,
    "sensitivity": tuple(Sensitivity),
    "source_kind": SOURCE_KINDS,
    "sight": SIGHTS,
}
_LONGEST = {
    "external_id": 300,
    "source_name": 300,
    "language": 35,
    "admin1": 300,
    "admin2": 300,
    "place_name": 2_000,
    "alleged_by": 1_000,
    "target": 2_000,
    "title": LONGEST_CELL,
    "text": LONGEST_CELL,
}


@dataclass(frozen=True, slots=True)
class Check:
    """One rule for one field.

    Attributes:
        field: the field whose cell is wrong.
        fails: true where it is; null counts as passed.
        reason: what is wrong with it, in words that follow the value.
        mend: what to do about it.
    """

    field: str
    fails: pl.Expr
    reason: str
    mend: str


def typed(told: pl.DataFrame) -> pl.DataFrame:
    """What was told together with its values, under ``_<field>``: days as Date, numbers as Float64, ``_country``
    as ISO 3166 alpha-3. A value that cannot be read is null."""
    days = [_day(name) for name in _DAYS]
    numbers = [pl.col(name).cast(pl.Float64, strict=False).alias(f"_{name}") for name in _numbered(told)]
    codes = {name: iso3_of(name) for name in told["country"].drop_nulls().unique().to_list()}
    iso3 = pl.col("country").replace_strict(codes, default=None, return_dtype=pl.String).alias("_country")
    absent = [pl.lit(None, pl.Float64).alias(f"_{name}") for name in COUNT_FIELDS if name not in _numbered(told)]
    return told.with_columns(*days, *numbers, *absent, iso3)


def shared_checks(told: pl.DataFrame, rules: Rules) -> list[Check]:
    """The checks that hold for every channel."""
    checks = [
        Check(name, pl.col(name).is_null(), "is missing", "give it") for name in rules.required if name in told.columns
    ]
    for name in _DAYS:
        checks += _day_checks(name, rules.today)
    for name in _numbered(told):
        checks += _coordinate_checks(name) if name in ("latitude", "longitude") else _count_checks(name)
    checks += _order_checks(rules)
    checks.append(
        Check("country", _unread("country"), "is not a country we know", "give its name or ISO 3166 alpha-3 code")
    )
    checks += [_choice_check(name, words) for name, words in _CHOICES.items()]
    checks += [_length_check(name, most) for name, most in _LONGEST.items()]
    return checks


def found_faults(frame: pl.DataFrame, rows: pl.Series, checks: Iterable[Check], telling: Telling) -> pl.DataFrame:
    """Every fault in the frame, as frame of ``rejects.FAULTS``.

    Args:
        frame: typed fields.
        rows: the number of each row.
        checks: what to look for.
        telling: which columns of the file the fields come from, and which repeat another.
    """
    checks = list(checks)
    failing = frame.select(check.fails.fill_null(value=False).alias(str(n)) for n, check in enumerate(checks))
    found = [no_faults().with_columns(pl.lit("").alias("field"))]
    for n, check in enumerate(checks):
        where = failing[str(n)]
        if where.any():
            values = [shorten(cell or "") for cell in frame[check.field].filter(where).to_list()]
            field = telling.copies.get(check.field, check.field)
            constant = {"column": telling.columns.get(check.field, check.field), "field": field}
            constant |= {"reason": check.reason, "mend": check.mend}
            part = pl.DataFrame({"row": rows.filter(where), "value": pl.Series(values, dtype=pl.String)})
            found.append(
                part.select("row", "value", **{k: pl.lit(v) for k, v in constant.items()}).select(found[0].columns)
            )
    return pl.concat(found).unique(["row", "field", "value", "reason"], keep="first", maintain_order=True).drop("field")


@lru_cache(maxsize=4096)
def iso3_of(name: str) -> str | None:
    """The ISO 3166 alpha-3 code of a printed country name or code, fictional ones included; ``None`` if unknown."""
    if is_fictional(name.upper()):
        return name.upper()
    try:
        return country(name).iso3
    except UnknownNameError:
        return None


def _numbered(told: pl.DataFrame) -> list[str]:
    """The numeric fields of which anything is said."""
    names = ("latitude", "longitude", *COUNT_FIELDS)
    return [n for n in names if n in ("latitude", "longitude") or told[n].null_count() < told.height]


def _day(name: str) -> pl.Expr:
    """The day of an ISO 8601 text; a time behind it is dropped, anything else behind it makes it unreadable."""
    day = pl.col(name).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return pl.when(pl.col(name).str.contains(_TIME)).then(day).alias(f"_{name}")


def _unread(name: str) -> pl.Expr:
    return pl.col(name).is_not_null() & pl.col(f"_{name}").is_null()


def _day_checks(name: str, today: date) -> list[Check]:
    value = pl.col(f"_{name}")
    return [
        Check(name, _unread(name), "is not a date", "write it as YYYY-MM-DD, or declare its format"),
        Check(name, value < EARLIEST, f"is before {EARLIEST}", "check the year"),
        Check(name, value > today, f"is in the future (today is {today})", "check the year"),
    ]


def _count_checks(name: str) -> list[Check]:
    value = pl.col(f"_{name}")
    usable = value.is_finite() & (value >= 0) & (value <= LARGEST_COUNT)
    return [
        Check(name, _unread(name), "is not a number", "write a whole number"),
        Check(name, ~value.is_finite(), "is not a finite number", "write a whole number, or leave it empty"),
        Check(name, value.is_finite() & (value < 0), "is negative", "correct the count, or leave it empty"),
        Check(name, value.is_finite() & (value > LARGEST_COUNT), f"is above {LARGEST_COUNT:,}", "check for a slip"),
        Check(name, usable & (value != value.floor()), "is not a whole number", "round it, or give low and high"),
    ]


def _coordinate_checks(name: str) -> list[Check]:
    value, bound = pl.col(f"_{name}"), 90 if name == "latitude" else 180
    other = "longitude" if name == "latitude" else "latitude"
    outside = ~value.is_finite() | (value.abs() > bound)
    return [
        Check(name, _unread(name), "is not a number", "write degrees with a decimal point"),
        Check(name, outside, f"is outside -{bound}..{bound}", "check for swapped columns"),
        Check(
            name,
            pl.col(name).is_null() & pl.col(other).is_not_null(),
            f"is missing while {other} is given",
            "give both or none",
        ),
    ]


def _order_checks(rules: Rules) -> list[Check]:
    """Counts and days that contradict each other; less is refused where the rules take them as a range."""
    checks = []
    for name in COUNTED:
        low, best, high = (pl.col(f"_{name}_{end}") for end in ("low", "best", "high"))
        is_turned = (low > high) & ((low > best) & (best > high)).fill_null(value=True)
        is_off = (low > high) | (low > best) | (best > high)
        fails = is_turned if "counts" in rules.spans else is_off.fill_null(value=False)
        reason = "low, best and high are out of order"
        checks.append(Check(f"{name}_low", fails, reason, "put the least into low and the greatest into high"))
    if "days" not in rules.spans:
        fails = pl.col("_started_on") > pl.col("_ended_on")
        checks.append(Check("started_on", fails, "is after the day it ended", "check the two dates"))
    return checks


def _choice_check(name: str, words: tuple[str, ...]) -> Check:
    fails = pl.col(name).is_not_null() & ~pl.col(name).is_in(words)
    return Check(name, fails, "is not a known word or code", f"use or map it to one of: {', '.join(words)}")


def _length_check(name: str, most: int) -> Check:
    return Check(name, pl.col(name).str.len_chars() > most, f"has more than {most:,} characters", "cut it")
