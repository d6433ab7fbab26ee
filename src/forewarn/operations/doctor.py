"""What is installed, reachable, stale or broken: every check says what it found and what to do about it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from forewarn.config import Settings
from forewarn.errors import ForewarnError
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import reading, schema

__all__ = ["Finding", "examine"]

_EXTRAS = {"psycopg": "postgres", "distributed": "dask"}
_LIBRARIES = ("polars", "numpy", "sqlalchemy", "scoringrules", "matplotlib")
_LITTLE_SPACE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it is well (``ok``, ``note`` or ``broken``), and what was found."""

    subject: str
    state: str
    found: str
    mend: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Every check, in order; a broken part does not stop the rest."""
    return [*_installation(), *_workspace(settings)]


def _installation() -> Iterator[Finding]:
    version = importlib.metadata.version
    yield Finding("python", "ok", f"{platform.python_version()} on {platform.machine()}, {sys.platform}")
    yield Finding("libraries", "ok", ", ".join(f"{name} {version(name)}" for name in _LIBRARIES))
    for module, extra in _EXTRAS.items():
        there = importlib.util.find_spec(module) is not None
        mend = "" if there else f"pip install 'forewarn[{extra}]' if you need it"
        yield Finding(f"extra {extra}", "ok" if there else "note", "installed" if there else "not installed", mend)


def _workspace(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(_existing(settings.workspace)).free
    state = "ok" if free > _LITTLE_SPACE else "note"
    yield Finding("disk", state, f"{free / 1e9:.1f} GB free", "" if state == "ok" else "free some space")
    try:
        with opened(settings) as workspace:
            yield from _store(workspace)
    except ForewarnError as error:
        yield Finding("workspace", "broken", error.what, error.mend)


def _store(workspace: Workspace) -> Iterator[Finding]:
    with workspace.database.reading() as connection:
        counts = reading.counts_of_store(connection)
        kept = list(connection.execute(select(schema.snapshots.c.snapshot_id)).scalars())
        latest = dict(
            connection.execute(
                select(schema.collections.c.channel, schema.collections.c.collected_at).order_by(
                    schema.collections.c.sequence
                )
            )
            .tuples()
            .all()
        )
    shown = ", ".join(f"{counts[name]:,} {name}" for name in ("reports", "claims", "incidents", "alerts"))
    yield Finding("store", "ok", f"{workspace.database.name}: {shown}")
    missing = [name for name in kept if not _snapshot_path(workspace, name).is_file()]
    yield Finding(
        "snapshots",
        "broken" if missing else "ok",
        f"{len(kept) - len(missing)} of {len(kept)} kept",
        "restore the snapshots folder from a copy" if missing else "",
    )
    for channel, at in sorted(latest.items()):
        yield Finding(f"channel {channel}", "ok", f"last collected {at}")


def _snapshot_path(workspace: Workspace, snapshot_id: str) -> Path:
    digest = snapshot_id.removeprefix("snp_")
    return workspace.paths.snapshots / digest[:2] / digest


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)
