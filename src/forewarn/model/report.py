"""A report: one item from one source, kept as received and never edited.

A newer telling of the same item is a new report that *supersedes* the old one; the old one stays. Who said it
is a :class:`Source`; people who reported are never part of either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from forewarn.ids import content_id
from forewarn.model.provenance import KNOWN_BASES, Locator, Sensitivity
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = ["REPORT_KINDS", "SOURCE_KINDS", "Report", "Source", "source_id"]

SOURCE_KINDS = (
    "data_set",
    "news_agency",
    "news_outlet",
    "ngo",
    "un_body",
    "state",
    "armed_actor",
    "field_monitor",
    "community",
    "social_media",
    "unnamed",
    "unknown",
)
"""What sort of body speaks. A data set is itself a source: it tells what others told it. Rows that name no source are
filed under their table as ``unnamed``: the table did not tell them, and two of them may come from one teller or two."""

REPORT_KINDS = ("incident", "statement", "form", "note")


def source_id(name: str) -> str:
    """The id of a source by its name; case and white space do not matter."""
    return content_id("src", " ".join(name.split()).casefold())


@dataclass(frozen=True, slots=True)
class Source:
    """Who says it: an organization, outlet, network or data set; for people, a pseudonymous role.

    Attributes:
        source_id: from :func:`source_id`.
        name: as printed.
        kind: one of :data:`SOURCE_KINDS`.
        language: main language, BCP 47, or empty.
    """

    source_id: str
    name: str
    kind: str = "unknown"
    language: str = ""

    def __post_init__(self) -> None:
        require_id(self.source_id, "source_id", "src")
        require_text(self.name, "name", longest=300)
        require_choice(self.kind, "kind", SOURCE_KINDS)

    @classmethod
    def named(cls, name: str, kind: str = "unknown", language: str = "") -> Source:
        """The source of that name."""
        return cls(source_id(name), " ".join(name.split()), kind, language)


@dataclass(frozen=True, slots=True)
class Report:
    """One item as received, by reference to its bytes.

    Attributes:
        report_id: ``rpt_`` and the SHA-256 over channel, external id and content.
        channel: how it arrived.
        source_id: who says it.
        external_id: the sender's own id, or empty.
        kind: one of :data:`REPORT_KINDS`.
        locator: the row of the snapshot it is.
        content_sha256: SHA-256 of the row as received; two reports with one external id and different
            content are two versions.
        published_on: when the source published it, if it says.
        known_on: the day it counts as known, and ``known_basis`` how that day was settled.
        received_at: when we got it, UTC.
        language: BCP 47, or empty.
        title: its headline as received, or empty.
        sensitivity: default the highest.
        supersedes: id of the report it replaces, or empty.
    """

    report_id: str
    channel: str
    source_id: str
    locator: Locator
    content_sha256: str
    known_on: date
    known_basis: str
    received_at: datetime
    external_id: str = ""
    kind: str = "incident"
    published_on: date | None = None
    language: str = ""
    title: str = ""
    sensitivity: Sensitivity = Sensitivity.SEVERE
    supersedes: str = ""

    def __post_init__(self) -> None:
        require_id(self.report_id, "report_id", "rpt")
        require_id(self.source_id, "source_id", "src")
        require_text(self.channel, "channel", longest=60)
        require_choice(self.kind, "kind", REPORT_KINDS)
        require_choice(self.known_basis, "known_basis", KNOWN_BASES)
        require_instant(self.received_at, "received_at")
        if self.supersedes:
            require_id(self.supersedes, "supersedes", "rpt")
