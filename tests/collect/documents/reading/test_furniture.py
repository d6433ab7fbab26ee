"""Running heads and feet, job numbers, bar codes and notices."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from forewarn.collect.documents.reading.furniture import edges_of, furniture_of, is_furniture


def found(text: str) -> list[str]:
    """The furniture of a text, as printed."""
    return [text[span.start : span.end] for span in furniture_of(text)]


def test_case_39_patterns_of_pages() -> None:
    """Job number with page of pages, bar code, and running heads both ways round are furniture."""
    assert found("word 17-37065 3/16 word") == ["17-37065 3/16"]
    assert found("word 4/16 17-37065 word") == ["4/16 17-37065"]
    assert found("Agenda\n*1836821*\n18-36821 (E)\nItem") == ["*1836821*", "18-36821 (E)"]
    assert is_furniture("S/PV.9999 The situation in Testland 08/11/2018")
    assert is_furniture("08/11/2018  The situation in Testland  S/PV.9999 (Resumption 1)")


def test_case_39_words_of_the_body_stay() -> None:
    """Fractions, references, years and symbols in a sentence are not furniture."""
    for words in (
        "We recall S/PV.9999 and resolution 60/1 of 08/11/2018.",
        "A share of 3/16 of them, or 12-34567 persons",
        "(see S/2018/462)",
        "A/63/677",
        "Kazakhstan, the Council and 138/139 of them",
    ):
        assert found(words) == [], words


def test_case_39_the_notice_of_the_reporters_is_marked() -> None:
    """The standing notice about corrections is marked from its first word to the last address, and no further."""
    notice = (
        "This record contains the text of speeches delivered in English and of the translation of speeches\n"
        "delivered in other languages. Corrections go to the Chief of the Verbatim Reporting Service, room U-0506\n"
        "(verbatimrecords@un.org). Corrected records are on the system (http://documents.un.org)."
    )
    assert found(f"We agree that\n{notice}\nthe plan is good.") == [notice]


def test_running_heads_on_lines_of_their_own() -> None:
    """A symbol on its own line is the masthead once, and a running head when it comes back, with its topic."""
    page = "S/PV.9999\nThe situation in Testland\nWe thank the President for number {}.\n"
    text = "".join(page.format(number) for number in range(4))
    assert found(text) == ["S/PV.9999", "The situation in Testland"] * 3
    assert text.index("S/PV.9999") not in {span.start for span in furniture_of(text)}


def test_edges_that_come_back_are_furniture() -> None:
    """Rows at head and foot that return with other numbers are furniture; the masthead and the body are not."""
    pages = [[["Report on Testland"], [f"Body line {n}{word}"], [f"page {n}"]] for n, word in enumerate("abcd")]
    pages[0] = [["Report on Testland"], ["Unlike the rest"], ["page 0"]]
    assert edges_of(pages) == [(0, 1), (1, 1), (1, 1), (1, 1)]


def test_pages_of_plain_text_have_heads_and_feet() -> None:
    """In text with form feeds, lines that return at the edges of pages are furniture."""
    text = "\f".join(
        f"Annual report     Testland\nWords of page {word} go here.\n- {n} -" for n, word in enumerate("abc")
    )
    assert found(text).count("Annual report     Testland") == 2
    assert [line for line in found(text) if line.startswith("- ")] == ["- 0 -", "- 1 -", "- 2 -"]


def test_the_seeds_have_no_furniture(shared_data: Path) -> None:
    """Nothing of the five statements is taken for furniture."""
    for path in (shared_data / "un" / "statements").glob("*.txt"):
        assert found(path.read_text(encoding="utf-8")) == []


@given(st.text(alphabet="17-3065/ *SPV.()\n\fa", max_size=120))
def test_furniture_is_sorted_and_inside(text: str) -> None:
    """Spans rise, do not touch each other's characters, and never leave the text."""
    last = 0
    for span in furniture_of(text):
        assert last <= span.start < span.end <= len(text)
        last = span.end
