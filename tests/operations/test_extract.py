"""Reading a table of narratives into a file of claims, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from forewarn.errors import InputError, InputFormatError, InputNotFoundError, InputValueError, StoppedError, UsageError
from forewarn.operations.extract import Source, extract

TEXTS = ["June 2021: Two nurses were killed in Monywa.", "", "A clinic was looted."]


def written(folder: Path, name: str) -> Path:
    """The small table in a format."""
    path, frame = folder / name, pl.DataFrame({"id": ["a", "b", "c"], "text": TEXTS})
    match path.suffix:
        case ".csv":
            frame.write_csv(path)
        case ".parquet":
            frame.write_parquet(path)
        case ".jsonl":
            lines = (json.dumps(row) for row in frame.iter_rows(named=True))
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        case _:
            pytest.fail(name)
    return path


@pytest.mark.parametrize("name", ["table.csv", "table.parquet", "table.jsonl"])
@pytest.mark.parametrize("result", ["claims.csv", "claims.parquet"])
def test_every_format_gives_the_same_claims(tmp_path: Path, name: str, result: str) -> None:
    """Rows, counts and days are the same whatever comes in and goes out."""
    out = tmp_path / result
    made = extract(written(tmp_path, name), out, Source("text"))
    assert (made.rows, made.blank, made.claims, made.format) == (3, 1, 2, out.suffix[1:])
    read = pl.read_csv(out, try_parse_dates=True) if out.suffix == ".csv" else pl.read_parquet(out)
    assert read["row"].to_list() == [1, 3]
    assert read["killed_best"].to_list() == [2, None]
    assert str(read["date_start"][0]) == "2021-06-01"


def test_progress_is_told_and_can_stop_the_work_without_a_trace(tmp_path: Path) -> None:
    """Stopping part-way leaves neither the result nor a draft, and an older result as it was."""
    table = tmp_path / "many.csv"
    pl.DataFrame({"text": ["A clinic was looted."] * 4_500}).write_csv(table)
    out = tmp_path / "claims.csv"
    out.write_text("older")
    told: list[int] = []

    def stop(done: int, total: int, text: str) -> None:
        told.append(done)
        if done > 3_000:
            raise StoppedError("stopped")

    with pytest.raises(StoppedError):
        extract(table, out, Source("text"), progress=stop)
    assert told == [2_000, 4_000]
    assert out.read_text() == "older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["claims.csv", "many.csv"]


def test_only_blank_narratives_give_a_result_without_rows(tmp_path: Path) -> None:
    """The columns are there all the same."""
    table = tmp_path / "blank.csv"
    table.write_text('id,text\n1,""\n2," "\n', encoding="utf-8")
    made = extract(table, tmp_path / "claims.csv", Source("text"))
    assert (made.claims, made.blank) == (0, 2)
    assert (tmp_path / "claims.csv").read_text(encoding="utf-8").startswith("row,claim,act,")


def test_what_cannot_be_done_is_refused(tmp_path: Path) -> None:
    """Each with its own error, and no file left behind."""
    table = written(tmp_path, "table.csv")
    long = tmp_path / "long.csv"
    long.write_text("text\n" + "killed " * 1_500_000 + "\n", encoding="utf-8")
    out = tmp_path / "claims.csv"
    cases: list[tuple[type[Exception], Path, Path, Source]] = [
        (InputNotFoundError, tmp_path / "gone.csv", out, Source("text")),
        (InputFormatError, table, out, Source("words")),
        (InputFormatError, table, out, Source("text", country="land")),
        (InputValueError, long, out, Source("text")),
        (InputError, table, tmp_path / "no" / "claims.csv", Source("text")),
        (UsageError, table, tmp_path / "claims.geojson", Source("text")),
        (UsageError, table, table, Source("text")),
    ]
    for error, path, target, source in cases:
        with pytest.raises(error):
            extract(path, target, source)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["long.csv", "table.csv"]
