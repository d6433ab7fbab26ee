"""``forewarn coverage``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson, By, Day, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.clock import day_from_text
from forewarn.operations import coverage
from forewarn.operations.scope import Asked

app = typer.Typer(add_completion=False, help="Who could have seen what, where and when; whom the reports speak of.")

_MOST_SAID = 20

Unit = Annotated[str, typer.Argument(help="A country or CODE/area; everything when left out.")]
First = Annotated[str, typer.Option("--from", help="First month, YYYY-MM.")]
Last = Annotated[str, typer.Option("--to", help="Last month, YYYY-MM.")]
Level = Annotated[str, typer.Option("--level", help="country or admin1.")]


@app.command("show")
def _show(
    unit: Unit = "",
    first: First = "",
    last: Last = "",
    level: Level = "",
    day: Day = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Area by area, in how many months somebody could see, and who says so."""
    with workspace_of(workspace) as opened:
        made = coverage.covered(opened, _asked(unit, first, last, level, day))
    if as_json:
        print_json(made)
        return
    rows = [
        (one.figures.unit, one.figures.incidents, one.sight.observed, one.sight.not_observed, one.sight.unknown)
        for one in made.units
    ]
    if rows:
        print_table("Months by what could be seen", ("area", "incidents", "observed", "no access", "unknown"), rows)
    said = [f"{one.who} on {one.area}, {one.first} to {one.last}: {one.kind}; {one.basis}" for one in made.statements]
    say(*said[:_MOST_SAID])
    if len(said) > _MOST_SAID:
        say(f"and {len(said) - _MOST_SAID:,} statements more: give an area, or --json")
    say(str(made.whole.sight))
    if made.whole.sight.partly:
        say("Areas within were spoken of. Next: forewarn coverage show --level admin1")
    elif not made.statements:
        say("Nobody has said what they could see. Next: forewarn coverage say")
    _tell_left_out(made.left_out)


@app.command("balance")
def _balance(
    unit: Unit = "",
    first: First = "",
    last: Last = "",
    level: Level = "",
    day: Day = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Incidents by alleged party, with what could be seen of them; one rule for every party."""
    with workspace_of(workspace) as opened:
        made = coverage.balance(opened, _asked(unit, first, last, level, day))
    if as_json:
        print_json(made)
        return
    columns = ("alleged", "incidents", "corroborated", "contested", "origins", "seen", "no access", "unknown")
    rows = [
        (
            one.alleged_by or "(nobody named)",
            one.incidents,
            one.corroborated,
            one.contested,
            one.origins,
            one.in_observed,
            one.in_not_observed,
            one.in_unknown,
        )
        for one in made.parties.figures
    ]
    if not rows:
        say("No incident is known there and then. Next: forewarn coverage show")
        return
    print_table("Whom the reports speak of", columns, rows)
    for one in made.parties.figures:
        name = one.alleged_by or "(nobody named)"
        say(*(f"{name}: {tally}" for tally in one.deaths if tally.incidents))
    say(made.caveat, str(made.parties.sight))
    _tell_left_out(made.left_out)


@app.command("say")
def _say(
    unit: Annotated[str, typer.Argument(help="A country, or CODE/area.")],
    kind: Annotated[str, typer.Argument(help="observed or no_access.")],
    first: Annotated[str, typer.Option("--from", help="First month, YYYY-MM.")],
    last: Annotated[str, typer.Option("--to", help="Last month, YYYY-MM.")],
    who: Annotated[str, typer.Option("--who", help="Whose sight: a body or channel, never a person.")],
    basis: Annotated[str, typer.Option("--basis", help="How they know.")],
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Keep a statement of who could, or could not, see an area in some months."""
    statement = coverage.statement_of(unit, kind, who, basis, (first, last))
    with workspace_of(workspace) as opened:
        made, is_new = coverage.say(opened, statement, by=opened.author(by))
    if as_json:
        print_json(made)
        return
    say(f"{made.channel} on {made.area}: {made.kind.replace('_', ' ')}" + ("" if is_new else " (kept before)"))


def _asked(unit: str, first: str, last: str, level: str, day: str | None) -> Asked:
    return Asked(unit, first, last, level, day_from_text(day, where="--as-known-at") if day else None)


def _tell_left_out(number: int) -> None:
    if number:
        say(f"{number:,} incidents without a place or day are left out: nobody can tell whether they belong.")
