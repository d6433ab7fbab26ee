"""``forewarn gate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, By, WorkspaceFolder, settings_of, workspace_of
from forewarn.cli.output import print_json, say
from forewarn.errors import UsageError
from forewarn.model.response import GateState
from forewarn.operations.measures import Gate, GateSaid, gate_of, gate_text, record_on_gate

app = typer.Typer(add_completion=False)

_STATES = ", ".join(state.value for state in GateState)


@app.command()
def _gate(
    subject: Annotated[str, typer.Argument(help="The situation the conditions are looked at for: a unit or an alert.")],
    record: Annotated[str, typer.Option("--record", help="A condition, such as S3, of which a body spoke.")] = "",
    state: Annotated[str, typer.Option("--state", help=f"What the body said: {_STATES}.")] = "",
    body: Annotated[str, typer.Option("--body", help="The body that said so.")] = "",
    citation: Annotated[str, typer.Option("--citation", help="Where it said so: a symbol, a record.")] = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """The conditions said to govern the use of force: who proposed them, and that none is established here."""
    gate = _recorded(workspace, subject, GateSaid(record, state, body, citation), by) if record else None
    gate = gate or _read(workspace, subject)
    if as_json:
        print_json(gate)
        return
    say(*gate_text(gate))


def _read(folder: Path | None, subject: str) -> Gate:
    """With a workspace what bodies said is shown; outside one the profiles can be read all the same."""
    if not settings_of(folder).workspace_paths.settings_file.is_file() and folder is None:
        return gate_of(None, subject)
    with workspace_of(folder) as opened:
        return gate_of(opened, subject)


def _recorded(folder: Path | None, subject: str, said: GateSaid, by: str | None) -> Gate:
    if said.state not in [state.value for state in GateState]:
        raise UsageError(f"'{said.state}' is no state of a condition", where="--state", mend=f"use one of {_STATES}")
    with workspace_of(folder) as opened:
        return record_on_gate(opened, subject, said, by=opened.author(by))
