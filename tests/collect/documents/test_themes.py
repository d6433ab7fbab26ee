"""Themes are marked by words that stand in the text, and only by them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from forewarn.collect.documents.themes import find_themes, themes_in
from forewarn.ids import sha256_hex
from forewarn.model.document import Document, Paragraph, Span, Speaker, Speech, ThemeMark

UNRELATED = (
    "The port handled more containers in the spring than in any quarter before. Exporters of coffee and cut "
    "flowers gained from a weaker currency, while makers of tiles paid more for gas. Two shipping lines added a "
    "weekly sailing, and the price of a berth rose by a tenth. Analysts expect the surplus to narrow once the "
    "harvest is in.",
    "The home side led by two goals after half an hour and seemed safe. A substitute then scored twice in five "
    "minutes, the goalkeeper saw a red card, and the match went into extra time. The captain took the last "
    "penalty himself and sent it over the bar. Tickets for the return leg were gone before noon on Tuesday.",
    "A ridge of high pressure moves east on Thursday and leaves clear skies over the plains. Showers are likely "
    "along the coast by evening, with gusts of forty knots near the cape. Frost may form in the valleys "
    "overnight. The weekend looks dry and mild, and the pollen count stays low until the wind turns to the south.",
    "The new edition adds a chapter on bread made with rye. Weigh the flour, warm the water to the heat of the "
    "hand, and let the dough rest until it has doubled. A heavy pot keeps the steam in and gives the crust its "
    "colour. The author learnt the recipe from her grandmother, who baked every Friday in a brick oven behind the "
    "house.",
)


def marks(text: str) -> list[tuple[str, str, str]]:
    return [(one.scheme, one.code, one.words) for one in themes_in(text, Span(0, len(text)))]


def codes(text: str, scheme: str) -> set[str]:
    return {code for kind, code, _ in marks(text) if kind == scheme}


@pytest.mark.parametrize("name", ["RtoP", "R2P", "the Responsibility to Protect", "rtop"])
def test_case_30_aliases_of_the_responsibility_to_protect(name: str) -> None:
    """RtoP and R2P are one theme, under any of its names."""
    assert "responsibility_to_protect" in codes(f"We spoke on {name} last year.", "theme")


@pytest.mark.parametrize("name", ["PoC", "POC", "the protection of civilians"])
def test_case_30_aliases_of_protection(name: str) -> None:
    """POC and PoC are one theme."""
    assert "protection_of_civilians" in codes(f"The agenda on {name} is old.", "theme")


@pytest.mark.parametrize("text", ["Génocide", "GENOCIDE", "genocide", "ge\u0301nocide"])
def test_case_22_accents_lost_or_kept_are_the_same(text: str) -> None:
    """Matching is on the folded form; the words are those of the text."""
    assert ("crime", "genocide", text) in marks(text)


def test_marks_point_at_their_words() -> None:
    """Every mark quotes the text it points at, with line breaks read as blanks."""
    text = "We condemn ethnic\ncleansing and the forced recruitment of\nchildren."
    found = themes_in(text, Span(0, len(text)))
    assert all(" ".join(text[one.span.start : one.span.end].split()) == one.words for one in found)
    assert ThemeMark("crime", "ethnic_cleansing", "ethnic cleansing", Span(11, 27)) in found
    assert "children" in codes(text, "vulnerable_group")


def test_four_crimes_are_told_apart() -> None:
    """Each crime is marked by its own name."""
    assert {"war_crimes"} == codes("He spoke of war crimes.", "crime")
    assert {"crimes_against_humanity"} == codes("He spoke of crimes against humanity.", "crime")


def test_no_phrase_reaches_over_the_end_of_a_sentence() -> None:
    """Words of two sentences are not one phrase."""
    assert set() == codes("They ended the war. Crimes of other kinds went on.", "crime")


def test_the_longest_of_one_code_is_kept() -> None:
    """A code is not marked twice on the same words."""
    found = [one for one in marks("internally displaced persons") if one[1] == "idps"]
    assert len(found) == 1


@pytest.mark.parametrize("text", UNRELATED)
def test_unrelated_text_has_next_to_no_themes(text: str) -> None:
    """Trade, sport, weather and bread call for at most one code in a paragraph; statements for ten and more."""
    assert len(marks(text)) <= 1


def test_speeches_and_loose_paragraphs_are_both_read() -> None:
    """A document is marked through all its paragraphs, and not at all in another language."""
    text = "We fear genocide.\n\nAn annex on refugees."
    first, second = Paragraph("p1", "", Span(0, 17)), Paragraph("p2", "", Span(19, len(text)))
    document = Document(
        document_id=f"doc_{sha256_hex(text.encode())}",
        text=text,
        speeches=(Speech("sp1", Speaker("Ms. Abara (Chad)", affiliation="Chad"), Span(0, 17), (first,)),),
        paragraphs=(second,),
    )
    assert {"genocide", "refugees"} <= {one.code for one in find_themes(document)}
    french = Document(document_id=document.document_id, text=text, paragraphs=(first,), language="fr")
    assert find_themes(french) == ()


@given(st.text(max_size=300))
@limits(max_examples=100)
def test_any_text_is_read(text: str) -> None:
    """No text fails, and every mark lies inside it."""
    assert all(one.span.end <= len(text) and one.words for one in themes_in(text, Span(0, len(text))))


@pytest.mark.parametrize(
    "piece", ["women ", "a", "security of ", "-\n", "'", "the ", "(", "e\u0301", "protect all of "]
)
def test_a_long_text_of_one_piece_is_marked_to_its_end(piece: str) -> None:
    """Over and over: a rule that went back over what it has read would not end within the suite's patience."""
    text = piece * (200_000 // len(piece))
    assert all(one.span.end <= len(text) for one in themes_in(text, Span(0, len(text))))


def test_the_opposite_of_a_word_is_not_the_word() -> None:
    """Non-indifference speaks of no indifference; the phrase that begins with "non" is still found."""
    text = "We advocate non-indifference. The principle of non-interference stands. Indifference killed."
    failing = [m.words for m in themes_in(text, Span(0, len(text))) if m.code == "failure_to_act"]
    assert failing == ["Indifference"]
    assert "non-interference" in [m.words for m in themes_in(text, Span(0, len(text)))]
