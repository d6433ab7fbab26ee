"""Sentences end where they end, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from forewarn.collect.documents.sentences import LONGEST_SENTENCE, sentences
from forewarn.model.document import Span


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Oyelaran met H.E. Mrs. Castellanos in the hall.",
        "We refer to para. 3 of the report and to No. 5 on the list.",
        "The U.S. delegation spoke first.",
        "J. R. Okafor took the floor at 3.15 p.m. on Monday.",
        "Article 7.1 and resolution 2286 (2016) apply; see also art. 4.",
        "It rose by 2.5 per cent ... and then fell.",
        "The phrase “Never again!” was heard.",
    ],
)
def test_full_stops_inside_a_sentence_do_not_end_it(text: str) -> None:
    """Titles, numbers, initials, decimals and quoted exclamations stay inside."""
    assert [text] == cut(text)


def test_two_sentences_are_two() -> None:
    """A full stop, a question mark, and a stop inside closing quotes end a sentence."""
    text = "We agree. Do they? He said, “No.” The matter rests in the U.S. The rest is silence.\nWe shall see."
    expected = [
        "We agree.",
        "Do they?",
        "He said, “No.”",
        "The matter rests in the U.S.",
        "The rest is silence.",
        "We shall see.",
    ]
    assert expected == cut(text)


def test_no_at_the_end_is_a_word() -> None:
    """ "No." before a number is an abbreviation; before a word it is an answer."""
    assert cut("The answer is no. We repeat it.") == ["The answer is no.", "We repeat it."]


def test_a_line_break_is_no_end_and_a_blank_line_is() -> None:
    """Lines of a column are joined by the reader; paragraphs are not."""
    assert cut("First\nline\n\nSecond") == ["First\nline", "Second"]


def test_only_the_asked_stretch_is_cut() -> None:
    """Offsets are into the whole text, within the span asked for."""
    text = "Before. We agree. We act. After."
    assert [Span(8, 17), Span(18, 25)] == sentences(text, Span(8, 25))


@given(st.text(alphabet="aA .!?\n\"'“”();MrNo15…", max_size=400))
@limits(max_examples=200)
def test_nothing_but_white_space_is_lost(text: str) -> None:
    """Sentences stand in order, do not overlap, and leave only white space between them."""
    at = 0
    for span in sentences(text, Span(0, len(text))):
        assert not text[at : span.start].strip()
        assert at <= span.start < span.end
        at = span.end
    assert not text[at:].strip()


@pytest.mark.parametrize("piece", [".", " ", "A.", ". ", "\n \n", "“", "No. ", "a", "?!", "…"])
def test_long_lines_are_cut_to_their_end(piece: str) -> None:
    """Half a million characters of nonsense leave no endless sentence, and are read without going back over them."""
    text = piece * (500_000 // len(piece))
    longest = max((span.end - span.start for span in sentences(text, Span(0, len(text)))), default=0)
    assert longest <= LONGEST_SENTENCE
