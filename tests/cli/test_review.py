"""``forewarn review`` as users run it."""

from __future__ import annotations

import json

import pytest

ROWS = [f"r{n},2025-03-03,XAA,West,6.74,-7.35,9,,,killing,men came by boat and fired on the market" for n in range(3)]


@pytest.fixture
def incident(run, workspace, table, mapping):
    """An incident of three tellings with unlike words."""
    words = ["men fired on the market at noon", "a boat came, traders were shot", "traders killed at the landing place"]
    rows = [row.rsplit(",", 1)[0] + f",{said}" for row, said in zip(ROWS, words, strict=True)]
    rows = [row.replace("boat came, traders", "boat came and traders") for row in rows]
    assert run("collect", "table", table(*rows), "--mapping", mapping).code == 0
    assert run("assess").code == 0
    listed = json.loads(run("review", "list", "--kind", "machine-link", "--json").out)
    claims = sorted({one for item in listed for one in (item["left"], item["right"])})
    assert len(claims) == 3
    shown = json.loads(run("review", "show", claims[0], "--json").out)
    assert shown["claims"][0]["claim_id"] == claims[0]
    return claims


def test_an_empty_queue_says_what_to_do(run, workspace):
    """Nothing waits, and nobody decided: both say what comes next."""
    assert "forewarn assess" in run("review", "list").out
    assert "forewarn review list" in run("review", "history").out
    assert json.loads(run("review", "list", "--json").out) == []


def test_a_pair_is_decided_as_before_and_undone(run, incident):
    """Two claims and a verdict; what is printed is what undo takes; the record tells both."""
    made = json.loads(run("review", "decide", *incident[:2], "different", "--why", "two boats", "--json").out)
    assert made["id"].startswith("jdg_")
    assert made["state"] == "holds"
    back = json.loads(run("review", "undo", made["id"][:16], "--why", "one boat", "--json").out)
    assert back["incidents"] == made["incidents"] - 1
    record = json.loads(run("review", "history", "--json").out)
    assert [(one["act"], one["state"]) for one in record] == [("undo", "holds"), ("judge", "undone")]
    assert "takes back" in run("review", "history").out


def test_an_item_is_shown_and_answered(run, incident):
    """By its id or the beginning; the claims side by side, the words marked, no grade."""
    item = json.loads(run("review", "list", "--kind", "machine-link", "--json").out)[0]
    shown = run("review", "show", item["item"][:14])
    assert ">>" in shown.out
    assert "blind" in shown.out
    done = run("review", "decide", item["item"][:14], "--verdict", "different", "--by", "heron", "--why", "two boats")
    assert done.code == 0
    assert "incidents now" in done.out
    assert run("review", "decide", item["item"], "--why", "w").code == 2
    assert run("review", "show", "itm_0").code == 30


def test_claims_are_split_off_moved_back_and_merged(run, incident):
    """Each says where the claims are now."""
    inside = json.loads(run("review", "decide", *incident[:2], "same", "--why", "w", "--json").out)["touched"][0]
    parted = json.loads(run("review", "split", inside, incident[2], "--why", "another day", "--json").out)
    assert len(parted["touched"]) == 2
    one, other = parted["touched"]
    again = json.loads(run("review", "merge", one, other, "--why", "one day", "--json").out)
    assert len(again["touched"]) == 1
    run("review", "undo", again["decision"], "--why", "no")
    home = next(one for one in parted["touched"] if len(json.loads(run("show", one, "--json").out)["claims"]) == 2)
    moved = json.loads(run("review", "move", incident[2], home, "--why", "back", "--json").out)
    assert moved["state"] == "holds"
    assert len(json.loads(run("show", home, "--json").out)["claims"]) == 3


def test_sensitive_claims_need_two_persons(run, workspace, table, mapping):
    """The first waits and is told so; the same person is refused with the code for it; another confirms."""
    mapping.write_text(mapping.read_text().replace("sensitivity: low", "sensitivity: severe"))
    rows = [
        row.rsplit(",", 1)[0] + f",{said}" for row, said in zip(ROWS, ("fired at noon", "a boat came"), strict=False)
    ]
    run("collect", "table", table(*rows), "--mapping", mapping)
    run("assess")
    pair = json.loads(run("review", "list", "--kind", "machine-link", "--json").out)[0]
    asked = run("review", "decide", pair["left"], pair["right"], "different", "--by", "heron", "--why", "w")
    assert "waits for a second person" in asked.out
    decision = json.loads(run("review", "list", "--json").out)[0]["left"]
    refused = run("review", "confirm", decision, "--by", "heron (reviewer)", "--why", "w")
    assert refused.code == 42
    assert run("review", "confirm", decision, "--by", "stork", "--why", "w").code == 0
    assert "confirmed by stork" in run("review", "history").out
