"""The files of the exercise, as its sources would send them.

Each row carries the notice that it is fictional and nothing of the hidden truth. A file appears whole or not at
all; the same seed gives the same bytes on every machine: UTF-8, line feeds, whole numbers and fixed decimals.
"""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from forewarn.errors import StoreFullError, WorkspaceError
from forewarn.learn.exercise.dice import DEFAULT_SEED
from forewarn.learn.exercise.region import exercise_region
from forewarn.learn.exercise.rows import coverage_rows, form_rows, outlet_rows, release_rows, statement_rows

__all__ = ["ExerciseFile", "ExerciseFiles", "exercise_bytes", "write_exercise"]

_BOUNDARIES = "region.geojson"

_MAPPINGS = {
    "wire.csv": "reports.yml",
    "newspapers.csv": "reports.yml",
    "state.csv": "reports.yml",
    "posts.csv": "reports.yml",
    "ngo.csv": "reports.yml",
    "ngo_release_2.csv": "reports.yml",
    "field_forms.jsonl": "field_forms.yml",
    "statements.jsonl": "statements.yml",
    "coverage.csv": "coverage.yml",
}


@dataclass(frozen=True, slots=True)
class ExerciseFile:
    """One file to collect: its path, the channel and the mapping by which to read it, and its data rows.

    ``is_later`` marks the release that is to be collected after the others, as it supersedes rows of one of them.
    """

    path: Path
    channel: str
    mapping: Path
    rows: int
    is_later: bool = False


@dataclass(frozen=True, slots=True)
class ExerciseFiles:
    """The written exercise: ``files`` in the order in which to collect them, and the region's outlines."""

    folder: Path
    seed: int
    files: tuple[ExerciseFile, ...]
    boundaries: Path

    def file(self, name: str) -> ExerciseFile:
        """The file of that name; ``KeyError`` when there is none."""
        return {one.path.name: one for one in self.files}[name]


def exercise_bytes(seed: int = DEFAULT_SEED) -> dict[str, bytes]:
    """Every data file of a seed by name, in the order in which to collect them."""
    return {name: content for name, (content, _) in _contents(seed).items()}


def write_exercise(folder: Path, *, seed: int = DEFAULT_SEED) -> ExerciseFiles:
    """Write the exercise's files, mappings and outlines into a folder, which is made when it is not there.

    A file of the same name is replaced. Each file appears whole or not at all.

    Raises:
        StoreFullError: there is no space left.
        WorkspaceError: the folder cannot be made or written to.
    """
    mappings = folder / "mappings"
    _make(mappings)
    written = []
    for name in sorted(set(_MAPPINGS.values())):
        _replace(mappings / name, files("forewarn.learn.exercise").joinpath("mappings", name).read_bytes())
    for name, (content, rows) in _contents(seed).items():
        _replace(folder / name, content)
        is_later = name == "ngo_release_2.csv"
        written.append(ExerciseFile(folder / name, "table", mappings / _MAPPINGS[name], rows, is_later))
    outlines = json.dumps(exercise_region(seed).geojson(), ensure_ascii=False, sort_keys=True)
    _replace(folder / _BOUNDARIES, outlines.encode())
    return ExerciseFiles(folder, seed, tuple(written), folder / _BOUNDARIES)


def _contents(seed: int) -> dict[str, tuple[bytes, int]]:
    tables = outlet_rows(seed)
    tables["ngo_release_2.csv"] = release_rows(seed)
    tables["coverage.csv"] = coverage_rows(seed)
    made = {name: (_csv_bytes(rows), len(rows)) for name, rows in tables.items()}
    forms, spoken = form_rows(seed), statement_rows(seed)
    made["field_forms.jsonl"] = _jsonl_bytes(forms), len(forms)
    made["statements.jsonl"] = _jsonl_bytes(spoken), len(spoken)
    return {name: made[name] for name in sorted(made, key=lambda name: (name == "ngo_release_2.csv", name))}


def _csv_bytes(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _jsonl_bytes(rows: Iterable[Mapping[str, object]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _explained(error, folder) from error


def _replace(path: Path, content: bytes) -> None:
    """Write beside and move into place."""
    draft = ""
    try:
        number, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(number, "wb") as file:
            file.write(content)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except OSError as error:
        raise _explained(error, path) from error
    finally:
        if draft:
            Path(draft).unlink(missing_ok=True)


def _explained(error: OSError, path: Path) -> StoreFullError | WorkspaceError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreFullError("no space left", where=path.name, mend="free some space and write the exercise again")
    return WorkspaceError(
        f"cannot be written ({os.strerror(error.errno or 0)})", where=path.name, mend="choose a folder you may write to"
    )
