"""``forewarn gate``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson
from forewarn.cli.output import print_json, say
from forewarn.operations.measures import gate_lines_of, gate_of

app = typer.Typer(add_completion=False)


@app.command()
def _gate(
    subject: Annotated[str, typer.Argument(help="The situation the conditions are looked at for.")],
    as_json: AsJson = False,
) -> None:
    """The conditions said to govern the use of force: who proposed them, and that none is established here."""
    if as_json:
        print_json(gate_of(subject))
        return
    say(*gate_lines_of(subject))
