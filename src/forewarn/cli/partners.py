"""``forewarn partners``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, By, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.operations import partners as operation
from forewarn.operations import sharing_groups as grouping

app = typer.Typer(add_completion=False, help="With whom packages are exchanged: own card, theirs, and whom we trust.")

Name = Annotated[str, typer.Argument(help="The partner's name, as on its card.")]
Fingerprint = Annotated[str, typer.Option("--fingerprint", help="As the partner reads it out: 16 digits or more.")]


@app.command("card")
def _card(
    name: Annotated[str, typer.Argument(help="The name partners know this workspace by.")],
    out: Annotated[Path, typer.Option("--out", help="File for the card.")],
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write our card for partners; makes our keys the first time."""
    with workspace_of(workspace) as opened:
        made = operation.own_card(opened, name, out, by=opened.author(by))
    if as_json:
        print_json(made)
        return
    say(f"Card of {made.name} written to {out.name}.", f"Read out to partners: {made.fingerprint}")
    say(f"Keep a copy of {operation.KEY_FILE}: without it nothing sealed to it can be opened.")


@app.command("add")
def _add(
    card: Annotated[Path, typer.Argument(help="The partner's card.")],
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Add a partner's card. It is not trusted yet."""
    with workspace_of(workspace) as opened:
        made = operation.add_partner(opened, card, by=opened.author(by))
    if as_json:
        print_json(made)
        return
    say(f"{made.name} added, not trusted yet.", "Next: have the fingerprint read out, then 'forewarn partners trust'")


@app.command("trust")
def _trust(
    name: Name,
    fingerprint: Fingerprint = "",
    revoke: Annotated[bool, typer.Option("--revoke", help="Trust it no more.")] = False,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Trust a partner whose fingerprint was read out to you, or trust it no more."""
    with workspace_of(workspace) as opened:
        author = opened.author(by)
        made = operation.trust_partner(opened, name, fingerprint, by=author, distrust=revoke)
    if as_json:
        print_json(made)
        return
    say(f"{made.name} is {made.standing}.")


@app.command("address")
def _address(
    name: Name,
    address: Annotated[str, typer.Argument(help="https://host/exchange; empty to forget it.")],
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say where a partner's server is asked by 'forewarn package sync'."""
    with workspace_of(workspace) as opened:
        made = operation.set_address(opened, name, address, by=opened.author(by))
    if as_json:
        print_json(made)
        return
    say(f"{made.name} is asked at {made.address}." if made.address else f"{made.name} is asked nowhere.")
    say("Its host must also stand in outbound_allow." if made.address else "Packages go by file.")


@app.command("place")
def _place(
    name: Annotated[str, typer.Argument(help="A partner's name, or our own, as on the card.")],
    place: Annotated[str, typer.Argument(help="A country, or an arrangement such as AU; empty to forget it.")],
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say for which country or regional arrangement a node stands; sharing groups come from that."""
    with workspace_of(workspace) as opened:
        made = grouping.place_partner(opened, name, place, by=opened.author(by))
    if as_json:
        print_json(made)
        return
    say(f"{made.name} stands for {made.place or 'nothing'}.", "Next: forewarn partners groups")


@app.command("groups")
def _groups(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """The sharing groups our node starts with: its regional arrangements, as they are today."""
    with workspace_of(workspace) as opened:
        found = grouping.sharing_groups(opened)
    if as_json:
        print_json(found)
        return
    if not found:
        say("Our node stands in no arrangement that is listed.", "See: forewarn arrangements")
        return
    rows = [(g.name, ", ".join(g.partners), ", ".join(g.not_trusted), ", ".join(g.absent)) for g in found]
    print_table("Sharing groups", ("group", "partners", "not trusted", "members without a partner"), rows)
    say("Next: forewarn package create REL --group NAME")


@app.command("list")
def _list(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Everybody we know, and whom we trust."""
    with workspace_of(workspace) as opened:
        found = operation.partners(opened)
    if as_json:
        print_json(found)
        return
    if not found:
        say("No keys and no partners yet.", "Next: forewarn partners card NAME --out card.json")
        return
    rows = [(p.name, p.standing, p.address, p.fingerprint) for p in found]
    print_table("Partners", ("name", "standing", "address", "fingerprint"), rows)
