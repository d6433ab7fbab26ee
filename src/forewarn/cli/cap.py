"""``forewarn cap``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, By, Out, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, progress, say
from forewarn.clock import instant_text
from forewarn.errors import InputValueError
from forewarn.ids import short
from forewarn.operations import cap
from forewarn.operations.cap import CapTerms
from forewarn.operations.cap_feed import write_feed

app = typer.Typer(
    add_completion=False, help="Common Alerting Protocol 1.2: check, export, import, acknowledge, chains, feeds."
)

Files = Annotated[list[Path], typer.Argument(help="CAP files.", metavar="FILE...")]
Sender = Annotated[
    str, typer.Option("--sender", help="Who sends, as CAP wants it: unique for good, without blanks or commas.")
]
Oid = Annotated[str, typer.Option("--oid", help="Your OID: identifiers become urn:oid under it, else urn:uuid.")]


@app.command("check")
def _check(
    files: Files,
    standard: Annotated[
        bool, typer.Option("--standard", help="Judge by the standard alone; findings of our profile are still shown.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Validate anybody's CAP 1.2: one finding a line, with where, what and how to mend it. Exit 24 if any fails."""
    checked = cap.check_files(files, standard_only=standard)
    if as_json:
        print_json(checked)
    else:
        for one in checked:
            say(*(f"{one.file}: {finding}" for finding in one.findings))
            if one.passes:
                say(f"{one.file}: passes" + (" the standard" if standard else ""))
    if not all(one.passes for one in checked):
        raise typer.Exit(InputValueError.exit_code)


@app.command("export")
def _export(
    alert: Annotated[str, typer.Argument(help="The alert's id, its beginning, or 'latest'.", metavar="ALERT")],
    sender: Sender,
    scope: Annotated[str, typer.Option("--scope", help="Public, Restricted or Private.")] = "Restricted",
    restriction: Annotated[
        str, typer.Option("--restriction", help="Who may have a restricted message, behind the label.")
    ] = "",
    address: Annotated[
        list[str] | None, typer.Option("--address", help="A receiver of a private message; may be repeated.")
    ] = None,
    sender_name: Annotated[str, typer.Option("--sender-name", help="The sending body as people know it.")] = "",
    severity: Annotated[
        str, typer.Option("--severity", help="Extreme, Severe, Moderate, Minor or Unknown: a person's word.")
    ] = "Unknown",
    oid: Oid = "",
    out: Out = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write an issued alert as a CAP message: Alert, Update of what was sent before, or Cancel."""
    terms = CapTerms(sender, scope, restriction, tuple(address or ()), sender_name, severity, oid)
    with workspace_of(workspace) as opened:
        made = cap.export_alert(opened, alert, terms, out, by=opened.author(by))
    _tell_written(made, as_json)


@app.command("import")
def _import(
    files: Files,
    acknowledge: Annotated[
        bool, typer.Option("--ack", help="Also write an Ack to each sender; needs --sender.")
    ] = False,
    sender: Annotated[str, typer.Option("--sender", help="Who acknowledges, as CAP wants it.")] = "",
    oid: Oid = "",
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the Acks; default is the outputs.")] = None,
    despite_errors: Annotated[
        bool, typer.Option("--despite-errors", help="Also take in what breaks the standard, as far as it can be read.")
    ] = False,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take in messages of others as statements, and show the chain each is in."""
    if acknowledge and not sender:
        raise typer.BadParameter("--ack needs --sender")
    terms = CapTerms(sender, "Private", oid_root=oid) if acknowledge else None
    with workspace_of(workspace) as opened, progress(quiet=as_json) as report:
        made = cap.import_files(
            opened,
            files,
            by=opened.author(by),
            acknowledge_as=terms,
            out=out,
            despite_errors=despite_errors,
            progress=report,
        )
    if as_json:
        print_json(made)
        return
    for one in made:
        collected = "known before" if not one.collected.accepted else f"{one.collected.accepted} statements"
        say(f"{one.file}: {one.kind} {one.identifier}, {collected}")
        say(*(f"  {note}" for note in one.notes))
        say(*(f"  {finding}" for finding in one.findings if finding.kind != "advice"))
        say(*(f"  {line}" for line in _chain_lines(one.chain)))
        if one.acknowledged_in:
            say(f"  Ack written: {one.acknowledged_in}")


@app.command("ack")
def _ack(
    file: Annotated[Path, typer.Argument(help="The message to acknowledge.", metavar="FILE")],
    sender: Sender,
    note: Annotated[str, typer.Option("--note", help="What to say with it.")] = "",
    oid: Oid = "",
    out: Out = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write an Ack for a message, to its sender alone."""
    with workspace_of(workspace) as opened:
        terms = CapTerms(sender, "Private", oid_root=oid)
        made = cap.acknowledge(opened, file, terms, out, by=opened.author(by), note=note)
    _tell_written(made, as_json)


@app.command("chains")
def _chains(
    identifier: Annotated[
        str, typer.Argument(help="Of a message, its beginning, or the id of an alert of ours; default all.")
    ] = "",
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Which message updates, cancels or acknowledges which, and what holds now."""
    with workspace_of(workspace) as opened:
        found = cap.cap_chains(opened, identifier)
    if as_json:
        print_json(found)
        return
    if not found:
        say("No message yet. Next: forewarn cap import FILE, or forewarn cap export ALERT")
    for chain in found:
        say(*_chain_lines(chain), "")


@app.command("feed")
def _feed(
    out: Annotated[Path, typer.Option("--out", help="The folder to write.")],
    author: Annotated[str, typer.Option("--author", help="The body whose feed it is.")],
    title: Annotated[str, typer.Option("--title", help="Title of the feed.")] = "Early warnings in force",
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write an Atom feed and GeoJSON of the public messages that hold now."""
    with workspace_of(workspace) as opened:
        made = write_feed(opened, out, title=title, author=author)
    if as_json:
        print_json(made)
        return
    say(f"{made.messages} public messages in {made.folder}; {made.left_out} no longer hold and are left out.")
    if not made.messages:
        say("Only what was exported with --scope Public enters a feed. No entry is not a sign of safety.")


def _tell_written(made: cap.Exported, as_json: bool) -> None:
    if as_json:
        print_json(made)
        return
    again = ", as written before" if made.written_before else ""
    say(f"{made.kind} ({made.status}, {made.scope}) {made.identifier} written to {made.file}{again}.")
    say(*(f"  refers to {one}" for one in made.references))


def _chain_lines(chain: cap.CapChain) -> Iterator[str]:
    yield f"Chain: {chain.state}; {chain.acknowledged} acknowledged, {chain.errors} errors"
    for one in chain.messages:
        end = f", until {instant_text(one.expires)}" if one.expires else ""
        holds = " [holds]" if one.message_id in chain.holds else ""
        yield f"  {instant_text(one.sent)} {one.direction} {one.kind} {one.status} {one.identifier}{end}{holds}"
        for referred, identifier in one.refers_to:
            missing = " (nobody here has it)" if identifier in chain.missing else ""
            yield f"    refers to {identifier} {short(referred)}{missing}"
