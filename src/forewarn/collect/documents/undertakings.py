"""What the speakers of a document commit to, ask for, or take a position on, sentence by sentence.

Owns the undertakings of a document: kind, actor, addressee, what, by when, under which instrument, each with the
sentence and the words that made it one. Words are given as printed and dates are not resolved; what the text does not
say stays empty. The confidence is that of the rule on written sentences, no probability that anything will be kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from forewarn.collect.documents.actors import Prose
from forewarn.collect.documents.sentences import sentences
from forewarn.collect.documents.themes import is_english
from forewarn.collect.documents.undertaking_rules import Found, found_in
from forewarn.model.document import Document, Paragraph, Reference, Span, Speaker, Undertaking

__all__ = ["find_undertakings", "undertakings_in"]

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_SOME_DAY = rf"(?:(?:\d{{1,2}} )?{_MONTH}(?: \d{{4}})?|(?:19|20)\d\d)"
_PERIOD = "(?:week|month|year|session|summer|autumn|spring|winter|quarter|decade|biennium)"
_NUMBER = (
    r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|thirty|sixty|ninety|"
    r"the coming|the next)"
)
_DUE = re.compile(
    r"\b(?:(?:no later than|not later than|by|before|until|till) (?:the )?(?:(?:end|close|start|beginning|middle) of )?"
    rf"(?:{_SOME_DAY}|(?:this|next|the|the coming|the current) {_PERIOD}|tomorrow|then)"
    rf"|(?:within|in|over) {_NUMBER} (?:hours|days|weeks|months|years)"
    rf"|(?:later )?(?:this|next) {_PERIOD}|tomorrow|in {_SOME_DAY}|on \d{{1,2}} {_MONTH}(?: \d{{4}})?"
    rf"|at (?:the|its) (?:next|coming|forthcoming) {_PERIOD})\b",
    re.IGNORECASE,
)
_TIMED = ("commits", "calls_for", "proposes", "hosts")
_ADDRESSED = ("urg", "call", "appeal", "encourag", "exhort", "implor", "invit", "ask", "request", "look", "plead")
_INSTRUMENTS = ("resolution", "treaty", "symbol")
_LONGEST_ADDRESSEE = 30


def find_undertakings(document: Document) -> tuple[Undertaking, ...]:
    """The undertakings of a document, by place. Empty for a document in another language than English."""
    if not is_english(document):
        return ()
    found: list[Undertaking] = []
    for speech in document.speeches:
        for paragraph in speech.paragraphs:
            found += undertakings_in(document.text, paragraph, speech.speaker)
    for paragraph in document.paragraphs:
        found += undertakings_in(document.text, paragraph)
    return tuple(found)


def undertakings_in(text: str, paragraph: Paragraph, speaker: Speaker | None = None) -> tuple[Undertaking, ...]:
    """The undertakings of one paragraph; without a speaker, "we" has no name."""
    name = (speaker.affiliation or speaker.role or speaker.name) if speaker is not None else ""
    return tuple(
        one
        for sentence in sentences(text, paragraph.span)
        for one in _of_sentence(text, sentence, paragraph.references, name)
    )


def _of_sentence(text: str, sentence: Span, references: Sequence[Reference], name: str) -> Iterator[Undertaking]:
    prose, found = found_in(text, sentence)
    for number, one in enumerate(found):
        end = _end_of(prose, one, found[number + 1 :])
        what = _what(prose, one, end)
        yield Undertaking(
            kind=one.rule.kind,
            actor=name if one.is_speaker else one.name,
            what=what,
            span=sentence,
            trigger=Span(prose.words[one.first].start, prose.words[one.last - 1].end),
            confidence=round(one.rule.confidence, 2),
            rule=one.rule.id,
            addressee=_addressee(prose, one, end),
            due=_due(prose, one, end),
            instrument=_instrument(prose, one, end, references),
            negated=one.negated,
            reported=one.reported or (not one.is_speaker and one.name != name),
        )


def _end_of(prose: Prose, one: Found, later: Sequence[Found]) -> int:
    """The word after the last of what is undertaken: where the clause of the next undertaking begins."""
    for other in later:
        if other.start == one.last + 1 and prose.words[one.last].text == "that":
            continue
        begins = other.start if other.start >= one.last else other.first
        if begins > one.last:
            return begins
    return len(prose.words)


def _what(prose: Prose, one: Found, end: int) -> str:
    """What follows the trigger; for an obligation or an impersonal turn, the clause that holds it."""
    first = one.last
    if one.rule.place in ("modal", "impersonal"):
        first = min(one.start, one.first)
    elif one.rule.kind == "calls_for":
        first = _addressed_to(prose, one, end)
    while end > first + 1 and prose.words[end - 1].text in ("and", "but", "we", "therefore", "also", "or"):
        end -= 1
    said = prose.quote(first, end) or prose.quote(one.first, one.last)
    return f"{said})" if said.count("(") > said.count(")") else said


def _addressee(prose: Prose, one: Found, end: int) -> str:
    if one.rule.kind != "calls_for":
        return ""
    if one.rule.place == "modal":
        return _obliged(prose, one)
    return prose.quote(one.last, _addressed_to(prose, one, end))


def _addressed_to(prose: Prose, one: Found, end: int) -> int:
    """The word after the last of those who are asked; the word after the trigger when nobody is named."""
    verb, last = prose.words[one.first].text, prose.words[one.last - 1].text
    if one.rule.place != "subject" or not verb.startswith(_ADDRESSED) or last in ("for", "that"):
        return one.last
    if verb.startswith(("call", "appeal", "look", "plead")) and last not in ("on", "upon", "to"):
        return one.last
    furthest = min(end, one.last + _LONGEST_ADDRESSEE)
    to = next((place for place in range(one.last + 1, furthest) if prose.words[place].text == "to"), None)
    if to is None:
        return end if last in ("on", "upon") else one.last
    return to


def _obliged(prose: Prose, one: Found) -> str:
    """The subject of "must", unless something is to be done with it."""
    following = [word.text for word in prose.words[one.last : one.last + 3]]
    while following and (
        following[0] in ("not", "never", "also", "therefore", "always") or following[0].endswith("ly")
    ):
        following.pop(0)
    if not following or following[0] in ("be", "come", "remain", "become"):
        return ""
    return prose.quote(one.start, one.first)


def _due(prose: Prose, one: Found, end: int) -> str:
    """By when, as printed; only where something is still to be done."""
    if one.rule.kind not in _TIMED:
        return ""
    begin = prose.words[min(one.start, one.first)].start if one.rule.kind == "hosts" else prose.words[one.first].start
    begin = prose.start if one.rule.place == "future" or one.rule.kind == "hosts" else begin
    stretch = " ".join(prose.text[begin : prose.words[end - 1].end].split())
    due = _DUE.search(stretch)
    return due.group() if due else ""


def _instrument(prose: Prose, one: Found, end: int, references: Sequence[Reference]) -> str:
    """The first resolution, treaty or document named after the trigger; one the reporters put in comes last."""
    first, last = (
        prose.words[min(one.start, one.first)].start,
        prose.end if end == len(prose.words) else prose.words[end].start,
    )
    inside = [
        each
        for each in references
        if each.target and each.kind in _INSTRUMENTS and first <= each.span.start < last and each.span.end <= prose.end
    ]
    return min(inside, key=lambda each: (each.editorial, each.span)).target if inside else ""
