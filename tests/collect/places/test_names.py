"""Names of areas across lists: found when clear, never when not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.collect.places.names import HOW, NameIndex, plain_name

INDEX = NameIndex(
    [
        ("Rakhine", "r"),
        ("Bago (East)", "be"),
        ("Bago (West)", "bw"),
        ("Gao", "g"),
        ("Centre", "c"),
        ("Center State", "x"),
        ("Kayah", "k1"),
        ("KAYAH", "k2"),
        ("ရခိုင်", "r"),
    ]
)


@pytest.mark.parametrize(
    ("name", "key", "how"),
    [
        ("Rakhine", "r", "exact"),
        (" Rakhine ", "r", "exact"),
        ("rákhine", "r", "folded"),
        ("Rakhine State", "r", "without_kind"),
        ("Région de Gao", "g", "without_kind"),
        ("Kayah", "k1", "exact"),
        ("kayah", "", "ambiguous"),
        ("Kayah State", "", "ambiguous"),
        ("Bago Region", "", "unknown"),
        ("ရခိုင်", "r", "exact"),
        ("မွန်", "", "unknown"),
        ("", "", "unknown"),
        ("State", "", "unknown"),
        ("Centr", "", "unknown"),
    ],
)
def test_a_name_is_matched_in_steps_or_not_at_all(name, key, how):
    """Exact, then folded, then without the kind of area; two fits are none; likeness is no fit."""
    match = INDEX.match(name)
    assert (match.key, match.how) == (key, how)


def test_an_ambiguous_name_tells_what_it_could_be():
    """A person can then decide."""
    assert INDEX.match("KAYAH Division").among == ("k1", "k2")


@given(st.text(max_size=60))
def test_every_name_in_a_list_finds_itself(name):
    """Alone in a list, a name that is not blank is found exactly; any text gets one of the stated answers."""
    match = NameIndex([(name, "key")]).match(name)
    assert (match.key, match.how) == (("key", "exact") if name.strip() else ("", "unknown"))
    assert INDEX.match(name).how in HOW


def test_words_of_kind_alone_stay():
    """There are areas called Centre, North, State."""
    assert plain_name("Region") == "region"
    assert plain_name("District of Columbia") == "columbia"
