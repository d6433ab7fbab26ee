"""Where turns begin in a record: speaker lines, stage lines, votes and headings, in the order of the text.

Owns the one walk over the lines of a body. A turn begins only where a line begins and the words before it have ended;
a title and a name alone count only where a paragraph begins and no quotation is open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from forewarn.collect.documents.packs import Pack
from forewarn.collect.documents.reading.joining import lines_of, masked
from forewarn.collect.documents.reading.source import SourceText, paragraph_spans
from forewarn.collect.documents.speakers import SpeakerLine, speaker_line
from forewarn.collect.documents.stages import StageLine, stage_line
from forewarn.model.document import Span

__all__ = ["Turn", "turns_in"]

_ENDED = re.compile(r"""[.?!:;…\]]["'”’»)\]*_]{0,4}$""")
_HEADING = re.compile(r"[*#_ ]{0,8}Agenda items? \d{1,3}\b")
_MARKS = "*_# \t"
_QUOTE_REACH = 3000
_FEW_LINES = 3
_SENTENCE_START = re.compile(
    r"""(?P<ended>[.?!\])])["'”’)]{0,2}[ \t]+(?=[(A-ZÀ-Þ])"""
    r"""|[ \t](?=(?:Mrs?|Ms|The (?:(?:Acting )?(?:President|Chair)|meeting (?:was|rose)|agenda was))\b)"""
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A place where the record turns: ``speaker``, ``stage``, ``vote`` or ``heading``; the span is that of its line."""

    kind: str
    span: Span
    speaker: SpeakerLine | None = None
    stage: StageLine | None = None


def turns_in(source: SourceText, pack: Pack) -> list[Turn]:
    """The turns of a text, in order, not overlapping."""
    return list(_Walk(source, pack).turns())


class _Walk:
    def __init__(self, source: SourceText, pack: Pack) -> None:
        self._pack = pack
        self._shown = masked(source.text, source.whole, source.furniture)
        self._is_flat = sum(bool(line.strip()) for line in self._shown.split("\n")) <= _FEW_LINES
        self._starts = {span.start for span in paragraph_spans(source, source.whole)}

    def turns(self) -> Iterator[Turn]:
        at, before = 0, ""
        for line in lines_of(self._shown, Span(0, len(self._shown))):
            place = max(line.start, at)
            while (place := self._first_letter(place, line.end)) < line.end:
                turn = self._turn(place, before)
                if turn is None:
                    break
                yield turn
                at = place = turn.span.end
                before = ""
            if self._is_flat:
                for turn in self._inside(max(line.start, at), line.end):
                    yield turn
                    at = turn.span.end
            rest = self._shown[max(line.start, at) : line.end].strip()
            before = rest or before

    def _inside(self, start: int, end: int) -> Iterator[Turn]:
        """Turns at the sentences of a text whose lines were run together; a title and name alone are none there."""
        at = start
        for match in _SENTENCE_START.finditer(self._shown, start, end):
            place = match.end()
            while place >= at and (turn := self._turn(place, ".")) is not None:
                if not (match["ended"] or turn.stage or (turn.speaker and (turn.speaker.label or turn.speaker.note))):
                    break
                yield turn
                at = turn.span.end
                place = self._first_letter(at, end)

    def _first_letter(self, start: int, end: int) -> int:
        while start < end and self._shown[start].isspace():
            start += 1
        return start

    def _turn(self, place: int, before: str) -> Turn | None:
        opens = place in self._starts
        if before and not opens and _ENDED.search(before) is None:
            return None
        stage = stage_line(self._shown, place, self._pack)
        if stage is not None:
            return Turn("stage", stage.span, stage=stage)
        bare = place
        while bare < len(self._shown) and self._shown[bare] in _MARKS:
            bare += 1
        line = speaker_line(self._shown, bare, self._pack)
        if line is not None and (line.is_strong or (opens and not self._is_quoted(place))):
            return Turn("speaker", Span(place, bare + line.length), speaker=line)
        for pattern in self._pack.vote_labels.values():
            match = pattern.match(self._shown, bare)
            if match is not None:
                return Turn("vote", Span(place, match.end()))
        heading = _HEADING.match(self._shown, place) if opens else None
        return Turn("heading", Span(place, heading.end())) if heading else None

    def _is_quoted(self, place: int) -> bool:
        """Whether a quotation opened before is still open."""
        since = max(place - _QUOTE_REACH, 0)
        return self._shown.rfind("“", since, place) > self._shown.rfind("”", since, place)
