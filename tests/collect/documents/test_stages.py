"""Stage lines and the clock of a meeting."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from forewarn.collect.documents.packs import PACKS
from forewarn.collect.documents.reading.source import SourceText
from forewarn.collect.documents.stages import Clock, StageLine, stage_line
from forewarn.collect.documents.verbatim import parse_record

EN = PACKS["en"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The meeting was called to order at 10.15 a.m.", "called_to_order"),
        ("The agenda was adopted.", "agenda_adopted"),
        ("The meeting was suspended at 1.05 p.m.", "suspended"),
        ("The meeting was resumed at 3 p.m.", "resumed"),
        ("The meeting rose at noon.", "rose"),
        ("A vote was taken by show of hands.", "vote_taken"),
        ("A recorded vote was taken.", "vote_taken"),
        ("Ms. Testova was escorted from the rostrum.", "escorted"),
        ("The members of the Council observed a minute of silence.", "silence"),
        ("A video was shown in the Chamber.", "images"),
        ("It was so decided.", "note"),
        ("(spoke in English)", "language"),
        ("La séance est levée à 18 h 5.", ""),
        ("The meeting was useful, and we thank you.", ""),
        ("(see S/PV.9901)", ""),
    ],
)
def test_lines_of_the_room_are_told_from_prose(text: str, kind: str) -> None:
    """Each kind of stage line is known by its words; prose, references and other languages are none."""
    found = stage_line(text, 0, EN)
    assert (found.kind if found else "") == kind


def test_case_13_taking_the_chair_is_a_stage_line_not_a_speech() -> None:
    """A name with a State in brackets opens no speech when it took the Chair; those who spoke before stop."""
    text = (
        "Mr. Olsen (Norway): We are done.\n\nMr. Testari (Morocco), Vice-President, took the Chair.\n\n"
        "The Acting President: I give the floor to nobody.\n"
    )
    document = parse_record(SourceText(text))
    assert [stage.kind for stage in document.stage_directions] == ["took_chair"]
    assert [speech.speaker.name for speech in document.speeches] == ["Olsen", ""]
    assert document.speeches[1].speaker.iso3 == "MAR"


def test_case_37_a_meeting_that_rose_after_midnight_rose_on_the_next_day() -> None:
    """Times are read in order: one earlier than the last is on the next day."""
    clock = Clock(date(2018, 11, 8))
    told = [
        clock.tell(line, words)
        for words in (
            "The meeting was called to order at 3 p.m.",
            "The meeting was suspended at 11.50 p.m.",
            "The meeting rose at 1.15 a.m.",
        )
        if (line := stage_line(words, 0, EN))
    ]
    assert [stage.at for stage in told] == [
        datetime(2018, 11, 8, 15, 0),
        datetime(2018, 11, 8, 23, 50),
        datetime(2018, 11, 9, 1, 15),
    ]


def test_case_37_the_meeting_knows_when_it_rose() -> None:
    """Suspended and resumed stand in one line and are two directions; the rise is on the next day."""
    text = (
        "S/PV.9901\n9901st meeting\nThursday, 8 November 2018, 3 p.m.\nNew York\n\n"
        "The meeting was called to order at 3.05 p.m.\n\nMr. Olsen (Norway): We begin.\n\n"
        "The meeting was suspended at 6 p.m. and resumed at 7.30 p.m.\n\nMr. Olsen (Norway): We end.\n\n"
        "The meeting rose at 12.20 a.m.\n"
    )
    document = parse_record(SourceText(text))
    assert document.meeting is not None
    assert document.meeting.rose_at == datetime(2018, 11, 9, 0, 20)
    assert [(stage.kind, stage.at) for stage in document.stage_directions][1:3] == [
        ("suspended", datetime(2018, 11, 8, 18, 0)),
        ("resumed", datetime(2018, 11, 8, 19, 30)),
    ]


def test_no_day_no_time() -> None:
    """Without the meeting's day a time of day is left out, not put on some day."""
    line = stage_line("The meeting rose at 6 p.m.", 0, EN)
    assert isinstance(line, StageLine)
    assert Clock(None).tell(line, "The meeting rose at 6 p.m.").at is None
