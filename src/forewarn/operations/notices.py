"""Notices on alerts: who is told what is due, handing it over, and the receipts.

Nothing leaves unless somebody runs it, or has set ``watch_notices``. A notice that a recipient took is not sent to them
again; one that failed is, at the next run. Each receipt is kept as soon as there is one.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from forewarn.config import Settings
from forewarn.exchange.delivery import Way, deliver, notice_feed, recipients_of
from forewarn.model.delivery import Notice, Receipt, Recipient, current_recipients
from forewarn.operations.alert import alert_life, clock_of
from forewarn.operations.workspace import Progress, Workspace, no_progress
from forewarn.outbound import Outbound, Policy
from forewarn.outbound.mail import Relay
from forewarn.respond.reminders import Standing, notices_due
from forewarn.store import decisions, deliveries

__all__ = [
    "FEED_FILE",
    "DueNotice",
    "Sent",
    "add_recipient",
    "due_notices",
    "receipts_of",
    "recipients",
    "send_notices",
]

FEED_FILE = "notices.atom"


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A notice that is due, and whom it would go to; nobody, where no address is known for its addressee."""

    notice: Notice
    to: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending.

    Attributes:
        handed_over, failed: receipts of each kind.
        without_recipient: notices whose addressee has no address.
        receipts: in the order made.
        feed: the file of the feed, relative to the workspace; empty where nobody reads it.
    """

    handed_over: int
    failed: int
    without_recipient: int
    receipts: tuple[Receipt, ...]
    feed: str = ""


def add_recipient(
    workspace: Workspace, role: str, means: str, address: str, *, by: str, remove: bool = False
) -> Recipient:
    """Record an address for a role, or take one away."""
    made = Recipient(role.strip(), means, address.strip(), by, workspace.now, remove)
    with workspace.database.writing() as connection:
        deliveries.add_recipient(connection, made)
    return made


def recipients(workspace: Workspace) -> tuple[Recipient, ...]:
    """The addresses that hold."""
    with workspace.database.reading() as connection:
        return current_recipients(deliveries.read_recipients(connection))


def receipts_of(workspace: Workspace) -> list[tuple[Notice, Receipt]]:
    """Every attempt, in the order made, with its notice."""
    with workspace.database.reading() as connection:
        notices = deliveries.read_notices(connection)
        return [(notices[one.notice_id], one) for one in deliveries.read_receipts(connection)]


def due_notices(workspace: Workspace) -> list[DueNotice]:
    """What would be sent now, and to whom."""
    with workspace.database.reading() as connection:
        known = current_recipients(deliveries.read_recipients(connection))
        taken = {(one.notice_id, one.recipient_id) for one in deliveries.read_receipts(connection) if one.handed_over}
        standings = [_standing(workspace, connection, name) for name in decisions.alert_ids(connection)]
    found = []
    for notice in notices_due(standings, ()):
        whom = recipients_of(notice, known)
        left = tuple(one for one in whom if (notice.notice_id, one.recipient_id) not in taken)
        if left or not whom:
            found.append(DueNotice(notice, left))
    return found


def send_notices(workspace: Workspace, *, way: Way | None = None, progress: Progress = no_progress) -> Sent:
    """Hand over what is due; every receipt is kept at once, so that a stop loses none."""
    waiting = due_notices(workspace)
    pairs = [(one.notice, recipient) for one in waiting for recipient in one.to]
    used, made = way or way_of(workspace.settings), []
    try:
        for number, (notice, recipient) in enumerate(pairs, start=1):
            progress(number, len(pairs), "handing notices over")
            receipt = deliver(notice, recipient, used, workspace.now)
            with workspace.database.writing() as connection:
                deliveries.add_receipt(connection, notice, receipt)
            made.append(receipt)
    finally:
        if way is None and used.outbound is not None:
            used.outbound.close()
    return Sent(
        handed_over=sum(one.handed_over for one in made),
        failed=sum(not one.handed_over for one in made),
        without_recipient=sum(not one.to for one in waiting),
        receipts=tuple(made),
        feed=_write_feed(workspace),
    )


def way_of(settings: Settings) -> Way:
    """What the settings allow: webhooks to the hosts of ``outbound_allow``, e-mail by ``mail_relay``."""
    hosts = frozenset(settings.outbound_allow.split())
    policy = Policy(hosts, silence_s=settings.outbound_silence_s, total_s=min(settings.outbound_total_s, 300))
    host, _, port = settings.mail_relay.partition(":")
    relay = Relay(host, int(port), settings.mail_user, settings.mail_password) if host else None
    return Way(Outbound(policy) if hosts else None, relay, settings.mail_sender, settings.notice_secret)


def _standing(workspace: Workspace, connection: Connection, alert_id: str) -> Standing:
    life = alert_life(connection, alert_id)
    return Standing(life.alert, clock_of(life, workspace.now))


def _write_feed(workspace: Workspace) -> str:
    """Write the feed anew where somebody reads it; the file is put in place whole."""
    with workspace.database.reading() as connection:
        known = {one.recipient_id for one in deliveries.read_recipients(connection) if one.means == "feed"}
        notices = deliveries.read_notices(connection)
        taken = [one for one in deliveries.read_receipts(connection) if one.recipient_id in known and one.handed_over]
    if not known:
        return ""
    path = workspace.output(None, FEED_FILE)
    beside = path.with_suffix(".part")
    beside.write_bytes(notice_feed((notices[one.notice_id], one.at) for one in taken))
    beside.replace(path)
    return f"{path.parent.name}/{path.name}"
