"""Checking anybody's CAP: a good message passes, and each fault is one finding of its kind, at its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.collect.xml import read_xml
from forewarn.errors import InputFormatError
from forewarn.exchange.cap import CapFinding, check_message, check_together, fails

Find = Callable[..., tuple[CapFinding, ...]]

GOOD = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>urn:oid:2.49.0.1</identifier>
<sender>d@example.org</sender><sent>2030-01-02T03:04:05-00:00</sent><status>Actual</status><msgType>Update</msgType>
<scope>Public</scope><references>d@example.org,urn:oid:2.48,2030-01-01T03:04:05-00:00</references>
<info><language>en</language><category>Security</category><event>Attacks</event><urgency>Expected</urgency>
<severity>Severe</severity><certainty>Likely</certainty><expires>2030-01-05T00:00:00-00:00</expires>
<description>People in the north should not use the roads to the market.</description><area><areaDesc>Ash</areaDesc>
<polygon>10,20 10,21 11,21 10,20</polygon><circle>10.5,20.5 12.5</circle></area></info></alert>"""

SENT = "2030-01-02T03:04:05-00:00"
RING = "10,20 10,21 11,21 10,20"
TEXT = "People in the north of the district should not use the roads to the market, and should stay."
FRENCH = "Les habitants du nord ne doivent pas aller sur les routes et dans les villages avec leurs familles."

ERRORS = {
    "a blank in the identifier": ("identifier", ("urn:oid:2.49.0.1.999.1", "A 1")),
    "a comma in the sender": ("sender", ("desk@example.org", "desk,1")),
    "a < in the identifier": ("identifier", ("urn:oid:2.49.0.1.999.1", "a&lt;b")),
    "Z for UTC": ("sent", (SENT, "2030-01-02T03:04:05Z")),
    "no time zone": ("sent", (SENT, "2030-01-02T03:04:05")),
    "a thirteenth month": ("sent", (SENT, "2030-13-02T03:04:05-00:00")),
    "a word in small letters": ("status", (">Actual<", ">actual<")),
    "a word of no list": ("info[1]/urgency", (">Expected<", ">Soon<")),
    "an unknown type": ("msgType", (">Alert<", ">Warning<")),
    "no certainty": ("info[1]", ("<certainty>Likely</certainty>", "")),
    "an unknown element": ("info[1]", ("<headline>", "<colour>red</colour><headline>")),
    "an element of another namespace": ("", ("<status>", '<x xmlns="urn:x">1</x><status>')),
    "elements out of order": (
        "info[1]/category",
        ("<category>Security</category><event>Attacks</event>", "<event>Attacks</event><category>Security</category>"),
    ),
    "an element twice": ("scope", ("<scope>Public</scope>", "<scope>Public</scope><scope>Public</scope>")),
    "an attribute": ("info[1]/event", ("<event>", '<event id="1">')),
    "restricted without a restriction": ("restriction", (">Public<", ">Restricted<")),
    "a restriction in public": ("restriction", ("</scope>", "</scope><restriction>us</restriction>")),
    "private without addresses": ("addresses", (">Public<", ">Private<")),
    "an update of nothing": ("references", (">Alert<", ">Update<")),
    "an ack of nothing": ("references", (">Alert<", ">Ack<")),
    "references that are no triples": ("references", ("</scope>", "</scope><references>a,b</references>")),
    "a reference with Z": ("references", ("</scope>", "</scope><references>a,b,2030-01-01T00:00:00Z</references>")),
    "a reference to a later message": (
        "references",
        ("</scope>", "</scope><references>a,b,2031-01-01T00:00:00-00:00</references>"),
    ),
    "a reference to itself": (
        "references",
        ("</scope>", f"</scope><references>desk@example.org,urn:oid:2.49.0.1.999.1,{SENT}</references>"),
    ),
    "an odd quotation mark": ("addresses", ("</scope>", '</scope><addresses>"a b</addresses>')),
    "an open polygon": ("info[1]/area[1]/polygon[1]", (RING, "10,20 10,21 11,21 11,20")),
    "three points": ("info[1]/area[1]/polygon[1]", (RING, "10,20 10,21 10,20")),
    "a point off the globe": ("info[1]/area[1]/polygon[1]", (RING, "10,20 10,21 91,21 10,20")),
    "points in letters": ("info[1]/area[1]/polygon[1]", (RING, "NaN,20 10,21 11,21 NaN,20")),
    "a circle without radius": ("info[1]/area[1]/circle[1]", ("10.5,20.5 12.5", "10.5,20.5")),
    "a circle of infinite radius": ("info[1]/area[1]/circle[1]", ("10.5,20.5 12.5", "10.5,20.5 inf")),
    "no area words": ("info[1]/area[1]", ("<areaDesc>Ash district</areaDesc>", "")),
    "half a geocode": ("info[1]/area[1]/geocode[1]", ("<value>XAA</value>", "")),
    "a ceiling alone": ("info[1]/area[1]/ceiling", ("</geocode>", "</geocode><ceiling>9</ceiling>")),
    "a language that is no tag": ("info[1]/language", (">en<", ">English language<")),
    "another language than declared": ("info[1]/language", (TEXT, FRENCH)),
    "undeclared French, which is en-US by default": (
        "info[1]/language",
        ("<language>en</language>", ""),
        (TEXT, FRENCH),
    ),
    "another writing than declared": (
        "info[1]/language",
        (TEXT, "Ожидаются нападения на гражданских лиц в районе реки и на севере области в ближайшие дни"),
    ),
}


def test_a_good_message_has_no_finding(find: Find) -> None:
    """Nothing is found where nothing is wrong."""
    assert find() == ()


@pytest.mark.parametrize(("place", "changes"), [(case[0], case[1:]) for case in ERRORS.values()], ids=ERRORS)
def test_each_fault_is_an_error_at_its_place(find: Find, place: str, changes: tuple[tuple[str, str], ...]) -> None:
    """Each breach of the standard is told where it is, on one line, with a mend, and fails the message."""
    found = [one for one in find(*changes) if one.kind == "error"]
    assert place in [one.where for one in found], found
    assert all(one.mend and "\n" not in str(one) for one in found)
    assert fails(found, standard_only=True)


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        ("info[1]", ("<expires>2030-01-05T00:00:00-00:00</expires>", "")),
        ("info[1]/expires", ("2030-01-05", "2029-01-05")),
        ("info[1]/area[1]/polygon[1]", (RING, "0,0 1,1 0,1 1,0 0,0")),
        ("info[1]/area[1]/polygon[1]", (RING, "0,0 0,1 0,2 0,0")),
    ],
    ids=["no end", "an end before the beginning", "a border across itself", "no area"],
)
def test_the_profile_asks_more_than_the_standard(find: Find, place: str, changes: tuple[str, str]) -> None:
    """Our stricter wishes are told apart: they fail a message, but not by the standard alone."""
    found = find(changes)
    assert [(one.kind, one.where) for one in found] == [("profile", place)]
    assert fails(found)
    assert not fails(found, standard_only=True)


def test_advice_and_doubt_fail_nothing(find: Find) -> None:
    """An identifier that is no URN and a language nobody here can tell are said, and held against nobody."""
    found = find(("urn:oid:2.49.0.1.999.1", "KSTO1055887203"), (">en<", ">kmb<"))
    assert sorted(one.kind for one in found) == ["advice", "unsure"]
    assert not fails(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<alert xmlns="urn:oasis:names:tc:emergency:cap:1.1"/>', "of CAP 1.1"),
        ("<html/>", "of no namespace"),
    ],
)
def test_another_kind_of_file_is_told_so(text: str, words: str) -> None:
    """One finding, and nothing more is read from it."""
    found = check_message(read_xml(text.encode(), "given"))
    assert len(found) == 1
    assert words in found[0].what


def test_messages_are_held_against_each_other() -> None:
    """The same identifier twice, and a reference that gives another time, are found; an unknown reference is not."""
    head = '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{}</identifier><sender>s</sender>'
    told = head + "<sent>2030-01-0{}T00:00:00-00:00</sent><references>{}</references></alert>"
    texts = {
        "a": told.format("1", 1, ""),
        "b": told.format("2", 2, "s,1,2030-01-03T00:00:00-00:00 s,9,2030-01-01T00:00:00-00:00"),
        "c": told.format("1", 3, ""),
    }
    found = list(check_together({name: read_xml(text.encode(), name) for name, text in texts.items()}))
    assert [(name, one.where) for name, one in found] == [("c", "identifier"), ("b", "references")]


def test_a_flood_of_faults_is_cut_off(find: Find) -> None:
    """A message made of faults does not make a report without end."""
    found = find(("<headline>", "<colour/>" * 5_000 + "<headline>"))
    assert len(found) < 600
    found = find(("</info>", "</info>" + "<info><event>x</event></info>" * 5_000))
    assert len(found) < 1_100


@given(
    place=st.integers(0, len(GOOD) - 1),
    length=st.integers(0, 40),
    put=st.sampled_from(
        ["", "<", "&", "</area>", "<info/>", "NaN", "1e999", "\u202e", "-" * 50, "9" * 400, ",,,", "é"]
    ),
)
def test_no_spoilt_message_breaks_the_check(place: int, length: int, put: str) -> None:
    """Whatever is cut out or put in, there are findings or a refusal that is explained, and never an accident."""
    text = GOOD[:place] + put + GOOD[place + length :]
    try:
        found = check_message(read_xml(text.encode(), "given"))
    except InputFormatError:
        return
    assert all(one.kind in ("error", "profile", "advice", "unsure") and one.what for one in found)
