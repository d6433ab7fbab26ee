"""Watching alone: one watch for a workspace, and one for a store, on this machine and on the others that share it.

The kernel holds the lock on a file in the workspace and lets go when the process ends, however it ends, so there is
no stale lock to clear away by hand; what the file says only tells people who holds it. A store on a server is held
there too, for its workspaces may lie on several machines.
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from forewarn.clock import instant_text
from forewarn.errors import StoreBusyError, WorkspaceError, shorten
from forewarn.operations.workspace import Workspace
from forewarn.store.runs import held_by_server

__all__ = ["LOCK_FILE", "Hold", "held_alone"]

LOCK_FILE = "watch.lock"
_ATTEMPTS = 5


@dataclass(slots=True)
class Hold:
    """The hold of one watch; ``require`` raises :class:`StoreBusyError` when it has been lost.

    ``after_a_crash`` says that the one before ended without a word.
    """

    after_a_crash: bool = False
    checks: list[Callable[[], None]] = field(default_factory=list)

    def require(self) -> None:
        """Raise unless this process is still the only watch."""
        for check in self.checks:
            check()


@contextmanager
def held_alone(workspace: Workspace) -> Iterator[Hold]:
    """Be the only watch of the workspace and of its store.

    Raises:
        StoreBusyError: there is another; the message says which process, where and since when.
    """
    hold = Hold()
    with ExitStack() as held:
        for folder in _folders(workspace):
            held.enter_context(_locked(folder / LOCK_FILE, workspace.now, hold))
        hold.checks.append(held.enter_context(held_by_server(workspace.database)))
        yield hold


def _folders(workspace: Workspace) -> list[Path]:
    """The workspace, and the folder of its SQLite file where that lies elsewhere: another workspace may use it."""
    found = [workspace.paths.root.resolve()]
    url = workspace.database.engine.url
    if workspace.database.is_sqlite and url.database and url.database != ":memory:":
        beside = Path(url.database).resolve().parent
        found += [beside] if beside not in found else []
    return found


@contextmanager
def _locked(path: Path, now: datetime, hold: Hold) -> Iterator[None]:
    descriptor = _opened(path)
    try:
        hold.after_a_crash |= bool(_holder(descriptor))
        said = {"pid": os.getpid(), "host": platform.node(), "since": instant_text(now)}
        _say(descriptor, json.dumps(said))
        hold.checks.append(lambda: _require_same(path, descriptor))
        yield
    finally:
        _say(descriptor, "")
        os.close(descriptor)


def _opened(path: Path) -> int:
    """The file, open and locked; opened again where somebody removed it in between."""
    for _ in range(_ATTEMPTS):
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise WorkspaceError(
                f"the lock cannot be opened ({reason})", where=path.name, mend="check the folder's permissions"
            ) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            who = _holder(descriptor)
            os.close(descriptor)
            raise _busy(path, who) from None
        if _is_same(path, descriptor):
            return descriptor
        os.close(descriptor)
    raise _busy(path, "")


def _busy(path: Path, who: str) -> StoreBusyError:
    what = "is being watched by another process" + (f" ({who})" if who else "")
    return StoreBusyError(what, where=path.parent.name or path.name, mend="leave the work to it, or stop it")


def _holder(descriptor: int) -> str:
    """Who says to hold the file: process, machine and since when; empty where nobody does."""
    try:
        said = json.loads(os.pread(descriptor, 2_000, 0))
        return f"{int(said['pid'])} on {shorten(said['host'], 60)}, since {shorten(said['since'], 30)}"
    except (ValueError, TypeError, KeyError, OSError):
        return ""


def _say(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode(), 0)


def _is_same(path: Path, descriptor: int) -> bool:
    """Whether the name still stands for the file that is locked."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False


def _require_same(path: Path, descriptor: int) -> None:
    if not _is_same(path, descriptor):
        raise StoreBusyError(
            "the lock was removed while in use", where=path.name, mend="start the watch again, and leave the file"
        )
