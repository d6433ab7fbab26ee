"""Rights at the front door: generated from the table, over every role, kind, class and place."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from forewarn.ids import content_id
from forewarn.model.provenance import Sensitivity
from forewarn.store.access_tables import sessions, sights
from forewarn.store.marks import mark_incidents
from forewarn.taxonomy.access import rights
from forewarn.web.pages import OPEN, READ

AREAS = ("XKA/North", "XKA/South", "XKB/North")
CLASSES = ("low", "moderate", "high", "severe")
KINDS = ("incident", "alert")
PASSWORD = "four calm grey herons"  # noqa: S105 - of nobody


def allowed(role: str, kind: str, sensitivity: str, cap: str = "severe") -> bool:
    """What the table says of a class, for a grant narrowed to ``cap``."""
    cell = rights().sees[kind].get(role)
    rank = Sensitivity(sensitivity).rank
    return cell is not None and rank <= min(Sensitivity(cell).rank, Sensitivity(cap).rank)


@pytest.mark.parametrize("role", rights().roles)
def test_dnh_31_a_role_sees_what_the_table_says_in_its_area_and_nothing_else(house: Any, role: str) -> None:
    """Lists and pages show the cells of the table, in the areas of the grant; ids guessed right open nothing."""
    client = house.person(role, areas="XKA/North")
    if any(allowed(role, kind, "high") for kind in KINDS):
        assert house.send(client, "/reason", page="/", reason="a check of the rights", back="/").status_code == 303
    assert client.get("/channels").status_code == (200 if role in rights().sees["channel"] else 404)
    assert client.get("/people").status_code == (200 if role in rights().may["people"] else 403)
    queue, reviews = client.get("/review?kind=grade"), role in rights().may["review"]
    assert queue.status_code == (200 if reviews else 404)
    for area, sensitivity in product(AREAS, CLASSES):
        should = reviews and area == "XKA/North" and allowed(role, "claim", sensitivity)
        assert (f"told {house.name_of('claim', area, sensitivity)}" in queue.text) == should, (area, sensitivity)
    for kind in KINDS:
        listed = client.get(f"/{kind}s").text
        for area, sensitivity in product(AREAS, CLASSES):
            name = house.name_of(kind, area, sensitivity)
            should = area == "XKA/North" and allowed(role, kind, sensitivity)
            assert (name in listed) == should, (kind, area, sensitivity)
            assert client.get(f"/{kind}s/{name}").status_code == (200 if should else 404), (kind, area, sensitivity)
            claim = house.name_of("claim", area, sensitivity)
            told = f"told {claim}" in client.get(f"/incidents/{house.name_of('incident', area, sensitivity)}").text
            assert told == (should and kind == "incident" and allowed(role, "claim", sensitivity)) or kind == "alert"


@pytest.mark.parametrize("cap", CLASSES)
def test_a_grant_narrows_its_role(house: Any, cap: str) -> None:
    """Of an analyst's cell no more is left than the grant allows, and a country holds its areas alone."""
    client = house.person("analyst", areas="XKA", most=cap)
    if cap in ("high", "severe"):
        house.send(client, "/reason", page="/", reason="a check of the rights", back="/")
    listed = client.get("/incidents").text
    for area, sensitivity in product(AREAS, CLASSES):
        should = area.startswith("XKA/") and allowed("analyst", "incident", sensitivity, cap)
        assert (house.name_of("incident", area, sensitivity) in listed) == should


def test_two_grants_do_not_add_up_to_a_third(house: Any) -> None:
    """Severe in one place and low in another is not severe in both."""
    client = house.person("analyst", areas="XKA/North", name="both")
    user = content_id("usr", "both")
    given = house.send(house.admin, f"/people/{user}/grant", page="/people", role="analyst", areas="XKB", most="low")
    assert given.status_code == 303
    house.send(client, "/reason", page="/", reason="a check of the rights", back="/")
    listed = client.get("/incidents").text
    assert house.name_of("incident", "XKA/North", "severe") in listed
    assert house.name_of("incident", "XKB/North", "low") in listed
    assert house.name_of("incident", "XKB/North", "moderate") not in listed


def test_sensitive_records_need_a_reason_and_each_reading_is_kept(house: Any) -> None:
    """Without a reason nothing high is selected; with one, who saw what and why is kept; after an hour it is over."""
    client = house.person("analyst", name="ana")
    severe = house.name_of("incident", "XKA/North", "severe")
    assert client.get(f"/incidents/{severe}").status_code == 404
    assert house.send(client, "/reason", page="/", reason="short", back="/").status_code == 400
    assert (
        house.send(client, "/reason", page="/", reason="checking a figure", back="//evil.example").headers["location"]
        == "/"
    )
    assert client.get(f"/incidents/{severe}").status_code == 200
    with house.workspace.database.reading() as connection:
        kept = connection.execute(select(sights.c.user_name, sights.c.kind, sights.c.subject, sights.c.reason)).all()
    assert ("ana", "incident", severe, "checking a figure") in [tuple(row) for row in kept]
    assert ("ana", "claim", house.name_of("claim", "XKA/North", "severe"), "checking a figure") in [
        tuple(r) for r in kept
    ]
    assert {row[2] for row in kept} == {severe, house.name_of("claim", "XKA/North", "severe")}
    house.now += timedelta(hours=1)
    assert client.get(f"/incidents/{severe}").status_code == 404


def test_an_incident_with_one_claim_out_of_sight_is_out_of_sight(house: Any) -> None:
    """Its figures rest on all its claims."""
    with house.workspace.database.writing() as connection:
        connection.exec_driver_sql(
            f"UPDATE incident_claims SET incident_id='{house.name_of('incident', 'XKA/North', 'low')}' "
            f"WHERE claim_id='{house.name_of('claim', 'XKB/North', 'low')}'"
        )
        mark_incidents(connection)
    near, everywhere = house.person("reader", areas="XKA"), house.person("reader")
    path = f"/incidents/{house.name_of('incident', 'XKA/North', 'low')}"
    assert (near.get(path).status_code, everywhere.get(path).status_code) == (404, 200)


@pytest.mark.parametrize("path", [one.replace("{", "").replace("}", "") for one in READ if one not in OPEN])
def test_dnh_31_nothing_is_read_without_a_session_or_with_one_that_is_over(house: Any, path: str) -> None:
    """No session, a made-up one, one that expired, one that was ended: the door to sign in, and no content."""
    client = house.person("analyst")
    stranger = house.visitor()
    assert stranger.get(path).headers["location"] == "/sign-in"
    stranger.cookies.set("__Host-forewarn", "x" * 43)
    assert stranger.get(path).headers["location"] == "/sign-in"
    token = client.cookies["__Host-forewarn"]
    house.now += timedelta(hours=11)
    assert client.get(path).headers["location"] == "/sign-in"
    house.now -= timedelta(hours=11)
    assert house.send(client, "/sign-out", page="/").status_code == 303
    client.cookies.set("__Host-forewarn", token)
    assert client.get(path).headers["location"] == "/sign-in"


def test_only_hashes_of_secrets_are_kept(house: Any) -> None:
    """Neither password nor token stands in the database; a session's row is its hash."""
    token = house.admin.cookies["__Host-forewarn"]
    with house.workspace.database.reading() as connection:
        assert token not in set(connection.execute(select(sessions.c.token_hash)).scalars())
    house.workspace.database.close()
    data = b"".join(path.read_bytes() for path in Path(house.workspace.paths.root).glob("forewarn.db*"))
    assert token.encode() not in data
    assert PASSWORD.encode() not in data
    assert b"$argon2id$" in data


@pytest.mark.parametrize(
    "step", ["review", "issue", "read", "decide", "act", "close", "cancel", "after_action", "lapse"]
)
def test_a_step_is_taken_only_by_who_may_and_as_who_is_signed_in(house: Any, step: str) -> None:
    """Every role is tried on every step; only those of the table get as far as the rules of the alert's life."""
    name = house.name_of("alert", "XKA/North", "low")
    for role in rights().roles:
        client = house.person(role)
        sees, may = role in rights().sees["alert"], role in rights().may.get(f"alert_{step}", ())
        answer = house.send(client, f"/alerts/{name}/{step}", page="/", note="because", decision="watch", outcome="hit")
        if step == "lapse" or not sees:
            assert answer.status_code == 404, role
        elif not may:
            assert answer.status_code == 403, role
        else:
            assert answer.status_code in (303, 409), (role, answer.text)
    if step == "review":
        page = house.person("analyst", name="looks").get(f"/alerts/{name}").text
        assert '<b>review</b> by <span lang="">reviewer-' in page


FORMS_OF: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("alert_update", "alert", "/alerts/{alert}/update", {"version": "1", "note": "x", "what_changed_since_last": "y"}),
    ("alert_review", "alert", "/alerts/{alert}/update/agree", {"update": content_id("upd", "x")}),
    ("alert_update", "alert", "/alerts/{alert}/update/withdraw", {"update": content_id("upd", "x"), "note": "x"}),
    ("review", "incident", "/incidents/{incident}/arrange/split", {"claim1": "{claim}", "why": "x"}),
    ("review", "incident", "/incidents/{incident}/weigh/keep_out",
     {"first": "{claim}", "kind": "known_hoax", "why": "x"}),
    ("review", "claim", "/review/count-again/{claim}", {"why": "x"}),
    ("situation_assess", "situation", "/situations/assess",
     {"unit": "{area}", "indicator": "7.9", "state": "weak", "why": "x", "claim1": "{claim}"}),
    ("situation_assess", "situation", "/situations/withdraw/{reading}", {"why": "x"}),
)  # fmt: skip
"""Forms with the act of the table that each needs, the kind of record it is about, and what is sent."""
ALSO = {"/alerts/{alert}/update/withdraw": "alert_review"}
"""Where another act does as well."""


@pytest.mark.parametrize(("act", "kind", "path", "fields"), FORMS_OF, ids=[one[2] for one in FORMS_OF])
@pytest.mark.parametrize("role", rights().roles)
def test_dnh_31_a_form_is_taken_from_who_may_and_of_what_they_see(
    house: Any, role: str, act: str, kind: str, path: str, fields: dict[str, str]
) -> None:
    """Not seen is not there, not allowed is forbidden, also of records elsewhere; else the rules of the work answer."""
    client = house.person(role, areas="XKA/North")
    for area in ("XKA/North", "XKB/North"):
        named = {one: house.name_of(one, area, "low") for one in ("alert", "incident", "claim")}
        named |= {"area": area, "reading": house.reading_of(area, "low").assessment_id}
        said = {name: value.format(**named) for name, value in fields.items()}
        answer = house.send(client, path.format(**named), page="/", **said)
        may = any(role in rights().may[one] for one in (act, ALSO.get(path, act)))
        sees = role in rights().sees[kind] and area == "XKA/North"
        expected = (403,) if sees and not may else (404,) if may and not sees else (403, 404)
        assert answer.status_code in ((200, 303, 400, 409) if may and sees else expected), (area, answer.text)


def test_fields_that_a_form_does_not_have_are_refused(house: Any) -> None:
    """Nobody slips in who acted, or another's role; nor the same field twice."""
    client = house.person("reviewer")
    path = f"/alerts/{house.name_of('alert', 'XKA/North', 'low')}/review"
    assert house.send(client, path, page="/", by="writer").status_code == 400
    assert client.post(path, content=f"csrf={house.token_in(client.get('/').text)}&note=a&note=b",
                       headers={"content-type": "application/x-www-form-urlencoded"}).status_code == 400  # fmt: skip


def test_administrators_grant_to_others_only_and_the_last_one_stays(house: Any) -> None:
    """No role for oneself; no one else gives roles; a grant taken back ends the session."""
    me = content_id("usr", "head")
    own = house.send(house.admin, f"/people/{me}/grant", page="/people", role="analyst", areas="*", most="severe")
    assert own.status_code == 403
    client = house.person("analyst", name="ana")
    for path in ("/people/invite", f"/people/{content_id('usr', 'ana')}/grant"):
        assert house.send(client, path, page="/", role="administrator", areas="*", most="severe").status_code == 403
    page = house.admin.get("/people").text
    grants = [part.split('"')[0] for part in page.split("/people/withdraw/")[1:]]
    answers = [house.send(house.admin, f"/people/withdraw/{one}", page="/people").status_code for one in grants]
    assert sorted(answers) == [303, 409]
    assert client.get("/incidents").headers["location"] == "/sign-in"


def test_a_class_that_nobody_knows_counts_as_severe(house: Any) -> None:
    """The page of its incident is shown with a reason, and is no error."""
    name, claim = (house.name_of(kind, "XKA/South", "low") for kind in ("incident", "claim"))
    with house.workspace.database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER claims_no_update")
        connection.exec_driver_sql(f"UPDATE claims SET sensitivity='unheard-of' WHERE claim_id='{claim}'")
        mark_incidents(connection)
    client = house.person("analyst")
    assert client.get(f"/incidents/{name}").status_code == 404
    house.send(client, "/reason", page="/", reason="a check of the rights", back="/")
    answer = client.get(f"/incidents/{name}")
    assert answer.status_code == 200
    assert f"told {claim}" in answer.text


def test_the_row_of_a_claim_is_shown_by_itself_to_who_may_see_the_claim(house: Any) -> None:
    """By its address and in the bounds of the viewer; a claim out of sight looks like one that is not there."""
    claim, other = (house.name_of("claim", area, "low") for area in ("XKA/North", "XKB/North"))
    client = house.person("analyst", areas="XKA/North")
    page = client.get(f"/claims/{claim}/row")
    assert page.status_code == 200
    assert "names its file and row" in page.text
    answers = [client.get(f"/claims/{name}/row") for name in (other, content_id("clm", "nobody"))]
    assert [one.status_code for one in answers] == [404, 404]
    assert house.person("reader").get(f"/claims/{claim}/row").status_code == 404
