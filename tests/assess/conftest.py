"""Small real claims for the tests of this room."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from forewarn.assess.linkage.prepare import DTYPES
from forewarn.ids import content_id
from forewarn.model.grid import cells_of
from forewarn.model.tables import CLAIM_COLUMNS

Tell = Callable[..., pl.DataFrame]

_DAY = "2011-01-03"
_USUAL: dict[str, Any] = {
    "channel": "news",
    "act": "killing",
    "violence": "one_sided",
    "started_on": _DAY,
    "date_precision": "day",
    "known_on": "2011-01-05",
    "known_basis": "published",
    "country": "XAA",
    "admin1": "West",
    "place_name": "Duékoué",
    "latitude": 6.74,
    "longitude": -7.35,
    "place_precision": "exact",
    "parties": ["Army"],
    "alleged_by": "Army",
    "origins": [],
    "sensitivity": "severe",
}


def _row(number: int, said: dict[str, Any]) -> dict[str, Any]:
    row = {column.name: "" if column.kind == "text" else None for column in CLAIM_COLUMNS} | _USUAL
    row |= {"claim_id": content_id("clm", str(number)), "report_id": content_id("rpt", str(number))} | said
    row["ended_on"] = row["ended_on"] or row["started_on"]
    for name in ("parties", "origins"):
        row[name] = row[name] if isinstance(row[name], str) else json.dumps(row[name], ensure_ascii=False)
    if row["latitude"] is not None and row["cell"] is None:
        close = row["place_precision"] in ("exact", "near", "admin2")
        row["cell"] = int(cells_of(np.array([row["latitude"]]), np.array([row["longitude"]]))[0]) if close else 0
    return row


@pytest.fixture(scope="session")
def tell() -> Tell:
    """A function from what claims say, one mapping each, to the frame of claims; the rest is as usual."""

    def told(*claims: dict[str, Any]) -> pl.DataFrame:
        kinds = {column.name: DTYPES[column.kind] for column in CLAIM_COLUMNS}
        extra = {name: pl.String for name in ("source_name", "row_is") if any(name in c for c in claims)}
        rows = [dict.fromkeys(extra, "") | _row(number, claim) for number, claim in enumerate(claims)]
        return pl.DataFrame(rows, schema={**kinds, **extra})

    return told


@pytest.fixture(scope="session")
def judged() -> Callable[..., pl.DataFrame]:
    """A function from (left, right, verdict, ...) rows to the frame of judgements."""

    def frame(*rows: dict[str, Any]) -> pl.DataFrame:
        usual = {
            "kind": "machine",
            "author": "rules",
            "decided_at": "2020-01-01T00:00:00Z",
            "score": None,
            "withdraws": "",
        }
        schema = dict.fromkeys(
            ("judgement_id", "left", "right", "verdict", "kind", "author", "decided_at", "withdraws", "reason"),
            pl.String,
        )
        full = [{"judgement_id": f"j{n}", "reason": "because"} | usual | row for n, row in enumerate(rows)]
        return pl.DataFrame(full, schema={**schema, "score": pl.Float64})

    return frame
