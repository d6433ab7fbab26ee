"""Files: written part by part, the same as at once, whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from forewarn.errors import InputError, UsageError
from forewarn.exchange import FORMATS, Release, release, write_release, write_releases

ROWS = pl.DataFrame(
    {
        "claim_id": [f"clm_{n}" for n in range(7)],
        "report_id": [f"rpt_{n}" for n in range(7)],
        "snapshot_id": [f"snp_{n % 3}" for n in range(7)],
        "text": ["plain", "=1+1", "'-2", None, "a,b", 'q"z', "line\nend"],
        "latitude": [1.0, None, 3.0, 4.0, 5.0, 6.0, 7.0],
        "longitude": [1.0, None, 3.0, 4.0, 5.0, 6.0, 7.0],
        "cell": [1, 2, 3, 4, 5, 6, 7],
        "sensitivity": ["low", "low", "low", "moderate", "severe", "low", "low"],
    }
)


def parts(size: int) -> Iterator[Release]:
    """The rows, released some at a time."""
    return (release(part) for part in ROWS.iter_slices(size))


@pytest.mark.parametrize("ending", sorted(FORMATS))
@pytest.mark.parametrize("size", [1, 3, 7])
def test_parts_make_the_same_rows_as_one_piece(ending: str, size: int, tmp_path: Path) -> None:
    """However the rows are cut, the file tells the same."""
    one, many = tmp_path / f"one.{ending}", tmp_path / f"many.{ending}"
    assert write_release(release(ROWS), one) == ending
    assert write_releases(parts(size), many) == ending
    if ending == "parquet":
        assert pl.read_parquet(one).equals(pl.read_parquet(many))
        assert pl.read_parquet(many)["text"].to_list()[:3] == ["plain", "=1+1", "'-2"]
    else:
        assert one.read_bytes() == many.read_bytes()


def test_no_cell_of_a_csv_is_run(tmp_path: Path) -> None:
    """Cells that begin as a formula stand behind an apostrophe, one more where there are some."""
    write_releases(parts(2), tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        cells = [row["text"] for row in csv.DictReader(file)]
    assert cells == ["plain", "'=1+1", "''-2", "", "", 'q"z', "line\nend"]


def test_an_empty_release_has_columns(tmp_path: Path) -> None:
    """No rows is a file with a header, and valid GeoJSON."""
    for ending in sorted(FORMATS):
        write_release(release(ROWS.head(0)), tmp_path / f"a.{ending}")
    assert (tmp_path / "a.csv").read_text().startswith("claim_id,report_id")
    assert json.loads((tmp_path / "a.geojson").read_text()) == {"type": "FeatureCollection", "features": []}
    assert pl.read_parquet(tmp_path / "a.parquet").columns == ROWS.columns


@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_what_fails_half_way_leaves_the_earlier_file(ending: str, tmp_path: Path) -> None:
    """A part that cannot be made leaves what was there, and nothing beside it."""
    target = tmp_path / f"a.{ending}"
    target.write_text("earlier")

    def failing() -> Iterator[Release]:
        yield release(ROWS)
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        write_releases(failing(), target)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert target.read_text() == "earlier"


def test_an_unknown_ending_or_folder_is_refused(tmp_path: Path) -> None:
    """Before any row is asked for."""
    with pytest.raises(UsageError, match=r"no format"):
        write_releases(iter(()), tmp_path / "a.xls")
    with pytest.raises(InputError, match="cannot be written there"):
        write_releases(iter(()), tmp_path / "no" / "a.csv")
