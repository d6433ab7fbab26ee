"""Language packs, the days and hours of records, and the lists they rest on."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from forewarn.collect.documents.moments import after, day_in, time_in
from forewarn.collect.documents.packs import PACKS, guess_language, pack_for
from forewarn.taxonomy.delegations import delegation_list, state_names


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "The members of the Council thank you for this meeting, which is of great importance to us and to "
            "the region.",
            "en",
        ),
        (
            "Les membres du Conseil vous remercient pour cette séance, qui est importante pour nous et pour la région.",
            "fr",
        ),
        (
            "Los miembros del Consejo le dan las gracias por esta sesión, que es muy importante para nosotros y "
            "la región.",
            "es",
        ),
        ("Члены Совета благодарят вас за это заседание.", "ru"),
        ("Peru", ""),
        ("1 2 3 4 5 6 7 8 9", ""),
    ],
)
def test_the_language_of_a_text_is_told_or_left_open(text: str, language: str) -> None:
    """Small words and scripts tell the language; too little text tells none."""
    assert guess_language(text) == language


def test_a_language_without_a_pack_gets_none() -> None:
    """Only an unknown language is read as English; a known other one is not."""
    assert pack_for("") is PACKS["en"]
    assert pack_for("ru") is None


@pytest.mark.parametrize(
    ("text", "day", "hour"),
    [
        ("Thursday, 8 November 2018, 3 p.m.", date(2018, 11, 8), time(15)),
        ("08/11/2018", date(2018, 11, 8), None),
        ("10.15 a.m.", None, time(10, 15)),
        ("noon", None, time(12)),
        ("12.05 a.m.", None, time(0, 5)),
        ("jeudi 8 novembre 2018 à 18 h 5", date(2018, 11, 8), time(18, 5)),
        ("8 de noviembre de 2018, a las 15.00 horas", date(2018, 11, 8), time(15)),
        ("31 February 2018, 13.70 p.m.", None, None),
    ],
)
def test_days_come_first_and_impossible_ones_are_none(text: str, day: date | None, hour: time | None) -> None:
    """Days and hours in three languages; what does not exist is not told."""
    assert (day_in(text), time_in(text)) == (day, hour)


def test_the_last_day_of_the_calendar_has_no_next() -> None:
    """A clock at the end of time does not break."""
    assert after(datetime.max, time(1), date.max).date() == date.max


def test_the_lists_hold_together() -> None:
    """No printed name stands for two bodies; French and Spanish names are those of States we know."""
    bodies = delegation_list().bodies
    names = [name.casefold() for body in bodies for name in (body.name, *body.also_called)]
    assert len(names) == len(set(names))
    assert set(state_names("fr").values()) == set(state_names("es").values())
    assert state_names("en") == {}
