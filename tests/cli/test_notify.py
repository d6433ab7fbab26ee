"""Due, overdue, figures, the ledger and notices, as a user runs them on the played exercise."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_an_empty_workspace_says_so(run: Run, workspace: Path) -> None:
    """Nothing issued, nobody told, nothing due: each says what it means or what to do."""
    assert "nothing to measure" in run("alert", "metrics").out
    assert "Overdue: 0" in run("alert", "due").out
    assert "notify add" in run("notify", "list").out
    assert "No notice is due" in run("notify", "due").out
    assert "No notice was sent" in run("notify", "receipts").out
    assert json.loads(run("alert", "ledger", "--json").out)["missed"] == []


def test_addresses_are_masked_and_held_to_their_form(run: Run, workspace: Path) -> None:
    """Added, shown masked, removed; what is no address is refused in one line without showing it."""
    assert run("notify", "add", "The Council", "email", "duty.officer@example.org").code == 0
    shown = run("notify", "list")
    assert "***@example.org" in shown.out
    assert "duty.officer" not in shown.out + run("notify", "list", "--json").out
    assert run("notify", "remove", "The Council", "email", "duty.officer@example.org").code == 0
    assert "Nobody is told" in run("notify", "list").out
    for wrong in (
        ("email", "a b@c"),
        ("email", "a@b\\nBcc: c@d"),
        ("webhook", "file:///etc/passwd"),
        ("feed", "x"),
        ("fax", "1"),
    ):
        refused = run("notify", "add", "The Council", *wrong)
        assert refused.code != 0
        assert len(refused.err.strip().splitlines()) == 1
