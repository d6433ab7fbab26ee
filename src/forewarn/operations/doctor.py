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

from sqlalchemy import func, select

from forewarn.collect import channel
from forewarn.config import Settings
from forewarn.errors import ForewarnError, shorten
from forewarn.operations.evidence_keeping import upkeep
from forewarn.operations.freshness import freshness, silent_sources
from forewarn.operations.inbox import inbox_strangers
from forewarn.operations.watch import recorded_runs
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import reading, schema
from forewarn.store.runs import Run

__all__ = ["Finding", "examine"]

_EXTRAS = {"psycopg": "postgres", "distributed": "dask", "rfc3161_client": "evidence", "av": "media"}
_LIBRARIES = ("polars", "numpy", "sqlalchemy", "scoringrules", "matplotlib")
_LITTLE_SPACE = 1_000_000_000
_MOST_NAMED, _MOST_SILENT, _LOOKED_AT_RUNS = 8, 20, 200


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
    shown = ", ".join(f"{counts[name]:,} {name}" for name in ("reports", "claims", "incidents", "alerts"))
    yield Finding("store", "ok", f"{workspace.database.name}: {shown}")
    missing = [name for name in kept if not _snapshot_path(workspace, name).is_file()]
    yield Finding(
        "snapshots",
        "broken" if missing else "ok",
        f"{len(kept) - len(missing)} of {len(kept)} kept",
        "restore the snapshots folder from a copy" if missing else "",
    )
    yield from _evidence(workspace)
    yield from _channels(workspace)
    yield from _silences(workspace)
    yield from _watch(workspace)


def _evidence(workspace: Workspace) -> Iterator[Finding]:
    """Whether the evidence key opens, what is due, and what no timestamp covers; nothing where there is no evidence."""
    found = upkeep(workspace)
    if found is None:
        return
    yield Finding("evidence key", "broken" if found.key_problem else "ok", found.key_problem or "there", found.key_mend)
    due = f"{found.due:,} of {found.items:,} items are past their period"
    yield Finding("evidence due", "note" if found.due else "ok", due, "forewarn evidence due" if found.due else "")
    said = f"{found.uncovered:,} entries of the custody log since {found.anchored_at or 'the beginning'}"
    mend = "forewarn evidence anchor" if found.is_late else ""
    yield Finding("evidence timestamps", "note" if found.is_late else "ok", said, mend)


def _channels(workspace: Workspace) -> Iterator[Finding]:
    """Each channel in use: whether it is late, and what it tells of and cannot see."""
    reach = _reach(workspace)
    for one in freshness(workspace):
        mend = "" if not one.late_days else f"collect what is new: forewarn collect {one.channel.partition(':')[0]}"
        yield Finding(f"channel {one.channel}", "note" if one.late_days else "ok", one.explained, mend)
        yield Finding(f"sight of {one.channel}", "ok", f"{reach.get(one.channel, 'no claims')}; {_blind(one.channel)}")


def _reach(workspace: Workspace) -> dict[str, str]:
    """By channel, the countries, days and languages its claims tell of."""
    table = schema.claims
    days = (func.min(table.c.started_on), func.max(table.c.ended_on))
    query = select(table.c.channel, table.c.country, table.c.language, *days)
    with workspace.database.reading() as connection:
        rows = connection.execute(query.group_by(table.c.channel, table.c.country, table.c.language)).all()
    found = {}
    for name in {row[0] for row in rows}:
        own = [row for row in rows if row[0] == name]
        countries = sorted({row[1] for row in own} - {""})
        more = f" and {len(countries) - _MOST_NAMED} more" if countries[_MOST_NAMED:] else ""
        shown = ", ".join(countries[:_MOST_NAMED]) + more
        first = min((row[3] for row in own if row[3]), default="?")
        last = max((row[4] for row in own if row[4]), default="?")
        languages = ", ".join(sorted({row[2] for row in own} - {""})) or "language not stated"
        found[name] = f"tells of {shown or 'no country'}, {first} to {last}, {languages}"
    return found


def _blind(name: str) -> str:
    try:
        return f"blind to {channel(name).coverage.blind_to}"
    except ForewarnError:
        return "its definition is gone"


def _silences(workspace: Workspace) -> Iterator[Finding]:
    """Who has fallen silent: no fault of the installation, but a signal to look into."""
    found = silent_sources(workspace)
    for one in found[:_MOST_SILENT]:
        where = f" (told of {', '.join(one.countries[:_MOST_NAMED])})" if one.countries else ""
        mend = "ask why: an outage, a stopped project, or people who can no longer speak"
        yield Finding(f"silent {one.name}", "note", one.explained + where, mend)
    if len(found) > _MOST_SILENT:
        yield Finding("silent sources", "note", f"and {len(found) - _MOST_SILENT} more")


def _watch(workspace: Workspace) -> Iterator[Finding]:
    """Whether the jobs of the watch go well, and what lies in the inbox that nothing will collect."""
    last: dict[str, Run] = {}
    for run in recorded_runs(workspace, _LOOKED_AT_RUNS):
        last.setdefault(run.job, run)
    for job, run in sorted(last.items()):
        bad = run.state in ("failed", "lost")
        said = f"{run.state} at {run.finished_at or run.started_at}" + (f": {run.message}" if run.message else "")
        yield Finding(f"job {job}", "note" if bad else "ok", said, "see 'forewarn watch --runs'" if bad else "")
    for name in inbox_strangers(workspace):
        mend = "name the folder after a channel, as 'forewarn channels' lists them"
        yield Finding(f"inbox {shorten(name)}", "note", "named after no channel: nothing in it is collected", mend)


def _snapshot_path(workspace: Workspace, snapshot_id: str) -> Path:
    digest = snapshot_id.removeprefix("snp_")
    return workspace.paths.snapshots / digest[:2] / digest


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)
