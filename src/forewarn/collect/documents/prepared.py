"""Prepared statements: texts handed out before they are given, "check against delivery".

Owns the head: who, as what, where, when, under which agenda items. What was said in the room may differ, so such a text
is a class of its own; it does not say in which language it was delivered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from forewarn.collect.documents.body import paragraphs_in
from forewarn.collect.documents.delegations import party_named
from forewarn.collect.documents.invitations import affiliation_in
from forewarn.collect.documents.meeting import organ_of
from forewarn.collect.documents.moments import day_in
from forewarn.collect.documents.packs import PACKS
from forewarn.collect.documents.reading.source import SourceText, paragraph_spans, reading_form
from forewarn.collect.documents.speakers import read_name
from forewarn.collect.documents.speaking_for import groups_in_capacity, groups_spoken_for
from forewarn.model.document import Meeting, Paragraph, Span, Speaker, Speech

__all__ = ["SPEAKER_UNKNOWN", "Prepared", "is_prepared", "read_prepared"]

SPEAKER_UNKNOWN = "speaker_unknown"
"""The head does not say who speaks; the text stays outside speeches."""

_HEAD = 3000
_HEAD_PARAGRAPHS = 14
_CHECK = re.compile(
    r"check\s+against\s+delivery|seul\s+le\s+texte\s+prononcé\s+fait\s+foi|cotejar\s+con\s+el\s+discurso", re.IGNORECASE
)
_BY = re.compile(
    r"(?:\w{2,20} ){0,3}?(?:Statement|Remarks|Address|Intervention|Speech|STATEMENT|REMARKS|ADDRESS)\s"
    r"(?:delivered |made |DELIVERED )?"
    r"(?:by|of|BY|OF)\s(?:(?:the|THE)\s)?(?=\S)"
)
_OCCASION = re.compile(
    r",?\s+(?:at|during|before|on|in|to the (?:General|Security)|under)\s+(?:the|a|an|its|agenda|[A-Z\d])|\s\(|[.;]\s"
)
_PLACE_AND_DAY = re.compile(
    r"([A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,3}),?\s+(?:\w+,?\s)?\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]{2,9},?\s+\d{4}"
)
_ITEMS = re.compile(
    r"[Aa]genda [Ii]tems?:?\s+(\d{1,3}(?:\s?\([a-z]\))?"
    r"(?:(?:\s?,\s?(?:and\s)?|\s(?:and|to)\s)\d{1,3}(?:\s?\([a-z]\))?){0,12})"
)
_ITEM = re.compile(r"\d{1,3}(?:\s?\([a-z]\))?")
_LONGEST_DATE_LINE = 140


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a prepared statement holds; ``speech`` is missing when the head does not say who speaks."""

    title: str
    speech: Speech | None
    paragraphs: tuple[Paragraph, ...]
    meeting: Meeting | None
    dated_on: date | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Head:
    """The paragraphs of a head; ``last`` is the index of its last one, ``words`` its line "Statement by"."""

    spans: list[Span]
    texts: list[str]
    first: int
    last: int
    speaker: Speaker

    @property
    def words(self) -> str:
        """All of the head, as one would read it."""
        return "\n".join(self.texts[: self.last + 1])


def is_prepared(source: SourceText) -> bool:
    """Whether a text is a prepared statement: it says so near its head, or is headed "Statement by"."""
    head = source.text[:_HEAD]
    return _CHECK.search(head) is not None or _head(source) is not None


def read_prepared(source: SourceText) -> Prepared:
    """The statement: one speech from the line that names its speaker to the end, the rest of the head outside it."""
    head = _head(source)
    if head is None:
        outside = paragraphs_in(source, [source.whole], "p")
        day = day_in(" ".join(source.text[:_HEAD].split()))
        return Prepared("", None, outside, None, day, (SPEAKER_UNKNOWN,))
    start, end = head.spans[head.first].start, head.spans[head.last].end
    meeting = _meeting(head)
    said = paragraphs_in(source, [Span(end, len(source.text))], "sp1.p", organ=meeting.body)
    words = [paragraph.text for paragraph in said]
    groups = dict.fromkeys(
        (*groups_in_capacity(head.texts[head.first]), *groups_spoken_for(words, head.speaker.affiliation))
    )
    speaker = _spoken_for(head.speaker, tuple(groups))
    span = Span(start, said[-1].span.end if said else end)
    speech = Speech("sp1", speaker, span, said)
    outside = paragraphs_in(source, [Span(0, start)], "p", organ=meeting.body)
    return Prepared(_title(head), speech, outside, meeting, meeting.held_on)


def _head(source: SourceText) -> _Head | None:
    spans = paragraph_spans(source, Span(0, min(len(source.text), _HEAD)))[:_HEAD_PARAGRAPHS]
    texts = [reading_form(source, span)[0] for span in spans]
    for index, text in enumerate(texts):
        by = _BY.match(text)
        speaker = _speaker(text[by.end() :], texts[:index]) if by else None
        if speaker is not None:
            last = index
            while last + 1 < len(texts) and len(texts[last + 1]) <= _LONGEST_DATE_LINE and day_in(texts[last + 1]):
                last += 1
            return _Head(spans, texts, index, last, speaker)
    return None


def _speaker(words: str, above: list[str]) -> Speaker | None:
    named = read_name(words)
    if named is None:
        return None
    title, name, length = named
    behind = words[length:]
    capacity = ""
    if behind.startswith(","):
        occasion = _OCCASION.search(behind)
        capacity = " ".join(behind[1 : occasion.start() if occasion else 300].split()).strip(" ,")
    affiliation, iso3 = affiliation_in(capacity, PACKS["en"]) if capacity else ("", "")
    if not affiliation:
        affiliation, iso3 = _headed(above)
    printed = f"{words[:length].strip()}, {capacity}" if capacity else words[:length].strip()
    return Speaker(printed, title, name, "", affiliation, iso3, capacity)


def _headed(above: list[str]) -> tuple[str, str]:
    """The State that stands alone as a heading."""
    for text in above:
        party = party_named(text.strip(" *#_"))
        if party.iso3 and len(text) > 3:
            return party.name, party.iso3
    return "", ""


def _spoken_for(speaker: Speaker, groups: tuple[str, ...]) -> Speaker:
    return Speaker(
        speaker.as_printed, speaker.title, speaker.name, "", speaker.affiliation, speaker.iso3, speaker.capacity, groups
    )


def _title(head: _Head) -> str:
    return re.split(r"\s*\((?=[^()]*\d{4}\))", head.texts[head.first])[0].strip()


def _meeting(head: _Head) -> Meeting:
    where = _PLACE_AND_DAY.search(head.words)
    items = _ITEMS.search(head.words)
    return Meeting(
        body=organ_of(head.words, None),
        place=where[1] if where else "",
        held_on=day_in(head.words),
        agenda=tuple(f"item {item}" for item in _ITEM.findall(items[1])) if items else (),
    )
