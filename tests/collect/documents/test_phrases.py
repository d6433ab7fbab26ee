"""Many phrases are found at once, folded, at the right place."""

from __future__ import annotations

from forewarn.collect.documents.phrases import PhraseBook, words_of
from forewarn.taxonomy.wording import expanded


def found(text: str, *phrases: str) -> list[tuple[str, str]]:
    words = words_of(text, 0, len(text))
    book = PhraseBook((plain, phrase) for phrase in phrases for plain in expanded(phrase))
    return [(one.payload, text[words[one.first].start : words[one.last - 1].end]) for one in book.matches(words)]


def test_words_are_compared_folded() -> None:
    """Accents (composed or not), case, hyphens and possessives do not matter; the words are given as printed."""
    assert found("in Côte d’Ivoire", "Cote d'Ivoire") == [("Cote d'Ivoire", "Côte d’Ivoire")]
    assert found("the SECRETARY-GENERAL'S Report", "secretary general report") == [
        ("secretary general report", "SECRETARY-GENERAL'S Report")
    ]
    assert found("Mr. Salame\u0301 spoke", "salame") == [("salame", "Salame\u0301")]


def test_stems_choices_and_gaps() -> None:
    """``word*`` is a beginning, ``(a|b)`` either, ``..`` up to three words and no more."""
    assert found("people trafficked abroad", "traffick*") == [("traffick*", "trafficked")]
    assert found("an appeal for calm", "(call|appeal) for") == [("(call|appeal) for", "appeal for")]
    assert found("protect all of the civilians", "protect .. civilians") == [
        ("protect .. civilians", "protect all of the civilians")
    ]
    assert found("protect all of the very many civilians", "protect .. civilians") == []


def test_a_word_parted_at_the_line_end_is_found() -> None:
    """ "protec-" and "tion" on two lines are one word; two words joined by a real hyphen are two."""
    assert found("the protec-\ntion of all", "protection") == [("protection", "protec-\ntion")]
    assert found("Confidence-\nBuilding", "confidence building") == [("confidence building", "Confidence-\nBuilding")]


def test_a_soft_hyphen_is_nothing() -> None:
    """A soft hyphen inside a word does not hide it."""
    assert found("pro\u00adtection", "protection") == [("protection", "pro\u00adtection")]
