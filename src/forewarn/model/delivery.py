"""Notices on alerts: to whom they go, what they say, and the receipt of each attempt.

Owns three nouns. A *recipient* is an address for a role, added and removed by named people. A *notice* says that an
alert asks for something and by when, and on purpose no more: no place below the country, no evidence, no names. A
*receipt* says that a notice was handed over, or why not; that somebody read the alert is recorded in the alert's life.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from forewarn.clock import instant_text
from forewarn.errors import InputValueError, shorten
from forewarn.ids import content_id
from forewarn.model.alert import LEVELS
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = ["EVERYBODY", "MEANS", "NOTICE_KINDS", "Notice", "Receipt", "Recipient", "current_recipients"]

MEANS = ("email", "feed", "webhook")
NOTICE_KINDS = ("issued", "updated", "reminder", "overdue", "cancelled")
EVERYBODY = "*"
"""The role of a recipient who is told of every alert."""

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_WEB = re.compile(r"https?://[^\s<>\"]{1,1900}")


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address for a role, or its removal.

    Attributes:
        role: the addressee as alerts name it, or :data:`EVERYBODY`.
        means: one of :data:`MEANS`.
        address: e-mail address or web address; empty for the feed, which is a file of the workspace.
        by, at: who added or removed it, when (UTC).
        removed: whether this takes the address away.
    """

    role: str
    means: str
    address: str
    by: str
    at: datetime
    removed: bool = False

    def __post_init__(self) -> None:
        require_text(self.role, "role", longest=200)
        require_choice(self.means, "means", MEANS)
        require_text(self.by, "by", longest=200)
        require_instant(self.at, "at")
        form = {"email": _EMAIL, "webhook": _WEB}.get(self.means)
        if form is not None and not (form.fullmatch(self.address) and len(self.address) <= 2_000):
            shown = shorten(self.address.partition("?")[0])
            raise InputValueError(f"'{shown}' is no address for {self.means}", where="address", mend="correct it")
        if form is None and self.address:
            raise InputValueError("the feed has no address", where="address", mend="leave it out")

    @property
    def recipient_id(self) -> str:
        """``rcp_`` and the digest of role, means and address."""
        return content_id("rcp", " ".join(self.role.casefold().split()), self.means, self.address)

    @property
    def shown_address(self) -> str:
        """The address as it may be shown: the name of a mailbox and the path of a web address masked."""
        if self.means == "email":
            return f"***@{self.address.rpartition('@')[2]}"
        return "/".join(self.address.split("/")[:3]) + "/***" if self.address else ""


def current_recipients(told: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """The addresses that hold, by role and means; the later word counts, whatever the order given."""
    latest = {one.recipient_id: one for one in sorted(told, key=lambda one: (one.at, one.removed, one.by))}
    kept = [one for one in latest.values() if not one.removed]
    return tuple(sorted(kept, key=lambda one: (one.role.casefold(), one.means, one.address)))


@dataclass(frozen=True, slots=True)
class Notice:
    """That an alert asks for something.

    Attributes:
        alert_id, version: of what.
        kind: one of :data:`NOTICE_KINDS`.
        mark: which of several of a kind, such as ``72`` for the reminder 72 hours ahead; may be empty.
        role: whom it is for, as the alert names it.
        level: of the alert, ``W0`` to ``W4``.
        country: ISO 3166-1 alpha-3 of the alert's unit; nothing finer.
        deadline: when the decision is needed.
        fictional: whether the alert belongs to an exercise.
    """

    alert_id: str
    version: int
    kind: str
    mark: str
    role: str
    level: str
    country: str
    deadline: datetime
    fictional: bool = False

    def __post_init__(self) -> None:
        require_id(self.alert_id, "alert_id", "alr")
        require_choice(self.kind, "kind", NOTICE_KINDS)
        require_choice(self.level, "level", LEVELS)
        require_instant(self.deadline, "deadline")

    @property
    def notice_id(self) -> str:
        """``ntc_`` and the digest of alert, version, kind, mark and deadline: the same notice is sent once."""
        return content_id("ntc", self.alert_id, self.version, self.kind, self.mark, instant_text(self.deadline))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of handing one notice to one recipient.

    Attributes:
        notice_id, recipient_id: of what, to whom.
        handed_over: whether the other side took it.
        detail: the status it answered, or why it was not handed over; never a body, an address or a secret.
        at: when (UTC).
    """

    notice_id: str
    recipient_id: str
    handed_over: bool
    detail: str
    at: datetime

    def __post_init__(self) -> None:
        require_id(self.notice_id, "notice_id", "ntc")
        require_id(self.recipient_id, "recipient_id", "rcp")
        require_text(self.detail, "detail")
        require_instant(self.at, "at")
