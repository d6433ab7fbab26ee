"""``forewarn actions``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson, By, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.clock import day_from_text
from forewarn.model.action import ACTION_STANDINGS
from forewarn.operations.actions import ActionSaid, Ledger, ledger_of, record_action
from forewarn.operations.measures import options_for

app = typer.Typer(
    add_completion=False, help="Who does what where: record actions; see overlaps, gaps, and what was tried."
)


@app.command("record")
def _record(
    measure: Annotated[str, typer.Argument(help="The measure, such as M202.")],
    unit: Annotated[str, typer.Argument(help="Where: a country, or CODE/area.")],
    actor: Annotated[str, typer.Option("--actor", help="The institution or role that acts.")],
    since: Annotated[str, typer.Option("--since", help="First day, YYYY-MM-DD.")],
    source: Annotated[str, typer.Option("--source", help="Where this is known from: a symbol, a record, a report.")],
    standing: Annotated[str, typer.Option("--standing", help=", ".join(ACTION_STANDINGS))] = "under_way",
    ended: Annotated[str, typer.Option("--ended", help="Day it ended or was refused, YYYY-MM-DD.")] = "",
    result: Annotated[str, typer.Option("--result", help="What came of it.")] = "",
    inadequate: Annotated[str, typer.Option("--inadequate", help="Why it was judged not enough.")] = "",
    judged_by: Annotated[str, typer.Option("--judged-by", help="Who judged it not enough.")] = "",
    authority: Annotated[str, typer.Option("--authority", help="Deciding body and decision, where coercive.")] = "",
    alert: Annotated[str, typer.Option("--alert", help="The alert whose decision it carries out.")] = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Record an action, or how it stands now: the same measure, place, actor and first day."""
    said = ActionSaid(
        measure_id=measure,
        unit=unit,
        actor=actor,
        started_on=day_from_text(since, where="--since"),
        standing=standing,
        source=source,
        ended_on=day_from_text(ended, where="--ended") if ended else None,
        result=result,
        why_inadequate=inadequate,
        judged_by=judged_by,
        authority=authority,
        alert=alert,
    )
    with workspace_of(workspace) as opened:
        made = record_action(opened, said, by=opened.author(by))
    if as_json:
        print_json({"action_id": made.action_id, "entry_id": made.entry_id, "entry": made})
        return
    say(f"{made.measure_id} in {made.unit} by {made.actor}: {made.standing.replace('_', ' ')}.")
    say(f"Next: forewarn actions list {made.unit!r}")


@app.command("list")
def _list(
    unit: Annotated[str | None, typer.Argument(help="A country or CODE/area; default is everywhere.")] = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Who does what where, where several act at once, and which options nobody has taken up."""
    with workspace_of(workspace) as opened:
        pillars = options_for(opened, unit) if unit else ()
        ledger = ledger_of(opened, unit or "", pillars)
    if as_json:
        print_json(ledger)
        return
    _show(ledger)


def _show(ledger: Ledger) -> None:
    if not ledger.actions:
        say("No action is recorded. That does not say that nobody acts.", "Next: forewarn actions record MEASURE UNIT")
    else:
        rows = [
            (
                one.measure_id,
                one.unit,
                one.actor,
                one.standing.replace("_", " "),
                one.started_on.isoformat(),
                one.ended_on.isoformat() if one.ended_on else "",
                one.source,
            )
            for one in ledger.actions
        ]
        columns = ("measure", "where", "who", "standing", "since", "until", "source")
        print_table(f"Actions, as recorded, on {ledger.on.isoformat()}", columns, rows)
    for one in ledger.overlaps:
        say(f"At once in {one.unit} since {one.since.isoformat()}: {one.measure.id} {one.measure.name}")
        say(f"  by {', '.join(one.actors)}: to be coordinated, or one track of several")
    if ledger.gaps:
        say("Called to mind by signs, and planned or taken by nobody as far as is recorded:")
        say(*(f"  {gap.measure.id} {gap.measure.name}" for gap in ledger.gaps))
