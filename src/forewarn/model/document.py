"""A document: a text with structure laid over it. The verbatim text and offsets into it are the source of truth.

Everything found in a document (a paragraph, a reference, an undertaking, a theme) is a span of the document's own
text, half-open, in characters; nothing is stored that cannot be pointed at. What the parser could not settle is a
flag or a missing value, never a guess. Texts are data: nothing in one is ever followed as an instruction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from forewarn.errors import InputValueError
from forewarn.model.validation import require_choice, require_id

__all__ = [
    "DOCUMENT_CLASSES",
    "REFERENCE_KINDS",
    "STAGE_KINDS",
    "THEME_SCHEMES",
    "UNDERTAKING_KINDS",
    "Document",
    "Meeting",
    "Member",
    "Paragraph",
    "Reference",
    "Span",
    "Speaker",
    "Speech",
    "StageDirection",
    "ThemeMark",
    "Undertaking",
    "Vote",
]

DOCUMENT_CLASSES = ("verbatim_record", "prepared_statement", "resolution", "letter", "report", "communique", "unknown")
"""What sort of document. A verbatim record is edited by its reporters and is not what was heard word by word."""

REFERENCE_KINDS = ("symbol", "resolution", "treaty", "instrument", "meeting", "paragraph", "unknown")
"""What a reference points to; an instrument is a named text that is neither a treaty nor a document with a symbol."""

STAGE_KINDS = (
    "called_to_order",
    "agenda_adopted",
    "suspended",
    "resumed",
    "rose",
    "vote_taken",
    "took_chair",
    "escorted",
    "silence",
    "language",
    "images",
    "note",
)
"""What a line between speeches tells."""

UNDERTAKING_KINDS = (
    "commits",
    "calls_for",
    "supports",
    "welcomes",
    "regrets",
    "opposes",
    "proposes",
    "hosts",
    "accedes",
    "reports",
)
"""What a speaker does with a sentence."""

THEME_SCHEMES = ("pillar", "crime", "risk_factor", "vulnerable_group", "measure_family", "theme")
"""The coded lists a theme may come from."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters ``start`` to ``end`` (half-open) of the document's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise InputValueError(f"{self.start}..{self.end} is no span", where="span", mend="correct it")


@dataclass(frozen=True, slots=True)
class Reference:
    """One mention of another text.

    Attributes:
        kind: one of :data:`REFERENCE_KINDS`.
        text: as printed.
        target: the normal form of the symbol, instrument or meeting; empty when it cannot be settled.
        span: where it stands.
        editorial: inserted by the reporters, ``(see ...)``, not spoken.
        pinpoint: paragraph, article or chapter it points to, as printed, or empty.
        flags: what is doubtful, sorted: ``ambiguous_organ``, ``description_mismatch`` ...
    """

    kind: str
    text: str
    target: str
    span: Span
    editorial: bool = False
    pinpoint: str = ""
    flags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_choice(self.kind, "kind", REFERENCE_KINDS)


@dataclass(frozen=True, slots=True)
class Undertaking:
    """What one sentence commits its speaker to, asks of others, or takes a position on.

    Attributes:
        kind: one of :data:`UNDERTAKING_KINDS`.
        actor: who does it, canonical where known (the speaker's affiliation for "we"); empty when unknown.
        addressee: of whom it is asked, as printed, or empty.
        what: what is undertaken or asked, in the words of the text.
        due: by when, as printed, or empty.
        instrument: normal form of the resolution, treaty or report it is under, or empty.
        span: the sentence; ``trigger`` the words that made it an undertaking.
        negated: the sentence denies it ("does not support").
        reported: the speaker reports somebody else's undertaking.
        confidence: 0 to 1, from ``rule``'s share of correct decisions on the checked sentences; no probability.
        rule: the rule that found it.
    """

    kind: str
    actor: str
    what: str
    span: Span
    trigger: Span
    confidence: float
    rule: str
    addressee: str = ""
    due: str = ""
    instrument: str = ""
    negated: bool = False
    reported: bool = False

    def __post_init__(self) -> None:
        require_choice(self.kind, "kind", UNDERTAKING_KINDS)
        if not 0.0 <= self.confidence <= 1.0:
            raise InputValueError(f"{self.confidence} is not from 0 to 1", where="confidence", mend="correct it")


@dataclass(frozen=True, slots=True)
class ThemeMark:
    """A code of a shipped list and the words that called for it."""

    scheme: str
    code: str
    words: str
    span: Span

    def __post_init__(self) -> None:
        require_choice(self.scheme, "scheme", THEME_SCHEMES)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. ``text`` is the reading form: lines joined, hyphens settled; the span is the verbatim one.

    ``flags`` say what was kept though doubtful: ``line_end_hyphen``, ``sic`` ...
    """

    paragraph_id: str
    text: str
    span: Span
    references: tuple[Reference, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who spoke, as the record prints it. People are told apart by name, affiliation and meeting, never merged beyond.

    Attributes:
        as_printed: the whole speaker line without the colon.
        title: ``Mr.``, ``Baroness`` ... or empty.
        name: without title; empty where only a role is printed.
        role: ``The President``, ``The Secretary-General`` ... or empty.
        affiliation: canonical name of State or body; empty when the record has not said.
        iso3: ISO 3166-1 alpha-3 of a State, or empty.
        capacity: what stands behind the bracket, ``Chair of the Committee ...``.
        on_behalf_of: the groups spoken for, canonical where known.
    """

    as_printed: str
    title: str = ""
    name: str = ""
    role: str = ""
    affiliation: str = ""
    iso3: str = ""
    capacity: str = ""
    on_behalf_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Speech:
    """What one speaker said in one go.

    Attributes:
        speech_id: ``sp`` and its number in the document, from 1.
        speaker: who.
        span: from the speaker line to the end of the last paragraph.
        paragraphs: in order.
        language_spoken: English name of the language, ``English`` where a record in English says nothing else, empty
            when unknown.
        language_note: as printed.
        is_translation: whether the printed text is a translation of what was said.
        flags: sorted.
    """

    speech_id: str
    speaker: Speaker
    span: Span
    paragraphs: tuple[Paragraph, ...] = ()
    language_spoken: str = ""
    language_note: str = ""
    is_translation: bool = False
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageDirection:
    """A line that tells what happened in the room. ``at`` is the time as told, with the meeting's date, no zone."""

    kind: str
    text: str
    span: Span
    at: datetime | None = None

    def __post_init__(self) -> None:
        require_choice(self.kind, "kind", STAGE_KINDS)


@dataclass(frozen=True, slots=True)
class Vote:
    """A recorded vote. Lists are canonical names; counts as printed stay beside them, and a disagreement is a flag.

    ``corrections`` are delegations that said afterwards how they had meant to vote: (delegation, choice).
    """

    item: str
    span: Span
    favour: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    abstaining: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    printed_counts: tuple[tuple[str, int], ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One line of the roster: affiliation, code, and name as printed."""

    affiliation: str
    iso3: str
    name: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as its front page tells it. What the page does not say is empty or missing."""

    symbol: str = ""
    body: str = ""
    number: int | None = None
    resumption: str = ""
    part: str = ""
    place: str = ""
    opened_at: datetime | None = None
    held_on: date | None = None
    rose_at: datetime | None = None
    presidents: tuple[Member, ...] = ()
    members: tuple[Member, ...] = ()
    agenda: tuple[str, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One document. Two files with one symbol are one document with two files.

    Attributes:
        document_id: ``doc_`` and the SHA-256 over its first symbol, or over its text when it has none.
        text: the verbatim text all spans refer to.
        cls: one of :data:`DOCUMENT_CLASSES`.
        symbols: normal forms, the first the one it is filed under; empty when it prints none.
        title: as printed, or empty.
        dated_on: date it bears; missing when it bears none.
        language: BCP 47 of the text, or empty.
        reissue: whether the symbol bears ``*``.
        job_number: as printed, or empty.
        meeting, speeches, stage_directions, votes: what a record holds.
        paragraphs: those outside speeches, such as an annex or the body of a report.
        undertakings, themes: what was found in the sentences.
        flags: what is doubtful in the whole, sorted; ``notes`` one line of words for each.
        snapshot_ids: the files it was read from.
    """

    document_id: str
    text: str
    cls: str = "unknown"
    symbols: tuple[str, ...] = ()
    title: str = ""
    dated_on: date | None = None
    language: str = ""
    reissue: bool = False
    job_number: str = ""
    meeting: Meeting | None = None
    speeches: tuple[Speech, ...] = ()
    stage_directions: tuple[StageDirection, ...] = ()
    votes: tuple[Vote, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    undertakings: tuple[Undertaking, ...] = ()
    themes: tuple[ThemeMark, ...] = ()
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    snapshot_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_id(self.document_id, "document_id", "doc")
        require_choice(self.cls, "cls", DOCUMENT_CLASSES)

    def quote(self, span: Span) -> str:
        """The verbatim words of a span of this document."""
        return self.text[span.start : span.end]
