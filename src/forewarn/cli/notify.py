"""``forewarn notify``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson, By, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, progress, say
from forewarn.clock import instant_text
from forewarn.ids import short
from forewarn.model.delivery import EVERYBODY, MEANS
from forewarn.operations import notices

app = typer.Typer(
    add_completion=False, help="Tell addressees what alerts ask of them; keep receipts. Sends only when run."
)

Role = Annotated[str, typer.Argument(help=f"The addressee as alerts name it, or '{EVERYBODY}' for every alert.")]
Means = Annotated[str, typer.Argument(help=", ".join(MEANS))]
Address = Annotated[str, typer.Argument(help="E-mail or web address; none for the feed.")]


@app.command("add")
def _add(
    role: Role,
    means: Means,
    address: Address = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Add an address for a role."""
    with workspace_of(workspace) as opened:
        made = notices.add_recipient(opened, role, means, address, by=opened.author(by))
    if as_json:
        print_json({"recipient_id": made.recipient_id, "role": made.role, "means": made.means})
        return
    say(f"{made.role}: {made.means} {made.shown_address}".rstrip() + ".", "Next: forewarn notify due")


@app.command("remove")
def _remove(
    role: Role,
    means: Means,
    address: Address = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take an address away; that it was there stays on record."""
    with workspace_of(workspace) as opened:
        made = notices.add_recipient(opened, role, means, address, by=opened.author(by), remove=True)
    if as_json:
        print_json({"recipient_id": made.recipient_id, "removed": True})
        return
    say(f"{made.role}: {made.means} {made.shown_address} is told no more.")


@app.command("list")
def _list(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Who is told, by role; addresses are masked."""
    with workspace_of(workspace) as opened:
        found = notices.recipients(opened)
    rows = [(one.role, one.means, one.shown_address, one.by, instant_text(one.at)) for one in found]
    if as_json:
        print_json([dict(zip(("role", "means", "address", "added_by", "at"), row, strict=True)) for row in rows])
        return
    if not rows:
        say("Nobody is told of anything.", "Next: forewarn notify add 'The addressee' email ADDRESS")
        return
    print_table("Recipients", ("role", "means", "address", "added by", "at"), rows)


@app.command("due")
def _due(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """What would be sent now, and to how many; nothing is sent."""
    with workspace_of(workspace) as opened:
        found = notices.due_notices(opened)
    if as_json:
        print_json([{"notice": one.notice, "recipients": len(one.to)} for one in found])
        return
    if not found:
        say("No notice is due.")
        return
    rows = [
        (
            short(one.notice.alert_id),
            one.notice.kind,
            one.notice.mark,
            one.notice.role,
            instant_text(one.notice.deadline),
            len(one.to),
        )
        for one in found
    ]
    print_table("Notices due", ("alert", "kind", "hours ahead", "for", "decision needed by", "recipients"), rows)
    if any(not one.to for one in found):
        say("Some have no recipient: forewarn notify add ROLE MEANS ADDRESS")
    say("Next: forewarn notify send")


@app.command("send")
def _send(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Hand over what is due: e-mail by the mail server set, webhooks to hosts allowed, the feed as a file."""
    with workspace_of(workspace) as opened, progress() as report:
        sent = notices.send_notices(opened, progress=report)
    if as_json:
        print_json(sent)
        return
    say(f"{sent.handed_over} handed over, {sent.failed} failed, {sent.without_recipient} without a recipient.")
    say(*(f"  failed: {one.detail}" for one in sent.receipts if not one.handed_over))
    if sent.feed:
        say(f"Feed: {sent.feed}")


@app.command("receipts")
def _receipts(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Every attempt to hand a notice over, and what came of it."""
    with workspace_of(workspace) as opened:
        found = notices.receipts_of(opened)
    if as_json:
        print_json([{"notice": notice, "receipt": receipt} for notice, receipt in found])
        return
    if not found:
        say("No notice was sent yet.", "Next: forewarn notify due")
        return
    rows = [
        (
            short(notice.alert_id),
            notice.kind,
            notice.role,
            "yes" if one.handed_over else "no",
            one.detail,
            instant_text(one.at),
        )
        for notice, one in found
    ]
    print_table("Receipts", ("alert", "kind", "for", "handed over", "detail", "at"), rows)
