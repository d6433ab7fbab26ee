"""The words of reports."""

from __future__ import annotations

import re

from forewarn.learn.exercise.phrases import LANGUAGES, phrasebook
from forewarn.learn.exercise.statements import statements
from forewarn.learn.exercise.tellings import tellings

GRAPHIC = re.compile(r"\b(blood|corpse|bodies|behead|mutilat|burned alive|sang|cadavre|sangre|cad[aá]ver)", re.I)
REAL = re.compile(
    r"\b(muslim|christian|jew|hindu|buddhist|sunni|shia|arab|hutu|tutsi|rohingya|uyghur|kurd|tigray|fulani|dinka|nuer|"
    r"islam|isis|qaeda|boko|taliban|hamas|wagner|janjaweed|rsf|m23|lra|farc|reuters|afp|xinhua|bbc|africa|europe|asia|"
    r"united nations|nations unies|naciones unidas|african union|nato|russia|china|america|france|spain|portugal)",
    re.I,
)


def all_texts() -> list[str]:
    """Every headline and text of the exercise."""
    spoken = [text for one in statements() for text in (one.title, one.text, one.speaker)]
    return [text for one in tellings() for text in (one.headline, one.text)] + spoken


def test_no_graphic_detail_and_nobody_real() -> None:
    """No text describes wounds or names a real group, body, agency or region."""
    for text in all_texts():
        assert not GRAPHIC.search(text), text
        assert not REAL.search(text), text


def test_texts_are_whole_sentences() -> None:
    """Nothing is left unfilled, doubled or unended."""
    for one in tellings():
        assert not re.search(r"[{}]|  |None|\bof was\b", one.text + one.headline), one.text
        assert one.text[0].isupper()
        assert one.text.endswith((".", "!"))


def test_texts_say_the_number_their_row_says() -> None:
    """Where a wire report counts two dead or more, its text has that number."""
    counted = [one for one in tellings() if one.outlet.prefix == "AQW" and (one.account.count("deaths")[1] or 0) > 1]
    assert len(counted) > 200
    for one in counted:
        assert re.search(rf"\b{one.account.count('deaths')[1]}\b", one.headline + one.text)


def test_every_language_has_every_word() -> None:
    """The three languages can be read, with twelve months and every act."""
    for language in LANGUAGES:
        words = phrasebook(language).words
        assert len(words["months"]) == 12
        assert set(words["acts"]) == set(words["titles"])


def test_statements_contradict_and_undertake() -> None:
    """Two delegates speak, one for each side of the border, about the area of the escalation."""
    first, second = statements()
    assert {first.country, second.country} == {"XKB", "XKC"}
    assert first.admin1 in first.text
    assert first.admin1 in second.text
    assert "undertakes" in first.text
    assert "s'engage" in second.text
