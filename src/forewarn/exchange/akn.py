"""A document as Akoma Ntoso XML in the shape of AKN4UN: a record as debate, speeches with who spoke and as what.

An export, not the source of truth: every speech and paragraph carries the offsets of the verbatim text, in a namespace
of our own, as do undertakings, themes and votes in the analysis. It is well-formed and its ids are unique; there is no
public schema of the UN's localisation to hold it against. Characters that XML has no place for become U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from forewarn.exchange.akn_names import NO_DATE, AknNames, address_of, names_of
from forewarn.model.document import Document, Paragraph, Reference, Span, Speaker, Speech, StageDirection, Vote

__all__ = ["AKN", "OWN", "akn_xml"]

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
"""The namespace of Akoma Ntoso 3.0."""

OWN = "urn:forewarn:document:1"
"""The namespace of what the format has no place for: offsets, undertakings, themes."""

_US = "#forewarn"
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SCENES = ("called_to_order", "suspended", "resumed", "took_chair", "escorted", "silence", "images")
_POINTED = ("symbol", "resolution", "meeting")


def akn_xml(document: Document) -> bytes:
    """The document as a whole XML file in UTF-8."""
    names = names_of(document)
    root = etree.Element(_tag("akomaNtoso"), nsmap={None: AKN, "fw": OWN})
    body = _add(root, names.element, name=names.name)
    people = _People(document)
    _meta(body, document, names, people)
    _preface(body, document)
    if names.element == "debate":
        section = _add(_add(body, "debateBody"), "debateSection", name="meeting", eId="dbsect_1")
        for part in _in_order(document):
            _debated(section, part, people)
    else:
        main = _add(body, "mainBody")
        for part in _in_order(document):
            _written(main, part)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


class _People:
    """Speakers and roles, each under an id of its own: a person is a name with an affiliation, in this document."""

    def __init__(self, document: Document) -> None:
        self.persons: dict[tuple[str, str], str] = {}
        self.roles: dict[str, str] = {}
        for speech in document.speeches:
            speaker = speech.speaker
            self.persons.setdefault(self._key(speaker), f"person_{len(self.persons) + 1}")
            if self._role(speaker):
                self.roles.setdefault(self._role(speaker), f"role_{len(self.roles) + 1}")

    def of(self, speaker: Speaker) -> dict[str, str]:
        """The attributes ``by`` and ``as`` of a speech."""
        role = self.roles.get(self._role(speaker))
        return {"by": f"#{self.persons[self._key(speaker)]}", **({"as": f"#{role}"} if role else {})}

    @staticmethod
    def _key(speaker: Speaker) -> tuple[str, str]:
        return (speaker.name or speaker.role or speaker.as_printed, speaker.affiliation)

    @staticmethod
    def _role(speaker: Speaker) -> str:
        return speaker.role or speaker.capacity


def _meta(body: Any, document: Document, names: AknNames, people: _People) -> None:
    meta = _add(body, "meta")
    identification = _add(meta, "identification", source=_US)
    levels = (("Work", names.work), ("Expression", names.expression), ("Manifestation", names.manifestation))
    for level, address in levels:
        one = _add(identification, f"FRBR{level}")
        this = address.replace("@.xml", "@/!main.xml") if level == "Manifestation" else f"{address}/!main"
        _add(one, "FRBRthis", value=this)
        _add(one, "FRBRuri", value=address)
        _add(one, "FRBRdate", date=names.date, name="unknown" if names.date == NO_DATE else "document")
        _add(one, "FRBRauthor", href=f"#{names.actor}")
        if level == "Work":
            _add(one, "FRBRcountry", value="un")
            _add(one, "FRBRsubtype", value=names.subtype)
            _add(one, "FRBRnumber", value=names.number, showAs=names.shown)
        elif level == "Expression":
            _add(one, "FRBRlanguage", language=names.language)
        else:
            _add(one, "FRBRformat", value="application/akn+xml")
    _analysis(meta, document)
    references = _add(meta, "references", source=_US)
    for eid, shown in ((names.actor, names.actor), ("forewarn", "forewarn")):
        _add(references, "TLCOrganization", eId=eid, href=f"/akn/ontology/organization/{eid}", showAs=shown)
    for (name, affiliation), eid in people.persons.items():
        shown = f"{name} ({affiliation})" if affiliation else name
        _add(references, "TLCPerson", eId=eid, href=f"/akn/ontology/person/{eid}", showAs=shown)
    for role, eid in people.roles.items():
        _add(references, "TLCRole", eId=eid, href=f"/akn/ontology/role/{eid}", showAs=role)


def _analysis(meta: Any, document: Document) -> None:
    if not (document.votes or document.undertakings or document.themes):
        return
    analysis = _add(meta, "analysis", source=_US)
    if document.votes:
        parliamentary = _add(analysis, "parliamentary", source=_US)
        for number, vote in enumerate(document.votes, start=1):
            _voting(parliamentary, vote, number)
    other = _add(analysis, "otherAnalysis", source=_US)
    for one in document.undertakings:
        said = {name: str(getattr(one, name)) for name in ("actor", "addressee", "what", "due", "instrument", "rule")}
        marks = {name: "true" for name in ("negated", "reported") if getattr(one, name)}
        found = etree.SubElement(other, _own("undertaking"), kind=one.kind, confidence=f"{one.confidence:.3f}", **marks)
        for name, value in said.items():
            if value:
                found.set(name, _fit(value))
        _offsets(found, one.span)
    for mark in document.themes:
        found = etree.SubElement(other, _own("theme"), scheme=mark.scheme, code=mark.code, words=_fit(mark.words))
        _offsets(found, mark.span)


def _voting(parent: Any, vote: Vote, number: int) -> None:
    voting = _add(parent, "voting", eId=f"voting_{number}", href=f"#vote_{number}")
    voting.set(_own("item"), _fit(vote.item))
    _offsets(voting, vote.span)
    for choice in ("favour", "against", "abstaining", "absent"):
        names = getattr(vote, choice)
        count = _add(voting, "count", value=str(len(names)), refersTo=f"#{choice}")
        count.set(_own("delegations"), _fit("; ".join(names)))
    for delegation, choice in vote.corrections:
        etree.SubElement(voting, _own("correction"), delegation=_fit(delegation), choice=_fit(choice))


def _preface(body: Any, document: Document) -> None:
    preface = _add(body, "preface")
    for symbol in document.symbols:
        _text(_add(_add(preface, "p"), "docNumber"), symbol)
    if document.title:
        _text(_add(_add(preface, "p"), "docTitle"), document.title)
    day = document.dated_on or (document.meeting.held_on if document.meeting else None)
    if day:
        _text(_add(_add(preface, "p"), "docDate", date=day.isoformat()), day.isoformat())
    if document.meeting:
        for item in document.meeting.agenda:
            _text(_add(_add(preface, "p"), "inline", name="agendaItem"), item)
    if not len(preface):
        _text(_add(preface, "p"), document.document_id)


def _in_order(document: Document) -> list[Speech | StageDirection | Paragraph | tuple[int, Vote]]:
    """What the body is made of, as it stands in the text; directions inside a speech are left to the speech."""
    inside = [speech.span for speech in document.speeches]
    loose = [one for one in document.stage_directions if not any(_within(one.span, span) for span in inside)]
    votes = list(enumerate(document.votes, start=1))
    parts: list[Any] = [*document.speeches, *loose, *document.paragraphs, *votes]
    return sorted(parts, key=lambda part: (part[1] if isinstance(part, tuple) else part).span)


def _debated(section: Any, part: Any, people: _People) -> None:
    if isinstance(part, Speech):
        speech = _add(section, "speech", eId=_eid(part.speech_id), **people.of(part.speaker))
        _offsets(speech, part.span)
        _from(speech, part)
        for paragraph in part.paragraphs:
            _paragraph(speech, paragraph)
        if not part.paragraphs:
            _add(speech, "p")
    elif isinstance(part, StageDirection):
        _direction(section, part)
    elif isinstance(part, Paragraph):
        _paragraph(_add(section, "narrative"), part)
    else:
        number, vote = part
        summary = _add(section, "summary", eId=f"vote_{number}")
        _offsets(summary, vote.span)
        _text(summary, vote.item or "vote")


def _direction(section: Any, one: StageDirection) -> None:
    element = "adjournment" if one.kind == "rose" else "scene" if one.kind in _SCENES else "narrative"
    direction = _add(section, element)
    direction.set(_own("kind"), one.kind)
    _offsets(direction, one.span)
    words = _add(direction, "p") if element == "adjournment" else direction
    if one.at:
        words = _add(words, "recordedTime", time=one.at.isoformat())
    _text(words, one.text)


def _written(main: Any, part: Any) -> None:
    if isinstance(part, Speech):
        block = _add(main, "hcontainer", name="speech", eId=_eid(part.speech_id))
        _offsets(block, part.span)
        _text(_add(block, "heading"), part.speaker.as_printed)
        content = _add(block, "content")
        for paragraph in part.paragraphs:
            _paragraph(content, paragraph)
        if not part.paragraphs:
            _add(content, "p")
    elif isinstance(part, Paragraph):
        _paragraph(main, part)
    elif isinstance(part, StageDirection):
        _text(_add(_add(main, "p"), "inline", name="note", status="edited"), part.text)
    else:
        number, vote = part
        _text(_add(main, "p", eId=f"vote_{number}"), vote.item or "vote")


def _from(element: Any, speech: Speech) -> None:
    spoken = _add(element, "from")
    _text(spoken, speech.speaker.as_printed)
    if speech.language_note:
        _text(_add(spoken, "inline", name="note", status="edited"), speech.language_note)


def _paragraph(parent: Any, paragraph: Paragraph) -> None:
    """The reading form, with references where their printed words stand in it."""
    element = _add(parent, "p", eId=_eid(paragraph.paragraph_id))
    _offsets(element, paragraph.span)
    last, at = None, 0
    for start, end, reference in _placed(paragraph):
        _append(element, last, paragraph.text[at:start])
        last = _reference(element, reference)
        _text(last, paragraph.text[start:end])
        at = end
    _append(element, last, paragraph.text[at:])


def _placed(paragraph: Paragraph) -> Iterator[tuple[int, int, Reference]]:
    at = 0
    for reference in sorted(paragraph.references, key=lambda one: one.span):
        words = " ".join(reference.text.split())
        start = paragraph.text.find(words, at) if words else -1
        if start >= 0:
            at = start + len(words)
            yield start, at, reference


def _reference(element: Any, reference: Reference) -> Any:
    if reference.kind in _POINTED and reference.target:
        made = _add(element, "ref", href=address_of(reference.target))
    else:
        made = _add(element, "inline", name=reference.kind)
    if reference.editorial:
        made.set("status", "edited")
    if reference.target:
        made.set(_own("target"), _fit(reference.target))
    return made


def _append(element: Any, last: Any, words: str) -> None:
    if last is None:
        element.text = _fit(words)
    else:
        last.tail = _fit(words)


def _add(parent: Any, tag: str, **attributes: str) -> Any:
    made = etree.SubElement(parent, _tag(tag))
    for name, value in attributes.items():
        made.set(name, _fit(value))
    return made


def _offsets(element: Any, span: Span) -> None:
    element.set(_own("start"), str(span.start))
    element.set(_own("end"), str(span.end))


def _text(element: Any, words: str) -> None:
    element.text = _fit(" ".join(words.split()))


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _eid(name: str) -> str:
    return re.sub(r"[^\w.-]", "_", name) or "part"


def _fit(text: str) -> str:
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)


def _tag(name: str) -> str:
    return f"{{{AKN}}}{name}"


def _own(name: str) -> str:
    return f"{{{OWN}}}{name}"
