"""Opening a workspace: settings, database, paths, and the present moment, handed to operations as one value.

A folder is a workspace when it holds ``forewarn.toml``. The clock is read here and nowhere deeper; for training
and tests the setting ``today`` stands in its place.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Protocol

from forewarn.clock import utc_now
from forewarn.config import Settings, WorkspacePaths
from forewarn.errors import ConfigurationError, WorkspaceError
from forewarn.store import Database

__all__ = ["Progress", "Workspace", "no_progress", "opened", "relative_to"]


class Progress(Protocol):
    """What long work tells about itself: ``done`` of ``total`` (0 when nobody knows), and a few words."""

    def __call__(self, done: int, total: int, text: str) -> None:
        """Report a step."""


def no_progress(done: int, total: int, text: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """An open workspace.

    Attributes:
        settings: in force.
        database: open, with the schema this code knows.
        now: the instant that counts as the present throughout one operation.
    """

    settings: Settings
    database: Database
    now: datetime

    @property
    def paths(self) -> WorkspacePaths:
        """Its folders and files."""
        return self.settings.workspace_paths

    @property
    def today(self) -> date:
        """The day that counts as today."""
        return self.now.date()

    def author(self, given: str | None = None) -> str:
        """Who acts: as given, or as set. Nobody is refused: a decision has an author."""
        name = (given or self.settings.author).strip()
        if not name:
            raise ConfigurationError(
                "nobody is named as acting", where="author", mend="give --by, or set author in forewarn.toml"
            )
        return name

    def output(self, given: Path | None, name: str) -> Path:
        """Where to write: as given, or under that name in the workspace's outputs."""
        if given is not None:
            return given
        self.paths.outputs.mkdir(exist_ok=True)
        return self.paths.outputs / name


def now_of(settings: Settings) -> datetime:
    """The instant that counts as the present under these settings."""
    real = utc_now()
    return datetime.combine(settings.today, time(real.hour, real.minute, real.second), UTC) if settings.today else real


def database_of(settings: Settings) -> Database:
    """The database of these settings, not yet looked at."""
    return Database(settings.database_address)


@contextmanager
def opened(settings: Settings) -> Iterator[Workspace]:
    """The workspace of these settings, closed at the end. Raises :class:`WorkspaceError` where there is none."""
    if not settings.workspace_paths.settings_file.is_file():
        raise WorkspaceError(
            "is not a workspace", where=settings.workspace.name or str(settings.workspace), mend="run 'forewarn init'"
        )
    if settings.channels_folder is not None:
        # Half of the time to start is reading the collect room, which most commands never use.
        importlib.import_module("forewarn.collect").add_channels_from(settings.channels_folder)
    database = database_of(settings)
    try:
        database.require_current()
        yield Workspace(settings, database, now_of(settings))
    finally:
        database.close()


def relative_to(folder: Path, path: Path) -> str:
    """The path as it may be stored or shown: relative to the workspace, or its name alone."""
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return path.name
