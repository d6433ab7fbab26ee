"""Front pages and rosters."""

from __future__ import annotations

from datetime import date, datetime

from forewarn.collect.documents.meeting import FrontPage, front_page
from forewarn.collect.documents.packs import PACKS
from forewarn.collect.documents.reading.source import SourceText
from forewarn.collect.documents.roster import members_in
from forewarn.collect.documents.verbatim import parse_record
from forewarn.model.document import Member, Span

PAGE = """United Nations                                   S/PV.9901
Security Council                                 Provisional
Ninetieth year

9901st meeting
Thursday, 8 November 2018, 3 p.m.
New York

President:  Mr. Tan Weiming ............................  (China)
Members:  Bolivia (Plurinational State of) ............  Mr. Prado Jordán
          Côte d'Ivoire ................................  Mr. Koba
          United Kingdom of Great Britain
            and Northern Ireland .......................  Sir Alan Testing

Agenda
The situation at the lake
  Report of the Secretary-General (S/2018/9902)

This record contains the text of speeches delivered in English and of the translation of other speeches. The final
text will be printed. (http://documents.un.org).
18-90001 (E)
*1890001*
"""


def page_of(text: str) -> FrontPage:
    found = front_page(SourceText(text), len(text), PACKS["en"])
    assert found is not None
    return found


def test_a_front_page_tells_the_meeting() -> None:
    """Symbol, body, number, day, hour, place, president, members, agenda and job number are read."""
    found = page_of(PAGE)
    meeting = found.meeting
    assert (meeting.symbol, meeting.body, meeting.number) == ("S/PV.9901", "Security Council", 9901)
    assert (meeting.held_on, meeting.opened_at) == (date(2018, 11, 8), datetime(2018, 11, 8, 15, 0))
    assert (meeting.place, found.job_number, found.title) == ("New York", "18-90001 (E)", "9901st meeting")
    assert meeting.presidents == (Member("China", "CHN", "Mr. Tan Weiming"),)
    assert [member.iso3 for member in meeting.members] == ["BOL", "CIV", "GBR"]
    assert meeting.members[2].name == "Sir Alan Testing"
    assert meeting.agenda[0].startswith("The situation at the lake")
    assert not any("record contains" in item or "18-90001" in item for item in meeting.agenda)


def test_case_04_a_flattened_roster_is_split_between_name_and_next_state() -> None:
    """Dot leaders run together on one line: the longest ending that is a State belongs to the next delegate."""
    text = (
        "Côte d'Ivoire ..... Mr. Koba Equatorial Guinea ..... Mr. Mbo Guinea-Bissau . . . . Ms. Sané "
        "Republic of Korea ..... Mr. Cho"
    )
    assert [(one.iso3, one.name) for one in members_in(text, PACKS["en"])] == [
        ("CIV", "Mr. Koba"),
        ("GNQ", "Mr. Mbo"),
        ("GNB", "Ms. Sané"),
        ("KOR", "Mr. Cho"),
    ]


def test_case_04_a_name_like_a_state_stays_a_name() -> None:
    """ "Jordán China" is no State: only China is the next one. Without leaders, titles part the names."""
    found = members_in("Bolivia ..... Mr. Prado Jordán China ..... Mr. Wu", PACKS["en"])
    assert [(one.iso3, one.name) for one in found] == [("BOL", "Mr. Prado Jordán"), ("CHN", "Mr. Wu")]
    bare = members_in("Peru Mr. Soto Chad Mrs. Abba", PACKS["en"])
    assert [(one.iso3, one.name) for one in bare] == [("PER", "Mr. Soto"), ("TCD", "Mrs. Abba")]


def test_case_18_a_resumption_and_a_part_keep_the_number_and_have_their_own_day() -> None:
    """The meeting number is the same; what was resumed is in the symbol, the day is the new one."""
    text = PAGE.replace("S/PV.9901", "S/PV.9901 (Resumption 1)").replace("Thursday, 8", "Friday, 9")
    meeting = page_of(text).meeting
    assert (meeting.number, meeting.resumption, meeting.part) == (9901, "1", "")
    assert (meeting.symbol, meeting.held_on) == ("S/PV.9901 (Resumption 1)", date(2018, 11, 9))
    part = page_of(PAGE.replace("S/PV.9901", "S/PV.9901 (Part II)")).meeting
    assert (part.number, part.resumption, part.part) == (9901, "", "II")


def test_case_19_a_private_meeting_has_no_speeches_and_is_no_error() -> None:
    """An official communiqué is a document of its own class, its words kept as paragraphs."""
    text = (
        "S/PV.9902\n\nOfficial communiqué of the 9902nd (closed) meeting of the Security Council\n\n"
        "Held in private in the Chamber on Wednesday, 6 December 2017, at 10.10 a.m.\n\n"
        "The Council considered the matter. The members heard a briefing.\n"
    )
    document = parse_record(SourceText(text))
    assert (document.cls, document.speeches, document.flags) == ("communique", (), ())
    assert document.meeting is not None
    assert (document.meeting.closed, document.meeting.number) == (True, 9902)
    assert document.dated_on == date(2017, 12, 6)
    assert "The Council considered the matter" in " ".join(one.text for one in document.paragraphs)


def test_case_20_an_agenda_spills_over_and_a_running_head_may_be_wrong() -> None:
    """Items after the page break belong to the agenda; the symbol is the front page's, not a misnumbered head's."""
    head = "S/PV.9900   The situation at the lake   08/11/2018\n"
    body = (
        "Letter dated 1 November 2018 from Testland (S/2018/9903)\n\nThe meeting was called to order at 3.05 p.m.\n\n"
        "The President: I open the meeting.\n"
    )
    text = PAGE + "\n" + head + "\n" + body
    at = text.index(head)
    document = parse_record(SourceText(text, furniture=(Span(at, at + len(head)),)))
    assert document.symbols == ("S/PV.9901",)
    assert document.meeting is not None
    assert any("S/2018/9903" in item for item in document.meeting.agenda)
    assert document.meeting.opened_at == datetime(2018, 11, 8, 15, 5)


def test_two_presidents_share_one_bracket() -> None:
    """Names parted by a stroke are two people of the State in the bracket behind them."""
    meeting = page_of(PAGE.replace("Mr. Tan Weiming", "Mr. Tan Weiming/Ms. Lo Testing")).meeting
    assert [(one.name, one.iso3) for one in meeting.presidents] == [
        ("Mr. Tan Weiming", "CHN"),
        ("Ms. Lo Testing", "CHN"),
    ]
