"""Incidents taken apart and put together in the browser, by who may see all of both, with the way back."""

from __future__ import annotations

import re
from typing import Any

import pytest

from forewarn.ids import content_id


def incident_of(client: Any, claim: str) -> str:
    """The incident a claim is in now, as its page says."""
    return str(client.get(f"/claims/{claim}").headers["location"].split("#")[0].removeprefix("/incidents/"))


def decisions_of(page: str, act: str) -> list[str]:
    """The ids of decisions that a page offers to ``undo`` or ``confirm``."""
    return re.findall(rf"/review/{act}/(dec_\w+)", page)


def test_two_incidents_are_merged_and_one_claim_moved_out_and_all_of_it_undone(house: Any) -> None:
    """Each is one decision, seen with its reason on the page of the incident; taking back restores what was."""
    ana = house.person("analyst", name="ana")
    one, two = (house.name_of("claim", "XKA/North", level) for level in ("low", "moderate"))
    first = incident_of(ana, one)
    page = ana.get(f"/incidents/{first}/arrange").text
    assert f'name="other" value="{incident_of(ana, two)}"' in page
    assert "nothing to take out" in page
    path = f"/incidents/{first}/arrange"
    assert house.send(ana, f"{path}/merge", page="/", other=incident_of(ana, two), why="").status_code == 400
    merged = house.send(ana, f"{path}/merge", page="/", other=incident_of(ana, two), why="one and the same night")
    assert merged.status_code == 303
    assert incident_of(ana, one) == incident_of(ana, two)
    path = merged.headers["location"].split("#")[0]
    shown = ana.get(path).text
    assert "one and the same night" in shown
    assert shown.count('type="checkbox"') == 2
    split = house.send(ana, f"{path}/split", page="/", claim2=two, why="another village")
    assert split.status_code == 303
    assert incident_of(ana, one) != incident_of(ana, two)
    undone = decisions_of(ana.get(split.headers["location"].split("#")[0]).text, "undo")[0]
    back = f"/incidents/{incident_of(ana, two)}/arrange"
    answer = house.send(ana, f"/review/undo/{undone}", page="/", why="it was the same", back=back)
    assert ana.get(answer.headers["location"]).status_code == 200
    assert incident_of(ana, one) == incident_of(ana, two)


def test_a_claim_moves_into_another_incident(house: Any) -> None:
    """Chosen from those shown; the other incident by its id or the address of its page."""
    ana = house.person("analyst", name="ana")
    one, two, far = (house.name_of("claim", *rest) for rest in (("XKA/North", "low"), ("XKA/North", "moderate"),
                                                                 ("XKA/South", "low")))  # fmt: skip
    path = f"/incidents/{incident_of(ana, one)}/arrange"
    assert house.send(ana, f"{path}/merge", page="/", other=incident_of(ana, two), why="same").status_code == 303
    path = f"/incidents/{incident_of(ana, one)}/arrange"
    target = f"https://127.0.0.1/incidents/{incident_of(ana, far)}#{far}"
    assert house.send(ana, f"{path}/move", page="/", claim1=far, other_id=target, why="south").status_code == 404
    assert house.send(ana, f"{path}/move", page="/", claim1=two, other_id=target, why="south").status_code == 303
    assert incident_of(ana, two) == incident_of(ana, far) != incident_of(ana, one)


def test_on_sensitive_claims_nothing_changes_until_somebody_else_agrees(house: Any) -> None:
    """The page says so before and after; whoever decided is offered no form to agree with, and is refused."""
    ana, rev = house.person("analyst", name="ana"), house.person("reviewer", name="rev")
    for who in (ana, rev):
        house.send(who, "/reason", page="/", reason="a check of two persons", back="/")
    one, two = (house.name_of("claim", "XKA/North", level) for level in ("low", "severe"))
    path = f"/incidents/{incident_of(ana, one)}/arrange"
    assert house.send(ana, f"{path}/merge", page="/", other=incident_of(ana, two), why="same").status_code == 303
    assert incident_of(ana, one) != incident_of(ana, two)
    mine, theirs = ana.get(path).text, rev.get(path).text
    assert "waits for a second person" in mine
    assert not decisions_of(mine, "confirm")
    (waiting,) = decisions_of(theirs, "confirm")
    said = {"why": "read it", "back": path}
    assert house.send(ana, f"/review/confirm/{waiting}", page="/", **said).status_code == 403
    answer = house.send(rev, f"/review/confirm/{waiting}", page="/", **said)
    assert answer.status_code == 303
    assert incident_of(ana, one) == incident_of(ana, two)
    assert rev.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize("act", ["split", "move", "merge", "burn"])
def test_what_lies_out_of_sight_cannot_be_arranged(house: Any, act: str) -> None:
    """An incident elsewhere, or one that is not there, looks the same as target; so does a claim of another."""
    near = house.person("analyst", areas="XKA/North")
    claim, far = house.name_of("claim", "XKA/North", "low"), house.name_of("claim", "XKB/North", "low")
    path = f"/incidents/{incident_of(near, claim)}/arrange/{act}"
    hidden, nobody = house.name_of("incident", "XKB/North", "low"), content_id("inc", "nobody")
    answers = {
        house.send(near, path, page="/", claim1=one, other=other, why="same").status_code
        for one, other in ((far, hidden), (claim, hidden), (claim, nobody), (claim, "x"))
        if (act, one) != ("split", claim)
    }
    assert answers == {404}


def test_a_claim_is_kept_out_by_one_and_counted_again_by_two_where_it_is_sensitive(house: Any) -> None:
    """Its incident is no more meanwhile, so it is counted again from the list; a sensitive one waits for another."""
    ana, rev = house.person("analyst", name="ana"), house.person("reviewer", name="rev")
    for who in (ana, rev):
        house.send(who, "/reason", page="/", reason="a check of two persons", back="/")
    near = house.person("analyst", name="near", areas="XKB/North")
    for level, waits in (("low", False), ("severe", True)):
        claim = house.name_of("claim", "XKA/North", level)
        path = f"/incidents/{incident_of(ana, claim)}/weigh/keep_out"
        out = {"first": claim, "kind": "known_hoax", "why": "of another war"}
        assert house.send(ana, path, page="/", **out).headers["location"] == "/review/kept-out"
        assert house.send(ana, path, page="/", **out).status_code == 404
        assert "of another war" in ana.get("/review/kept-out").text
        assert "of another war" not in near.get("/review/kept-out").text
        assert house.send(near, f"/review/count-again/{claim}", page="/", why="x").status_code == 404
        assert house.send(ana, f"/review/count-again/{claim}", page="/", why="it is genuine").status_code == 303
        assert ("of another war" in rev.get("/review/kept-out").text) == waits
        waiting = decisions_of(rev.get("/review/decided").text, "confirm")
        assert len(waiting) == waits
        for decision in waiting:
            said = {"why": "seen", "back": "/review/decided"}
            assert house.send(ana, f"/review/confirm/{decision}", page="/", **said).status_code == 403
            assert house.send(rev, f"/review/confirm/{decision}", page="/", **said).status_code == 303
        assert "of another war" not in rev.get("/review/kept-out").text
        assert ana.get(f"/incidents/{incident_of(ana, claim)}").status_code == 200


def test_two_claims_are_ruled_on_and_the_ruling_taken_back(house: Any) -> None:
    """Of one incident only; a ruling of others, or a claim of others, is not there."""
    ana = house.person("analyst", name="ana")
    one, two = (house.name_of("claim", "XKA/North", level) for level in ("low", "moderate"))
    path = f"/incidents/{incident_of(ana, one)}"
    said = {"first": one, "second": two, "kind": "dependent", "why": "one witness"}
    assert house.send(ana, f"{path}/weigh/rule", page="/", **said).status_code == 404
    house.send(ana, f"{path}/arrange/merge", page="/", other=incident_of(ana, two), why="same")
    path = f"/incidents/{incident_of(ana, one)}"
    assert house.send(ana, f"{path}/weigh/rule", page="/", **said | {"kind": "perhaps"}).status_code == 400
    assert house.send(ana, f"{path}/weigh/rule", page="/", **said).status_code == 303
    shown = ana.get(f"{path}/arrange").text
    assert "one witness" in shown
    (ruling,) = re.findall(r'name="ruling" value="(orl_\w+)"', shown)
    wrong = {"ruling": ruling.replace("orl_", "orl_0"), "why": "two"}
    assert house.send(ana, f"{path}/weigh/unrule", page="/", **wrong).status_code == 404
    assert house.send(ana, f"{path}/weigh/unrule", page="/", ruling=ruling, why="two").status_code == 303
    assert "one witness" not in ana.get(f"{path}/arrange").text
