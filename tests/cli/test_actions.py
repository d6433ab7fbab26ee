"""Options, the ledger of actions and the gate, as a user runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def denied(run: Run, workspace: Path, mapping: Path, table: Callable[..., Path]) -> Path:
    """A workspace in which an aid convoy was turned back and nobody has assessed anything."""
    path = table("1,2025-07-03,XKA,North,1.9,1.9,,,,denial_of_access,A convoy of aid workers was turned back.")
    assert run("collect", "table", path, "--mapping", mapping).code == 0
    assert run("assess").code == 0
    return workspace


def test_signs_call_options_to_mind_and_say_who_says_so(run: Run, denied: Path) -> None:
    """A proposal from data is told as one that nobody assessed; a person's assessment takes its place."""
    day = ("--as-known-at", "2025-09-01")
    first = json.loads(run("measures", "XKA/North", *day, "--json").out)
    reasons = [r for pillar in first for o in pillar["proposed"] for r in o["because"]]
    assert any("assessed by nobody" in reason for reason in reasons)
    assert len(first) == 3
    shown = run("measures", "XKA/North", *day, "--notes")
    assert "because" in shown.out
    assert "women, peace and security" in shown.out
    assert "nothing here is recommended" in shown.out


def test_who_does_what_where(run: Run, denied: Path) -> None:
    """Two tracks at once are shown; a later entry says how an action stands; errors are one line."""
    empty = run("actions", "list")
    assert "does not say that nobody acts" in empty.out
    who = ("--since", "2025-06-01", "--source", "S/2025/1")
    assert run("actions", "record", "M203", "XKA", "--actor", "One body", *who).code == 0
    assert run("actions", "record", "M203", "XKA", "--actor", "Another", *who).code == 0
    assert "At once in XKA" in run("actions", "list", "XKA").out
    ended = ("--standing", "ended", "--ended", "2025-07-01", "--result", "no agreement")
    assert run("actions", "record", "M203", "XKA", "--actor", "Another", *who, *ended).code == 0
    told = json.loads(run("actions", "list", "XKA", "--json").out)
    assert not told["overlaps"]
    assert [one["standing"] for one in told["actions"]] == ["ended", "under_way"]
    refused = run("actions", "record", "M306", "XKA", "--actor", "One body", *who)
    assert refused.code != 0
    assert "authority" in refused.err
    assert len(refused.err.strip().splitlines()) == 1
    assert run("actions", "record", "M999", "XKA", "--actor", "One body", *who).code != 0
    assert run("actions", "record", "M203", "Nowhere", "--actor", "One body", *who).code != 0


def test_the_gate_records_what_a_named_body_said_and_nothing_more(run: Run, denied: Path) -> None:
    """Not established until a body is cited; the ledger of what was tried stands beside, without a conclusion."""
    before = run("gate", "XKA").out
    assert "S3 National authorities are manifestly failing to protect: not_established" in before
    assert "What was tried short of force" in before
    said = ("--record", "s3", "--state", "asserted_by_named_body", "--body", "The Council")
    assert run("gate", "XKA", *said).code != 0
    assert run("gate", "XKA", *said, "--citation", "A/1").code == 0
    after = run("gate", "XKA").out
    assert "The Council: asserted_by_named_body, A/1 (recorded by analyst" in after
    assert "K3" in after
    assert run("gate", "XKA", "--record", "S3", "--state", "yes", "--body", "B", "--citation", "c").code == 2
    assert run("gate", "XKA", "--record", "Z1", "--state", "contested", "--body", "B", "--citation", "c").code != 0
