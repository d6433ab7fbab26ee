"""Verbatim records: the body of a meeting as speeches, stage directions, votes and what stands between them.

Owns the order of the room. Every character of the body belongs to a speech, a stage line, a vote or a paragraph outside
them; nothing is dropped. After a stage line that ends a turn nobody has the floor until the next speaker line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from forewarn.collect.documents.floor import Floor
from forewarn.collect.documents.packs import Pack
from forewarn.collect.documents.reading.source import SourceText, paragraph_spans, reading_form
from forewarn.collect.documents.references import find_references
from forewarn.collect.documents.speakers import SpeakerLine
from forewarn.collect.documents.stages import CLOSES_SPEECH, Clock, StageLine
from forewarn.collect.documents.turns import Turn
from forewarn.collect.documents.votes import vote_block, with_counts
from forewarn.model.document import Meeting, Paragraph, Span, Speaker, Speech, StageDirection, Vote

__all__ = ["LANGUAGE_SWITCH", "Body", "paragraphs_in", "read_body"]

LANGUAGE_SWITCH = "language_switch"
"""The speaker changed the language in mid-speech; the stage direction says where and to which."""

_BEFORE_A_VOTE = 1500


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a record."""

    speeches: tuple[Speech, ...]
    stages: tuple[StageDirection, ...]
    votes: tuple[Vote, ...]
    paragraphs: tuple[Paragraph, ...]


@dataclass
class _Talk:
    """A speech as it is being read: its line and the stretches of text that belong to it."""

    line: SpeakerLine
    span: Span
    pieces: list[Span] = field(default_factory=list)
    switches: list[str] = field(default_factory=list)


def paragraphs_in(source: SourceText, pieces: Sequence[Span], prefix: str, *, organ: str = "") -> tuple[Paragraph, ...]:
    """The paragraphs of stretches of a text, numbered behind a prefix, with their references.

    Args:
        source: the text.
        pieces: the stretches, in order.
        prefix: ``sp3.p`` or ``p``.
        organ: who speaks, for numbers of resolutions that leave the organ out.
    """
    found: list[Paragraph] = []
    previous = ""
    for piece in pieces:
        for span in paragraph_spans(source, piece):
            words, flags = reading_form(source, span)
            if not words:
                continue
            text = source.text[span.start : span.end]
            references = find_references(text, start=span.start, context=organ, previous=previous)
            previous = references[-1].target if references else previous
            found.append(Paragraph(f"{prefix}{len(found) + 1}", words, span, references, flags))
    return tuple(found)


def read_body(source: SourceText, turns: Sequence[Turn], start: int, meeting: Meeting | None, pack: Pack) -> Body:
    """The body of a record from ``start`` on.

    Args:
        source: the text.
        turns: those behind ``start``, as :func:`turns_in` found them.
        start: where the front page ends.
        meeting: the front page; none of an excerpt.
        pack: the language of the record.
    """
    reader = _Reader(source, pack, meeting or Meeting())
    at = start
    for index, turn in enumerate(turns):
        if turn.span.start < at:
            continue
        reader.give(at, turn.span.start)
        end = next((other.span.start for other in turns[index + 1 :] if other.kind != "vote"), len(source.text))
        at = reader.take(turn, end)
    reader.give(at, len(source.text))
    return reader.body()


class _Reader:
    """One pass over a body: whoever has the floor gets the words."""

    def __init__(self, source: SourceText, pack: Pack, meeting: Meeting) -> None:
        self._source = source
        self._pack = pack
        self._organ = meeting.body
        self._floor = Floor(pack, meeting.presidents, meeting.held_on)
        self._clock = Clock(meeting.held_on)
        self._talk: _Talk | None = None
        self._outside: list[Span] = []
        self._speeches: list[Speech] = []
        self._stages: list[StageDirection] = []
        self._votes: list[Vote] = []
        self._uncounted = False

    def give(self, start: int, end: int) -> None:
        """Give a stretch of words to whoever has the floor, or to nobody."""
        if start < end:
            (self._talk.pieces if self._talk else self._outside).append(Span(start, end))

    def take(self, turn: Turn, block_end: int) -> int:
        """Take note of a turn; where the words behind it begin."""
        if turn.speaker is not None:
            self._close()
            self._talk = _Talk(turn.speaker, turn.span)
        elif turn.stage is not None:
            self._stage(turn.stage)
        elif turn.kind == "heading":
            self._close()
            return turn.span.start
        else:
            return self._vote(turn, block_end)
        return turn.span.end

    def body(self) -> Body:
        """What has been read."""
        self._close()
        outside = paragraphs_in(self._source, self._outside, "p", organ=self._organ)
        return Body(tuple(self._speeches), tuple(self._stages), tuple(self._votes), outside)

    def _stage(self, line: StageLine) -> None:
        words = reading_form(self._source, line.span)[0]
        self._stages.append(self._clock.tell(line, words))
        if line.kind in CLOSES_SPEECH:
            self._close()
        self._floor.stage(line.kind, words)
        if line.note is not None and self._talk is not None:
            self._talk.switches.append(line.note.language)

    def _vote(self, turn: Turn, end: int) -> int:
        start = turn.span.start
        before = self._source.text[max(start - _BEFORE_A_VOTE, 0) : start]
        vote = vote_block(self._source, Span(start, end), self._pack, on=self._floor.on, before=before)
        if vote is None or vote.span.end <= turn.span.end:
            return start
        self._close()
        self._votes.append(vote)
        self._uncounted = not vote.printed_counts
        return vote.span.end

    def _close(self) -> None:
        """End the speech that is being read, if one is."""
        talk, self._talk = self._talk, None
        if talk is None:
            return
        name = f"sp{len(self._speeches) + 1}"
        paragraphs = paragraphs_in(self._source, talk.pieces, f"{name}.p", organ=self._organ)
        words = [paragraph.text for paragraph in paragraphs]
        if self._uncounted:
            self._votes[-1] = with_counts(self._votes[-1], " ".join(words[:2])[:_BEFORE_A_VOTE])
            self._uncounted = False
        speaker, flags = self._floor.speaker(talk.line, words)
        end = paragraphs[-1].span.end if paragraphs else talk.span.end
        self._speeches.append(_speech(name, talk, speaker, Span(talk.span.start, end), paragraphs, flags, self._pack))


def _speech(
    name: str,
    talk: _Talk,
    speaker: Speaker,
    span: Span,
    paragraphs: tuple[Paragraph, ...],
    flags: tuple[str, ...],
    pack: Pack,
) -> Speech:
    note = talk.line.note
    spoken = note.language if note else pack.spoken
    others = {language for language in (spoken, *talk.switches) if language and language != pack.spoken}
    switched = (LANGUAGE_SWITCH,) if talk.switches else ()
    return Speech(
        speech_id=name,
        speaker=speaker,
        span=span,
        paragraphs=paragraphs,
        language_spoken=spoken,
        language_note=note.text if note else "",
        is_translation=bool(others) or bool(note and note.provided),
        flags=tuple(sorted({*flags, *switched})),
    )
