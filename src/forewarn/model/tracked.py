"""What was undertaken, asked, mandated or agreed, and what is recorded of it since: appended facts with authors.

An item says who owes what by when, and where that is known from. Its state is never stored: it follows from its
entries. A case entry says what is on public record about an incident; that nothing was found is no finding that there
is nothing. No private person is named in any of them; the operation that adds them looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.validation import require_choice, require_id, require_instant, require_order, require_text

__all__ = ["ENTRY_KINDS", "CaseEntry", "TrackedEntry", "TrackedItem"]

ENTRY_KINDS = ("state", "evidence", "link", "owner", "due", "mandate", "report", "undo")


@dataclass(frozen=True, slots=True)
class TrackedItem:
    """Something to be tracked.

    Attributes:
        kind: of ``taxonomy/tracker.yaml``.
        what: in a sentence.
        owner: who is to do it: a State, a body, an office; the parties of a truce, parted by ``;``. May be empty.
        unit: the situation it is about, a country or an area; empty where it is about none.
        source: where it is known from: a symbol with paragraph, a record, an address.
        starts_on, due_on: first day, and the day it is due or ends; ``None`` where nobody says.
        undertaking_id, document_id, quote: of the sentence it was taken from; empty where it was entered by hand.
        by, at: who entered it, and when, UTC.
    """

    kind: str
    what: str
    source: str
    by: str
    at: datetime
    owner: str = ""
    unit: str = ""
    starts_on: date | None = None
    due_on: date | None = None
    undertaking_id: str = ""
    document_id: str = ""
    quote: str = ""

    def __post_init__(self) -> None:
        require_text(self.kind, "kind", longest=40)
        require_text(self.what, "what", longest=2_000)
        require_text(self.source, "source")
        require_text(self.by, "by", longest=200)
        require_instant(self.at, "at")
        require_order(self.starts_on, self.due_on, "due")
        if self.kind == "truce" and (self.starts_on is None or not self.unit):
            raise InputValueError("has no first day, or no area", where="truce", mend="give --starts and --unit")

    @property
    def item_id(self) -> str:
        """``trk_`` and the digest of what identifies it: the same sentence or entry is one item."""
        if self.undertaking_id:
            return content_id("trk", self.kind, self.undertaking_id)
        days = [day.isoformat() if day else "" for day in (self.starts_on, self.due_on)]
        return content_id("trk", self.kind, self.what, self.owner, self.unit, self.source, *days)


@dataclass(frozen=True, slots=True)
class TrackedEntry:
    """One thing recorded about an item.

    Attributes:
        item_id: which one.
        kind: one of :data:`ENTRY_KINDS`.
        value: the state; for a link the other item's id; the owner; the day it is due; the mandate of a process; for
            ``undo`` the entry taken back; empty for evidence and for a public report of a process.
        source: where it is known from; evidence and reports need one.
        on: the day it happened, where known.
        note: why, or what it shows.
        by, at: who recorded it, and when, UTC.
    """

    item_id: str
    kind: str
    by: str
    at: datetime
    value: str = ""
    source: str = ""
    on: date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        require_id(self.item_id, "item", "trk")
        require_choice(self.kind, "kind", ENTRY_KINDS)
        require_text(self.by, "by", longest=200)
        require_instant(self.at, "at")
        if self.kind in ("evidence", "report"):
            require_text(self.source, "source")
        else:
            require_text(self.value, self.kind, longest=500)
        if self.kind in ("state", "undo"):
            require_text(self.note, "why", longest=2_000)
        if self.kind == "report" and self.on is None:
            raise InputValueError("has no day", where="report", mend="give the day it was published")
        if self.kind == "link":
            require_id(self.value, "link", "trk")
        if self.kind == "undo":
            require_id(self.value, "undo", "tre")

    @property
    def entry_id(self) -> str:
        """``tre_`` and the digest of all that was recorded."""
        said = (self.kind, self.value, self.source, self.on.isoformat() if self.on else "", self.note, self.by)
        return content_id("tre", self.item_id, *said, self.at.isoformat())


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """What is on public record about the incident a claim is part of, or that somebody looked and found nothing.

    Attributes:
        claim_id: a claim of the incident; incidents are assembled anew, claims stay.
        status: of the cases in ``taxonomy/tracker.yaml``.
        body: whose case it is; empty where nothing was found.
        source: the public record, or where somebody looked.
        on: the day of the record, or of looking.
        note: what it says; nobody's name.
        by, at: who recorded it, and when, UTC.
        undoes: the entry this one takes back; then ``status`` is empty.
    """

    claim_id: str
    status: str
    source: str
    by: str
    at: datetime
    on: date | None = None
    body: str = ""
    note: str = ""
    undoes: str = ""

    def __post_init__(self) -> None:
        require_id(self.claim_id, "claim", "clm")
        require_text(self.by, "by", longest=200)
        require_instant(self.at, "at")
        if self.undoes:
            require_id(self.undoes, "undo", "cse")
            require_text(self.note, "why", longest=2_000)
            return
        require_text(self.status, "status", longest=60)
        require_text(self.source, "source")

    @property
    def case_id(self) -> str:
        """``cse_`` and the digest of all that was recorded."""
        said = (self.status, self.body, self.source, self.on.isoformat() if self.on else "", self.note, self.undoes)
        return content_id("cse", self.claim_id, *said, self.by, self.at.isoformat())
