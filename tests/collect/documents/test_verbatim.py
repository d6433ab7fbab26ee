"""Whole records: who said what, and nothing lost."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.collect.documents.body import LANGUAGE_SWITCH
from forewarn.collect.documents.floor import AMBIGUOUS_PERSON, NATIONAL_CAPACITY, PRESIDING
from forewarn.collect.documents.packs import PACKS
from forewarn.collect.documents.reading.source import SourceText
from forewarn.collect.documents.turns import turns_in
from forewarn.collect.documents.verbatim import UNPARSED_LANGUAGE, parse_record
from forewarn.model.document import Document, Span

FRONT = """United Nations                                   S/PV.9901
Security Council
9901st meeting
Thursday, 8 November 2018, 3 p.m.
New York

President:  Mr. Tan Weiming ............................  (China)
Members:  Norway .......................................  Mr. Olsen
          Peru .........................................  Mr. Soto

Agenda
The situation at the lake

The meeting was called to order at 3.05 p.m.

Adoption of the agenda

The agenda was adopted.

The situation at the lake

"""
RULE_39 = (
    "The President (spoke in Chinese): In accordance with rule 39 of the provisional rules of procedure, I invite the\n"
    "following briefers to participate in this meeting: Ms. Fatma Testouda, Prosecutor of the International Criminal\n"
    "Court; Mr. Jan Holm, Head of the United Nations Support Mission in Libya; and Ms. Ana Kim, Director of "
    "Lake Watch.\n\n"
)


def parsed(text: str) -> Document:
    return parse_record(SourceText(text))


STATEMENTS = {
    "000_fcb52c2c94fb5fe8.txt": ("verbatim_record", "Sadykov", "English", "", False, 4, "First of all",
        "political process."),
    "001_bc50d830ca4e0246.txt": ("verbatim_record", "Umarov", "English", "", False, 8, "At the outset", "of refugees."),
    "002_7f9470114eb043be.txt": (
        "prepared_statement", "Byrganym Aitimova", "", "", False, 9, "Mr. President, "
            "distinguished", "to Protect concept.",
    ),
    "003_4a74fc7be10ed2ec.txt": (
        "verbatim_record", "Kabentayev", "Spanish", "spoke in Spanish", True, 8, "I commend", "of civilians.",
    ),
    "004_b83d9361ca5fa20e.txt": ("verbatim_record", "Umarov", "English", "", False, 9, "I thank the",
        "international law."),
}  # fmt: skip


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_five_statements_are_read_right(name: str, shared_data: Path) -> None:
    """Speaker, State, language note and every paragraph of the statements the project was made from."""
    cls, person, language, note, translated, count, first, last = STATEMENTS[name]
    text = (shared_data / "un" / "statements" / name).read_text(encoding="utf-8")
    document = parse_record(SourceText(text, kind="markdown" if text.lstrip().startswith("#") else "text"))
    (speech,) = document.speeches
    assert (document.cls, document.language, document.symbols) == (cls, "en", ())
    assert (speech.speaker.name, speech.speaker.affiliation, speech.speaker.iso3) == (person, "Kazakhstan", "KAZ")
    assert (speech.language_spoken, speech.language_note, speech.is_translation) == (language, note, translated)
    assert len(speech.paragraphs) == count
    assert speech.paragraphs[0].text.startswith(first)
    assert speech.paragraphs[-1].text.endswith(last)
    assert speech.speaker.on_behalf_of == ()


def test_case_06_the_chair_changes_and_may_speak_for_a_state() -> None:
    """The President is whoever is in the chair; words in a national capacity are told from words of the chair."""
    document = parsed(
        FRONT + "The President (spoke in Chinese): I open the debate.\n\n"
        "I shall now make a statement in my capacity as representative of China.\n\nWe are concerned.\n\n"
        "The President: I thank the members.\n\n"
        "Mr. Olsen (Norway), Vice-President, took the Chair.\n\nThe President: I now give the floor to Peru.\n"
    )
    national, chair, later = document.speeches
    assert (national.speaker.role, national.speaker.name) == ("The President", "")
    assert (national.speaker.capacity, national.speaker.iso3) == ("representative of China", "CHN")
    assert (national.flags, chair.flags, later.flags) == ((NATIONAL_CAPACITY,), (PRESIDING,), (PRESIDING,))
    assert (chair.speaker.iso3, later.speaker.iso3) == ("CHN", "NOR")


def test_case_07_a_briefer_is_unknown_until_invited() -> None:
    """A speaker without a State has no affiliation before the invitation under rule 39, and has one after it."""
    before = parsed("Ms. Testouda: I thank you.\n\nMr. Olsen (Norway): I thank her.\n")
    document = parsed(FRONT + RULE_39 + "Ms. Testouda: I thank you.\n\nMr. Holm: We agree.\n\nMs. Kim: So do we.\n")
    assert [(one.speaker.affiliation, one.speaker.capacity) for one in before.speeches[:1]] == [("", "")]
    assert [(one.speaker.affiliation, one.speaker.capacity) for one in document.speeches[1:]] == [
        ("International Criminal Court", "Prosecutor of the International Criminal Court"),
        ("United Nations Support Mission in Libya", "Head of the United Nations Support Mission in Libya"),
        ("", "Director of Lake Watch"),
    ]


def test_case_07_the_secretary_general_is_a_role_without_affiliation() -> None:
    """A role is no State; nothing is put in the place of what the record does not say."""
    speech = parsed(FRONT + "The Secretary-General: I thank you.\n").speeches[0]
    assert (speech.speaker.role, speech.speaker.name, speech.speaker.affiliation) == ("The Secretary-General", "", "")
    assert speech.flags == ()


def test_case_08_two_of_one_surname_are_not_mixed_up() -> None:
    """Two people invited under one surname: the surname alone is nobody's, the full name is one's."""
    both = RULE_39.replace("Mr. Jan Holm, Head", "Ms. Eva Kim, Head")
    document = parsed(FRONT + both + "Ms. Kim: We agree.\n\nMs. Eva Kim: I, too.\n")
    assert document.speeches[1].speaker.capacity == ""
    assert document.speeches[1].flags == (AMBIGUOUS_PERSON,)
    assert document.speeches[2].speaker.affiliation == "United Nations Support Mission in Libya"


def test_case_09_a_language_note_alone_switches_the_language_not_the_speaker() -> None:
    """The speech goes on behind the note; the stage direction says where the language changed."""
    document = parsed(
        "Mr. Soto (Peru) (spoke in Spanish): I begin in Spanish.\n\n(spoke in English)\n\nI go on in English.\n\n"
        "(spoke in French) And I end in French.\n"
    )
    (speech,) = document.speeches
    assert [one.text for one in speech.paragraphs] == [
        "I begin in Spanish.",
        "I go on in English.",
        "And I end in French.",
    ]
    assert (speech.language_spoken, speech.is_translation, speech.flags) == ("Spanish", True, (LANGUAGE_SWITCH,))
    assert [(one.kind, one.text) for one in document.stage_directions] == [
        ("language", "(spoke in English)"),
        ("language", "(spoke in French)"),
    ]


def test_case_10_a_text_provided_by_the_delegation_is_a_translation() -> None:
    """What is printed is not what was said, whoever translated it."""
    speech = parsed("Mr. Soto (Peru) (spoke in Spanish; English text provided by the delegation): I begin.\n").speeches[
        0
    ]
    assert (speech.language_spoken, speech.is_translation) == ("Spanish", True)
    assert speech.language_note == "spoke in Spanish; English text provided by the delegation"


def test_case_11_a_quoted_line_opens_no_speech() -> None:
    """A quotation, a note and a name in mid-paragraph stay in the speech that holds them."""
    document = parsed(
        "Mr. Olsen (Norway): I recall what was said.\n\n“Mr. Soto: we shall not forget.”\n\nNote: this stands.\n\n"
        "“The witness said this.\n\nMr. Soto: I saw it all.”\n\nIt was then that the chair asked\nMr. Soto: why?\n"
    )
    assert [speech.speaker.name for speech in document.speeches] == ["Olsen"]
    assert len(document.speeches[0].paragraphs) == 6


def test_case_16_a_group_spoken_for_is_no_affiliation() -> None:
    """The State stays the speaker's; the groups stand beside it, and others' statements are none of theirs."""
    text = (
        "Mr. Olsen (Norway): I have the honour to speak on behalf of the Nordic countries.\n\n"
        "Ms. Arda (Austria): I speak on behalf of the European Union and its member States.\n\n"
        "Mr. Soto (Peru): We align ourselves with the statement made on behalf of the Movement of Non-Aligned "
        "Countries.\n\n"
        "Ms. Lo (Estonia), on behalf of the Baltic States: We thank you on behalf of our Government.\n"
    )
    speakers = [speech.speaker for speech in parsed(text).speeches]
    assert [one.iso3 for one in speakers] == ["NOR", "AUT", "PER", "EST"]
    assert [one.on_behalf_of for one in speakers] == [
        ("Nordic countries",),
        ("European Union",),
        (),
        ("Baltic States",),
    ]


def test_case_38_french_and_spanish_records_are_read_with_their_own_words() -> None:
    """Speaker lines, States and language notes of both packs; the codes are those of the English names."""
    french = parsed(
        "M. Testier (France) : Je remercie les membres du Conseil pour la tenue de cette séance, qui est "
        "importante.\n\n"
        "Mme Essai (Royaume-Uni) (parle en anglais) : Nous sommes préoccupés par la situation dans la région du "
        "lac.\n\n"
        "Le Président (l’orateur s’exprime en chinois) : Je remercie la représentante du Royaume-Uni pour sa "
        "déclaration.\n"
    )
    assert [one.speaker.iso3 for one in french.speeches] == ["FRA", "GBR", ""]
    assert [one.language_spoken for one in french.speeches] == ["French", "English", "Chinese"]
    assert [one.is_translation for one in french.speeches] == [False, True, True]
    spanish = parsed(
        "Sr. Gómez Prueba (México): Quiero dar las gracias a los miembros del Consejo por la celebración de "
        "esta sesión.\n\n"
        "Sra. Ensayo (Estados Unidos de América) (habla en inglés): Nos preocupa la situación de los civiles en "
        "el lago.\n"
    )
    assert [(one.speaker.name, one.speaker.iso3) for one in spanish.speeches] == [
        ("Gómez Prueba", "MEX"),
        ("Ensayo", "USA"),
    ]
    assert [one.language_spoken for one in spanish.speeches] == ["Spanish", "English"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Г-н Тестов (Казахстан): Мы благодарим членов Совета за проведение этого заседания.\n", "ru"),
        (
            "O Sr. Prova (Brasil): Agradeço aos membros do Conselho e à presidência por esta reunião, que não é "
            "uma questão "
            "de forma, mas uma questão de vida para os povos da região e para todos nós.\n",
            "pt",
        ),
    ],
)
def test_case_38_a_language_without_a_pack_is_unparsed_not_wrong(text: str, language: str) -> None:
    """No speech is made up; all words are there as paragraphs and the document says why."""
    document = parsed(text)
    assert (document.speeches, document.language) == ((), language)
    assert UNPARSED_LANGUAGE in document.flags
    assert len(document.notes) == 1
    assert "".join(text.split()) == "".join("".join(one.text for one in document.paragraphs).split())


def test_headings_between_items_belong_to_nobody() -> None:
    """A new agenda item ends the speech before it; its title is a paragraph outside speeches."""
    document = parsed(
        "Mr. Olsen (Norway): I end.\n\nAgenda item 44 (continued)\n\nThe lake\n\nMr. Soto (Peru): I begin.\n"
    )
    assert [len(speech.paragraphs) for speech in document.speeches] == [1, 1]
    assert [one.text for one in document.paragraphs] == ["Agenda item 44 (continued)", "The lake"]


@pytest.mark.parametrize(
    ("text", "cls"),
    [
        (
            "Letter dated 5 May 2016 from the Permanent Representative of Peru\n\nI have the honour to write to you.",
            "letter",
        ),
        (
            "S/RES/9999 (2016)\n\nResolution 9999 (2016)\n\nThe Security Council,\n\nDecides to remain seized.",
            "resolution",
        ),
        ("Report of the Secretary-General on the lake\n\nI. Introduction\n\nThis is the report.", "report"),
        ("Nothing that tells what it is.", "unknown"),
        ("", "unknown"),
    ],
)
def test_other_documents_keep_their_words(text: str, cls: str) -> None:
    """A text that is no record has its class, no speeches, and all its words in paragraphs."""
    document = parsed(text)
    assert (document.cls, document.speeches) == (cls, ())
    assert "".join(text.split()) == "".join("".join(one.text for one in document.paragraphs).split())


def test_a_report_that_quotes_a_record_is_no_record() -> None:
    """Speaker lines deep in a report are quotations."""
    text = "Report of the Panel on the lake\n\n" + "The Panel met.\n\n" * 5 + "Mr. Olsen (Norway): I said so.\n"
    assert parsed(text).cls == "report"


def test_one_symbol_is_one_document_whatever_the_copy() -> None:
    """Two files of one record have one id; without a symbol the text decides."""
    assert (
        parsed(FRONT + "Mr. Olsen (Norway): One.\n").document_id
        == parsed(FRONT + "Mr. Olsen (Norway): 1.\n").document_id
    )
    assert parsed("Mr. Olsen (Norway): One.\n").document_id != parsed("Mr. Olsen (Norway): Two.\n").document_id


PIECES = [
    "Mr. Olsen (Norway): We begin.", "Ms. Lo (Estonia) (spoke in French): We go on.", "The President: I thank you.",
    "The meeting was suspended at 1.05 p.m. and resumed at 3 "
        "p.m.", "(spoke in English)", "In favour:", "Against:", "None",
    "Angola, Chad, Peru", "Abstaining:", "The agenda was "
        "adopted.", "A vote was taken by show of hands.", "Agenda item 4",
    "President: Mr. Tan ..... (China)", "Members: Peru .... Mr. "
        "Soto", "Agenda", "9901st meeting", "S/PV.9901", "“Quoted",
    "Some words that go on", "and on.", "It was so decided.", "Mr. Soto (Peru), Vice-President, took the Chair.", "\f",
    "check against delivery", "Statement by H.E. Mr. Soto, Permanent Representative of Peru", "8 November 2018, 3 p.m.",
    "[Subsequently, the delegation of Peru informed the Secretariat that it had intended to abstain.]",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=40), max_size=14).flatmap(
    lambda parts: st.sampled_from(["\n", "\n\n", " ", "\n   "]).map(lambda joint: joint.join(parts))
)


def spans_of(document: Document) -> list[Span]:
    """Everything a record is made of, at the top level."""
    inside = [one.span for one in document.speeches]
    stages = [
        one.span for one in document.stage_directions if not any(s.start <= one.span.start < s.end for s in inside)
    ]
    return sorted([*inside, *stages, *(one.span for one in document.votes), *(one.span for one in document.paragraphs)])


@settings(max_examples=250)
@given(texts, st.sampled_from(["text", "markdown", "pdf"]))
def test_no_text_breaks_a_record_and_no_word_is_lost(text: str, kind: str) -> None:
    """Spans are inside and ordered, nothing overlaps, and every word is in something or on the front page."""
    document = parse_record(SourceText(text, kind=kind))
    found = spans_of(document)
    assert all(span.end <= len(text) for span in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for speech in document.speeches:
        inner = [speech.span.start, *(at for one in speech.paragraphs for at in (one.span.start, one.span.end))]
        assert inner == sorted(inner)
        assert inner[-1] <= speech.span.end
    left = list(text)
    for span in found:
        left[span.start : span.end] = " " * (span.end - span.start)
    rest = "".join(left)
    front = document.cls in ("verbatim_record", "communique") and document.meeting is not None
    begun = min((span.start for span in found), default=len(text)) if front else 0
    words = "".join(char for char in rest[begun:] if char.isalnum())
    assert words == ""


def long_record(speeches: int) -> str:
    """A made-up record: a front page and speeches of some 2,000 characters in lines as records print them."""
    line = "We call on all parties to respect international humanitarian law and\n"
    paragraph = line * 7 + "resolution 9999 (2016), as the Secretary-General asked (see S/2018/9902).\n\n"
    names = ("Mr. Olsen (Norway)", "Ms. Lo (Estonia) (spoke in French)", "The President (spoke in Chinese)", "Mr. Holm")
    turns = (f"{names[number % 4]}: I thank you.\n\n{paragraph * 4}" for number in range(speeches))
    return FRONT + RULE_39 + "".join(turns) + "The meeting rose at 6.10 p.m.\n"


def test_forty_pages_are_read_in_a_second() -> None:
    """A record of 200,000 characters takes well below a second, with its references."""
    text = long_record(85)
    assert len(text) > 180_000
    parse_record(SourceText(FRONT))
    began = time.process_time()
    document = parse_record(SourceText(text))
    assert time.process_time() - began < 1.0
    assert len(document.speeches) == 86
    assert document.meeting is not None
    assert document.meeting.rose_at is not None


@pytest.mark.parametrize(
    "text",
    [
        "A" * 100_000, "Mr. A: " * 15_000, "In favour: " * 9_000, "(" * 100_000, "“" * 100_000, "The " * 25_000,
        "\n" * 100_000,
        "Draft " * 17_000, "The meeting was " * 6_000, "Mr. A (B), " * 9_000, "1 " * 50_000,
        "A. " * 33_000, "A) (spoke " * 10_000, "delegation of " * 7_000,
        "Members: " + "Mr. A ..... " * 9_000, "on behalf of " * 7_500, "In favour:\n" + "Draft was " * 10_000,
        "In favour:\nChad\n[Subsequently, " + "delegation of " * 7_000, "Mr. A (Peru): " + "rule 39 I invite "
            "Mr. B, " * 4_000,
    ],
)  # fmt: skip
def test_hostile_lines_are_read_in_linear_time(text: str) -> None:
    """A hundred thousand characters made to backtrack cost no more than seconds' fractions."""
    began = time.process_time()
    parse_record(SourceText(text))
    assert time.process_time() - began < 2.0


def test_furniture_in_a_speech_is_in_no_paragraph_text() -> None:
    """A running head inside a sentence is not spoken; the span keeps it, the reading form does not."""
    text = "Mr. Olsen (Norway): We saw to what extent\n\nS/PV.9901   3/16\n\nthe lake has changed. We thank you.\n"
    at = text.index("S/PV")
    (speech,) = parse_record(replace(SourceText(text), furniture=(Span(at, at + 16),))).speeches
    assert [one.text for one in speech.paragraphs] == ["We saw to what extent the lake has changed. We thank you."]


def test_a_record_on_one_line_still_has_its_speeches() -> None:
    """Where all lines were run together, speaker and stage lines are found where a sentence ends."""
    text = " ".join((FRONT + RULE_39 + "Mr. Olsen (Norway): I begin. Note: this. Mr. Soto (Peru): I end.").split())
    document = parsed(text + " The meeting rose at 6 p.m.")
    assert document.meeting is not None
    assert (document.meeting.number, len(document.meeting.members)) == (9901, 2)
    assert [speech.speaker.iso3 for speech in document.speeches] == ["CHN", "NOR", "PER"]
    assert [stage.kind for stage in document.stage_directions] == ["called_to_order", "agenda_adopted", "rose"]
    assert document.speeches[2].paragraphs[0].text == "I end."


def test_turns_are_found_once_each() -> None:
    """The walk gives turns in order that do not overlap."""
    found = turns_in(SourceText(FRONT + RULE_39), PACKS["en"])
    assert [turn.kind for turn in found] == ["stage", "stage", "speaker"]
    assert all(one.span.end <= other.span.start for one, other in pairwise(found))
