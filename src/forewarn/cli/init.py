"""``forewarn init``."""

from __future__ import annotations

import typer

from forewarn.cli.options import AsJson, WorkspaceFolder, settings_of
from forewarn.cli.output import print_json, say
from forewarn.operations.init import init

app = typer.Typer(add_completion=False)


@app.command()
def _init(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Make a folder a workspace, or bring one up to date."""
    made = init(settings_of(workspace))
    if as_json:
        print_json(made)
        return
    state = "made" if made.is_new else "up to date"
    say(
        f"Workspace {made.workspace}: {state}, schema {made.schema_after}.", "Next: forewarn channels; forewarn collect"
    )
