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
    form: Annotated[str, typer.Option("--format", help="html, md or pdf.")] = "html",
    length: Annotated[str, typer.Option("--length", help="analyst, or desk for one page.")] = "analyst",
    audience: Annotated[str, typer.Option("--audience", help="clear, green, amber, amber+strict or red.")] = "",
    first: Annotated[str, typer.Option("--from", help="First month, 2017-01.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last month, 2017-08.")] = "",
    as_known_at: Day = None,
    with_later: Annotated[bool, typer.Option("--later", help="Show, apart, what became known later.")] = False,
    out: Out = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write a brief for an alert or an area, every figure traceable."""
    with workspace_of(workspace) as opened:
        day = day_of(as_known_at, opened.today) if as_known_at else None
        wish = BriefWish(subject, day, form, with_later, length, audience, first, last)
        made = brief(opened, wish, out=out)
    if as_json:
        print_json(made)
        return
    note = " It is fictional." if made.fictional else ""
    files = "one file" if made.snapshots == 1 else f"{made.snapshots} files"
    rest = f"{made.claims:,} claims in {made.reports:,} reports of {files}"
    say(
        f"{made.title}: {made.figures} figures from {rest}.{note}",
        f"For {made.audience}. {made.withheld}".rstrip(),
        f"Written to {made.file}",
    )
