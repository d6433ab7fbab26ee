"""``forewarn assess``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, progress, say
from forewarn.operations.assess import assess

app = typer.Typer(add_completion=False)


@app.command()
def _assess(
    workspace: WorkspaceFolder = None,
    whole: Annotated[
        bool,
        typer.Option("--whole", help="Read the whole store and assemble all incidents anew."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Link claims into incidents, and say what needs review."""
    with workspace_of(workspace) as opened, progress(quiet=as_json) as report:
        made = assess(opened, whole=whole, progress=report)
    if as_json:
        print_json(made)
        return
    say(
        f"{made.claims:,} claims make {made.incidents:,} incidents: {made.corroborated:,} with two or more "
        f"independent origins, {made.contested:,} with counts that contradict each other.",
        f"{made.compared:,} pairs compared, {made.judged:,} judgements added; "
        f"{made.reassembled:,} claims put together anew.",
    )
    if made.crowded:
        say(f"{made.crowded} crowded places and days could not be compared in full: look there.")
    if made.to_review:
        say(f"{made.to_review:,} pairs wait for a person. Next: forewarn review list")
    else:
        say("Next: forewarn forecast")
