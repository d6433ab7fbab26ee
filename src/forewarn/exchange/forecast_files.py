"""Forecast files in the columns of the VIEWS challenge: month, unit, draw, outcome; and what a file says of itself.

A file carries its model, the vintage of its data, seed and code version twice: as columns, which survive copying the
rows elsewhere, and in the metadata of parquet. Draws are written block by block and month by month, so neither the
writer nor a reader of one month needs the whole file in memory. Nothing half-written is left behind.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as arrow
import pyarrow.parquet as arrow_parquet
from numpy.typing import NDArray

from forewarn.clock import day_from_text
from forewarn.errors import InputFormatError, InputValueError, shorten
from forewarn.exchange.files import aside
from forewarn.model.forecast import Forecast
from forewarn.model.validation import require_text

__all__ = [
    "UNIT_COLUMNS",
    "DrawBlock",
    "Provenance",
    "provenance_of",
    "stated_provenance",
    "write_draws",
    "write_forecast",
]

UNIT_COLUMNS = {"admin1": "admin1_id", "cell": "priogrid_gid", "country": "country_id"}
"""The column of the unit, by level."""

_META = "forewarn"
_PLAIN_INT = {"draw": "DELTA_BINARY_PACKED"}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a forecast comes from.

    Attributes:
        model: the forecaster's name.
        target: what is forecast.
        level: one of the keys of :data:`UNIT_COLUMNS`.
        data_vintage: the day whose knowledge was used.
        data_through: the last month id whose target was used.
        seed: what the random numbers came from.
        code_version: the version of the software.
    """

    model: str
    target: str
    level: str
    data_vintage: date
    data_through: int
    seed: int
    code_version: str

    def __post_init__(self) -> None:
        for name in ("model", "target", "code_version"):
            require_text(getattr(self, name), name, longest=200)
        if self.level not in UNIT_COLUMNS:
            raise InputValueError(f"'{shorten(self.level)}' is no level", where="level", mend="use country or cell")

    @classmethod
    def of(cls, forecast: Forecast) -> Provenance:
        """That of a forecast."""
        return cls(
            forecast.model,
            forecast.target,
            forecast.level,
            forecast.as_known_at,
            forecast.data_through,
            forecast.seed,
            forecast.code_version,
        )

    def columns(self) -> dict[str, str | int]:
        """The four that every row carries."""
        return {
            "model": self.model,
            "data_vintage": self.data_vintage.isoformat(),
            "seed": self.seed,
            "code_version": self.code_version,
        }


@dataclass(frozen=True, slots=True, eq=False)
class DrawBlock:
    """The draws of some units in one month, ``draws[unit, draw]``, whole numbers or not, not negative."""

    units: Sequence[str] | NDArray[np.int64]
    month: int
    draws: NDArray[np.int32] | NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.draws.ndim != 2 or self.draws.shape[0] != len(self.units) or not self.draws.size:
            raise InputValueError(
                f"have shape {self.draws.shape} for {len(self.units)} units", where="draws", mend="give [unit, draw]"
            )
        if not (self.draws.min() >= 0 and self.draws.max() < np.inf):
            raise InputValueError("are missing, negative or infinite", where="draws", mend="leave the unit out")


def write_draws(blocks: Iterable[DrawBlock], path: Path, *, provenance: Provenance) -> int:
    """Write draws to a parquet file as they come, one row group a block; how many rows.

    Raises:
        InputFormatError: another ending than ``.parquet``.
        ForewarnError: no block came, or the folder is not there. Nothing is left behind then.
    """
    if path.suffix.lower() != ".parquet":
        raise InputFormatError("is not a parquet file", where=path.name, mend="end the name with .parquet")
    rows = 0
    with aside(path) as name:
        writer: arrow_parquet.ParquetWriter | None = None
        try:
            for block in blocks:
                table = _table(block, provenance)
                writer = writer or _writer(name, table.schema)
                writer.write_table(table, row_group_size=max(1, table.num_rows))
                rows += table.num_rows
        finally:
            if writer is not None:
                writer.close()
        if not rows:
            raise InputValueError("there is not one draw", where=path.name, mend="forecast at least one unit")
    return rows


def write_forecast(forecast: Forecast, path: Path) -> int:
    """Write a forecast in VIEWS' columns, month by month; how many rows.

    One of an onset has ``probability`` in the place of ``draw`` and ``outcome``.
    """
    provenance = Provenance.of(forecast)
    if forecast.draws is None:
        return _write_chances(forecast, path, provenance)
    draws = forecast.draws
    units: Sequence[str] | NDArray[np.int64] = forecast.units
    if forecast.level == "cell":
        units = np.array([int(unit) for unit in forecast.units], dtype=np.int64)
    return write_draws(
        (DrawBlock(units, month, np.ascontiguousarray(draws[:, k])) for k, month in enumerate(forecast.months)),
        path,
        provenance=provenance,
    )


def provenance_of(path: Path) -> Provenance | None:
    """What a parquet file says of itself; ``None`` where it does not, or not in our words. Never fails on the words.

    Raises:
        InputFormatError: not a parquet file.
    """
    try:
        metadata = arrow_parquet.read_schema(path).metadata or {}
    except (arrow.ArrowException, OSError) as error:
        raise InputFormatError(
            f"cannot be read ({type(error).__name__})", where=path.name, mend="check that it is a whole parquet file"
        ) from None
    try:
        told = json.loads(metadata[_META.encode()])
        return Provenance(**{**told, "data_vintage": day_from_text(told["data_vintage"])})
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def stated_provenance(path: Path) -> dict[str, str | int] | None:
    """Model, vintage, seed and code version as a parquet file states them, in our words or as plain metadata."""
    ours = provenance_of(path)
    if ours is not None:
        return ours.columns()
    metadata = arrow_parquet.read_metadata(path).metadata or {}
    names = ("model", "data_vintage", "seed", "code_version")
    said = {
        name: metadata[name.encode()].decode("utf-8", "replace")[:300] for name in names if name.encode() in metadata
    }
    return {name: int(text) if name == "seed" and text.isdigit() else text for name, text in said.items()} or None


def _table(block: DrawBlock, provenance: Provenance) -> arrow.Table:
    number, draws = block.draws.shape
    units = pl.Series(list(block.units) if isinstance(block.units, tuple) else block.units)
    size = number * draws
    columns = {
        "month_id": arrow.array(np.full(size, block.month, dtype=np.int32)),
        UNIT_COLUMNS[provenance.level]: units.gather(np.repeat(np.arange(number), draws)).to_arrow(),
        "draw": arrow.array(np.tile(np.arange(draws, dtype=np.int32), number)),
        "outcome": arrow.array(block.draws.reshape(-1)),
    }
    for name, value in provenance.columns().items():
        # one entry pointed at by every row: a constant costs a few bytes a row group
        kind = arrow.int64() if isinstance(value, int) else arrow.string()
        entry = arrow.array([value], type=kind)
        columns[name] = arrow.DictionaryArray.from_arrays(arrow.array(np.zeros(size, dtype=np.int32)), entry)
    return arrow.table(columns).replace_schema_metadata({_META: _told(provenance)})


def _write_chances(forecast: Forecast, path: Path, provenance: Provenance) -> int:
    if path.suffix.lower() != ".parquet":
        raise InputFormatError("is not a parquet file", where=path.name, mend="end the name with .parquet")
    units, months = len(forecast.units), len(forecast.months)
    ids = pl.Series([int(unit) for unit in forecast.units] if forecast.level == "cell" else list(forecast.units))
    frame = pl.DataFrame(
        {
            "month_id": np.tile(np.array(forecast.months, dtype=np.int32), units),
            UNIT_COLUMNS[forecast.level]: ids.gather(np.repeat(np.arange(units), months)),
            "probability": np.asarray(forecast.probability).reshape(-1),
        }
    ).with_columns(pl.lit(value).alias(name) for name, value in provenance.columns().items())
    table = frame.to_arrow().replace_schema_metadata({_META: _told(provenance)})
    with aside(path) as name:
        arrow_parquet.write_table(table, name, compression="zstd")
    return frame.height


def _told(provenance: Provenance) -> str:
    return json.dumps({**asdict(provenance), "data_vintage": provenance.data_vintage.isoformat()})


def _writer(path: Path, schema: arrow.Schema) -> arrow_parquet.ParquetWriter:
    dictionary = [name for name in schema.names if name not in _PLAIN_INT]
    return arrow_parquet.ParquetWriter(
        path, schema, compression="zstd", use_dictionary=dictionary, column_encoding=dict(_PLAIN_INT)
    )
