"""Making a folder a workspace, or bringing one up to date. Nothing that is there is overwritten."""

from __future__ import annotations

from dataclasses import dataclass

from forewarn.config import Settings
from forewarn.errors import WorkspaceError
from forewarn.operations.workspace import database_of
from forewarn.store.migrate import migrate

__all__ = ["Initialized", "init"]

_FIRST_SETTINGS = """\
# Settings of this workspace; docs/reference/settings.md lists them all.
# author = "a pseudonym or role: who is acting"
"""


@dataclass(frozen=True, slots=True)
class Initialized:
    """What was made: whether the workspace is new, and the schema before and after."""

    workspace: str
    is_new: bool
    schema_before: str | None
    schema_after: str


def init(settings: Settings) -> Initialized:
    """Make the folders, the settings file and the database schema, where they are missing."""
    paths = settings.workspace_paths
    is_new = not paths.settings_file.exists()
    try:
        for folder in (paths.root, paths.snapshots, paths.evidence, paths.outputs):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if is_new:
            paths.settings_file.write_text(_FIRST_SETTINGS, encoding="utf-8")
    except OSError as error:
        raise WorkspaceError(
            f"cannot be made ({error.strerror})", where=paths.root.name, mend="choose a folder you may write to"
        ) from error
    database = database_of(settings)
    try:
        before, after = migrate(database)
    finally:
        database.close()
    return Initialized(paths.root.name or str(paths.root), is_new, before, after)
