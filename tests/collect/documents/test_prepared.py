"""Prepared statements."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from forewarn.collect.documents.prepared import SPEAKER_UNKNOWN, is_prepared
from forewarn.collect.documents.reading.source import SourceText
from forewarn.collect.documents.verbatim import parse_record


def test_case_28_a_text_to_be_checked_against_delivery_is_a_class_of_its_own(shared_data: Path) -> None:
    """Title, speaker, office, place, day and agenda items come from the Markdown head; curly quotes stay."""
    text = (shared_data / "un" / "statements" / "002_7f9470114eb043be.txt").read_text(encoding="utf-8")
    document = parse_record(SourceText(text, kind="markdown"))
    (speech,) = document.speeches
    assert (document.cls, document.dated_on) == ("prepared_statement", date(2009, 7, 24))
    assert document.title.startswith("Statement by H. E. Mrs. Byrganym Aitimova")
    assert document.title.endswith("Agenda items 44 and 107")
    assert speech.speaker.title == "H. E. Mrs."
    assert speech.speaker.capacity == "Permanent Representative of Kazakhstan to the United Nations"
    assert document.meeting is not None
    assert (document.meeting.body, document.meeting.place) == ("General Assembly", "New York")
    assert document.meeting.agenda == ("item 44", "item 107")
    assert [one.text for one in document.paragraphs] == ["KAZAKHSTAN", "Please, check against delivery"]
    assert "“non-indifference”" in speech.paragraphs[2].text
    assert "Chapters VI, VII and VIII" in speech.paragraphs[3].text


def test_the_state_may_stand_in_the_heading_alone() -> None:
    """Where the office names no State, the heading does; a group spoken for is no State."""
    text = (
        "PERU\n\nCheck against delivery\n\nStatement by Ms. Alba Testova, Counsellor\n\nGeneva, 3 May 2016\n\n"
        "I speak on behalf of the Group of 77 and China.\n"
    )
    speaker = parse_record(SourceText(text)).speeches[0].speaker
    assert (speaker.name, speaker.iso3, speaker.on_behalf_of) == ("Alba Testova", "PER", ("Group of 77 and China",))


def test_a_head_that_names_nobody_is_flagged() -> None:
    """The class is known, the speaker is not: all words stay outside speeches."""
    document = parse_record(
        SourceText("Check against delivery\n\nWe thank the Chair and the members of the Committee.\n")
    )
    assert (document.cls, document.speeches) == ("prepared_statement", ())
    assert SPEAKER_UNKNOWN in document.flags
    assert len(document.paragraphs) == 2


def test_prose_about_a_statement_is_no_head() -> None:
    """A sentence on somebody's statement makes no prepared statement."""
    assert not is_prepared(SourceText("The statement by the President was adopted. A statement of facts followed.\n"))
