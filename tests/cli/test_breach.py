"""Incidents with data as a user handles them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]

CLASSIFY = {
    "--threat-source": "own_mistake", "--threat-event": "sent_to_others", "--impact": "high", "--people": "yes",
    "--vulnerability": "the list was not looked at",
}  # fmt: skip


def words(options: dict[str, str]) -> list[str]:
    return [one for pair in options.items() for one in pair]


def test_dnh_17_a_breach_is_notified_classified_treated_closed_and_learnt_from(run: Run, workspace: Path) -> None:
    """No step is skipped, none is half told, nobody closes what they alone treated, and nothing names anybody."""
    assert "Breaches: 0" in run("breach", "list").out
    made = json.loads(run("breach", "notify", "A package went to the wrong partner", "--json").out)
    name = made["breach_id"]
    assert (made["impact"], made["next_step"]) == ("severe", "classify"), "what nobody has classified is severe"
    treat = ("breach", "treat", name, "--done", "recalled it", "--told", "the partner, and the people concerned")
    close = ("breach", "close", name, "--why", "the receipt came back")
    learn = ("breach", "learn", name, "--lesson", "lists go stale", "--change", "a second person reads them")
    for early in (treat, close, learn):
        assert run(*early).code == 41
    for option, wrong in (("--threat-source", "bad luck"), ("--impact", "none"), ("--vulnerability", " ")):
        assert run("breach", "classify", name, *words({**CLASSIFY, option: wrong})).code == 24
    assert run("breach", "classify", name, *words({**CLASSIFY, "--vulnerability": "Mr. John Smith did it"})).code == 43
    assert run("breach", "classify", name, *words(CLASSIFY)).code == 0
    assert run(*treat, "--by", "analyst").code == 0
    assert run(*close, "--by", "analyst").code == 42
    assert run(*close, "--by", "officer").code == 0
    assert run(*treat).code == 41, "what is closed is not treated again"
    assert [one["next_step"] for one in json.loads(run("breach", "list", "--open", "--json").out)] == ["learn"]
    assert run(*learn).code == 0
    assert json.loads(run("breach", "list", "--open", "--json").out) == []
    shown = json.loads(run("breach", "show", name[:12], "--json").out)
    assert [one["step"] for one in shown["history"]] == ["notify", "classify", "treat", "close", "learn"]
    assert {"threat_source", "threat_event", "vulnerability", "impact"} <= set(shown["history"][1]["said"])
