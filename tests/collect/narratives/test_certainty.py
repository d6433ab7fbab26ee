"""How firmly a narrative tells what it tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.collect.narratives.certainty import CERTAINTY_LEVELS, find_certainty, is_attempted, is_denied
from forewarn.collect.narratives.tokens import cut


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("A clinic was burned.", "stated"),
        ("A clinic was reportedly burned.", "reported"),
        ("According to residents, a clinic was burned.", "reported"),
        ("Soldiers allegedly burned a clinic.", "alleged"),
        ("A clinic was burned. The report could not be verified.", "unconfirmed"),
        ("A clinic was burned. The army denied responsibility.", "denied"),
        ("A clinic was burned, the ministry has confirmed.", "confirmed"),
        ("A man was arrested for allegedly helping rebels.", "stated"),
        ("A clinic was hit by rockets, allegedly due to a feud.", "stated"),
        ("Patients were denied access.", "stated"),
    ],
)
def test_words_give_the_level(text: str, level: str) -> None:
    """Each level by its words; words about the accused say nothing of the account."""
    assert find_certainty(cut(text), text.find("clinic") if "clinic" in text else 0).level == level


def test_hearsay_counts_for_its_own_sentence_only() -> None:
    """A rumour about the release leaves the abduction plainly told."""
    text = "A nurse was abducted. She was reportedly released."
    assert find_certainty(cut(text), text.index("abducted")).level == "stated"
    assert find_certainty(cut(text), text.index("released")).level == "reported"


@pytest.mark.parametrize(
    ("text", "word", "denied"),
    [
        ("no one was killed", "killed", True),
        ("the clinic was not damaged", "damaged", True),
        ("not only was it damaged", "damaged", False),
        ("no staff were present but it was looted", "looted", False),
        ("it was damaged", "damaged", False),
    ],
)
def test_a_denial_reaches_to_the_end_of_its_clause(text: str, word: str, denied: bool) -> None:
    """ "No" and "not" deny what stands close behind, not what follows "but"."""
    tokens = cut(text)
    assert is_denied(tokens, tokens.words.index(word)) == denied


@pytest.mark.parametrize(
    ("text", "word", "attempted"),
    [
        ("attempted to abduct a nurse", "abduct", True),
        ("threatened to kill him", "kill", True),
        ("was shot", "shot", False),
    ],
)
def test_what_was_only_tried_is_told_so(text: str, word: str, attempted: bool) -> None:
    """Attempts and threats are not the act."""
    tokens = cut(text)
    assert is_attempted(tokens, tokens.words.index(word)) == attempted


@given(st.text(max_size=200), st.integers(0, 300))
def test_any_text_has_a_level(text: str, at: int) -> None:
    """Any text and any offset gives one of the levels, and words inside the text where words gave it."""
    found = find_certainty(cut(text), at)
    assert found.level in CERTAINTY_LEVELS
    assert found.start == found.end or found.end <= len(text)
