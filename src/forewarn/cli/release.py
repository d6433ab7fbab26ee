"""``forewarn release``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson, By, Out, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.clock import day_from_text, instant_text
from forewarn.ids import short
from forewarn.model.releasability import audience_from_text
from forewarn.model.terms import FORMS, LEAST_ALIKE, LEAST_PEOPLE, TERM_COLUMNS, ReleaseTerms
from forewarn.operations import release as operation

app = typer.Typer(
    add_completion=False,
    help="Release to others: preview what would leave and why the rest stays; a second person approves.",
)

Form = Annotated[str, typer.Argument(help=f"{' or '.join(FORMS)}: incidents counted, or claims among their like.")]
Audience = Annotated[str, typer.Option("--audience", help="clear, green, amber or amber+strict.")]
Purpose = Annotated[str, typer.Option("--purpose", help="What it may be used for.")]
Benefit = Annotated[str, typer.Option("--benefit", help="Whom sharing it helps, and how.")]
Risk = Annotated[str, typer.Option("--risk", help="Whom it could harm, and what is done about that.")]
Until = Annotated[str, typer.Option("--until", help="The last day of use, YYYY-MM-DD.")]
Pap = Annotated[str, typer.Option("--pap", help="What a receiver may do: PAP:CLEAR, PAP:GREEN, PAP:AMBER, PAP:RED.")]
Country = Annotated[str, typer.Option("--country", help="ISO 3166 alpha-3; default all.")]
Alike = Annotated[int, typer.Option("--alike", help="Fewest in a cell, or alike.")]
People = Annotated[int, typer.Option("--people", help="Fewest people living in a place told.")]
Period = Annotated[str, typer.Option("--period", help="month or year; a year hides fewer numbers.")]
Delay = Annotated[int, typer.Option("--delay", help="Days that must have passed.")]


@app.command("preview")
def _preview(
    form: Form,
    audience: Audience,
    purpose: Purpose,
    until: Until,
    benefit: Benefit,
    risk: Risk,
    pap: Pap = "PAP:AMBER",
    country: Country = "",
    alike: Alike = LEAST_ALIKE,
    people: People = LEAST_PEOPLE,
    delay: Delay = 30,
    period: Period = "month",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show what would leave, what was taken out and why; propose it. Nothing leaves."""
    ends = day_from_text(until, where="--until")
    who = audience_from_text(audience)
    note = {"benefit": benefit, "risk": risk}
    terms = ReleaseTerms(form, who, pap, purpose, ends, country, alike, people, delay, period, **note)
    with workspace_of(workspace) as opened:
        made = operation.preview_release(opened, terms, by=opened.author(by))
    if as_json:
        print_json(made)
        return
    say(f"{made.rows:,} rows would leave as {made.label}, for '{purpose}', until {ends}.")
    if form == "records":
        say(f"Risk of picking the right record, on average: {made.risk:.2%}.")
    never = [why.split()[1] for why, _ in made.removed if why.startswith("field ")]
    print_table(
        "Not there, and why",
        ("why", "how often"),
        [(why, often) for why, often in made.removed if not why.startswith("field ")],
    )
    say(f"Fields that never leave: {', '.join(never)}.")
    names = [name for name in made.shown[0] if name not in TERM_COLUMNS]
    print_table("First rows", names, [[_cell(name, row[name]) for name in names] for row in made.shown])
    say(f"Next, by another person: forewarn release approve {short(made.release_id)} --by WHO")


def _cell(name: str, value: object) -> object:
    if name.endswith("_id") and isinstance(value, str):
        return short(value)
    return "" if value is None else value


@app.command("approve")
def _approve(
    release: Annotated[str, typer.Argument(help="The release, or the beginning of its id.")],
    out: Out = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Approve what another person proposed, and write it."""
    with workspace_of(workspace) as opened:
        made = operation.approve_release(opened, release, out, by=opened.author(by))
    if as_json:
        print_json(made)
        return
    say(f"{made.rows:,} rows written to {made.file} ({made.format}); proposed by {made.proposed_by}.")
    say(f"Benefit: {made.benefit}", f"Risk: {made.risk}")


@app.command("write")
def _write(
    release: Annotated[str, typer.Argument(help="The approved release, or the beginning of its id.")],
    out: Out = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write the file of an approved release again."""
    with workspace_of(workspace) as opened:
        made = operation.write_approved(opened, release, out)
    if as_json:
        print_json(made)
        return
    say(f"{made.rows:,} rows written to {made.file} ({made.format}).")


@app.command("list")
def _list(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """What was proposed, and what has left."""
    with workspace_of(workspace) as opened:
        found = operation.releases(opened)
    names = ["release_id", "form", "label", "purpose", "until", "proposed_by", "approved_by", "at"]
    names += ["benefit", "risk"] if as_json else []
    rows = [
        (
            proposal.release_id if as_json else short(proposal.release_id),
            proposal.terms.form,
            proposal.terms.label,
            proposal.terms.purpose,
            proposal.terms.expires_on.isoformat(),
            proposal.by,
            approval.by if approval else "",
            instant_text((approval or proposal).at),
            *((proposal.terms.benefit, proposal.terms.risk) if as_json else ()),
        )
        for proposal, approval in found
    ]
    if as_json:
        print_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    if not rows:
        say("Nothing was proposed.", "Next: forewarn release preview table --audience green --purpose ... --until DAY")
        return
    print_table("Releases", names, rows)
    for proposal, approval in found:
        if approval is None:
            say(f"{short(proposal.release_id)} waits for a second person.")
            say(f"  Benefit: {proposal.terms.benefit}", f"  Risk: {proposal.terms.risk}")
