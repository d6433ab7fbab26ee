"""Reading forms, their way back to the verbatim text, and hyphens."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.collect.documents.reading import SourceText, paragraph_spans, read_document, reading_form, reading_of
from forewarn.collect.documents.reading.furniture import furniture_of
from forewarn.errors import InputValueError
from forewarn.model.document import Span


def form(text: str, kind: str = "text") -> tuple[str, tuple[str, ...]]:
    """The reading form of a whole text."""
    source = SourceText(text, kind)
    return reading_form(source, source.whole)


def test_case_01_real_hyphens_at_line_ends_are_kept() -> None:
    """A hyphen stays unless the text shows the joined word; in doubt it stays and is flagged."""
    assert form("strengthening the security-\ndevelopment nexus") == (
        "strengthening the security-development nexus",
        ("line_end_hyphen",),
    )
    assert form("next week in Nur-\nSultan") == ("next week in Nur-Sultan", ())
    assert form("Interaction and Confidence-\nBuilding Measures") == (
        "Interaction and Confidence-Building Measures",
        (),
    )


def test_case_01_a_broken_word_the_text_knows_is_joined() -> None:
    """A word that stands whole inside another line is joined."""
    assert form("the inter-\nnational order and international law") == (
        "the international order and international law",
        (),
    )


def test_case_01_a_hyphenated_word_the_text_knows_is_kept() -> None:
    """A word the text also writes with its hyphen keeps it without a flag, even if it writes it without one too."""
    assert form("co-\noperate, a co-operate cooperate line") == ("co-operate, a co-operate cooperate line", ())


def test_case_01_years_and_dashes_are_no_broken_words() -> None:
    """Ranges of years keep their hyphen; a dash with blanks around it stays a dash."""
    assert form("for 2017-\n2018") == ("for 2017-2018", ())
    assert form("the organizations -\nsuch as these") == ("the organizations - such as these", ())


def test_case_01_hyphens_of_the_seeds(shared_data: Path) -> None:
    """All three line-end hyphens of the seeds are kept."""
    folder = shared_data / "un" / "statements"
    said = " ".join(
        reading_form(source, source.whole)[0]
        for source in (read_document(path, path.name) for path in folder.glob("*.txt"))
    )
    for word in ("Nur-Sultan", "Confidence-Building", "security-development"):
        assert word in said


def test_case_02_soft_and_non_breaking_hyphens_are_made_plain() -> None:
    """Soft hyphens go, at line ends with the break; non-breaking hyphens become plain ones; dashes stay."""
    assert form("peace\u00adkeeping and peace\u00ad\nbuilding, A/HRC/S\u201117/1, 63/677\u2013S/2009/1")[0] == (
        "peacekeeping and peacebuilding, A/HRC/S-17/1, 63/677\u2013S/2009/1"
    )


def test_blanks_of_every_sort_become_one() -> None:
    """Tabs, non-breaking blanks and runs of blanks read as one blank."""
    assert form("  Mr.\u00a0Ode \t (Norway):\n   I\n")[0] == "Mr. Ode (Norway): I"


def test_case_39_a_foot_inside_a_sentence_is_not_read() -> None:
    """A page foot that a tool ran into the sentence is marked as furniture and left out of the reading form."""
    text = "evolved to such an extent that 17-37065 3/16 humanitarian action is needed"
    source = SourceText(text, furniture=furniture_of(text))
    assert [text[s.start : s.end] for s in source.furniture] == ["17-37065 3/16"]
    assert reading_form(source, source.whole)[0] == "evolved to such an extent that humanitarian action is needed"
    assert len(paragraph_spans(source, source.whole)) == 1


def test_case_39_a_paragraph_goes_on_over_the_page() -> None:
    """Foot, head and blank lines between two pages do not end a paragraph in mid-sentence, nor hide a hyphen."""
    between = "17-37065\n3/16\n\nS/PV.9999 The situation in Testland 08/11/2018"
    text = f"We support the long-\n\n{between}\n\nterm plan.\n\nNext, then."
    source = SourceText(text, furniture=furniture_of(text))
    forms = [reading_form(source, span) for span in paragraph_spans(source, source.whole)]
    assert forms == [("We support the long-term plan.", ("line_end_hyphen",)), ("Next, then.", ())]


def test_a_paragraph_that_ends_with_the_page_ends() -> None:
    """A sentence that ends before the foot, with a blank line, ends its paragraph."""
    text = "We support the plan.\n\n17-37065 3/16\n\nWe also thank them."
    source = SourceText(text, furniture=furniture_of(text))
    assert len(paragraph_spans(source, source.whole)) == 2


def test_paragraphs_by_indentation_and_short_lines() -> None:
    """Without blank lines, an indented line or one behind a short last line begins a paragraph."""
    body = "the words of this line go on to the margin here\n" * 3
    indented = (
        f"{body}and end at full width with the final full stop.\n   Then a new one begins with indented words\n{body}"
    )
    short = f"{body}and end.\nThen a new one begins without being indented\n{body}"
    for text in (indented, short):
        source = SourceText(text)
        assert len(paragraph_spans(source, source.whole)) == 2, text


def test_a_full_line_that_ends_a_sentence_ends_no_paragraph(shared_data: Path) -> None:
    """In the first statement a sentence that ends with its line does not end the paragraph (lines 11 and 12)."""
    path = next((shared_data / "un" / "statements").glob("000_*.txt"))
    source = read_document(path, path.name)
    texts = [reading_form(source, span)[0] for span in paragraph_spans(source, source.whole)]
    assert "the situation in Libya. The current security" in texts[1]


def test_furniture_out_of_order_is_refused() -> None:
    """Spans of furniture are sorted and inside the text."""
    with pytest.raises(InputValueError, match="furniture"):
        SourceText("abc", furniture=(Span(2, 3), Span(0, 1)))
    with pytest.raises(InputValueError, match="furniture"):
        SourceText("abc", furniture=(Span(2, 4),))


_LETTERS = st.text(alphabet="ab- \n\u00ad\u2011\u200b*_.A1\t", max_size=80)


@given(_LETTERS, st.sampled_from(("text", "markdown", "pdf")), st.data())
def test_every_character_read_points_to_itself(text: str, kind: str, data: st.DataObject) -> None:
    """A letter of the reading form maps to the same letter of the verbatim text, in order."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    cut = data.draw(st.integers(start, end))
    furniture = (Span(start, cut),) if cut > start else ()
    source = SourceText(text, kind, furniture=furniture)
    reading = reading_of(source, Span(start, end))
    last = -1
    for at, letter in enumerate(reading.text):
        place = reading.verbatim(at, at + 1).start
        assert last < place < end
        assert letter in (" ", "-") or text[place] == letter
        last = place


@given(_LETTERS, st.sampled_from(("text", "markdown", "pdf")))
def test_paragraphs_hold_every_word(text: str, kind: str) -> None:
    """Paragraphs are in order, trimmed, never overlap, and between them stands nothing but white space."""
    source = SourceText(text, kind)
    at, between = 0, ""
    for span in paragraph_spans(source, source.whole):
        assert at <= span.start < span.end
        between += text[at : span.start]
        assert text[span.start : span.end].strip() == text[span.start : span.end]
        at = span.end
    assert (between + text[at:]).strip() == ""


@pytest.mark.parametrize(
    "unit",
    [
        "\u00ad ",
        "- ",
        "-\n",
        "* ",
        "*a",
        "**a ",
        " \n",
        "\u200b",
        "17-37065 ",
        "3/16 ",
        "# ",
        "a",
        " ",
        "\t",
        "S/PV.1 ",
    ],
)
def test_long_odd_texts_take_no_long_time(unit: str) -> None:
    """A hundred thousand odd characters are read in a moment: every pattern is linear."""
    text = unit * (100_000 // len(unit))
    began = time.process_time()
    source = SourceText(text, "markdown", furniture=furniture_of(text))
    for span in paragraph_spans(source, source.whole):
        reading_form(source, span)
    assert time.process_time() - began < 2.0
