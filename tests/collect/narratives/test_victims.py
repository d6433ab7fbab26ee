"""Victims are counted by harm and group, once each, and only where the text says so."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.collect.narratives.found import Narrative
from forewarn.collect.narratives.victims import HEALTH_SECTOR, count_victims, find_victims

Group = tuple[str, str, int | None]


def read(text: str) -> set[Group]:
    """Kind, group and best number of every count."""
    return {(count.kind, count.group, count.best) for count in find_victims(Narrative(text))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two nurses were killed.", {("killed", "health_worker", 2)}),
        ("Gunmen killed two nurses.", {("killed", "health_worker", 2)}),
        ("A doctor was shot dead at his home.", {("killed", "health_worker", 1)}),
        ("A midwife was stabbed to death.", {("killed", "health_worker", 1)}),
        ("Shelling hit a ward, injuring three patients.", {("injured", "patient", 3)}),
        ("A strike left two medics dead.", {("killed", "health_worker", 2)}),
        ("Three teachers were abducted by militants.", {("abducted", "teacher", 3)}),
        ("Four journalists were detained.", {("detained", "journalist", 4)}),
        ("A nurse and her driver were taken hostage.", {("abducted", "health_worker", 1)}),
        ("The bodies of two aid workers were found.", {("killed", "aid_worker", 2)}),
        ("A family of four was displaced.", {("displaced", "civilian", 4)}),
        ("Two paramedics lost their lives.", {("killed", "health_worker", 2)}),
        (
            "One nurse was killed and three others wounded.",
            {("killed", "health_worker", 1), ("injured", "health_worker", 3)},
        ),
        ("A doctor and 11 of his relatives died.", {("killed", "health_worker", 1), ("killed", "civilian", 11)}),
    ],
)
def test_harm_is_read_on_either_side_of_its_word(text: str, expected: set[Group]) -> None:
    """Passive, active, participle, noun and idiom name the same people."""
    assert expected == read(text)


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen attempted to kidnap a doctor.",
        "A nurse was almost abducted.",
        "Militants threatened to kill the midwife.",
        "Colleagues protested the kidnapping of a surgeon.",
        "Treating wounded protesters is dangerous.",
        "A clinic was destroyed.",
        "Shots were fired; the ambulance was shot at.",
    ],
)
def test_what_was_not_done_is_not_counted(text: str) -> None:
    """Attempts, threats, protests and descriptions are no harm done."""
    assert set() == read(text)


def test_including_does_not_add_twice() -> None:
    """A part named after "including" is marked and stays out of the whole."""
    counts = find_victims(Narrative("Six people, including a nurse and a child, were killed."))
    assert count_victims(counts, "killed") == (6, 6, 6)
    assert count_victims(counts, "killed", HEALTH_SECTOR) == (1, 1, 1)
    assert sum(count.included for count in counts) == 2


def test_the_same_people_count_once() -> None:
    """A person named again is the same person."""
    counts = find_victims(Narrative("A doctor was kidnapped. The doctor was abducted from his home. He was killed."))
    assert 1 == count_victims(counts, "abducted")[1] == count_victims(counts, "killed")[1]


def test_a_denial_is_kept_as_one() -> None:
    """ "No casualties" is nought said, not nothing said."""
    counts = find_victims(Narrative("A clinic was shelled. No casualties were reported."))
    assert {("killed", True), ("injured", True)} == {(count.kind, count.negated) for count in counts}
    assert find_victims(Narrative("A clinic was shelled.")) == ()


def test_attackers_losses_stay_apart() -> None:
    """The attackers' own dead are on the other side and outside the sum."""
    counts = find_victims(Narrative("Two nurses were killed. One gunman was killed."))
    assert {"victim", "perpetrator"} == {count.side for count in counts}
    assert count_victims(counts, "killed")[1] == 2


def test_certainty_is_the_sentence_s() -> None:
    """Reported and alleged harm say so."""
    counts = find_victims(
        Narrative("A nurse was reportedly killed. A doctor was allegedly abducted. A medic was shot.")
    )
    assert [count.certainty for count in counts] == ["reported", "alleged", "stated"]


def test_words_of_size_give_a_least_number() -> None:
    """ "At least" and plain plurals have no upper end."""
    (count,) = find_victims(Narrative("At least seven aid workers were kidnapped."))
    assert (count.low, count.best, count.high) == (7, 7, None)
    (count,) = find_victims(Narrative("Nurses were abducted."))
    assert (count.low, count.best, count.high) == (2, 2, None)


def test_the_span_covers_people_and_harm() -> None:
    """The offsets point at the words counted."""
    text = "In May, two nurses were killed at a clinic."
    (count,) = find_victims(Narrative(text))
    assert text[count.start : count.end] == "two nurses were killed"
    assert count.rule == "victims.killed"


WORDS = (
    "a two nurse nurses was were killed and , . including gunmen by injuring others shot dead they who no one "
    "bodies of found ( ) at least family 's him"
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split(" ")), max_size=60))
def test_any_order_of_words_is_read(words: list[str]) -> None:
    """No sequence of the reader's own words breaks it, and spans stay inside the text."""
    text = " ".join(words)
    for count in find_victims(Narrative(text)):
        assert 0 <= count.start < count.end <= len(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """No text breaks it."""
    find_victims(Narrative(text))


@pytest.mark.parametrize("unit", ["he was killed ", "doctor, ", "(", "killed ", "nurses were attacked ", "they ", "a-"])
def test_long_hostile_lines_are_read_in_time(unit: str) -> None:
    """A line of 100,000 characters costs no more than a page would."""
    started = time.process_time()
    find_victims(Narrative(unit * (100_000 // len(unit))))
    assert time.process_time() - started < 3.0
