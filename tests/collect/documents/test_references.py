"""References: every mention, what it points to, what is doubtful, and nothing that only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.collect.documents.instruments import instruments
from forewarn.collect.documents.references import find_references
from forewarn.collect.documents.symbols import parse_symbol
from forewarn.model.document import Reference

STATEMENTS = {
    "000_fcb52c2c94fb5fe8.txt": [],
    "001_bc50d830ca4e0246.txt": [("meeting", "S/PV.8091", "S/PV.8091", "", True)],
    "002_7f9470114eb043be.txt": [
        ("symbol", "Implementing the Responsibility to Protect", "A/63/677", "", False),
        ("resolution", "2005 World Summit Outcome Document", "A/RES/60/1", "", False),
        ("treaty", "UN Charter", "Charter of the United Nations", "Chapters VI, VII and VIII", False),
        ("symbol", "Implementing the Responsibility to Protect", "A/63/677", "", False),
        ("resolution", "2005 Outcome Document", "A/RES/60/1", "", False),
        ("paragraph", "paragraphs 138 and 139", "A/RES/60/1", "paragraphs 138 and 139", False),
    ],
    "003_4a74fc7be10ed2ec.txt": [
        (
            "symbol",
            "recommendations of the High-level\nIndependent Panel on Peace Operations",
            "A/70/95-S/2015/446",
            "",
            False,
        ),
        ("symbol", "S/2015/453", "S/2015/453", "", False),
        ("resolution", "resolution\n1325 (2000)", "S/RES/1325 (2000)", "", False),
    ],
    "004_b83d9361ca5fa20e.txt": [
        ("symbol", "S/2018/462", "S/2018/462", "", True),
        ("resolution", "resolution 2286 (2016)", "S/RES/2286 (2016)", "", False),
        ("instrument", "declaration of October 2017", "Declaration of October 2017", "", False),
        ("treaty", "Arms Trade Treaty", "Arms Trade Treaty", "", False),
    ],
}
"""What a reader finds in the five statements: kind, words, target, pin-point, put in by the reporters."""


def targets(text: str, context: str = "") -> list[str]:
    """What the references of a text point to."""
    return [one.target for one in find_references(text, context=context)]


def only(text: str, context: str = "", previous: str = "") -> Reference:
    """The one reference of a text."""
    (found,) = find_references(text, context=context, previous=previous)
    return found


@pytest.mark.parametrize("name", STATEMENTS)
def test_all_references_of_the_statements_are_found(shared_data: Path, name: str) -> None:
    """Nothing is missed and nothing added, and each span's words are the reference's text."""
    text = (shared_data / "un" / "statements" / name).read_text(encoding="utf-8")
    found = find_references(text)
    assert STATEMENTS[name] == [(one.kind, one.text, one.target, one.pinpoint, one.editorial) for one in found]
    assert [text[one.span.start : one.span.end] for one in found] == [one.text for one in found]


def test_spans_are_of_the_document() -> None:
    """A paragraph's references are placed by where the paragraph starts."""
    found = only("see S/2018/462", previous="")
    moved = find_references("see S/2018/462", start=1_000)[0]
    assert (moved.span.start, moved.span.end) == (found.span.start + 1_000, found.span.end + 1_000)


def test_case_02_soft_hyphens_stay_in_the_words_and_leave_the_target() -> None:
    """The text is as printed, marks and line end included; the target is the normal form."""
    found = only("as told in S/PV.80\u00ad91 and heard")
    assert (found.text, found.target) == ("S/PV.80\u00ad91", "S/PV.8091")
    assert only("A/66/551–\nS/2011/701").target == "A/66/551-S/2011/701"


def test_case_24_references_put_in_by_reporters_are_marked() -> None:
    """What stands in "(see ...)" is editorial, brackets inside included; what stands outside is spoken."""
    found = find_references("We recall S/2018/462 (see also S/RES/2286 (2016), para. 5, and S/PV.8091) and A/63/677.")
    assert [(one.target, one.editorial) for one in found] == [
        ("S/2018/462", False),
        ("S/RES/2286 (2016)", True),
        ("S/PV.8091", True),
        ("A/63/677", False),
    ]


def test_case_25_a_symbol_and_a_title_of_another_document_are_both_kept_and_flagged(shared_data: Path) -> None:
    """In 003_4a74fc7be10ed2ec.txt a title and the symbol behind it are of two documents: a warning on each."""
    text = (shared_data / "un" / "statements" / "003_4a74fc7be10ed2ec.txt").read_text(encoding="utf-8")
    flagged = [one.target for one in find_references(text) if "description_mismatch" in one.flags]
    assert flagged == ["A/70/95-S/2015/446", "S/2015/453"]


@pytest.mark.parametrize(
    ("text", "mismatch"),
    [
        ("the resolution (S/2018/462)", True),
        ("the verbatim record S/2018/462", True),
        ("the report of the Secretary-General on Ruritania (S/RES/2286 (2016))", True),
        ("the letter (S/PV.8091)", True),
        ("the presidential statement (S/2018/462)", True),
        ("the report of the Secretary-General on Ruritania (S/2018/462)", False),
        ("draft resolution A/63/L.80", False),
        ("the verbatim record (S/PV.8091)", False),
        ("a report on the implementation of S/RES/2286 (2016)", False),
        ("its letter and report on the resolution (S/2018/462)", False),
        ("the report. S/PV.8091 says so", False),
    ],
)
def test_case_25_the_word_for_a_class_is_compared_with_the_symbol(text: str, mismatch: bool) -> None:
    """A class that the symbol excludes is flagged; one it leaves open, or words further off, are not."""
    assert mismatch is ("description_mismatch" in only(text).flags)


def test_case_33_bare_numbers_are_settled_by_the_organ_passed_in() -> None:
    """A bare number is ambiguous by itself, the Assembly's in the Assembly; "ibid." is the text before it."""
    text = "as agreed in 63/308, and see 60/1, paras. 138-140; ibid., para. 141"
    found = find_references(text, context="General Assembly")
    assert [(one.target, one.pinpoint) for one in found] == [
        ("A/RES/63/308", ""),
        ("A/RES/60/1", "paras. 138-140"),
        ("A/RES/60/1", "para. 141"),
    ]
    open_ones = find_references(text)
    assert [one.target for one in open_ones] == ["", "", ""]
    assert all({"ambiguous_organ", "unresolved"} & set(one.flags) for one in open_ones)


def test_case_33_ibid_points_across_paragraphs() -> None:
    """The last reference of the paragraph before is passed in."""
    assert only("Ibid., para. 4.", previous="A/63/677").target == "A/63/677"


def test_case_34_changes_named_behind_a_symbol_are_expanded() -> None:
    """Each addendum and corrigendum is a reference of its own, placed where it is named."""
    assert targets("S/25704 and Add.1 and 2, and A/63/677 and Corr.1.") == [
        "S/25704",
        "S/25704/Add.1",
        "S/25704/Add.2",
        "A/63/677",
        "A/63/677/Corr.1",
    ]
    assert targets("in A/64/1/Add.1-3") == ["A/64/1/Add.1", "A/64/1/Add.2", "A/64/1/Add.3"]
    assert targets("A/63/677, Add.1-2 and Add.4/Corr.1") == [
        "A/63/677",
        "A/63/677/Add.1",
        "A/63/677/Add.2",
        "A/63/677/Add.4/Corr.1",
    ]
    assert targets("records A/63/PV.97-101") == [f"A/63/PV.{number}" for number in range(97, 102)]
    assert targets("A/63/677/Add.1 and 2 others") == ["A/63/677/Add.1"]


def test_case_34_the_star_is_flagged_and_dropped() -> None:
    """A reissued revision points to the revision."""
    found = only("see A/63/L.80/Rev.1*, which")
    assert (found.text, found.target, found.flags) == ("A/63/L.80/Rev.1*", "A/63/L.80/Rev.1", ("reissue",))


@pytest.mark.parametrize(
    ("text", "context", "target"),
    [
        ("resolution 50/11", "", ""),
        ("resolution 50/11", "General Assembly", "A/RES/50/11"),
        ("resolution 50/11", "Human Rights Council", "A/HRC/RES/50/11"),
        ("Human Rights Council resolution 50/11", "General Assembly", "A/HRC/RES/50/11"),
        ("General Assembly resolution 50/11", "Human Rights Council", "A/RES/50/11"),
        ("resolution 50/11 of the Human Rights Council", "", "A/HRC/RES/50/11"),
        ("Assembly resolution 50/11", "", "A/RES/50/11"),
        ("World Health Assembly resolution 65/20", "General Assembly", ""),
        ("resolution 65/20 of the World Health Assembly", "General Assembly", ""),
        ("resolution 16/21", "General Assembly", ""),
        ("resolution 50/11", "Security Council", ""),
        ("resolution ES-10/19", "", "A/RES/ES-10/19"),
        ("resolution S-17/1", "Human Rights Council", "A/HRC/RES/S-17/1"),
        ("decision 63/512", "General Assembly", "A/DEC/63/512"),
        ("decision 63/512", "", ""),
    ],
)
def test_case_35_numbers_of_two_organs_are_told_apart_or_left_open(text: str, context: str, target: str) -> None:
    """Session numbers are settled by a named organ, then by the one that speaks, and are otherwise ambiguous."""
    found = only(text, context)
    assert target == found.target
    assert bool(target) is ("ambiguous_organ" not in found.flags)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("resolution 2286 (2016)", ["S/RES/2286 (2016)"]),
        ("S/RES/1970(2011)", ["S/RES/1970 (2011)"]),
        (
            "resolutions 1265 (1999), 1296 (2000) and 2286 (2016)",
            ["S/RES/1265 (1999)", "S/RES/1296 (2000)", "S/RES/2286 (2016)"],
        ),
        ("General Assembly resolutions 60/1 and 63/308", ["A/RES/60/1", "A/RES/63/308"]),
        ("General Assembly resolution 377 (V)", ["A/RES/377 (V)"]),
        ("General Assembly resolution 217 A (III)", ["A/RES/217 A (III)"]),
        ("Economic and Social Council resolution 1503 (XLVIII)", ["E/RES/1503 (XLVIII)"]),
        ("Economic and Social Council resolution 2006/4", ["E/RES/2006/4"]),
        ("General Assembly resolution 48/103 A of 1993", ["A/RES/48/103 A"]),
        ("Security Council resolution 1325 on women", ["S/RES/1325"]),
        ("the 8091st meeting of the Security Council", ["S/PV.8091"]),
    ],
)
def test_resolutions_and_meetings_in_words(text: str, expected: list[str]) -> None:
    """Text forms lead to the symbol's normal form, lists one by one."""
    assert expected == targets(text)


@pytest.mark.parametrize(
    ("text", "target", "pinpoint"),
    [
        ("S/2018/462, para. 5", "S/2018/462", "para. 5"),
        ("S/2018/462 (paras. 5-7 and 12)", "S/2018/462", "paras. 5-7 and 12"),
        ("paragraph 7 of Security Council resolution 2286 (2016)", "S/RES/2286 (2016)", "paragraph 7"),
        (
            "article 7 (1) (d) of the Rome Statute",
            "Rome Statute of the International Criminal Court",
            "article 7 (1) (d)",
        ),
        ("common article 3 of the Geneva Conventions", "Geneva Conventions of 1949", "common article 3"),
        ("under Chapter VII of the Charter", "Charter of the United Nations", "Chapter VII"),
    ],
)
def test_pinpoints_go_with_their_text(text: str, target: str, pinpoint: str) -> None:
    """A paragraph, article or chapter before or behind a mention is its pin-point, as printed."""
    found = only(text)
    assert (target, pinpoint) == (found.target, found.pinpoint)


def test_a_paragraph_without_its_text_stays_open() -> None:
    """What is pointed to within an unnamed text is a reference without target."""
    found = only("as set out in paragraph 4 above")
    assert (found.kind, found.target, found.flags) == ("paragraph", "", ("unresolved",))


def test_ordinary_prose_holds_no_references() -> None:
    """Dates, page numbers, shares, scores, abbreviations, votes and relative mentions find nothing."""
    prose = (
        "On 08/11/2018 the A/C unit, and/or S/he, on page 3/16 or 63/308 of it, 24/7, after 9/11, by 50/50, in 1/3 of "
        "cases, 60/40, at 120/80, his previous report, their resolution of 3 May, the decision of 12 States, a "
        "Charter of rights, the charter, the Charter of Ruritania, 2,286 (2016), parts of it, articles from 2016."
    )
    for context in ("", "General Assembly", "Security Council"):
        assert find_references(prose, context=context) == ()


def test_the_list_of_instruments_is_sound() -> None:
    """Every symbol of the list is one, every entry is found by each of its forms."""
    for one in instruments():
        assert all(symbol == parse_symbol(symbol).normal for symbol in one.symbols), one.name
        assert one.forms or one.exact, one.name
        for form in (*one.forms, *one.exact):
            assert targets(f"We welcome {form}.") == [one.target], form


PIECES = st.sampled_from(
    [
        "resolution ",
        "S/2018/462",
        "60/1",
        " and ",
        "Add.1",
        "(see ",
        ")",
        "(2016)",
        "para. 5",
        ", ",
        "ibid.",
        "1325 ",
        "the Charter",
        "\n",
        "\u00ad",
        "A/63/PV.97-101",
        "decision ",
        " thereof",
        "General Assembly ",
        "of the ",
        "–",
        "2",
    ]
)


@given(
    st.lists(PIECES, max_size=20).map("".join) | st.text(max_size=200), st.sampled_from(["", "GA", "Security Council"])
)
def test_any_text_gives_references_that_stand_in_it(text: str, context: str) -> None:
    """Whatever the text: spans lie in it, in order, their words are the references' text, symbols are normal forms."""
    found = find_references(text, context=context)
    assert [one.text for one in found] == [text[one.span.start : one.span.end] for one in found]
    assert sorted(one.span.start for one in found) == [one.span.start for one in found]
    for one in found:
        if one.kind == "symbol" and one.target:
            assert one.target == parse_symbol(one.target).normal


@pytest.mark.parametrize(
    "unit",
    [
        "resolution 1 ",
        "resolutions 60/1, ",
        "paras. 1-2, ",
        "A/63/677 and Add.1, ",
        "(see ",
        "the Charter ",
        "60/1 ",
        "article I, ",
        "report of ",
        "(S/2018/462) ",
        "paragraph 5 of the ",
        "1",
        "((((",
        " and 2",
        "A/63/677/Add.1 and 2 and ",
    ],
)
def test_hostile_lines_finish(unit: str) -> None:
    """A hundred thousand characters of near-references are read to their end."""
    text = unit * (100_000 // len(unit))
    assert len(find_references(text, context="GA")) <= len(text)
