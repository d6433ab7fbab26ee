"""A message of the Common Alerting Protocol 1.2, as a noun: what we send, and what others sent.

Owns what a message of ours must be, stricter than the standard: an OID or URN as identifier, an end to every warning,
a restriction if and only if it is restricted. A message is named by sender, identifier and instant; others refer to it
by these three. It is never evidence that something happened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.validation import require_choice, require_instant, require_text

__all__ = ["CapArea", "CapInfo", "CapKept", "CapKnown", "CapMessage", "CapReference", "sender_digest"]

_TOKEN = re.compile(r"[^\s,<&]{1,500}")
_IDENTIFIER = re.compile(r"urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:[^\s,<&]{1,400}")
_STATUS = ("Actual", "Exercise", "System", "Test", "Draft")
_TYPES = ("Alert", "Update", "Cancel", "Ack", "Error")
_SCOPES = ("Public", "Restricted", "Private")


def sender_digest(sender: str) -> str:
    """``snd_`` and the digest of a sender: the same for all messages of one, and nobody's address."""
    return content_id("snd", sender)


@dataclass(frozen=True, slots=True)
class CapReference:
    """The name of a message: who sent it, under which identifier, when (UTC)."""

    sender: str
    identifier: str
    sent: datetime

    def __post_init__(self) -> None:
        for field in ("sender", "identifier"):
            if not _TOKEN.fullmatch(getattr(self, field)):
                raise InputValueError("holds a blank, a comma, < or &, or nothing", where=field, mend="write it anew")
        require_instant(self.sent, "sent")

    @property
    def message_id(self) -> str:
        """``cap_`` and the digest of the three: it names a message without naming its sender."""
        return content_id("cap", self.sender, self.identifier, self.sent.isoformat())

    @property
    def sender_digest(self) -> str:
        """``snd_`` and the digest of the sender."""
        return sender_digest(self.sender)


@dataclass(frozen=True, slots=True)
class CapArea:
    """Where: words, codes by the name of their list, and rings of (latitude, longitude) in degrees, each closed."""

    words: str
    codes: tuple[tuple[str, str], ...] = ()
    polygons: tuple[tuple[tuple[float, float], ...], ...] = ()

    def __post_init__(self) -> None:
        require_text(self.words, "areaDesc", longest=2_000)
        for ring in self.polygons:
            if len(ring) < 4 or ring[0] != ring[-1]:
                raise InputValueError("is not closed", where="polygon", mend="repeat its first point at the end")
            if any(abs(latitude) > 90 or abs(longitude) > 180 for latitude, longitude in ring):
                raise InputValueError("has a point off the globe", where="polygon", mend="write latitude first")


@dataclass(frozen=True, slots=True)
class CapInfo:
    """What a message says, in one language.

    Attributes:
        language: tag of the language the words are in.
        category, response, urgency, severity, certainty: words of the standard; ``response`` may be empty.
        event: what is warned of.
        effective, expires: from when until when it holds, UTC.
        sender_name, headline, description, instruction, audience: words; empty where nothing is said.
        parameters: values of our own by their names.
        areas: where.
    """

    language: str
    category: str
    event: str
    urgency: str
    severity: str
    certainty: str
    expires: datetime
    response: str = ""
    audience: str = ""
    effective: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    areas: tuple[CapArea, ...] = ()

    def __post_init__(self) -> None:
        require_text(self.event, "event", longest=500)
        require_instant(self.expires, "expires")
        if self.effective is not None and self.expires <= self.effective:
            raise InputValueError("is not after 'effective'", where="expires", mend="correct one of the two")


@dataclass(frozen=True, slots=True)
class CapMessage:
    """One message of ours.

    Attributes:
        reference: its own name; the identifier is a URN (``urn:uuid:``, ``urn:oid:``).
        status, kind, scope: words of the standard; ``kind`` is its ``msgType``.
        restriction: who may have it, if and only if the scope is Restricted.
        addresses: the receivers; needed where the scope is Private.
        note: why, for an exercise, an error or a cancellation.
        references: the messages it updates, cancels or acknowledges.
        infos: what it says; none in an Ack.
    """

    reference: CapReference
    status: str
    kind: str
    scope: str
    restriction: str = ""
    addresses: tuple[str, ...] = ()
    note: str = ""
    references: tuple[CapReference, ...] = ()
    infos: tuple[CapInfo, ...] = ()

    def __post_init__(self) -> None:
        require_choice(self.status, "status", _STATUS)
        require_choice(self.kind, "msgType", _TYPES)
        require_choice(self.scope, "scope", _SCOPES)
        if not _IDENTIFIER.fullmatch(self.reference.identifier):
            raise InputValueError("is no URN", where="identifier", mend="write urn:uuid:... or urn:oid:...")
        if (self.scope == "Restricted") != bool(self.restriction.strip()):
            raise InputValueError("belongs to the scope Restricted, and only there", where="restriction", mend="see it")
        if self.scope == "Private" and not self.addresses:
            raise InputValueError("names nobody", where="addresses", mend="name the receivers of a private message")
        if any('"' in one or not one.strip() for one in self.addresses):
            raise InputValueError("holds a quotation mark, or nothing", where="addresses", mend="remove it")
        self._require_content()

    def _require_content(self) -> None:
        if self.kind != "Alert" and not self.references:
            raise InputValueError("names no other message", where=f"references of {self.kind}", mend="name it")
        if any(one.message_id == self.reference.message_id for one in self.references):
            raise InputValueError("names itself", where="references", mend="give it its own identifier")
        if self.kind in ("Alert", "Update") and not self.infos:
            raise InputValueError("says nothing", where="info", mend="add what it warns of")
        if any(info.expires <= self.reference.sent for info in self.infos):
            raise InputValueError("is not after it was sent", where="expires", mend="let it end later")


@dataclass(frozen=True, slots=True)
class CapKnown:
    """A message as it is kept: its sender only as a digest, so that nobody's address is.

    Attributes:
        message_id: names it; see :class:`CapReference`.
        direction: ``sent`` by us or ``received``.
        sender_digest: the same for messages of one sender.
        identifier, sent, status, kind, scope, event: as the message says.
        expires: when it ends, UTC; ``None`` where it does not say.
        refers_to: message id and identifier of each it refers to.
    """

    message_id: str
    direction: str
    sender_digest: str
    identifier: str
    sent: datetime
    status: str
    kind: str
    scope: str
    event: str
    expires: datetime | None
    refers_to: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CapKept:
    """A message as the store keeps it.

    Attributes:
        known: what its chain needs.
        by, recorded_at: who sent or took it in, and when.
        audience: for whom, in one text; empty for what was received.
        alert_id, alert_version: the alert it tells of; empty and 0 for what was received.
        body: the XML of what we sent; empty for what was received.
        snapshot_id: the bytes as received; empty for what we sent.
    """

    known: CapKnown
    by: str
    recorded_at: datetime
    audience: str = ""
    alert_id: str = ""
    alert_version: int = 0
    body: str = ""
    snapshot_id: str = ""
