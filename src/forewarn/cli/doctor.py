"""``forewarn doctor``."""

from __future__ import annotations

import typer

from forewarn.cli.options import AsJson, WorkspaceFolder, settings_of
from forewarn.cli.output import print_json, print_table
from forewarn.operations.doctor import examine

app = typer.Typer(add_completion=False)


@app.command()
def _doctor(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """What is installed, reachable, stale or broken."""
    findings = examine(settings_of(workspace))
    if as_json:
        print_json(findings)
    else:
        rows = [(one.subject, one.state, one.found, one.mend) for one in findings]
        print_table("Examined", ("what", "state", "found", "what to do"), rows)
    if any(one.state == "broken" for one in findings):
        raise typer.Exit(1)
