"""``forewarn crimes``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from forewarn.cli.entered import tell_entered
from forewarn.cli.options import AsJson, By, Day, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.clock import day_from_text
from forewarn.operations import elements
from forewarn.operations.review_keep import Entered
from forewarn.operations.scope import Asked

app = typer.Typer(
    add_completion=False, help="Code observable elements; cite what bodies found; count indicators, conclude nothing."
)

Why = Annotated[str, typer.Option("--why", help="The reason, in a sentence. It is kept.")]
Incident = Annotated[str, typer.Argument(help="An incident id, or its beginning.", metavar="INCIDENT")]


@app.command("list")
def _list(as_json: AsJson = False) -> None:
    """The elements, acts and norms that can be coded, and those that are locked."""
    found = elements.codable()
    if as_json:
        print_json(found)
        return
    rows = [(one.scheme, one.code, "locked" if one.is_locked else "", one.text) for one in found]
    print_table("What can be coded for an incident", ("scheme", "code", "", "text"), rows)


@app.command("show")
def _show(incident: Incident, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """One incident: elements coded, not coded and unknown, and what the machine proposes."""
    with workspace_of(workspace) as opened:
        made = elements.show(opened, incident)
    if as_json:
        print_json(made)
        return
    for sheet in made.sheets:
        say(f"{sheet.title}:", *(f"  {line}" for one in sheet.lines for line in _lines(one)))
    say("Next: forewarn crimes code INCIDENT SCHEME CODE coded|not_coded|unknown --why '...'")


@app.command("code")
def _code(
    incident: Incident,
    scheme: Annotated[str, typer.Argument(help="element, act or norm.")],
    code: Annotated[str, typer.Argument(help="A code of 'forewarn crimes list'.")],
    state: Annotated[str, typer.Argument(help="coded, not_coded or unknown.")],
    why: Why,
    confidence: Annotated[
        str, typer.Option("--confidence", help="In the evidence base: unknown, low, moderate or high.")
    ] = "unknown",
    claim: Annotated[list[str] | None, typer.Option("--claim", help="A claim it rests on; may be repeated.")] = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Record whether an observable element, act or norm was found in an incident."""
    wish = elements.CodingWish(scheme, code, state, confidence, tuple(claim or ()))
    with workspace_of(workspace) as opened:
        made = elements.code(opened, incident, wish, by=opened.author(by), why=why)
    tell_entered(made, as_json)


@app.command("finding")
def _finding(
    subject: Annotated[str, typer.Argument(help="An incident id, a country, or CODE/area.")],
    element: Annotated[str, typer.Argument(help="The element, such as G3.")],
    body: Annotated[str, typer.Option("--body", help="The court, commission or treaty body.")],
    symbol: Annotated[str, typer.Option("--symbol", help="Symbol or case, with paragraph.")],
    found_on: Annotated[str, typer.Option("--on", help="The day of the finding, YYYY-MM-DD.")],
    standard: Annotated[str, typer.Option("--standard", help="The standard of proof it used: P1 to P5, PX.")],
    quote: Annotated[str, typer.Option("--quote", help="Its words.")],
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Record what a named body has found on an element, as a quotation with its citation."""
    cited = elements.Citation(body, symbol, day_from_text(found_on, where="--on"), standard, quote)
    with workspace_of(workspace) as opened:
        made = elements.find(opened, subject, element, cited, by=opened.author(by))
    tell_entered(Entered(made), as_json)


@app.command("pattern")
def _pattern(
    unit: Annotated[str, typer.Argument(help="A country or CODE/area; everything when left out.")] = "",
    first: Annotated[str, typer.Option("--from", help="First month, YYYY-MM.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last month, YYYY-MM.")] = "",
    day: Day = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Indicators relevant to ethnic cleansing over an area and period: counted, never concluded."""
    known = day_from_text(day, where="--as-known-at") if day else None
    with workspace_of(workspace) as opened:
        made = elements.pattern(opened, Asked(unit, first, last, as_known_at=known))
    if as_json:
        print_json(made)
        return
    counted = made.figures
    columns = ("code", "coded by people", "not coded", "unknown", "of them proposed by machine")
    rows = [(one.code, one.coded, one.not_coded, one.unknown, one.proposed) for one in counted.indicators]
    print_table(f"{counted.title}: {counted.incidents:,} incidents", columns, rows)
    say(*(f"Not counted: {text}" for text in counted.not_counted), counted.closing, str(made.sight))
    if not any(one.coded or one.not_coded for one in counted.indicators):
        say("Nobody has coded these incidents. Next: forewarn crimes show INCIDENT")


def _lines(line: elements.SheetLine) -> Iterator[str]:
    by = f", by {line.coded_by}, confidence in the evidence {line.confidence}: {line.basis}" if line.coded_by else ""
    yield f"{line.wording} [{line.state.replace('_', ' ')}{by}]"
    for other in line.also:
        yield f"  {other.author} says {other.state.replace('_', ' ')}: {other.reason}"
    if line.proposed:
        yield f"  machine proposal, not a coding: {line.proposed.basis}; confidence {line.proposed.confidence}"
    for one in line.findings:
        yield f'  {one.body} has found ({one.citation}, {one.found_on}, standard {one.standard}): "{one.quote}"'
