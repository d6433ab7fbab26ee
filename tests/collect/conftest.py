"""What tests of collecting share: a day that counts as today, a good row, and reading bytes as a channel would."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from forewarn.collect import Batch, Mapping, ParseRequest, Provenance, channel, keep_snapshot, parse, snapshot_path

NOW = datetime(2024, 6, 1, 12, 0, 0, tzinfo=UTC)

GED_ROW = {
    "id": "1001",
    "type_of_violence": "3",
    "side_a": "Government of Atland",
    "side_b": "Civilians",
    "source_article": '"Some Wire,2017-09-02,Ten killed";"Other Wire,2017-09-01,Many dead"',
    "source_office": "Some Wire;Other Wire;Some Wire",
    "source_date": "2017-09-02;2017-09-01;2017-09-05",
    "source_headline": "Ten killed;Many dead;Still more",
    "source_original": "Named Witness",
    "where_prec": "2",
    "where_coordinates": "Some village",
    "adm_1": "Rakhine  State",
    "adm_2": "Some District",
    "latitude": "20.5",
    "longitude": "92.5",
    "country": "Myanmar (Burma)",
    "country_id": "775",
    "date_prec": "1",
    "date_start": "2017-08-30",
    "date_end": "2017-08-31",
    "deaths_a": "0",
    "deaths_b": "0",
    "deaths_civilians": "10",
    "deaths_unknown": "0",
    "best": "10",
    "high": "12",
    "low": "8",
}


def csv_bytes(rows: Iterable[dict[str, str]]) -> bytes:
    """Rows as a CSV with the columns of the first."""
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@pytest.fixture
def now() -> datetime:
    """The instant at which everything in these tests is received."""
    return NOW


@pytest.fixture
def today() -> date:
    """The day after which everything is in the future."""
    return NOW.date()


@pytest.fixture
def ged_row() -> dict[str, str]:
    """A row of GED without any fault."""
    return dict(GED_ROW)


@pytest.fixture
def as_csv() -> Callable[[Iterable[dict[str, str]]], bytes]:
    """Rows as the bytes of a CSV."""
    return csv_bytes


@pytest.fixture
def ged(ged_row: dict[str, str]) -> Callable[..., bytes]:
    """The bytes of a GED file, one row for each set of changes to the good row."""

    def make(*changes: dict[str, str]) -> bytes:
        return csv_bytes({**ged_row, "id": str(1001 + n), **change} for n, change in enumerate(changes or ({},)))

    return make


@pytest.fixture
def collect(tmp_path: Path) -> Callable[..., list[Batch]]:
    """Keep bytes or a file as a snapshot and parse them: all batches."""

    def run(name: str, given: bytes | Path, mapping: Mapping | None = None, *, file: str = "given.csv") -> list[Batch]:
        if isinstance(given, bytes):
            (tmp_path / file).write_bytes(given)
            given = tmp_path / file
        definition = channel(name)
        provenance = Provenance(definition.name, definition.publisher, definition.licence, NOW)
        snapshot = keep_snapshot(given, tmp_path / "snapshots", provenance=provenance)
        path = snapshot_path(tmp_path / "snapshots", snapshot)
        return list(parse(ParseRequest(definition, path, snapshot, NOW, NOW.date(), mapping)))

    return run


@pytest.fixture
def totals() -> Callable[[list[Batch]], tuple[int, int, int]]:
    """Rows read, reports made and rows rejected in a list of batches."""

    def count(batches: list[Batch]) -> tuple[int, int, int]:
        sums = [(b.read, b.reports.height, b.rejects.height) for b in batches]
        return tuple(map(sum, zip(*sums, strict=True)))  # type: ignore[return-value]

    return count


@pytest.fixture
def whole() -> Callable[[list[Batch], str], pl.DataFrame]:
    """One frame of all batches: reports, claims, sources or rejects."""
    return lambda batches, name: pl.concat([getattr(batch, name) for batch in batches])
