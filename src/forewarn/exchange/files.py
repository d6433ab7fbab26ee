"""Writing released rows to files: CSV, parquet and GeoJSON, whole or not at all.

Writers take a :class:`~forewarn.exchange.disclosure.Release` and nothing else. CSV cells that a spreadsheet would
run are neutralized.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from forewarn.errors import InputError, StoreFullError, UsageError
from forewarn.exchange.disclosure import Release
from forewarn.model.cells import FORMULA

__all__ = ["FORMATS", "write_release"]


def write_release(made: Release, path: Path) -> str:
    """Write the rows in the format the file's ending names; which. Raises :class:`UsageError` for another ending."""
    ending = path.suffix.lower().lstrip(".")
    if ending not in FORMATS:
        raise UsageError(
            f"'.{ending}' is no format", where="--out", mend=f"end the name with .{', .'.join(sorted(FORMATS))}"
        )
    descriptor, name = _aside(path)
    os.close(descriptor)
    try:
        FORMATS[ending](made.rows, Path(name))
        Path(name).replace(path)
    except OSError as error:
        raise StoreFullError(
            f"cannot be written ({error.strerror})", where=path.name, mend="free some space"
        ) from error
    finally:
        Path(name).unlink(missing_ok=True)
    return ending


def _aside(path: Path) -> tuple[int, str]:
    try:
        return tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    except OSError as error:
        raise InputError(
            f"cannot be written there ({error.strerror})", where=path.name, mend="name a folder that exists"
        ) from error


def _write_csv(rows: pl.DataFrame, path: Path) -> None:
    cells = pl.col(pl.String)
    rows.with_columns(pl.when(cells.str.contains(FORMULA)).then(pl.lit("'") + cells).otherwise(cells)).write_csv(path)


def _write_parquet(rows: pl.DataFrame, path: Path) -> None:
    rows.write_parquet(path, compression="zstd")


def _write_geojson(rows: pl.DataFrame, path: Path) -> None:
    """RFC 7946, longitude first; a row without coordinates is a feature without geometry."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[')
        for number, row in enumerate(rows.iter_rows(named=True)):
            file.write((",\n" if number else "\n") + json.dumps(_feature(row), ensure_ascii=False, allow_nan=False))
        file.write("\n]}\n")


def _feature(row: Mapping[str, Any]) -> dict[str, Any]:
    longitude, latitude = row.get("longitude"), row.get("latitude")
    known = longitude is not None and latitude is not None
    geometry = {"type": "Point", "coordinates": [longitude, latitude]} if known else None
    properties = {name: value for name, value in row.items() if name not in ("longitude", "latitude")}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


FORMATS: Mapping[str, Callable[[pl.DataFrame, Path], None]] = {
    "csv": _write_csv,
    "geojson": _write_geojson,
    "parquet": _write_parquet,
}
"""The writer of each file ending."""
