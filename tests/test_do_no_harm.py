"""Promises of doing no harm that are about what the whole does not do, held by looking at all of it.

Promises about one part stand beside that part's tests; ``pytest -k dnh`` runs them all.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import typer.main

from forewarn.cli import COMMANDS
from forewarn.store.schema import metadata
from forewarn.taxonomy.sealed import care_kinds, sealed_fields
from forewarn.web.app import make_app

ROOT = Path(__file__).resolve().parents[1]
PROMISES = range(1, 39)
PERSON = r"(person|people|individual|victim|witness|reporter|suspect|perpetrator|identity|name)"
HUNTING = re.compile(
    rf"\b(fac(?:e|ial)_?(?:match|recogni[sz]e|recognition|id|search)|biometric\w*|gait|voiceprint|watch_?list|target_?list"
    rf"|(?:rank|score|risk)_?(?:of_)?{PERSON}s?|{PERSON}s?_?(?:rank|score|risk)\w*|dangerousness)\b",
    re.IGNORECASE,
)
LIBRARIES = re.compile(r"\b(face_recognition|dlib|deepface|insightface|facenet|retinaface|speaker_recognition)\b")


def test_dnh_every_promise_has_a_test_with_its_number() -> None:
    """Each of the 38 stands in the name of a test."""
    names = " ".join(
        one
        for path in (ROOT / "tests").rglob("test_*.py")
        for one in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
        if "dnh" in one.lower()
    )
    found = {int(one) for one in re.findall(r"(?<=_)(\d\d)(?=_)", names)}
    assert [number for number in PROMISES if number not in found] == []


def test_dnh_29_nothing_ranks_matches_or_hunts_persons() -> None:
    """No command, option, page, table or column does, and no library that recognizes faces or voices is used."""
    routes = _routes()
    columns = [f"{table.name} {column.name}" for table in metadata.tables.values() for column in table.c]
    assert len(routes) > 20
    assert len(columns) > 300
    for said in (*_commands(), *routes, *columns):
        assert not HUNTING.search(said.replace("-", "_").replace("/", " ")), said
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    for text in (*code, (ROOT / "pyproject.toml").read_text(encoding="utf-8")):
        assert not LIBRARIES.search(text)


@pytest.mark.parametrize("said", ["risk_score persons person_risk", "rank_individuals", "face-match", "watchlist"])
def test_dnh_29_the_search_would_find_one(said: str) -> None:
    """The search is not blind."""
    assert HUNTING.search(said.replace("-", "_"))


def test_dnh_27_no_page_but_that_of_opened_evidence_shows_media() -> None:
    """Text first: a picture is shown on the one page that asks for a reason and blurs it, and nowhere else."""
    pages = {path.name: path.read_text("utf-8") for path in (ROOT / "src/forewarn/web/templates").rglob("*.html")}
    media = re.compile(r"<(img|video|audio|picture|embed|object|iframe)\b", re.IGNORECASE)
    assert [name for name, text in sorted(pages.items()) if media.search(text)] == ["evidence_open.html"]
    assert len(media.findall(pages["evidence_open.html"])) == 1


def test_dnh_11_every_field_for_a_person_says_what_it_is_needed_for() -> None:
    """The form that takes identities has no field without a purpose, and none for an account of what happened."""
    assert all(purpose.startswith("to ") for purpose in sealed_fields().values())
    assert not {"account", "statement", "testimony", "story", "religion", "ethnicity"} & set(sealed_fields())


def test_dnh_26_more_care_means_less_is_kept_and_somebody_to_refer_to() -> None:
    """Children and survivors of sexual violence have a class of their own, which asks for no account."""
    assert {"child", "sexual_violence"} <= set(care_kinds())
    assert all("Do not" in one.words and one.needs for one in care_kinds().values())


def test_dnh_38_faults_can_be_reported_and_limits_are_told() -> None:
    """SECURITY.md names a private way, target times, limits and what each release looks at."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    for words in (
        "in private",
        "48 hours",
        "## Known limits",
        "## Known ways to fail",
        "## With each release",
        "- [ ]",
    ):
        assert words in text
    commands = re.findall(r"`forewarn ([a-z]+)", text)
    assert commands
    assert set(commands) <= set(COMMANDS)


def _routes() -> list[str]:
    """Every address that is served, those inside the mounted parts included."""
    found: list[str] = []

    def walk(routes: Iterable[object], prefix: str) -> None:
        for one in routes:
            path = prefix + str(getattr(one, "path", ""))
            found.append(path)
            walk(getattr(one, "routes", None) or (), path)

    walk(make_app(None).routes, "")  # type: ignore[arg-type]
    return found


def _commands() -> list[str]:
    said: list[str] = []

    def walk(command: Any, name: str) -> None:
        said.append(name)
        said.extend(option for one in command.params for option in (*one.opts, one.name or ""))
        for inner, found in getattr(command, "commands", {}).items():
            walk(found, f"{name} {inner}")

    for name in COMMANDS:
        walk(typer.main.get_command(importlib.import_module(f"forewarn.cli.{name}").app), name)
    assert len(said) > 500
    return said
