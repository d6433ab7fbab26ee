"""``forewarn tokens``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.clock import utc_now
from forewarn.operations import tokens as operation

app = typer.Typer(add_completion=False, help="Tokens with which programs ask the API for what their owner may see.")

Owner = Annotated[str, typer.Option("--by", help="Whose token it is: the name they sign in with.")]


@app.command("make")
def _make(
    label: Annotated[str, typer.Argument(help="What it is for, in a few words.")],
    by: Owner,
    scope: Annotated[list[str], typer.Option("--scope", help="read:KIND or intake:CHANNEL; may be repeated.")],
    days: Annotated[int, typer.Option("--days", help="How long it holds, 1 to 366.")] = 30,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Make a token for a person, shown once; it opens no more than their roles do."""
    with workspace_of(workspace) as opened:
        owner = operation.person_named(opened, by)
        made = operation.make_token(opened, owner, label, scope, days=days, at=utc_now())
    if as_json:
        print_json(made)
        return
    say(f"Token for {made.label}, until {made.expires_at}: {', '.join(made.scopes)}", f"  {made.token}")
    if made.signing_key:
        say("Sign what is handed in with this key, as X-Forewarn-Signature:", f"  {made.signing_key}")
    say("It is shown this once. Send it as 'Authorization: Bearer TOKEN'.")


@app.command("list")
def _list(by: Owner, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """The tokens of a person, without what would open anything."""
    with workspace_of(workspace) as opened:
        found = operation.tokens_of(opened, operation.person_named(opened, by))
    if as_json:
        print_json(found)
        return
    rows = [[one.token_id[:16], one.label, " ".join(one.scopes), one.expires_at] for one in found]
    print_table("Tokens", ["token", "for", "scopes", "until"], rows) if rows else say("No tokens yet.")


@app.command("revoke")
def _revoke(
    token: Annotated[str, typer.Argument(help="The token's id, or its beginning; not the token itself.")],
    by: Owner,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take a token back; it opens nothing from then on."""
    with workspace_of(workspace) as opened:
        gone = operation.withdraw(opened, operation.person_named(opened, by), token, at=utc_now())
    if as_json:
        print_json(gone)
        return
    say(f"Token for {gone.label} taken back.")
