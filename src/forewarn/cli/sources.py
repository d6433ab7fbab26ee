"""``forewarn sources``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from forewarn.cli.entered import say_pending
from forewarn.cli.options import AsJson, By, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.clock import day_from_text
from forewarn.ids import short
from forewarn.operations import grading, sources

app = typer.Typer(
    add_completion=False,
    help="Who tells, how they have fared, their grades; quarantine; whether two claims share an origin.",
)

Why = Annotated[str, typer.Option("--why", help="The reason, in a sentence. It is kept.")]
Name = Annotated[str, typer.Argument(help="A source's name or id.", metavar="SOURCE")]
Subject = Annotated[str, typer.Argument(help="A source's name or id, or a claim's id.", metavar="SOURCE|CLAIM")]
Grades = Annotated[
    bool, typer.Option("--grades", help="Show grades; you no longer give a first grade where you have seen them.")
]


@app.command("list")
def _list(
    grades: Grades = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many sources to show.")] = 50,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """The sources by name, and which are in quarantine."""
    with workspace_of(workspace) as opened:
        found = sources.list_sources(opened, by=_who(opened, by, grades), grades=grades, limit=limit)
    if as_json:
        print_json(found)
        return
    if not found:
        say("There are no sources yet.", "Next: forewarn collect CHANNEL FILE")
        return
    rows = [(s.name, s.kind, s.reports, *([s.reliability] if grades else []), s.quarantine) for s in found]
    columns = ("name", "kind", "reports", *(["reliability"] if grades else []), "in quarantine")
    print_table("Sources", columns, rows)
    say("Next: forewarn sources show SOURCE")


@app.command("show")
def _show(
    name: Name, grades: Grades = False, by: By = None, workspace: WorkspaceFolder = None, as_json: AsJson = False
) -> None:
    """A source: its grade with dates and basis, its track record, what that proposes, and quarantine."""
    with workspace_of(workspace) as opened:
        shown = sources.show_source(opened, name, by=_who(opened, by, grades), grades=grades)
    if as_json:
        print_json(shown)
        return
    say(*_source(shown))


@app.command("sheet")
def _sheet(subject: Subject, by: By = None, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """What to judge before grading, with no grade of anybody on it; after grading, the grades too."""
    with workspace_of(workspace) as opened:
        sheet = grading.grading_sheet(opened, subject, by=opened.author(by))
    if as_json:
        print_json(sheet)
        return
    say(f"{sheet.axis} of {short(sheet.subject)}", *(f"  {line}" for line in sheet.said))
    say(f"{sheet.suggestion.label}: {sheet.suggestion.value}, because {sheet.suggestion.reason}")
    say(f"{sheet.graded_by} graded it so far.", *_grades(sheet.grades))
    if not sheet.grades:
        say("Grades are shown once yours is entered: forewarn sources grade ... --why '...'")


@app.command("grade")
def _grade(
    subject: Subject,
    value: Annotated[str, typer.Argument(help="A to F for a source, 1 to 6 for a claim; F and 6 are unknown.")],
    why: Why,
    basis: Annotated[
        str, typer.Option("--basis", help="What it rests on: track_record, access_to_events, corroboration ...")
    ] = "",
    since: Annotated[str, typer.Option("--since", help="The first day it holds for, YYYY-MM-DD; default always.")] = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Enter a grade, blind of the other axis and of other people; then both are shown."""
    holds_from = day_from_text(since, where="--since") if since else None
    entry = grading.GradeEntry(value, why, basis, holds_from)
    with workspace_of(workspace) as opened:
        made = grading.grade(opened, subject, entry, by=opened.author(by))
    if as_json:
        print_json(made)
        return
    given = made.grade
    say(f"{given.axis} of {short(given.subject)} graded {given.value} by {given.author} ({given.entered}).")
    say("Grades on it:", *_grades(made.shown))


@app.command("quarantine")
def _quarantine(
    subject: Subject,
    why: Why,
    kind: Annotated[
        str, typer.Option("--kind", help="deceptive_source, known_hoax or under_inquiry.")
    ] = "under_inquiry",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Keep a source or claim out of every count; it stays where it is, with the reason."""
    with workspace_of(workspace) as opened:
        made = sources.quarantine(opened, subject, kind, by=opened.author(by), why=why)
    _tell(made, as_json, "undo with: forewarn sources release " + short(made.subject) + " --why '...'")


@app.command("release")
def _release(
    subject: Subject, why: Why, by: By = None, workspace: WorkspaceFolder = None, as_json: AsJson = False
) -> None:
    """Count a source or claim again; what held before the quarantine holds again."""
    with workspace_of(workspace) as opened:
        made = sources.release(opened, subject, by=opened.author(by), why=why)
    _tell(made, as_json, "")


@app.command("origins")
def _origins(
    incident: Annotated[str, typer.Argument(help="An incident's id, or its beginning.", metavar="INCIDENT")],
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Who an incident goes back to, and why its claims are held to be dependent."""
    with workspace_of(workspace) as opened:
        shown = sources.show_origins(opened, incident)
    if as_json:
        print_json(shown)
        return
    say(*_traced(shown))


@app.command("rule")
def _rule(
    first: Annotated[str, typer.Argument(help="A claim id, or its beginning.")],
    second: Annotated[str, typer.Argument(help="Another.")],
    verdict: Annotated[str, typer.Argument(help="dependent or independent.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Rule whether two claims go back to one origin; it stands above every rule."""
    with workspace_of(workspace) as opened:
        made = sources.rule_origins(opened, first, second, verdict, by=opened.author(by), why=why)
    _tell(made, as_json, "undo with: forewarn sources unrule " + short(made.id) + " --why '...'")


@app.command("unrule")
def _unrule(
    ruling: Annotated[str, typer.Argument(help="The ruling's id, or its beginning.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take a ruling back; what held before it holds again."""
    with workspace_of(workspace) as opened:
        made = sources.withdraw_ruling(opened, ruling, by=opened.author(by), why=why)
    _tell(made, as_json, "")


def _who(opened: Any, by: str | None, grades: bool) -> str:
    """Who looks: a name is needed only where what they see is kept."""
    return str(opened.author(by)) if grades else (by or opened.settings.author)


def _tell(made: sources.KeptOut, as_json: bool, more: str) -> None:
    if as_json:
        print_json(made)
        return
    if made.state == "pending":
        say_pending(made.decision)
        return
    say(
        f"Kept as {short(made.id)}; there are {made.incidents:,} incidents now, "
        f"{made.incidents_with_quarantine:,} with claims in quarantine."
    )
    if made.decision:
        say(f"undo with: forewarn review undo {short(made.decision)} --why '...'")
    elif more:
        say(more)


def _grades(rows: Any) -> Iterator[str]:
    for row in rows:
        by = f" by {row['author']}, {row['graded_at']}: {row['reason']}" if row["author"] else ""
        extra = ", ".join(
            part
            for part in (row.get("basis"), row.get("holds_from") and f"since {row['holds_from']}", row.get("entered"))
            if part
        )
        yield f"  {row['axis']} {row['value']}{by}{f' [{extra}]' if extra else ''}"


def _source(shown: sources.SourceShown) -> Iterator[str]:
    yield f"{shown.name} ({shown.kind.replace('_', ' ')}), {short(shown.source_id)}"
    held = shown.reliability
    why = f", by {held['author']}: {held['reason']}" if held["author"] else f" ({held['reason'] or 'nobody graded it'})"
    yield f"reliability: {held['value']}{why}"
    yield from _grades(shown.history)
    yield "track record (shown, never a grade):"
    for outcome, claims in shown.record.items():
        named = ", ".join(short(claim) for claim in claims[:5])
        more = " ..." if len(claims) > 5 else ""
        yield f"  {outcome}: {len(claims):,}{f' ({named}{more})' if claims else ''}"
    yield f"{shown.proposal.label}: {shown.proposal.value}, because {shown.proposal.reason}"
    for row in shown.quarantines:
        what = "released" if row["releases"] else f"in quarantine as {row['kind']}"
        yield f"{row['decided_at']} {what} by {row['author']}: {row['reason']}"


def _traced(shown: sources.OriginsShown) -> Iterator[str]:
    yield f"{short(shown.incident_id)}: independent origins: {shown.independent_origins}"
    if shown.without_weak != shown.independent_origins:
        yield f"  {shown.without_weak} if no weaker ground held"
    if shown.in_quarantine:
        yield f"  {shown.in_quarantine} {'claim' if shown.in_quarantine == 1 else 'claims'} in quarantine, not counted"
    for row in shown.trace:
        said = "counted" if row["counted"] else f"not counted: {row['reason']}"
        yield f"{short(row['claim_id'])} cites {row['cited']}: {row['origin']}, {said}"
    for row in shown.dependences:
        kept = f" OVERRULED: {row['overruled']}" if row["overruled"] else ""
        pair = f"{short(row['later'])} goes back to {short(row['earlier'])}"
        yield f"{pair}: {row['rule']} ({row['strength']}, by {row['author']}): {row['reason']}{kept}"
    if shown.dependences:
        yield "Overrule one with: forewarn sources rule CLAIM CLAIM independent --why '...'"
