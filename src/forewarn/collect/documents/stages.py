"""Stage lines: what happened in the room between and inside speeches, with the time told.

Owns the lines in italics of a record: called to order, adopted, suspended, resumed, rose, took the Chair. A line is
one only where a paragraph may begin. Times get the meeting's day; a time earlier than the one before it is on the
next day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from forewarn.collect.documents.moments import after, day_in, time_in
from forewarn.collect.documents.packs import Pack
from forewarn.collect.documents.spoken import LanguageNote, language_note
from forewarn.model.document import Span, StageDirection

__all__ = ["CLOSES_SPEECH", "Clock", "StageLine", "chair_taken", "stage_line"]

CLOSES_SPEECH = frozenset(
    {"called_to_order", "suspended", "resumed", "rose", "took_chair", "vote_taken", "agenda_adopted"}
)
"""Kinds after which nobody has the floor until the next speaker line."""

_TIMED = frozenset({"called_to_order", "suspended", "resumed", "rose"})
_WINDOW = 700
_LONGEST_NOTE = 160


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage line as read: its kind and where it ends; ``note`` of a line that switches the language."""

    kind: str
    span: Span
    note: LanguageNote | None = None


def stage_line(text: str, start: int, pack: Pack) -> StageLine | None:
    """The stage line that begins at a place of a text; none when what stands there is something else."""
    window = text[start : start + _WINDOW]
    if window[:1] == "(":
        return _language_switch(window, start, pack)
    bare = window.lstrip("*_[(")
    skipped = len(window) - len(bare)
    for kind, pattern in pack.stages:
        match = pattern.match(bare)
        if match is not None:
            closing = bare[match.end() : match.end() + 3]
            extra = len(closing) - len(closing.lstrip("*_])")) if skipped else 0
            return StageLine(kind, Span(start, start + skipped + match.end() + extra))
    return None


def _language_switch(window: str, start: int, pack: Pack) -> StageLine | None:
    close = window.find(")", 0, _LONGEST_NOTE)
    if close < 0:
        return None
    note = language_note(window[1:close], pack)
    if note is None or not note.language:
        return None
    return StageLine("language", Span(start, start + close + 1), note)


def chair_taken(words: str) -> str:
    """The words of a stage line up to the one who took the Chair; empty for "The President returned to the Chair"."""
    head = words
    for opening in ("In the absence of the ", "At the invitation of the "):
        if head.startswith(opening):
            head = head.partition(", ")[2]
    return "" if head.startswith("The ") else head


class Clock:
    """The time of the meeting as it goes: each stage line with a time moves it on.

    ``day`` is the meeting's; without it no time can be told.
    """

    def __init__(self, day: date | None) -> None:
        self._day = day
        self._now: datetime | None = None

    def tell(self, line: StageLine, words: str) -> StageDirection:
        """The stage direction of a line, with its time when the line tells one."""
        return StageDirection(line.kind, words, line.span, self._moment(line.kind, words))

    def _moment(self, kind: str, words: str) -> datetime | None:
        if kind not in _TIMED:
            return None
        told, day = time_in(words), day_in(words) or self._day
        if told is None or day is None:
            return None
        moment = datetime.combine(day, told) if day_in(words) else after(self._now, told, day)
        self._now = max(moment, self._now) if self._now else moment
        return moment
