"""AKN-shaped XML: well-formed, every id once, every pointer to something, the words in their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from forewarn.exchange.akn import AKN, OWN, akn_xml
from forewarn.exchange.akn_names import names_of
from forewarn.ids import content_id
from forewarn.model.document import (
    Document,
    Meeting,
    Paragraph,
    Reference,
    Span,
    Speaker,
    Speech,
    StageDirection,
    ThemeMark,
    Undertaking,
    Vote,
)

TEXT = (
    "The meeting was called to order at 3 p.m.\n\nMr. Belo (Norway) (spoke in French): We support S/2030/11 and\nthe "
    "Tidal Convention.\n\nThe meeting rose at 4 p.m.\n"
)


def span(words: str) -> Span:
    """Where words stand."""
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


SPOKEN = span(TEXT.split("\n\n")[1])
PARAGRAPH = Paragraph(
    "sp1.p1",
    "We support S/2030/11 and the Tidal Convention.",
    Span(TEXT.index("We support"), SPOKEN.end),
    (
        Reference("symbol", "S/2030/11", "S/2030/11", span("S/2030/11"), editorial=True),
        Reference("treaty", "Tidal Convention", "Tidal Convention", span("Tidal Convention")),
    ),
)
RECORD = Document(
    content_id("doc", "S/PV.9999"),
    TEXT,
    cls="verbatim_record",
    symbols=("S/PV.9999 (Resumption 1)",),
    title="9999th meeting",
    dated_on=date(2030, 4, 2),
    language="en",
    meeting=Meeting("S/PV.9999", held_on=date(2030, 4, 2), agenda=("Adoption of the agenda",)),
    speeches=(
        Speech(
            "sp1",
            Speaker("Mr. Belo (Norway)", "Mr.", "Belo", role="The President", affiliation="Norway", iso3="NOR"),
            SPOKEN,
            (PARAGRAPH,),
            language_note="(spoke in French)",
        ),
    ),
    stage_directions=(
        StageDirection(
            "called_to_order", "called to order at 3 p.m.", span("The meeting was"), datetime(2030, 4, 2, 15)
        ),
        StageDirection("rose", "The meeting rose at 4 p.m.", span("The meeting rose"), datetime(2030, 4, 2, 16)),
    ),
    votes=(Vote("draft S/2030/12", span("support"), favour=("Norway",), corrections=(("Norway", "against"),)),),
    undertakings=(Undertaking("supports", "Norway", "S/2030/11", SPOKEN, span("support"), 0.9, "support"),),
    themes=(ThemeMark("theme", "charter", "Convention", span("Convention")),),
)


def root_of(document: Document) -> etree._Element:
    """The XML read back by a parser."""
    return etree.fromstring(akn_xml(document))


def all_of(root: etree._Element, tag: str) -> list[etree._Element]:
    """Every element of that name."""
    return list(root.iter(f"{{{AKN}}}{tag}"))


def test_a_record_is_a_debate_with_speeches() -> None:
    """Who spoke, as what, with the note on the language as an inline of the reporters'."""
    root = root_of(RECORD)
    (debate,) = all_of(root, "debate")
    assert debate.get("name") == "verbatimRecord"
    (speech,) = all_of(root, "speech")
    people = {one.get("eId"): one.get("showAs") for one in (*all_of(root, "TLCPerson"), *all_of(root, "TLCRole"))}
    assert people[speech.get("by")[1:]] == "Belo (Norway)"
    assert people[speech.get("as")[1:]] == "The President"
    note = next(one for one in all_of(speech, "inline") if one.get("name") == "note")
    assert (note.text, note.get("status")) == ("(spoke in French)", "edited")


def test_words_come_in_the_order_of_the_text() -> None:
    """Scene, speech, vote and adjournment stand where they stood; times are recorded."""
    section = all_of(root_of(RECORD), "debateSection")[0]
    assert [etree.QName(one).localname for one in section] == ["scene", "speech", "summary", "adjournment"]
    assert [one.get("time") for one in all_of(section, "recordedTime")] == [
        "2030-04-02T15:00:00",
        "2030-04-02T16:00:00",
    ]
    assert "".join(all_of(section, "p")[0].itertext()) == PARAGRAPH.text


def test_offsets_lead_back_to_the_verbatim_text() -> None:
    """A speech and a paragraph carry where they stand."""
    (speech,) = all_of(root_of(RECORD), "speech")
    assert TEXT[int(speech.get(f"{{{OWN}}}start")) : int(speech.get(f"{{{OWN}}}end"))] == RECORD.quote(SPOKEN)


def test_references_point_and_say_when_the_reporters_put_them_in() -> None:
    """A symbol is a link; a treaty, which has no address, is marked; editorial ones are edited."""
    root = root_of(RECORD)
    (link,) = all_of(root, "ref")
    assert (link.text, link.get("href"), link.get("status")) == ("S/2030/11", "https://undocs.org/S/2030/11", "edited")
    assert [one.text for one in all_of(root, "inline") if one.get("name") == "treaty"] == ["Tidal Convention"]


def test_votes_undertakings_and_themes_are_analysis() -> None:
    """Counts, a corrected vote beside the recorded one, and what was found, with offsets."""
    root = root_of(RECORD)
    assert next((one.get("refersTo"), one.get("value")) for one in all_of(root, "count")) == ("#favour", "1")
    assert root.find(f".//{{{OWN}}}correction").get("choice") == "against"
    assert root.find(f".//{{{OWN}}}undertaking").get("kind") == "supports"
    assert root.find(f".//{{{OWN}}}theme").get("code") == "charter"


def test_the_iri_takes_one_form() -> None:
    """Slashes become hyphens, spaces underscores; language and version follow."""
    names = names_of(RECORD)
    assert names.work == "/akn/un/debate/record/un-sc/2030-04-02/S-PV.9999_%28Resumption_1%29"
    assert names.expression == f"{names.work}/eng@"
    assert names_of(replace(RECORD, symbols=(), dated_on=None, meeting=None)).work == (
        f"/akn/un/debate/record/un/{RECORD.document_id[4:16]}"
    )


@pytest.mark.parametrize(
    ("cls", "element", "name"),
    [
        ("resolution", "statement", "resolution"),
        ("prepared_statement", "doc", "officialStatement"),
        ("letter", "doc", "officialLetter"),
        ("unknown", "doc", "document"),
    ],
)
def test_other_classes_have_their_own_element(cls: str, element: str, name: str) -> None:
    """What is no debate is a statement or a doc, its words in the main body."""
    root = root_of(replace(RECORD, cls=cls))
    (body,) = all_of(root, element)
    assert body.get("name") == name
    assert PARAGRAPH.text in "".join(all_of(body, "mainBody")[0].itertext())


@pytest.mark.parametrize("document", [RECORD, replace(RECORD, cls="letter"), Document("doc_" + "0" * 64, "")])
def test_ids_are_unique_and_pointers_lead_somewhere(document: Document) -> None:
    """Every ``#x`` of the file is an ``eId`` of the file, but for choices of a vote."""
    root = root_of(document)
    ids = [one.get("eId") for one in root.iter() if one.get("eId")]
    assert len(ids) == len(set(ids))
    pointers = [one.get(name)[1:] for one in root.iter() for name in ("by", "as", "source") if one.get(name)]
    authors = [one.get("href")[1:] for one in all_of(root, "FRBRauthor")]
    assert {*pointers, *authors} <= set(ids)


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=60)
def test_any_words_make_well_formed_xml(said: str, name: str) -> None:
    """Control characters, half characters and markup in a text are words, never XML."""
    paragraph = replace(PARAGRAPH, text=said, paragraph_id=name)
    speaker = Speaker(name, name=name, affiliation=said)
    document = replace(
        RECORD,
        title=name,
        symbols=(name,),
        speeches=(Speech("sp1", speaker, SPOKEN, (paragraph,), language_note=said),),
        votes=(Vote(said, SPOKEN, favour=(name,), corrections=((said, name),)),),
        undertakings=(Undertaking("reports", said, name, SPOKEN, SPOKEN, 0.5, name),),
    )
    assert root_of(document).tag == f"{{{AKN}}}akomaNtoso"
