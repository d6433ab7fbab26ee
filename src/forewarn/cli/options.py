"""The options that every command shares, and what they lead to: the settings in force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from forewarn.clock import day_from_text
from forewarn.config import Settings, load_settings
from forewarn.logs import configure_logs
from forewarn.operations.workspace import Workspace, opened

__all__ = ["AsJson", "By", "Day", "Out", "WorkspaceFolder", "settings_of", "workspace_of"]

WorkspaceFolder = Annotated[
    Path | None, typer.Option("--workspace", help="The workspace folder; default is FOREWARN_WORKSPACE, else here.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
By = Annotated[str | None, typer.Option("--by", help="Who is acting: a pseudonym or role; default is the author set.")]
Out = Annotated[Path | None, typer.Option("--out", help="File to write; default is in the workspace's outputs.")]
Day = Annotated[
    str | None, typer.Option("--as-known-at", help="Use only what was known on that day, YYYY-MM-DD; default today.")
]


def settings_of(workspace: Path | None, **overrides: object) -> Settings:
    """The settings in force for a command, with logging set up by them."""
    settings = load_settings({"workspace": workspace, **overrides})
    configure_logs(settings.log_level, settings.log_format)
    return settings


@contextmanager
def workspace_of(folder: Path | None, **overrides: object) -> Iterator[Workspace]:
    """The workspace a command works in."""
    with opened(settings_of(folder, **overrides)) as workspace:
        yield workspace


def day_of(text: str | None, otherwise: date) -> date:
    """The day an option gives, or the other."""
    return otherwise if text is None else day_from_text(text, where="--as-known-at")
