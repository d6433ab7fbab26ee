"""Where a thing came from: bytes as received, and the place within them.

A :class:`Snapshot` is a file or response kept bit for bit before anything reads it. A :class:`Locator`
points to a row or span inside one. Everything derived keeps a locator, so every figure can be walked back.
Sensitivity is part of provenance: what nobody has classified counts as ``severe``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forewarn.errors import InputValueError
from forewarn.model.validation import require_id, require_instant, require_text

__all__ = ["KNOWN_BASES", "Locator", "Sensitivity", "Snapshot"]

KNOWN_BASES = ("published", "source_date", "ended_plus_delay", "received")
"""How the day something became known was settled, best first: the report's own publication date; the earliest
date among the sources it cites; the end of what it describes plus the channel's stated delay; the day we got it."""


class Sensitivity(StrEnum):
    """What disclosure could do, after the OCHA Data Responsibility Guidelines. Unclassified is ``severe``."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    SEVERE = "severe"

    @property
    def rank(self) -> int:
        """0 for low to 3 for severe."""
        return _RANKS[self]

    @classmethod
    def kept(cls, text: str) -> Sensitivity:
        """The class that a stored word stands for; one that is none of the four counts as severe."""
        return cls(text) if text in _RANKS else cls.SEVERE


_RANKS = {one: rank for rank, one in enumerate(Sensitivity)}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Bytes as received, named by their SHA-256.

    Attributes:
        snapshot_id: ``snp_`` and the SHA-256 of the bytes.
        size_bytes: length of the bytes.
        channel: the channel they arrived through.
        origin: where from: ``file:NAME`` (the name only, never a path of the machine) or a URL without
            credentials.
        received_at: when we got them, UTC.
        media_type: as declared by the sender or told by the file's ending.
        publisher: who published them.
        licence: under which terms.
        headers: what the sender said about them, secrets left out.
    """

    snapshot_id: str
    size_bytes: int
    channel: str
    origin: str
    received_at: datetime
    media_type: str
    publisher: str
    licence: str
    headers: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        require_id(self.snapshot_id, "snapshot_id", "snp")
        require_text(self.channel, "channel", longest=60)
        require_text(self.origin, "origin", longest=2_000)
        require_instant(self.received_at, "received_at")
        if self.size_bytes < 0:
            raise InputValueError("is negative", where="size_bytes", mend="correct it")

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, hexadecimal."""
        return self.snapshot_id.removeprefix("snp_")


@dataclass(frozen=True, slots=True)
class Locator:
    """The place inside a snapshot: a data row (1 is the first below the header) and, in a text, a span.

    ``start`` and ``end`` are character offsets, half-open, into the text of that row; both or neither.
    """

    snapshot_id: str
    row: int
    start: int | None = None
    end: int | None = None

    def __post_init__(self) -> None:
        require_id(self.snapshot_id, "snapshot_id", "snp")
        if self.row < 1:
            raise InputValueError(f"{self.row} is below 1", where="row", mend="rows are counted from 1")
        if (self.start is None) != (self.end is None):
            raise InputValueError("has one end only", where="span", mend="give both ends or none")
        if self.start is not None and self.end is not None and not 0 <= self.start <= self.end:
            raise InputValueError(f"{self.start}..{self.end} is no span", where="span", mend="correct it")
