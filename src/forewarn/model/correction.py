"""Corrections: what a person says that a claim should read, where it was read wrongly from its report.

A claim is never edited. A correction lies over it, names the column and the value, and can be taken back; the claim as
received stays beside it. Who it comes from, when it became known and its own words are never corrected.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from forewarn.clock import day_from_text
from forewarn.errors import ForewarnError, InputValueError, shorten
from forewarn.model.claim import COUNT_FIELDS
from forewarn.model.tables import CLAIM_COLUMNS, claim_from_row, claim_row
from forewarn.model.validation import require_text

__all__ = ["CORRECTABLE", "corrected", "plain_value"]

CORRECTABLE = (
    "act", "violence", "started_on", "ended_on", "date_precision", "country", "admin1", "admin2", "place_name",
    "latitude", "longitude", "place_precision", "alleged_by", "target",
    *COUNT_FIELDS,
)  # fmt: skip
"""The columns of a claim that may be corrected: what was read out of the report."""

_ENDS = len(COUNT_FIELDS)

_KINDS = {column.name: column.kind for column in CLAIM_COLUMNS}


def plain_value(name: str, text: str) -> str:
    """The value as it is kept: white space folded, numbers and days in one spelling; empty where nothing is told.

    Raises:
        InputValueError: the column is none of :data:`CORRECTABLE`, or takes no such value.
    """
    if name not in CORRECTABLE:
        raise InputValueError(
            f"'{shorten(name)}' is not corrected",
            where="column",
            mend=f"use {', '.join(CORRECTABLE[:-_ENDS])}, or a count's low, best or high, as deaths_best",
        )
    plain = " ".join(text.split())
    if not plain:
        return ""
    require_text(plain, name, longest=300)
    value = _typed(name, plain)
    return str(value) if not isinstance(value, float) else repr(value)


def corrected(row: Mapping[str, Any], changes: Mapping[str, str]) -> dict[str, Any]:
    """The flat claim with values put in place of what was read, all else as it was, and the grid cell that follows.

    Args:
        row: a row of ``CLAIM_COLUMNS``.
        changes: by column, a value of :func:`plain_value`.

    Raises:
        InputValueError: the claim that would come of it is none: ends out of order, half a coordinate, no such act.
    """
    typed = {name: _typed(name, value) for name, value in changes.items()}
    own = {column.name: row[column.name] for column in CLAIM_COLUMNS}
    return claim_row(claim_from_row({**own, **typed}))


def _typed(name: str, text: str) -> Any:
    kind = _KINDS[name]
    if not text:
        return "" if kind == "text" else None
    try:
        if kind == "day":
            return day_from_text(text).isoformat()
        if kind == "count":
            return _whole(text)
        if kind == "number":
            return _real(text)
    except (ValueError, ForewarnError):
        said = {"day": "a day such as 2011-03-17", "count": "a whole number", "number": "a number"}[kind]
        raise InputValueError(f"'{shorten(text)}' is not {said}", where=name, mend="correct it") from None
    return text


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 12:
        raise ValueError
    return int(text)


def _real(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError
    return value
