"""``forewarn brief``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson, Day, Out, WorkspaceFolder, day_of, workspace_of
from forewarn.cli.output import print_json, say
from forewarn.operations.brief import BriefWish, brief

app = typer.Typer(add_completion=False)


@app.command()
def _brief(
    subject: Annotated[str, typer.Argument(help="An alert (id or 'latest'), or an area: MMR/Rakhine State.")],
    form: Annotated[str, typer.Option("--format", help="html or md.")] = "html",
    as_known_at: Day = None,
    with_later: Annotated[bool, typer.Option("--later", help="Show, apart, what became known later.")] = False,
    out: Out = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write a brief for an alert or an area, every figure traceable."""
    with workspace_of(workspace) as opened:
        day = day_of(as_known_at, opened.today) if as_known_at else None
        made = brief(opened, BriefWish(subject, day, form, with_later), out=out)
    if as_json:
        print_json(made)
        return
    note = " It is fictional." if made.fictional else ""
    files = "one file" if made.snapshots == 1 else f"{made.snapshots} files"
    rest = f"{made.claims:,} claims in {made.reports:,} reports of {files}"
    say(
        f"{made.title}: {made.figures} figures from {rest}.{note}",
        f"Written to {made.file}",
    )
