"""Situations, themes and the asking of experts, as a user runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

Run = Callable[..., Any]


@pytest.fixture
def collected(run: Run, workspace: Path, mapping: Path, table: Callable[..., Path]) -> Path:
    """A workspace with three incidents in one area."""
    path = table(
        "1,2025-06-03,XKA,North,1,1,3,2,4,killing,Gunmen killed three health workers.",
        "2,2025-07-03,XKA,North,1.9,1.9,,,,denial_of_access,A convoy of aid workers was turned back.",
        "3,2025-08-03,XKA,South,5,5,,,,detention,Officers detained migrants.",
    )
    assert run("collect", "table", path, "--mapping", mapping).code == 0
    assert run("assess").code == 0
    return workspace


def test_empty_states_say_what_to_do(run: Run, workspace: Path) -> None:
    """Nothing assessed, asked or told: each names the next step."""
    assert "situation propose XKA" in run("situation", "show", "XKA").out
    assert "situation propose" in run("situation", "changes").out
    assert "elicit open" in run("elicit", "show").out
    assert "no finding that there was nothing" in run("themes", "access").out


def test_a_proposal_is_taken_up_by_a_person_and_can_be_taken_back(run: Run, collected: Path) -> None:
    """The machine proposes with its rule; only an assessment enters; taking back restores."""
    day = ("--as-known-at", "2030-01-01")
    proposed = json.loads(run("situation", "propose", "XKA/North", *day, "--json").out)["proposals"]
    assert {one["kind"] for one in proposed} == {"machine"}
    assert all(one["rule"] and one["because"] for one in proposed)
    assert "Nobody has assessed" in run("situation", "show", "XKA/North").out
    claim = json.loads(run("themes", "access", "--from", "2025-01", "--to", "2025-12", *day, "--json").out)
    evidence = claim["trends"][0]["fallen"][0]["claim_id"]
    refused = run("situation", "assess", "XKA/North", "6.4", "--state", "weak", "--why", "x")
    assert refused.code == 24
    made = run(
        "situation",
        "assess",
        "XKA/North",
        "6.4",
        "--state",
        "weak",
        "--why",
        "turned back",
        "--claim",
        evidence,
        "--json",
    )
    shown = run("situation", "show", "XKA/North").out
    assert "not assessed → weak" in shown
    assert "source F, claim 6" in shown
    assert run("situation", "withdraw", json.loads(made.out)["assessment_id"], "--why", "wrong").code == 0
    assert "Nobody has assessed" in run("situation", "show", "XKA/North").out


def test_a_theme_shows_its_trend_rules_and_picture(run: Run, collected: Path, tmp_path: Path) -> None:
    """Bands in words and in the picture; the rule that called for each incident; a picture that stands alone."""
    out = tmp_path / "t.svg"
    day = ("--as-known-at", "2030-01-01", "--from", "2025-06", "--to", "2025-08")
    done = run("themes", "access", "--unit", "XKA", "--rules", "--out", out, *day)
    assert "access.2 gives access_constraints:AC3" in done.out
    assert "2025-07 at least 1" in done.out
    assert "a missing number there is not none" in done.out
    root = ET.fromstring(out.read_text(encoding="utf-8"))  # noqa: S314 - written by the command just now
    classes = [one.get("class") for one in root.iter()]
    assert (classes.count("bar"), classes.count("band")) == (1, 1)
    assert "href" not in out.read_text(encoding="utf-8")


def test_people_and_routes_are_not_followed(run: Run, collected: Path) -> None:
    """Migrants by country alone, without a list and without small numbers; a cell or a way is refused."""
    day = ("--as-known-at", "2030-01-01", "--from", "2025-06", "--to", "2025-08")
    assert run("themes", "migrants", "--unit", "XKA/South", *day).code == 43
    assert run("themes", "migrants", "--unit", "130001", *day).code == 43
    assert run("themes", "health_care", "--unit", "XKA/North→XKA/South", *day).code == 43
    found = json.loads(run("themes", "migrants", "--unit", "XKA", *day, "--json").out)
    assert found["trends"][0]["fallen"] == []
    assert [month["incidents"] for month in found["trends"][0]["months"]] == [None, None, None]
    assert found["theme"]["incidents"] is None


def test_experts_are_asked_blind_first(run: Run, workspace: Path) -> None:
    """No estimate is shown while its round is open, to nobody; then members, pool, discussion and dissent are."""
    opened = run("elicit", "open", "25 or more deaths by July?", "--unit", "XKA", "--json")
    name = json.loads(opened.out)["elicitation_id"]
    for expert, value in (("heron", "0.137"), ("tern", "0.411")):
        assert run("elicit", "estimate", name, value, "--expert", expert, "--why", f"{expert} thinks so").code == 0
    for shown in (run("elicit", "show", name).out, run("elicit", "show", name, "--json").out):
        assert "0.137" not in shown
        assert "heron" not in shown
    assert run("elicit", "discuss", name, "too early", "--expert", "tern").code == 41
    assert run("elicit", "close", name).code == 0
    assert "linear pool 0.274" in run("elicit", "show", name).out
    assert run("elicit", "discuss", name, "the road is cut", "--expert", "tern").code == 0
    assert run("elicit", "close", name).code == 0
    assert run("elicit", "estimate", name, "0.9", "--expert", "gull", "--why", "late").code == 41
    again = ("--expert", "heron", "--why", "still", "--dissent", "the road was cut before")
    assert run("elicit", "estimate", name, "0.15", *again).code == 0
    assert "before" not in run("elicit", "show", name).out
    assert run("elicit", "close", name).code == 0
    told = run("elicit", "show", name).out
    assert "dissents: the road was cut before" in told
    assert "tern: 0.411 (stands by round 1)" in told
    assert run("elicit", "estimate", name, "0.9", "--expert", "heron", "--why", "late").code == 41


def test_ones_own_estimate_can_be_taken_back(run: Run, workspace: Path) -> None:
    """By its expert, by the id printed; another is refused."""
    name = json.loads(
        run("elicit", "open", "How many?", "--unit", "XKA", "--kind", "quantiles", "--noun", "deaths", "--json").out
    )["elicitation_id"]
    made = run("elicit", "estimate", name, "1", "5", "9", "--expert", "heron", "--why", "so", "--json")
    estimate = json.loads(made.out)["estimate_id"]
    assert run("elicit", "withdraw", name, estimate, "--expert", "tern", "--why", "no").code == 42
    assert run("elicit", "withdraw", name, estimate, "--expert", "heron", "--why", "no").code == 0
    assert json.loads(run("elicit", "show", name, "--json").out)["answered"]["round_1"] == 0
