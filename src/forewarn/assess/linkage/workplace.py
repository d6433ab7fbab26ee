"""Where linkage runs: a bounded DuckDB in memory that spills to disk, and beside it Splink's Spark where that is set.

Owns the setting and the connection. Claims are prepared and pairs are found in DuckDB on either engine; on Spark the
pairs are compared on the cluster. Both give the same judgements.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from forewarn.errors import ConfigurationError

__all__ = ["ENGINES", "Engine", "workplace"]

ENGINES = ("duckdb", "spark")
"""The backends of Splink that linkage runs on."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Where linkage runs.

    Attributes:
        name: one of :data:`ENGINES`.
        memory_gb: most memory DuckDB takes before it writes to disk; a part of what the whole process needs.
        threads: DuckDB's threads; 0 for as many as there are processors.
        master: of the Spark cluster, such as ``spark://host:7077``; ``local[*]`` is Spark on this machine.
        partitions: into how many parts Spark cuts the pairs.
    """

    name: str = "duckdb"
    memory_gb: float = 2.0
    threads: int = 2
    master: str = "local[*]"
    partitions: int = 8

    def __post_init__(self) -> None:
        if self.name not in ENGINES:
            raise ConfigurationError(
                f"linkage does not run on '{self.name}'",
                where="linkage_engine",
                mend=f"set it to {' or '.join(ENGINES)}",
            )


@contextmanager
def workplace(engine: Engine) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection in memory, bounded, that spills to a folder which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="forewarn-linkage-") as folder, duckdb.connect(":memory:") as connection:
        connection.execute(f"set memory_limit = '{engine.memory_gb}GB'")
        connection.execute(f"set temp_directory = '{folder}'")
        connection.execute("set preserve_insertion_order = false")
        if engine.threads:
            connection.execute(f"set threads = {engine.threads}")
        yield connection
