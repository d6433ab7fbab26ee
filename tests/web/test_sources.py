"""Sources in the browser: who is shown them, grades given blind, and a whole source kept out and counted again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from forewarn.ids import content_id
from forewarn.store import schema
from forewarn.store.access_tables import sights
from forewarn.taxonomy.access import rights

SOURCE = content_id("src", "x")
PATH = f"/sources/{SOURCE}"
FORMS = {
    "grades": ("", {}),
    "record": ("", {}),
    "grade": ("grade", {"value": "C", "basis": "track_record", "since": "", "why": "as far as we saw"}),
    "reach": ("review", {"kind": "under_inquiry", "why": "copied"}),
    "keep-out": ("review", {"kind": "under_inquiry", "why": "copied"}),
    "count-again": ("review", {"why": "it was not"}),
}
"""By form, the act of the table that it needs and what is sent."""


def colleague(house: Any, role: str, name: str) -> Any:
    """Somebody who sees everywhere and has said why."""
    client = house.person(role, name=name)
    house.send(client, "/reason", page="/", reason="a check of the sources", back="/")
    return client


def incidents_in(house: Any) -> int:
    """How many incidents there are."""
    with house.workspace.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(schema.incidents)).scalar() or 0)


@pytest.mark.parametrize("role", rights().roles)
def test_dnh_31_sources_are_for_who_sees_everywhere_and_says_why(house: Any, role: str) -> None:
    """Of an area, up to less, or without a reason there is none; forms answer to who may do what they do."""
    sees = role in rights().sees["source"]
    wide = house.person(role)
    low, near = house.person(role, most="high", name="calm"), house.person(role, areas="XKA/North", name="near")
    for client in (low, near):
        house.send(client, "/reason", page="/", reason="a check of the rights", back="/")
    for client in (wide, low, near):
        listed = client.get("/sources")
        assert (listed.status_code, SOURCE in listed.text) == (200 if sees else 404, False)
        assert client.get(PATH).status_code == 404
    house.send(wide, "/reason", page="/", reason="a check of the rights", back="/")
    assert (SOURCE in wide.get("/sources").text) == sees
    assert wide.get(PATH).status_code == (200 if sees else 404)
    for form, (act, said) in FORMS.items():
        may = not act or role in rights().may[act]
        answer = house.send(wide, f"{PATH}/{form}", page="/", **said)
        assert answer.status_code in ((200, 303) if sees and may else (403, 404)), (form, answer.text)
        assert house.send(near, f"{PATH}/{form}", page="/", **said).status_code in (403, 404)
    with house.workspace.database.reading() as connection:
        kept = connection.execute(select(sights.c.subject).where(sights.c.kind == "source")).scalars().all()
    assert set(kept) == ({SOURCE} if sees else set())


def test_grades_are_given_blind_and_stay_in_the_history(house: Any) -> None:
    """Hidden until one's own is entered; who looked first gives none; a later one takes the place of one's own."""
    ana, bo, cy = (colleague(house, "analyst", name) for name in ("ana", "bo", "cy"))
    assert "Nobody has graded it" in ana.get(PATH).text
    given = {"basis": "track_record", "since": "2025-01-01"}
    assert house.send(ana, f"{PATH}/grade", page=PATH, value="B", why="", **given).status_code == 400
    assert house.send(ana, f"{PATH}/grade", page=PATH, value="X", why="because", **given).status_code == 400
    assert house.send(ana, f"{PATH}/grade", page=PATH, value="B", why="saw most of it", **given).status_code == 303
    assert "saw most of it" in ana.get(PATH).text
    hidden = bo.get(PATH).text
    assert "saw most of it" not in hidden
    assert "Enter the grade" in hidden
    assert "saw most of it" in house.send(bo, f"{PATH}/grades", page=PATH).text
    barred = bo.get(PATH).text
    assert "Enter the grade" not in barred
    assert house.send(bo, f"{PATH}/grade", page="/", value="A", why="well", **given).status_code == 403
    assert house.send(cy, f"{PATH}/grade", page=PATH, value="D", why="often late", **given).status_code == 303
    assert house.send(ana, f"{PATH}/grade", page=PATH, value="C", why="less than I thought", **given).status_code == 303
    history = cy.get(PATH).text
    for said in ("saw most of it", "often late", "less than I thought", "3 grades so far"):
        assert said in history


def test_a_whole_source_is_kept_out_after_a_look_and_counted_again_by_two(house: Any) -> None:
    """What it touches is said before; nothing changes on a look; the same person cannot be the second one."""
    ana, rev = colleague(house, "analyst", "ana"), colleague(house, "reviewer", "rev")
    before = incidents_in(house)
    look = house.send(ana, f"{PATH}/reach", page=PATH, kind="known_hoax", why="the pictures are older")
    assert "It told 12 claims." in look.text
    assert "12 rest on it alone." in look.text
    assert incidents_in(house) == before
    assert house.send(ana, f"{PATH}/keep-out", page=PATH, kind="", why="x").status_code == 400
    said = {"kind": "known_hoax", "why": "the pictures are older"}
    assert house.send(ana, f"{PATH}/keep-out", page=PATH, **said).status_code == 303
    assert incidents_in(house) == 0
    assert "kept out: known hoax" in ana.get("/sources").text
    assert house.send(ana, f"{PATH}/keep-out", page=PATH, **said).status_code == 409
    assert house.send(ana, f"{PATH}/count-again", page=PATH, why="they are of that day").status_code == 303
    assert "waits for a second person" in rev.get(PATH).text
    assert house.send(ana, f"{PATH}/count-again", page=PATH, why="they are of that day").status_code == 403
    assert incidents_in(house) == 0
    assert house.send(rev, f"{PATH}/count-again", page=PATH, why="read the file").status_code == 303
    assert incidents_in(house) == before
    page = rev.get(PATH).text
    assert "waits for a second person" not in page
    assert "the pictures are older" in page


def test_the_list_says_what_to_do_where_it_is_empty_and_links_lead_to_a_source(house: Any) -> None:
    """Without a reason, with words that are in no name, and from a claim and the channels to the source."""
    ana = house.person("analyst", name="ana")
    assert "once you have said why" in ana.get("/sources").text
    house.send(ana, "/reason", page="/", reason="a check of the sources", back="/")
    assert "No source that you may see" in ana.get("/sources?words=nobody%25").text
    assert SOURCE in ana.get("/sources?words=a+SOUR").text
    assert f'href="{PATH}"' in ana.get(f"/incidents/{house.name_of('incident', 'XKA/North', 'low')}").text
    assert 'href="/sources"' in ana.get("/channels").text
    assert ana.get(f"/sources/{content_id('src', 'nobody')}").status_code == 404
