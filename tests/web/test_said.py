"""Sentences of other rooms in the language of a page: every one that a form or a page of forecasts can give is held."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from forewarn import errors
from forewarn.forecast.skill import DECIDES, NO_SKILL, Skill, skill_sentence
from forewarn.web.languages import LANGUAGES, strings
from forewarn.web.said import said

ROOT = Path(str(resources.files("forewarn")))
OTHERS = sorted(set(LANGUAGES) - {"en"})
ERRORS = {name for name in errors.__all__ if name.endswith("Error")} | {"TooManyError"}
FORMS = (
    "account/notes.py", "account/passwords.py", "clock.py", "respond/measures.py", "warn/lifecycle.py",
    "taxonomy/framework.py", "assess/queue/arrange.py", "web/app.py", "web/asked.py", "web/guard.py", "web/uploads.py",
    "web/pages/*.py",
    *(f"model/{one}.py" for one in (
        "access", "action", "alert", "alert_life", "alert_update", "claim", "correction", "grading", "incident",
        "place", "provenance", "releasability", "releasing", "response", "review", "situation", "tracked", "validation",
    )),
    *(f"operations/{one}.py" for one in (
        "accounts", "actions", "alert", "alert_updating", "apart", "document", "drafting", "evidence_viewing",
        "exchange_viewing", "explain", "forecast_viewing", "grading", "intake_door", "map_viewing", "measures",
        "own_account", "passwords", "recall", "receipts", "release", "review*", "second_factor", "situation*",
        "sources", "tokens", "tracker*", "viewing*",
    )),
    *(f"store/{one}.py" for one in (
        "accounts", "alert_updates", "corrections", "decisions", "documents", "own_accounts", "reading", "responses",
        "reviews", "search", "situations", "tokens", "tracker", "two_persons",
    )),
)  # fmt: skip
"""The modules whose errors a form of a page can meet; a new form adds those it meets."""

FORECASTS = {
    "forecast/skill.py": ("skill_sentence", "_told"),
    "operations/explain.py": ("sentences", "_moved", "_caveats"),
    "operations/forecast.py": ("_notes",),
    "operations/delay.py": ("sentence",),
}
"""The functions that make the sentences of the pages of forecasts."""


def shapes(node: ast.expr, named: dict[str, set[str]]) -> set[str]:
    """The texts that an expression may be, with ``{1}`` where a value goes."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.JoinedStr):
        parts = [one.value if isinstance(one, ast.Constant) else None for one in node.values]
        numbers = iter(range(1, len(parts) + 1))
        return {"".join(f"{{{next(numbers)}}}" if one is None else str(one) for one in parts)}
    if isinstance(node, ast.IfExp):
        return shapes(node.body, named) | shapes(node.orelse, named)
    return named.get(node.id, set()) if isinstance(node, ast.Name) else set()


def raised(path: Path) -> Iterator[str]:
    """What the errors of a module say, and what is to be done."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)):
        named: dict[str, set[str]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                named.setdefault(node.targets[0].id, set()).update(shapes(node.value, named))
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                given = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "mend")]
                yield from (text for one in given for text in shapes(one, named))


def tells_something(shape: str) -> bool:
    """Whether it has words beside its values."""
    return sum(map(str.isalpha, re.sub(r"\{\d\}", "", shape))) >= 3


@pytest.mark.parametrize("language", OTHERS)
def test_every_error_that_a_form_can_give_is_translated(language: str) -> None:
    """What is wrong and what to do, by the words around the values."""
    paths = sorted({path for one in FORMS for path in ROOT.glob(one)})
    told = {text: path.name for path in paths for text in raised(path) if tells_something(text)}
    assert len(told) > 250
    assert not {text: name for text, name in told.items() if text not in strings(language)}


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_of_a_forecast_is_translated(language: str) -> None:
    """Skill, what moved it, what to bear in mind: no sentence of theirs is left in English."""
    missing = set()
    for name, functions in FORECASTS.items():
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and function.name in functions:
                doc = ast.get_docstring(function, clean=False)
                inside = {part for one in ast.walk(function) if isinstance(one, ast.JoinedStr) for part in one.values}
                for node in (one for one in ast.walk(function) if one not in inside):
                    for text in shapes(node, {}) if isinstance(node, ast.Constant | ast.JoinedStr) else ():
                        if text != doc and text.count(" ") > 2 and tells_something(text) and left(language, text):
                            missing.add((name, text))
    assert not missing


def left(language: str, text: str) -> bool:
    """Whether it is left as it is, filled with figures."""
    filled = re.sub(r"\{(\d)\}", lambda one: f"{one[1]}7", text)
    return said(language, filled) == filled


@pytest.mark.parametrize("language", OTHERS)
def test_values_stay_as_they_are_and_stand_where_they_belong(language: str) -> None:
    """Each string with values in it is found again from its own words, and loses or doubles none of its values."""
    for text, translation in strings(language).items():
        numbers = re.findall(r"\{(\d)\}", text)
        assert sorted(set(numbers)) == sorted(set(re.findall(r"\{(\d)\}", translation))), text
        if numbers and tells_something(text):
            fill = {number: f"q{number}w" for number in numbers}
            told = said(language, re.sub(r"\{(\d)\}", lambda one, fill=fill: fill[one[1]], text))
            assert all(value in told for value in fill.values()), text


def test_the_words_around_a_hostile_value_do_not_change_it() -> None:
    """Markup, braces and other sentences in a value come out as they went in; what no catalogue holds is left alone."""
    for value in ("<b>x</b>", "{1}", "%(n)s", "\\1", "a" * 70):
        assert said("fr", f"'{value}' is no area") == f"« {value} » n’est pas une zone"
    assert said("fr", "A sentence nobody translated.") == "A sentence nobody translated."
    assert said("en", "no such alert") == "no such alert"
    assert said("fr", "x" * 3_000) == "x" * 3_000


def test_a_sentence_of_sentences_is_translated_through(house: Any) -> None:
    """Where skill is told against three climatologies, each is in the language of the page; an error of a form too."""
    names = ("boot_240", "own_240", "zero")
    found = [Skill(name, DECIDES, 27, 468, 32, -0.01, 0.0012, -0.0031, 0.0049) for name in names]
    told = said("fr", skill_sentence(found))
    assert NO_SKILL[1:] not in told
    assert "contre les mois propres de la zone" in told
    assert " against " not in told
    client = house.person("analyst")
    client.headers["accept-language"] = "fr"
    page = client.get("/situations/assess?unit=Nowhere").text
    assert f"{said('fr', 'unit')}\u00a0: pas de pays « Nowhere »." in page
