"""Situations in the browser: what a role is shown of them, what is kept of it, and that nothing is summed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from forewarn.model.provenance import Sensitivity
from forewarn.store import situations
from forewarn.store.access_tables import sights
from forewarn.taxonomy.access import rights


@pytest.mark.parametrize("role", rights().roles)
def test_a_role_is_shown_the_readings_of_the_table_in_its_area(house: Any, role: str) -> None:
    """A reading counts as moderate or as what it rests on; one not shown is said to be there, and nowhere else."""
    client = house.person(role, areas="XKA/North")
    cell = rights().sees["situation"].get(role)
    if cell in ("high", "severe"):
        house.send(client, "/reason", page="/", reason="a check of the rights", back="/")
    assert client.get("/situations").status_code == (200 if cell else 404)
    for area in house.areas:
        page = client.get(f"/situations/{area}")
        is_open = area == "XKA/North" and cell is not None and Sensitivity(cell).rank >= Sensitivity.MODERATE.rank
        assert page.status_code == (200 if is_open else 404), area
        for sensitivity in house.classes:
            should = is_open and Sensitivity(sensitivity).rank <= Sensitivity(str(cell)).rank
            assert (house.reading_of(area, sensitivity).basis in page.text) == should, (area, sensitivity)
        hidden = is_open and cell == "moderate"
        assert ("assessed, and not shown to your roles" in page.text) == is_open
        assert ("2 changes are not shown to your roles." in page.text) == hidden


def test_a_sensitive_reading_needs_a_reason_and_is_kept(house: Any) -> None:
    """Without a reason it is one that is not shown; with one, who saw it and why is kept."""
    client = house.person("analyst", name="ana")
    severe = house.reading_of("XKA/North", "severe")
    assert severe.basis not in client.get("/situations/XKA/North").text
    house.send(client, "/reason", page="/", reason="checking a figure", back="/")
    assert severe.basis in client.get("/situations/XKA/North").text
    with house.workspace.database.reading() as connection:
        kept = connection.execute(select(sights.c.user_name, sights.c.subject).where(sights.c.kind == "situation"))
        names = {tuple(row) for row in kept}
    assert names == {("ana", house.reading_of("XKA/North", one).assessment_id) for one in ("high", "severe")}


def test_a_hidden_reading_is_not_betrayed_by_what_held_before_it(house: Any) -> None:
    """What changed is told only of indicators of which every reading may be seen, and the old is not taken for now."""
    newer = replace(house.reading_of("XKA/North", "severe"), indicator="7.1", state="clear", basis="newer and hidden",
                    assessed_at=house.now)  # fmt: skip
    with house.workspace.database.writing() as connection:
        situations.add_assessment(connection, newer, decision=house.confirmed)
    page = house.person("decision_maker", areas="XKA/North").get("/situations/XKA/North").text
    assert "newer and hidden" not in page
    assert house.reading_of("XKA/North", "low").basis not in page
    assert ">7.1</code>" in page.partition("Fourteen risk factors")[2]
    assert ">7.1</code>" not in page.partition("Fourteen risk factors")[0]


def test_change_comes_first_against_the_day_asked_for(house: Any) -> None:
    """The page begins with what is otherwise than on a day; a day that is none is refused in words."""
    client = house.person("analyst")
    with house.workspace.database.writing() as connection:
        later = replace(house.reading_of("XKA/North", "low"), state="contested", assessed_at=house.now, trend="rising")
        situations.add_assessment(connection, later)
    page = client.get("/situations/XKA/North?since=2026-01-01").text
    changes, _, rest = page.partition("Fourteen risk factors")
    assert changes.index("weak") < changes.index("contested")
    assert changes.count("<li><code>") == 1
    assert rest.count('class="factor"') == 14
    assert client.get("/situations/XKA/North?since=yesterday").status_code == 400
    assert client.get("/situations/Nowhere").status_code == 404


def test_a_list_that_is_empty_says_what_to_do(house: Any) -> None:
    """Nothing assessed is no sign of safety, and the page says how to begin."""
    page = house.person("analyst", areas="XKB/South").get("/situations").text
    assert "That is not a sign of safety." in page
    assert 'action="/situations/assess"' in page
    assert house.person("analyst", name="ana").get("/situations/assess").headers["location"] == "/situations"
    assert house.person("analyst", name="all").get("/situations").text.count('class="entry"') == len(house.areas)


def test_readings_lead_to_the_claims_in_their_incidents(house: Any) -> None:
    """From an indicator to the claim as received is one click."""
    client = house.person("analyst")
    page = client.get("/situations/XKA/North").text
    for sensitivity in house.classes:
        link = f"/incidents/{house.name_of('incident', 'XKA/North', sensitivity)}"
        is_calm = sensitivity in ("low", "moderate")
        assert (f"{link}#{house.name_of('claim', 'XKA/North', sensitivity)}" in page) == is_calm
        if is_calm:
            assert f'id="{house.name_of("claim", "XKA/North", sensitivity)}"' in client.get(link).text


def waiting_in(page: str) -> list[str]:
    """The decisions that a page offers to agree with."""
    return [part[:68] for part in page.split('action="/review/confirm/')[1:]]


def test_an_indicator_is_assessed_on_claims_chosen_from_those_shown_and_taken_back(house: Any) -> None:
    """Without evidence it is refused; the reading stands with its reason; what held before it comes back."""
    ana = house.person("analyst", name="ana")
    claim = house.name_of("claim", "XKA/North", "low")
    page = ana.get("/situations/assess?unit=XKA/North&indicator=7.9").text
    assert f'value="{claim}"' in page
    assert house.name_of("claim", "XKA/North", "high") not in page
    said = {"unit": "XKA/North", "indicator": "7.9", "state": "clear", "trend": "rising", "why": "seen on two days"}
    assert house.send(ana, "/situations/assess", page="/", **said).status_code == 400
    made = house.send(ana, "/situations/assess", page="/", **said, claim1=claim)
    assert made.headers["location"] == "/situations/XKA/North#i7.9"
    shown = ana.get("/situations/XKA/North").text
    assert "seen on two days" in shown
    name = next(part[:68] for part in shown.split('id="i7.9"')[1].split("/situations/withdraw/")[1:])
    assert house.send(ana, f"/situations/withdraw/{name}", page="/", why="one day only").status_code == 303
    assert "seen on two days" not in ana.get("/situations/XKA/North").text
    assert house.send(ana, f"/situations/withdraw/{name}", page="/", why="one day only").status_code in (303, 409)


def test_a_reading_on_sensitive_claims_waits_for_a_second_person(house: Any) -> None:
    """It is shown as waiting to who may see all it rests on; its author cannot agree; then it stands."""
    ana, rev, low = house.person("analyst", name="ana"), house.person("reviewer", name="rev"), house.person("reader")
    for who in (ana, rev):
        house.send(who, "/reason", page="/", reason="a check of two persons", back="/")
    claim = house.name_of("claim", "XKA/North", "severe")
    said = {"unit": "XKA/North", "indicator": "7.9", "state": "weak", "why": "told by one", "claims": claim}
    made = house.send(ana, "/situations/assess", page="/", **said)
    assert made.headers["location"] == "/situations/assess?unit=XKA%2FNorth#waits"
    mine, theirs = ana.get("/situations/XKA/North").text, rev.get("/situations/XKA/North").text
    assert "Waits for a second person" in mine
    assert not waiting_in(mine)
    assert "told by one" not in low.get("/situations/XKA/North").text
    assert waiting_in(rev.get("/situations").text) == waiting_in(theirs)
    (waiting,) = waiting_in(theirs)
    back = {"why": "read it", "back": "/situations/XKA/North"}
    assert house.send(ana, f"/review/confirm/{waiting}", page="/", **back).status_code == 403
    assert house.send(rev, f"/review/confirm/{waiting}", page="/", **back).headers["location"] == back["back"]
    shown = rev.get("/situations/XKA/North").text
    assert 'id="i7.9"' in shown
    assert "Waits for a second person" not in shown


def test_what_lies_out_of_sight_is_no_evidence_and_no_area(house: Any) -> None:
    """A claim elsewhere, one that is not there, an area elsewhere: each as if it were not there."""
    near = house.person("analyst", areas="XKA/North")
    said = {"indicator": "7.9", "state": "weak", "why": "told"}
    far, own = house.name_of("claim", "XKB/North", "low"), house.name_of("claim", "XKA/North", "low")
    for unit, claim in (("XKA/North", far), ("XKA/North", "clm_x"), ("XKB/North", own)):
        answer = house.send(near, "/situations/assess", page="/", unit=unit, claims=claim, **said)
        assert answer.status_code == 404, (unit, claim)
    reading = house.reading_of("XKB/North", "low").assessment_id
    assert house.send(near, f"/situations/withdraw/{reading}", page="/", why="no").status_code == 404
