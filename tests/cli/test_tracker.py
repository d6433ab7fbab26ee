"""The tracker and the toolkit as a user runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

STATEMENT = """Norland reaffirms its commitment to protect civilians.
We pledge to adopt a law on the export of arms by 2031.
We call on all parties to respect international humanitarian law.
"""


@pytest.fixture
def told(run: Run, workspace: Path, mapping: Path, table: Callable[..., Path]) -> Path:
    """A workspace with three incidents."""
    path = table(
        "1,2025-06-03,XKA,North,1,1,3,2,4,killing,Gunmen killed three.",
        "2,2025-07-03,XKA,North,1.9,1.9,,,,denial_of_access,A convoy was turned back.",
        "3,2025-07-20,XKA,South,5,5,,,,detention,Officers detained migrants.",
    )
    assert run("collect", "table", path, "--mapping", mapping).code == 0
    assert run("assess").code == 0
    return workspace


def made(done: Any) -> str:
    """The id of the item a command shows."""
    assert done.code == 0, done.err
    return str(json.loads(done.out)["view"]["item_id"])


def test_a_document_is_tracked_by_a_persons_act_alone(run: Run, workspace: Path, tmp_path: Path) -> None:
    """Listing tracks nothing; --take does, once, with its sentence; done needs evidence."""
    file = tmp_path / "norland.txt"
    file.write_text(STATEMENT)
    assert run("collect", "un-document", file).code == 0
    name = json.loads(run("document", "list", "--json").out)[0]["document_id"]
    found = json.loads(run("tracker", "from-document", name, "--json").out)
    assert found
    assert json.loads(run("tracker", "list", "--json").out) == []
    take = ("tracker", "from-document", name, "--take", found[0]["undertaking"]["undertaking_id"], "--json")
    item = json.loads(run(*take, "--due", "2026-01-01", "--owner", "Norland").out)[0]
    assert (item["item"]["quote"], item["owner"]) == (found[0]["undertaking"]["quote"], "Norland")
    assert run(*take).code == 0
    assert len(json.loads(run("tracker", "list", "--json").out)) == 1
    assert json.loads(run("tracker", "from-document", name, "--json").out)[0]["tracked_as"] == item["item_id"]
    assert "Overdue on 2027-01-01: 1" in run("tracker", "due", "--on", "2027-01-01").out
    assert run("tracker", "state", item["item_id"], "done", "--why", "x").code == 40
    assert run("tracker", "evidence", item["item_id"], "--source", "Gazette 3").code == 0
    assert run("tracker", "state", item["item_id"], "done", "--why", "in force").code == 0
    assert "Overdue on 2027-01-01: 0" in run("tracker", "due", "--on", "2027-01-01").out


def test_a_mandate_says_that_no_strategy_was_found(run: Run, workspace: Path) -> None:
    """Until it is linked to one; owner and date can be set anew, and an entry taken back."""
    mandate = made(run("tracker", "add", "mandate", "Protect civilians", "--source", "S/RES/0", "--json"))
    strategy = made(run("tracker", "add", "strategy", "Talks", "--source", "S/1", "--json"))
    assert "political strategy: none found" in run("tracker", "show", mandate).out
    shown = run("tracker", "link", mandate, strategy, "--json")
    assert json.loads(shown.out)["view"]["strategy"] == "Talks"
    assert run("tracker", "undo", json.loads(shown.out)["entries"][0], "--why", "another's").code == 0
    assert "political strategy: none found" in run("tracker", "show", mandate).out
    assert "due 2030-01-01" in run("tracker", "set", mandate, "--due", "2030-01-01", "--why", "renewed").out
    assert run("tracker", "add", "wish", "x", "--source", "y").code == 2
    assert run("tracker", "link", mandate, mandate).code == 2


def test_cases_say_what_was_found_and_name_nobody(run: Run, told: Path) -> None:
    """No record found by default; a record with its source; a person's name is refused; taking back restores."""
    day = ("--as-known-at", "2030-01-01")
    first = run("tracker", "cases", "XKA/North", *day).out
    assert "No public record found of an accountability process" in first
    assert first.count("No public record found. Nobody has recorded looking for one.") == 2
    assert "impunity" not in first
    incident = json.loads(run("tracker", "cases", "XKA/North", *day, "--json").out)["incidents"][0]["incident_id"]
    case = ("tracker", "case", incident, "opened", "--source", "Gazette 3", "--body", "Office of the prosecutor")
    assert run(*case, "--note", "Colonel Ruben Aldebrand is accused").code == 43
    entry = json.loads(run(*case, "--json").out)["case_id"]
    assert "a case was opened (Office of the prosecutor, Gazette 3)" in run("tracker", "cases", "XKA/North", *day).out
    assert run("tracker", "undo", entry, "--why", "another incident").code == 0
    assert "a case was opened" not in run("tracker", "cases", "XKA/North", *day).out


def test_incidents_stand_beside_a_truce_without_a_verdict(run: Run, told: Path) -> None:
    """Only those in its area and days; what could be seen; nobody is said to have broken it."""
    add = ("tracker", "add", "truce", "Truce of the quays", "--source", "S/1", "--unit", "XKA/North")
    item = made(run(*add, "--starts", "2025-07-01", "--due", "2025-07-31", "--owner", "A; B", "--json"))
    shown = run("tracker", "truce", item, "--as-known-at", "2030-01-01")
    assert "1 incidents." in shown.out
    assert "denial of access" in shown.out
    assert "neither who acted nor whether the truce was broken" in shown.out
    assert "no report is not calm" in shown.out
    assert run("tracker", "add", "truce", "T", "--source", "S/1").code == 24


def test_a_state_assesses_itself_and_others_may_differ(run: Run, workspace: Path, tmp_path: Path) -> None:
    """Begin, answer with evidence, report as text, JSON and page; a checklist of one's own is one YAML file."""
    assert "national-protection" in run("toolkit", "list").out
    assert "look for:" in run("toolkit", "show", "national-protection").out
    assert run("toolkit", "start", "national-protection", "XKA").code == 0
    assert run("toolkit", "answer", "latest", "A1", "yes").code == 24
    assert run("toolkit", "answer", "latest", "A1", "yes", "--evidence", "Law 12").code == 0
    assert run("toolkit", "answer", "latest", "A1", "no", "--by", "civil society", "--note", "not applied").code == 0
    assert run("toolkit", "answer", "latest", "Z9", "no").code == 30
    told = json.loads(run("toolkit", "report", "latest", "--json").out)
    assert told["gaps"] == ["A1"]
    assert "F1" in told["not_assessed"]
    page = tmp_path / "gaps.html"
    assert run("toolkit", "report", "latest", "--out", page).code == 0
    assert "answers differ" in page.read_text(encoding="utf-8")
    (workspace / "toolkits").mkdir()
    own = "id: own-list\nversion: '1'\ntitle: Ours\npurpose: P\nsections:\n- id: one\n  title: One\n  questions:\n"
    (workspace / "toolkits" / "own.yaml").write_text(own + "  - {id: Q1, ask: a?, look_for: l, basis: b}\n")
    assert "own-list" in run("toolkit", "list").out
    (workspace / "toolkits" / "bad.yaml").write_text("id: national-protection\n")
    assert run("toolkit", "list").code == 10


def test_the_register_of_accountability_gives_no_verdict(run: Run, told: Path) -> None:
    """Body, mandate, stage and last report of a process are told; what reads as a verdict is refused everywhere."""
    add = ("tracker", "add", "process", "Inquiry into the shore", "--unit", "XKA", "--owner", "The Inquiry")
    process = made(run(*add, "--source", "S/2026/1", "--json"))
    assert "last public report: none recorded" in run("tracker", "cases", "XKA").out
    assert run("tracker", "set", process, "--mandate", "establish facts, resolution 9", "--why", "adopted").code == 0
    assert run("tracker", "report", process, "--source", "A/80/90", "--on", "2026-06-01").code == 0
    shown = run("tracker", "cases", "XKA").out
    assert "body: The Inquiry; stage: announced; mandate: establish facts, resolution 9" in shown
    assert "last public report: A/80/90, 2026-06-01" in shown
    other = made(run("tracker", "add", "commitment", "Adopt the law", "--source", "A/1", "--json"))
    assert run("tracker", "report", other, "--source", "A/2", "--on", "2026-06-01").code == 2
    verdict = "The militia is guilty of genocide"
    assert run(*add[:3], verdict, "--unit", "XKA", "--source", "x").code == 43
    assert run("tracker", "set", process, "--mandate", verdict, "--why", "x").code == 43
    assert run("tracker", "report", process, "--source", "A/3", "--on", "2026-06-01", "--note", verdict).code == 43
    incident = json.loads(run("tracker", "cases", "XKA/North", "--json").out)["incidents"][0]["incident_id"]
    assert run("tracker", "case", incident, "judgment", "--source", "x", "--note", verdict).code == 43
    asked = run("toolkit", "show", "referral").out
    assert asked.count("look for:") == 15
