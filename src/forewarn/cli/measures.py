"""``forewarn measures``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson
from forewarn.cli.output import print_json, print_table, say
from forewarn.operations.measures import options_of

app = typer.Typer(add_completion=False)


@app.command()
def _measures(
    family: Annotated[list[str] | None, typer.Option("--family", help="Only measures of this family.")] = None,
    months: Annotated[int | None, typer.Option("--months", min=0, help="Time left: note what may come late.")] = None,
    as_json: AsJson = False,
) -> None:
    """The options of response by pillar, least coercive first."""
    pillars = options_of(tuple(family or ()), months)
    if as_json:
        print_json(pillars)
        return
    for pillar in pillars:
        rows = [
            (o.measure.id, o.measure.name, o.measure.coercion, o.measure.basis, o.measure.horizon)
            for o in pillar.proposed
        ]
        print_table(f"Pillar {pillar.pillar}: {pillar.name}", ("id", "measure", "coercion", "basis", "months"), rows)
        if pillar.on_selection:
            say("  Only on a person's selection, citing the deciding body:")
        for option in pillar.on_selection:
            say(f"  {option.measure.id} {option.measure.name} ({option.reason})")
    say("The pillars run at the same time. Order is by coercion; nothing here is recommended.")
