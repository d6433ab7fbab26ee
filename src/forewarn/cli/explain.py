"""``forewarn explain``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson, Out, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, progress, say
from forewarn.model.place import UnitLevel
from forewarn.operations.explain import Explained, ExplainWish, explain_forecast

app = typer.Typer(add_completion=False)


@app.command()
def _explain(
    unit: Annotated[str, typer.Argument(help="The unit: a country, an area as COUNTRY/Name, or a cell.")],
    forecast_id: Annotated[str, typer.Option("--forecast", help="The forecast's id; default is the latest.")] = "",
    level: Annotated[UnitLevel | None, typer.Option("--level", help="The latest forecast of that level.")] = None,
    target: Annotated[str, typer.Option("--target", help="The latest forecast of that target.")] = "",
    out: Out = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """What moved a forecast, what it resembles, and what would change it; in words and as a picture."""
    with workspace_of(workspace) as opened, progress(quiet=as_json) as report:
        made = explain_forecast(opened, ExplainWish(unit, forecast_id, level, target), out=out, progress=report)
    if as_json:
        print_json(made)
        return
    _tell(made)


def _tell(made: Explained) -> None:
    say(*made.sentences)
    chances = ", ".join(f"{int(number):,} or more {chance:.1%}" for number, chance in made.exceedance.items())
    say(f"Chances over the horizon: {chances}.", f"Whether to trust it: {made.skill}")
    say(*made.caveats)
    claims = sum(len(ids) for ids in made.claims.values())
    first = next((ids[0] for ids in made.claims.values() if ids), "")
    say(f"{claims:,} claims stand behind the months named (in --json and on the page).")
    if first:
        say(f"Written: {made.file}. Next: forewarn show {first}")
    else:
        say(f"Written: {made.file}")
