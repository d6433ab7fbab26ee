"""The inbox: files that arrive by disk, USB stick or a synchronized folder are collected from where they are laid.

``inbox/<channel>/`` in the workspace, or a folder one level below it, holds files as delivered; for a channel that
needs a mapping it lies beside them, as ``<file>.yml`` or as ``mapping.yml``. What was collected is moved to
``collected/`` there, what cannot be read to ``refused/`` with the reason. A file that is still being written, a link
or a hidden file is left alone.
"""

from __future__ import annotations

import os
import stat
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from forewarn.collect import channel, channels
from forewarn.errors import ConfigurationError, ForewarnError, InputError, StoreError, UsageError
from forewarn.operations.collect import collect
from forewarn.operations.workspace import Workspace

__all__ = ["INBOX", "collect_inbox", "inbox_channels", "inbox_strangers", "waiting"]

INBOX = "inbox"
_DONE, _REFUSED = "collected", "refused"
_LOOK_SECONDS = 2.0
"""Between the two looks at a file: whose size or time has changed in between is still being written."""
_UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload", ".download", ".swp", "~")
_MAPPINGS = (".yml", ".yaml")


@dataclass(frozen=True, slots=True)
class _Laid:
    """A file as it was looked at."""

    path: Path
    size: int
    changed: int


def inbox_channels(workspace: Workspace) -> list[str]:
    """The channels that have a folder in the inbox, by name."""
    known = {one.name for one in channels()}
    return [folder.name for folder in _folders(workspace.paths.root / INBOX) if folder.name in known]


def inbox_strangers(workspace: Workspace) -> list[str]:
    """Folders in the inbox that are named after no channel: what is laid there is never collected."""
    known = {one.name for one in channels()}
    return [folder.name for folder in _folders(workspace.paths.root / INBOX) if folder.name not in known]


def waiting(workspace: Workspace, name: str) -> list[Path]:
    """The files laid for a channel, the longest unchanged first."""
    return [one.path for one in _laid(workspace, name)]


def collect_inbox(workspace: Workspace, name: str, *, pause: Callable[[float], None] = time.sleep) -> dict[str, int]:
    """Collect what is laid for a channel; how many files, reports and rejected rows, and how many were refused.

    A file that cannot be read is moved aside and does not hold up the others. Where a mapping is missing or wrong
    the file stays, the others are collected, and the error is raised at the end.

    Args:
        workspace: where.
        name: the channel.
        pause: waits that many seconds between the two looks at each file.
    """
    counts: Counter[str] = Counter(files=0)
    unmapped: ForewarnError | None = None
    before = _laid(workspace, name)
    if before:
        pause(_LOOK_SECONDS)
    still = set(_laid(workspace, name))
    for one in before:
        if one not in still:
            counts["unfinished"] += 1
            continue
        try:
            counts.update(_collect(workspace, name, one.path))
        except (ConfigurationError, UsageError) as error:
            unmapped = unmapped or error
    if unmapped is not None:
        raise unmapped
    return dict(counts)


def _collect(workspace: Workspace, name: str, path: Path) -> dict[str, int]:
    try:
        (made,) = collect(workspace, name, [path], mapping=_mapping_of(name, path))
    except InputError as error:
        moved = _moved(path, _REFUSED)
        moved.with_name(f"{moved.name}.why.txt").write_text(f"{error}\n", encoding="utf-8")
        return {"refused": 1}
    _moved(path, _DONE)
    return {"files": 1, "accepted": made.accepted, "revised": made.revised, "rejected": made.rejected}


def _mapping_of(name: str, path: Path) -> Path | None:
    """The mapping beside a file, for a channel that needs one."""
    if not channel(name).needs_mapping:
        return None
    beside = (path.with_name(f"{path.name}.yml"), path.with_suffix(".yml"), path.with_name("mapping.yml"))
    found = next((one for one in beside if one.is_file() and not one.is_symlink()), None)
    if found is None:
        raise UsageError(
            "lies without its mapping", where=f"inbox: {path.name}", mend="lay mapping.yml beside it, or <file>.yml"
        )
    return found


def _moved(path: Path, folder: str) -> Path:
    """The file in the folder beside it, under its own name or, where that is taken, with a number."""
    aside = path.parent / folder
    try:
        aside.mkdir(exist_ok=True)
        target, number = aside / path.name, 1
        while target.exists():
            number += 1
            target = aside / f"{path.stem}-{number}{path.suffix}"
        path.rename(target)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise StoreError(
            f"cannot be moved to {folder} ({reason})", where=f"inbox: {path.name}", mend="check the permissions"
        ) from None
    return target


def _laid(workspace: Workspace, name: str) -> list[_Laid]:
    top = workspace.paths.root / INBOX / name
    folders = [top, *_folders(top)] if top.is_dir() and not top.is_symlink() else []
    found = [one for folder in folders if folder.name not in (_DONE, _REFUSED) for one in _files(folder)]
    return sorted(found, key=lambda one: (one.changed, one.path))


def _files(folder: Path) -> Iterator[_Laid]:
    for path in _listed(folder):
        if path.name.startswith((".", "~")) or path.name.endswith((*_UNFINISHED, *_MAPPINGS)):
            continue
        try:
            seen = path.lstat()
        except OSError:
            continue  # gone in between
        if stat.S_ISREG(seen.st_mode):
            yield _Laid(path, seen.st_size, seen.st_mtime_ns)


def _folders(folder: Path) -> list[Path]:
    hidden = (".", "~")
    return [p for p in _listed(folder) if p.is_dir() and not p.is_symlink() and not p.name.startswith(hidden)]


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
