"""Reading released rows from one JSON text: what is kept of a release, and what a package holds.

The form is ``{"columns": [[name, kind], ...], "rows": [[...], ...]}``. Reading takes hostile text: other kinds, ragged
rows, numbers that are none, long texts and too many rows are refused, whatever is signed around them.
"""

from __future__ import annotations

import json
import re
from typing import Any

import polars as pl

from forewarn.errors import InputFormatError

__all__ = ["MOST_ROWS", "received_rows", "rows_from_text"]

MOST_ROWS = 100_000
"""Rows of one release or package."""

_KINDS: dict[str, Any] = {"String": pl.String, "Int64": pl.Int64, "Float64": pl.Float64, "Boolean": pl.Boolean}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LONGEST = 1_000
_FIGURES = tuple(f"{name}_{end}" for name in ("deaths", "civilian_deaths") for end in ("low", "best", "high"))
_RELEASED: dict[str, Any] = {
    **dict.fromkeys(("claim_id", "country", "place", "month", "act", "violence"), pl.String),
    **dict.fromkeys(("releasability", "permissible_actions", "purpose", "expires_on"), pl.String),
    **dict.fromkeys(("latitude", "longitude", "degrees"), pl.Float64),
    **dict.fromkeys(("incidents", "deaths_at_least", *_FIGURES), pl.Int64),
    "is_hidden": pl.Boolean,
}


def rows_from_text(text: str) -> pl.DataFrame:
    """The rows of such a text. Raises :class:`InputFormatError` for anything else."""
    try:
        kept = json.loads(text, parse_constant=_refuse)
        columns = [(str(name), _KINDS[kind]) for name, kind in kept["columns"]]
        rows = kept["rows"]
        if not isinstance(rows, list) or len(rows) > MOST_ROWS or not 1 <= len(columns) <= 60:
            raise ValueError
        if len(dict(columns)) != len(columns) or not all(_NAME.fullmatch(name) for name, _ in columns):
            raise ValueError
        if not all(isinstance(row, list) and len(row) == len(columns) for row in rows):
            raise ValueError
        if any(isinstance(one, str) and len(one) > _LONGEST for row in rows for one in row):
            raise ValueError
        return pl.DataFrame(rows, schema=dict(columns), orient="row", strict=True)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError, pl.exceptions.PolarsError):
        raise InputFormatError("holds no rows of this form", where="package", mend="ask for it again") from None


def received_rows(text: str) -> pl.DataFrame:
    """The rows of a partner: of the columns that a release to others has, and of no other.

    Raises:
        InputFormatError: for anything else; a partner's mistake must not bring in what nobody here has classified.
    """
    rows = rows_from_text(text)
    known = all(_RELEASED.get(name) == kind for name, kind in rows.schema.items())
    if not known or not {"country", "month"} <= set(rows.columns):
        raise InputFormatError("holds other columns than a release", where="package", mend="ask for it again")
    return rows


def _refuse(_word: str) -> None:
    raise ValueError
