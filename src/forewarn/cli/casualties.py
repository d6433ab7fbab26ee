"""``forewarn casualties``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.entered import tell_entered
from forewarn.cli.options import AsJson, By, Day, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, say
from forewarn.clock import day_from_text
from forewarn.ids import short
from forewarn.model.claim import CountRange
from forewarn.operations import casualties, casualty_completeness
from forewarn.operations.scope import Asked

app = typer.Typer(
    add_completion=False, help="Who was harmed, as ranges by status with their coverage; record, overrule, undo."
)

Why = Annotated[str, typer.Option("--why", help="The reason, in a sentence. It is kept.")]
Incident = Annotated[str, typer.Argument(help="An incident id, or its beginning.", metavar="INCIDENT")]


@app.command("totals")
def _totals(
    unit: Annotated[str, typer.Argument(help="A country or CODE/area; everything when left out.")] = "",
    first: Annotated[str, typer.Option("--from", help="First month, YYYY-MM.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last month, YYYY-MM.")] = "",
    level: Annotated[str, typer.Option("--level", help="country or admin1.")] = "",
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by", help="Tell apart by sex, age, person_status, disability, displacement, cause, unit, month."
        ),
    ] = None,
    day: Day = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Totals by kind of count, direct or indirect death, and status, each with its coverage; never mixed."""
    known = day_from_text(day, where="--as-known-at") if day else None
    with workspace_of(workspace) as opened:
        made = casualties.totals(opened, Asked(unit, first, last, level, known), by=tuple(by or ()))
    if as_json:
        print_json(made)
        return
    if not made.incidents:
        say("No incident is known there and then. Next: forewarn coverage show, to see whether anybody could look")
    told = [row for row in made.rows if row.figures.tally.incidents]
    say(*(row.figures.text for row in told))
    say(*dict.fromkeys(str(row.sight) for row in told))
    if told:
        say("Rows are not added up: a status, a kind of death and a standard of proof each stay apart.")
    if made.left_out:
        say(f"{made.left_out:,} incidents without a place or day are left out: nobody can tell whether they belong.")
    if made.conflicting:
        say(f"In {len(made.conflicting):,} incidents several records meet: {', '.join(map(short, made.conflicting))}")


@app.command("completeness")
def _completeness(
    unit: Annotated[str, typer.Argument(help="A country or CODE/area; everything when left out.")] = "",
    first: Annotated[str, typer.Option("--from", help="First month, YYYY-MM.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last month, YYYY-MM.")] = "",
    day: Day = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """In how many incidents each minimum field of the casualty-recording standards is known."""
    known = day_from_text(day, where="--as-known-at") if day else None
    with workspace_of(workspace) as opened:
        made = casualty_completeness.completeness(opened, Asked(unit, first, last, "", known))
    if as_json:
        print_json(made)
        return
    say(f"{made.incidents:,} incidents; {made.left_out:,} more without a place or day")
    say(*(f"{name.replace('_', ' ')}: known in {count:,}" for name, count in made.known.items()))


@app.command("show")
def _show(incident: Incident, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """One incident: minimum fields, and what each claim says side by side."""
    with workspace_of(workspace) as opened:
        made = casualties.show(opened, incident)
    if as_json:
        print_json(made)
        return
    say(*(f"{name.replace('_', ' ')}: {value}" for name, value in made.minimum.items()))
    for counted, claims in made.claims.items():
        say(f"{counted.replace('_', ' ')}, claim by claim:")
        for claim in claims:
            number = CountRange(claim["low"], claim["best"], claim["high"])
            say(f"  {short(claim['claim_id'])}, known {claim['known_on']}: {number} ({', '.join(claim['origins'])})")
    if made.contested:
        say("Two claims give ranges that do not overlap; both are kept.")
    if made.days_contested:
        say("Two claims give days that do not overlap; both are kept.")
    for identifier, ruled in made.overrulings.items():
        say(f"{ruled.counted} overruled to {ruled.number} by {ruled.author}: {ruled.reason} ({short(identifier)})")
    say("Next: forewarn casualties draft, correct it, then forewarn casualties record")


@app.command("draft")
def _draft(incident: Incident, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Begin a record from the claims, as JSON to correct; nothing is kept."""
    with workspace_of(workspace) as opened:
        print_json(casualties.draft(opened, incident))


@app.command("record")
def _record(
    incident: Incident,
    file: Annotated[Path, typer.Argument(help="The record, YAML or JSON, in the form that draft prints.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Keep a person's record of acts, victim groups and alleged bodies."""
    with workspace_of(workspace) as opened:
        made = casualties.record(opened, incident, file, by=opened.author(by), why=why)
    tell_entered(made, as_json)


@app.command("overrule")
def _overrule(
    incident: Incident,
    counted: Annotated[str, typer.Argument(help="deaths, civilian_deaths, injured, abducted, detained or displaced.")],
    why: Why,
    low: Annotated[int | None, typer.Option("--low", help="At least so many.")] = None,
    best: Annotated[int | None, typer.Option("--best", help="The number held most likely right.")] = None,
    high: Annotated[int | None, typer.Option("--high", help="At most so many.")] = None,
    status: Annotated[str, typer.Option("--status", help="reported, corroborated or verified.")] = "reported",
    standard: Annotated[
        str, typer.Option("--standard", help="For verified, the standard of proof: P2 to P5, PX.")
    ] = "",
    death_kind: Annotated[str, typer.Option("--death-kind", help="For deaths: direct, indirect or unknown.")] = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Put a person's range in place of the one derived from claims; the claims stay as they are."""
    number = CountRange(low, best, high, status, standard)
    with workspace_of(workspace) as opened:
        author = opened.author(by)
        made = casualties.overrule(opened, incident, counted, number, by=author, why=why, death_kind=death_kind)
    tell_entered(made, as_json)


@app.command("undo")
def _undo(
    decision: Annotated[str, typer.Argument(help="The id that was printed, or its beginning.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take back a record, an overruling or an undo; what held before it holds again."""
    with workspace_of(workspace) as opened:
        made = casualties.undo(opened, decision, by=opened.author(by), why=why)
    tell_entered(made, as_json)
