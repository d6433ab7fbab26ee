"""Moving a workspace to another database: from SQLite on one machine to PostgreSQL, or back.

The store is copied whole and checked; snapshots, evidence, sealed identities and keys are files and stay where they
are. Nothing is switched: until the setting names the new database, the workspace goes on with the one it has.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from forewarn.errors import ConfigurationError, UsageError
from forewarn.operations.lock import held_alone
from forewarn.operations.workspace import Progress, Workspace, no_progress
from forewarn.store import Database
from forewarn.store.moving import CopiedTable, copy_store

__all__ = ["Moved", "move"]


@dataclass(frozen=True, slots=True)
class Moved:
    """A store that was copied.

    Attributes:
        source, target: the databases as they may be shown.
        address: the target as it may stand in the settings file, password masked.
        tables: every table with its rows and the SHA-256 that both databases gave.
    """

    source: str
    target: str
    address: str
    tables: tuple[CopiedTable, ...]

    @property
    def rows(self) -> int:
        """Rows in all."""
        return sum(one.rows for one in self.tables)


def move(workspace: Workspace, to: str, *, on_command_line: bool = False, progress: Progress = no_progress) -> Moved:
    """Copy the store of the workspace into the database at an address, in one transaction there.

    Args:
        workspace: whose store; its watch must not be running.
        to: ``postgresql://...`` or ``sqlite:///FILE``: a database without any table, or with an empty store.
        on_command_line: whether everybody on the machine can read the address; one with a password is then refused.
        progress: is told of rows written and read again.

    Raises:
        UsageError: the address shows a password to others.
        ConfigurationError: it is no address of a database.
        StoreError: the target holds something, or the copy differs; nothing of it is kept.
        StoreBusyError: a watch runs, or somebody else writes.
    """
    shown = _shown(to, on_command_line=on_command_line)
    with held_alone(workspace):
        target = Database(to)
        try:
            copied = copy_store(workspace.database, target, progress)
        finally:
            target.close()
    return Moved(workspace.database.name, target.name, shown, tuple(copied))


def _shown(address: str, *, on_command_line: bool) -> str:
    try:
        url = make_url(address)
    except ArgumentError:
        raise ConfigurationError(
            "is not the address of a database", where="--to", mend="write it as postgresql://user@host/name"
        ) from None
    if url.password and on_command_line:
        raise UsageError(
            "others on this machine can read a password given there",
            where="--to",
            mend="give '--to -' and the address on standard input, or keep the password in ~/.pgpass",
        )
    return url.render_as_string(hide_password=True)
