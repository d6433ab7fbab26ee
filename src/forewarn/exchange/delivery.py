"""Handing notices over by e-mail, webhook and feed: how each is written, and the receipt of every attempt.

Owns the wording and the wire form of a notice. A notice says that an alert waits and until when; who wants to know more
opens the workspace. A webhook's body is signed so that its receiver can tell it from a forged one. The feed is a file;
nothing is sent for it. One recipient who cannot be reached holds up no other.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from forewarn.clock import instant_text
from forewarn.errors import ConfigurationError, ForewarnError
from forewarn.ids import short
from forewarn.model.delivery import EVERYBODY, Notice, Receipt, Recipient
from forewarn.outbound import Ask, Credential, Outbound
from forewarn.outbound.mail import Relay, send_mail
from forewarn.taxonomy import alert_schema

__all__ = ["SIGNATURE", "Way", "deliver", "notice_feed", "notice_mail", "notice_text", "notice_web", "recipients_of"]

SIGNATURE = "X-Forewarn-Signature"
_ATOM = "http://www.w3.org/2005/Atom"
_SAID = {
    "issued": "An alert was issued and a decision is asked of you",
    "updated": "An alert was updated and a decision is asked of you anew",
    "reminder": "A decision is still asked of you",
    "overdue": "The decision asked of you is overdue",
    "cancelled": "An alert was cancelled; no decision is asked any more",
}


@dataclass(frozen=True, slots=True)
class Way:
    """What notices go out by.

    Attributes:
        outbound: for webhooks; ``None`` where no host is allowed.
        relay, sender: for e-mail; ``None`` and empty where none is set.
        secret: with which webhooks are signed; empty signs nothing.
    """

    outbound: Outbound | None = None
    relay: Relay | None = None
    sender: str = ""
    secret: str = field(default="", repr=False)


def recipients_of(notice: Notice, recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Whom a notice is for: those of the addressee's role, however it is cased or spaced, and those told of all."""
    role = _folded(notice.role)
    return tuple(one for one in recipients if one.role == EVERYBODY or (role and _folded(one.role) == role))


def deliver(notice: Notice, recipient: Recipient, way: Way, now: datetime) -> Receipt:
    """Hand a notice to a recipient; the receipt, with the reason where it was not taken."""
    try:
        detail = _HANDS[recipient.means](notice, recipient, way, now)
    except ForewarnError as error:
        return Receipt(notice.notice_id, recipient.recipient_id, False, f"{error.what}; {error.mend}"[:1_000], now)
    return Receipt(notice.notice_id, recipient.recipient_id, True, detail, now)


def notice_text(notice: Notice) -> str:
    """A notice in plain words."""
    level = alert_schema().levels.get(notice.level, "").replace("_", " ")
    lines = [
        *(["EXERCISE: this notice is about a fictional alert."] if notice.fictional else []),
        f"{_SAID[notice.kind]}.",
        "",
        f"Alert {short(notice.alert_id)}, version {notice.version}, {notice.country}; level {notice.level} ({level}).",
        f"Decision needed by {instant_text(notice.deadline)} (UTC).",
        "",
        "This notice says no more on purpose. Open the alert where you work with Forewarn.",
        "A decision not to act is a decision: record it, with the reason.",
    ]
    return "\n".join(lines) + "\n"


def notice_mail(notice: Notice, recipient: Recipient, sender: str, now: datetime) -> EmailMessage:
    """A notice as an e-mail in plain text; the id lets a mail program see a second copy as one."""
    message = EmailMessage()
    exercise = "EXERCISE " if notice.fictional else ""
    message["Subject"] = f"{exercise}[Forewarn {notice.level}] {_SAID[notice.kind]}"
    message["From"], message["To"] = sender, recipient.address
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{notice.notice_id}@forewarn.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice_text(notice))
    return message


def notice_web(notice: Notice) -> bytes:
    """A notice as the JSON body of a webhook: keys sorted, so that the same notice is the same bytes."""
    said = {
        "alert": notice.alert_id,
        "country": notice.country,
        "decision_needed_by": instant_text(notice.deadline),
        "exercise": notice.fictional,
        "kind": notice.kind,
        "level": notice.level,
        "notice": notice.notice_id,
        "version": notice.version,
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def notice_feed(entries: Iterable[tuple[Notice, datetime]]) -> bytes:
    """Notices as an Atom feed, the newest first; the same entries give the same bytes."""
    ordered = sorted(entries, key=lambda one: (one[1], one[0].notice_id), reverse=True)
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", "urn:forewarn:notices")
    _add(feed, "title", "Forewarn: notices")
    _add(feed, "updated", instant_text(ordered[0][1]) if ordered else "1970-01-01T00:00:00Z")
    for notice, at in ordered:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _add(entry, "id", f"urn:forewarn:{notice.notice_id}")
        _add(entry, "title", f"{'EXERCISE: ' if notice.fictional else ''}{notice.level} {_SAID[notice.kind]}")
        _add(entry, "updated", instant_text(at))
        _add(entry, "summary", notice_text(notice))
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def _by_mail(notice: Notice, recipient: Recipient, way: Way, now: datetime) -> str:
    if way.relay is None or not way.sender:
        raise ConfigurationError("no mail server is set", where="mail_relay", mend="set mail_relay and mail_sender")
    return send_mail(way.relay, notice_mail(notice, recipient, way.sender, now))


def _by_web(notice: Notice, recipient: Recipient, way: Way, _now: datetime) -> str:
    if way.outbound is None:
        raise ConfigurationError(
            "no host may be asked", where="outbound_allow", mend="add the receiver's host to outbound_allow"
        )
    body = notice_web(notice)
    signed = hmac.new(way.secret.encode(), body, hashlib.sha256).hexdigest()
    credential = Credential(SIGNATURE, f"sha256={signed}") if way.secret else None
    ask = Ask(recipient.address, credential, body=body, content_type="application/json", once_key=notice.notice_id)
    return f"answered {way.outbound.send(ask).status}"


def _by_feed(_notice: Notice, _recipient: Recipient, _way: Way, _now: datetime) -> str:
    return "in the feed"


_HANDS: dict[str, Callable[[Notice, Recipient, Way, datetime], str]] = {
    "email": _by_mail,
    "feed": _by_feed,
    "webhook": _by_web,
}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = text
