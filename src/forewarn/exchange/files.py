"""Writing released rows to files, in the format the name ends with: part by part, whole or not at all.

Writers take a :class:`~forewarn.exchange.disclosure.Release` and nothing else; this module alone opens those of other
modules. CSV cells that a spreadsheet would run are neutralized. Beside a CSV or parquet stands its data dictionary.
Memory holds one part whatever the size of the file, and ids.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import polars as pl
import pyarrow.parquet as arrow_parquet

from forewarn.errors import DisclosureError, InputError, StoreFullError, UsageError
from forewarn.exchange.codebook import codebook_of, codebook_path
from forewarn.exchange.disclosure import Release
from forewarn.exchange.ftm import FtmFile
from forewarn.exchange.misp import MispFile
from forewarn.exchange.prov import ProvFile, require_lineage
from forewarn.exchange.records import UNDATED, require_records
from forewarn.exchange.stix import StixFile
from forewarn.model.cells import FORMULA

__all__ = ["DESCRIBED", "FORMATS", "aside", "format_of", "require_form", "write_release", "write_releases"]

DESCRIBED = ("csv", "parquet")
"""The formats beside which a data dictionary is written."""


class _Writer(Protocol):
    """A file in the making, all its parts with the same columns."""

    def add(self, rows: pl.DataFrame) -> None:
        """Write some rows."""

    def close(self) -> None:
        """Write what belongs behind the rows, and let go of the file."""


def format_of(path: Path) -> str:
    """The format the file's ending names, the longest that fits. Raises :class:`UsageError` for another ending."""
    fitting = [ending for ending in FORMATS if path.name.lower().endswith(f".{ending}")]
    if not fitting:
        raise UsageError(
            f"'{path.suffix.lower()}' is no format",
            where="--out",
            mend=f"end the name with .{', .'.join(sorted(FORMATS))}",
        )
    return max(fitting, key=len)


def require_form(made: Release, path: Path) -> None:
    """Refuse a file whose format has no form for these rows, before anything rests on its being written.

    Raises:
        UsageError: another ending, or rows that have no form in that format.
    """
    ending = format_of(path)
    if ending in _REQUIRES:
        _REQUIRES[ending](made.rows)


def write_release(made: Release, path: Path, *, at: datetime = UNDATED) -> str:
    """Write the rows in the format the file's ending names; which."""
    return write_releases([made], path, at=at)


def write_releases(parts: Iterable[Release], path: Path, *, at: datetime = UNDATED, is_described: bool = True) -> str:
    """Write the parts one behind the other, at least one, in the format the file's ending names; which.

    Args:
        parts: what leaves.
        path: the file; its ending names the format.
        at: when the file is made, for formats that say so.
        is_described: whether a data dictionary is written beside the formats of :data:`DESCRIBED`.

    Raises:
        UsageError: another ending, or rows that have no form in that format.
        InputError: there is no such folder.
        StoreFullError: the disk is full. Nothing is left behind then, nor when making a part fails.
    """
    ending = format_of(path)
    with ExitStack() as stack:
        name = stack.enter_context(aside(path))
        writer: _Writer | None = None
        try:
            for part in parts:
                _require_release(part)
                if writer is None:
                    writer = FORMATS[ending](name, part.rows, at)
                    if is_described and ending in DESCRIBED:
                        book = stack.enter_context(aside(codebook_path(path)))
                        _on_disk(book.write_text, path, codebook_of(path.name, part.rows), "utf-8")
                _on_disk(writer.add, path, part.rows)
            if writer is not None:
                _on_disk(writer.close, path)
        except BaseException:
            if writer is not None:
                writer.close()
            raise
    return ending


def _require_release(part: object) -> None:
    """Types are checked when it runs, too: a frame passed by mistake must not reach a file."""
    if not isinstance(part, Release):
        raise DisclosureError(
            "is no release", where=type(part).__name__, mend="pass it through forewarn.exchange.release"
        )


def _on_disk(act: Callable[..., object], path: Path, *given: Any) -> None:
    try:
        act(*given)
    except OSError as error:
        raise StoreFullError(
            f"cannot be written ({error.strerror})", where=path.name, mend="free some space"
        ) from error


@contextmanager
def aside(path: Path) -> Iterator[Path]:
    """A file beside the path, renamed to it at the end, and gone on any failure."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    except OSError as error:
        raise InputError(
            f"cannot be written there ({error.strerror})", where=path.name, mend="name a folder that exists"
        ) from error
    os.close(descriptor)
    try:
        yield Path(name)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


class _Csv:
    def __init__(self, path: Path, rows: pl.DataFrame, made_at: datetime) -> None:
        self._file = path.open("wb")
        self._has_header = False

    def add(self, rows: pl.DataFrame) -> None:
        safe = pl.col(pl.String).str.replace(f"({FORMULA})", "'$1")
        rows.with_columns(safe).write_csv(self._file, include_header=not self._has_header)
        self._has_header = True

    def close(self) -> None:
        self._file.close()


class _Parquet:
    def __init__(self, path: Path, rows: pl.DataFrame, made_at: datetime) -> None:
        self._schema = rows.head(0).to_arrow().schema
        self._writer = arrow_parquet.ParquetWriter(path, self._schema, compression="zstd")

    def add(self, rows: pl.DataFrame) -> None:
        self._writer.write_table(rows.to_arrow().cast(self._schema))

    def close(self) -> None:
        self._writer.close()


class _GeoJson:
    """RFC 7946, longitude first; a row without coordinates is a feature without geometry."""

    def __init__(self, path: Path, rows: pl.DataFrame, made_at: datetime) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._file.write('{"type":"FeatureCollection","features":[')
        self._between = "\n"

    def add(self, rows: pl.DataFrame) -> None:
        for row in rows.iter_rows(named=True):
            self._file.write(self._between + json.dumps(_feature(row), ensure_ascii=False, allow_nan=False))
            self._between = ",\n"

    def close(self) -> None:
        if not self._file.closed:
            self._file.write("\n]}\n")
            self._file.close()


def _feature(row: Mapping[str, Any]) -> dict[str, Any]:
    longitude, latitude = row.get("longitude"), row.get("latitude")
    known = longitude is not None and latitude is not None
    geometry = {"type": "Point", "coordinates": [longitude, latitude]} if known else None
    properties = {name: value for name, value in row.items() if name not in ("longitude", "latitude")}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


FORMATS: Mapping[str, Callable[[Path, pl.DataFrame, datetime], _Writer]] = {
    "csv": _Csv,
    "ftm.json": FtmFile,
    "geojson": _GeoJson,
    "misp.json": MispFile,
    "parquet": _Parquet,
    "prov.json": ProvFile,
    "stix.json": StixFile,
}
"""The writer of each file ending, made with the file, rows of the form that all its parts have, and the time."""

_REQUIRES: Mapping[str, Callable[[pl.DataFrame], None]] = {
    "ftm.json": partial(require_records, form="FollowTheMoney"),
    "misp.json": partial(require_records, form="MISP"),
    "prov.json": require_lineage,
    "stix.json": partial(require_records, form="STIX"),
}
"""What rows must have to be told in a format; nothing in the others."""
