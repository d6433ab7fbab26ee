"""``forewarn export``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson, Day, Out, WorkspaceFolder, day_of, workspace_of
from forewarn.cli.output import print_json, say
from forewarn.operations.export import export

app = typer.Typer(add_completion=False)


@app.command()
def _export(
    what: Annotated[str, typer.Argument(help="claims, incidents, reports or lineage.")],
    out: Out = None,
    as_known_at: Day = None,
    incident: Annotated[str, typer.Option("--incident", help="Of lineage, that of one incident: its id.")] = "",
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write claims, incidents, reports or lineage: CSV, parquet, GeoJSON, STIX, FollowTheMoney, MISP, PROV."""
    with workspace_of(workspace) as opened:
        day = day_of(as_known_at, opened.today) if as_known_at else None
        made = export(opened, what, out, as_known_at=day, incident=incident)
    if as_json:
        print_json(made)
        return
    say(f"{made.rows:,} {made.what} written to {made.file} ({made.format}).")
    if made.coarsened or made.withheld:
        say(f"By sensitivity: {made.coarsened:,} rows coarsened, {made.withheld:,} reduced to their ids.")
