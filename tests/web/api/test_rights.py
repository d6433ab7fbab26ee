"""The table of rights through the API: every role, kind, place and class; tokens no wider than their owner."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from forewarn.errors import InputValueError, RuleError, SeparationError, UnknownNameError
from forewarn.model.grid import cell_at
from forewarn.model.provenance import Sensitivity
from forewarn.operations import tokens
from forewarn.store import accounts, schema
from forewarn.taxonomy.access import rights

AREAS = ("XKA/North", "XKA/South", "XKB/North")
CLASSES = ("low", "moderate", "high", "severe")
KINDS = {"reports": "report", "claims": "claim", "incidents": "incident", "alerts": "alert"}
REASON = {"X-Reason": "a check of the rights"}


def allowed(role: str, kind: str, level: str) -> bool:
    """What the table says."""
    cell = rights().sees[kind].get(role)
    return cell is not None and Sensitivity(level).rank <= Sensitivity(cell).rank


@pytest.fixture(scope="module")
def by_role(node: Any) -> dict[str, Any]:
    """For each role, whoever holds it in one area."""
    made = {}
    for role in rights().roles:
        name = node.person((role, "XKA/North", "severe"))
        owner = tokens.person_named(node.workspace, name)
        scopes = tokens.scopes_for(owner)
        made[role] = node.client(
            tokens.make_token(node.workspace, owner, "t", scopes, days=3, at=node.now).token if scopes else ""
        )
    return made


@pytest.mark.parametrize(("role", "path"), list(product(rights().roles, KINDS)))
def test_a_token_gives_what_the_table_says_in_its_area_and_nothing_else(
    node: Any, by_role: dict[str, Any], all_of: Any, role: str, path: str
) -> None:
    """Lists and single records, with a reason and without; a guessed id is answered as one that does not exist."""
    kind, client = KINDS[path], by_role[role]
    if role not in rights().sees[kind]:
        status = 401 if not client.headers.get("authorization") else 403
        assert client.get(f"/api/v1/{path}").status_code == status
        assert client.get(f"/api/v1/{path}/{node.name_of(kind, 'XKA/North', 'low')}").status_code == status
        return
    for headers in ({}, REASON):
        listed = {row[f"{kind}_id"] for row in all_of(client, f"/{path}?limit=5", **headers)}
        for area, level in product(AREAS, CLASSES):
            name = node.name_of(kind, area, level)
            is_open = headers or level in ("low", "moderate")
            should = bool(area == "XKA/North" and allowed(role, kind, level) and is_open)
            assert (name in listed) == should, (area, level)
            answer = client.get(f"/api/v1/{path}/{name}", headers=headers)
            assert answer.status_code == (200 if should else 404), (area, level)
            if not should:
                never = client.get(f"/api/v1/{path}/{name[:4]}{'0' * 64}", headers=headers)
                assert answer.json() == never.json()


@pytest.mark.parametrize("role", rights().roles)
def test_situations_and_forecasts_follow_area_and_class(node: Any, by_role: dict[str, Any], role: str) -> None:
    """A reading counts as its most sensitive claim, and what holds but may not be seen is counted, not told."""
    client = by_role[role]
    answer = client.get("/api/v1/situations", headers=REASON)
    cell = rights().sees["situation"].get(role)
    assert (answer.status_code == 200) == (cell is not None)
    if cell:
        (row,) = answer.json()["items"]
        assert row["unit"] == "XKA/North"
        numbers = [one["indicator"] for one in row["readings"]]
        assert ("1.1" in numbers, "1.2" in numbers) == (True, cell == "severe")
        assert (row["readings_unseen"] > 0) == (cell != "severe")
        assert client.get("/api/v1/situations/XKB/North", headers=REASON).status_code == 404
    answer = client.get("/api/v1/forecasts")
    assert (answer.status_code == 200) == (role in rights().sees["forecast"])
    if answer.status_code == 200:
        name = answer.json()["items"][0]["forecast_id"]
        units = client.get(f"/api/v1/forecasts/{name}/units?limit=2").json()
        more = client.get(f"/api/v1/forecasts/{name}/units?limit=2&cursor={units['next_cursor']}").json()
        found = [(one["unit"], one["month"]) for one in [*units["items"], *more["items"]]]
        assert found == [("XKA/North", None), ("XKA/North", "2026-01"), ("XKA/North", "2026-02")]
        assert more["next_cursor"] is None


@pytest.mark.parametrize(("kind", "other"), list(product(KINDS.values(), KINDS.values())))
def test_a_scope_opens_its_kind_alone(node: Any, kind: str, other: str) -> None:
    """The owner may see all four; the token what it was made for."""
    client = node.client(node.token(("analyst", "*", "severe"), scopes=(f"read:{kind}",)))
    path = next(path for path, one in KINDS.items() if one == other)
    assert client.get(f"/api/v1/{path}").status_code == (200 if kind == other else 403)


def test_a_token_that_expired_was_taken_back_or_made_up_is_refused_alike(node: Any) -> None:
    """401 in the same words; a grant that was withdrawn narrows the token at once."""
    grant = ("analyst", "*", "severe")
    name = node.person(grant)
    owner = tokens.person_named(node.workspace, name)
    made = tokens.make_token(node.workspace, owner, "x", ["read:claim"], days=1, at=node.now)
    client = node.client(made.token)
    assert client.get("/api/v1/claims").status_code == 200
    refused = []
    node.now += timedelta(days=1)
    refused.append(client.get("/api/v1/claims"))
    node.now -= timedelta(days=1)
    other = tokens.make_token(node.workspace, owner, "y", ["read:claim"], days=1, at=node.now)
    tokens.withdraw(node.workspace, owner, other.token_id, at=node.now)
    refused.append(node.client(other.token).get("/api/v1/claims"))
    refused += [node.client("x" * 43).get("/api/v1/claims"), node.client("x" * 3).get("/api/v1/claims")]
    assert {one.status_code for one in refused} == {401}
    assert len({one.text for one in refused}) == 1
    assert refused[0].headers["www-authenticate"] == "Bearer"
    with node.workspace.database.writing() as connection:
        (held,) = accounts.held_grants(connection, owner.user_id)
        accounts.withdraw_grant(connection, held, by="head", at=node.now)
    assert client.get("/api/v1/claims").status_code == 403


def test_nobody_makes_a_token_wider_than_their_roles(node: Any) -> None:
    """Scopes the roles do not give, unknown ones, none, too long a time, too many; another's is not taken back."""
    reader = tokens.person_named(node.workspace, node.person(("reader", "*", "low")))
    with pytest.raises(SeparationError):
        tokens.make_token(node.workspace, reader, "x", ["read:claim"], days=1, at=node.now)
    with pytest.raises(SeparationError):
        tokens.make_token(node.workspace, reader, "x", ["intake:table"], days=1, at=node.now)
    for scopes, days in ((["write:claim"], 1), ([], 1), (["read:incident"], 0), (["read:incident"], 400)):
        with pytest.raises(InputValueError):
            tokens.make_token(node.workspace, reader, "x", scopes, days=days, at=node.now)
    for number in range(tokens.MOST_TOKENS):
        made = tokens.make_token(node.workspace, reader, f"n{number}", ["read:incident"], days=1, at=node.now)
    with pytest.raises(RuleError):
        tokens.make_token(node.workspace, reader, "one more", ["read:incident"], days=1, at=node.now)
    other = tokens.person_named(node.workspace, node.person(("reader", "*", "low")))
    with pytest.raises(UnknownNameError):
        tokens.withdraw(node.workspace, other, made.token_id, at=node.now)
    kept = node.workspace.database
    with kept.reading() as connection:
        assert made.token not in str(connection.execute(select(schema.api_tokens)).all())


def test_sensitive_reading_is_kept_with_its_reason_whatever_the_method(node: Any) -> None:
    """A list, a HEAD and an answer of 304 show the same, and are kept the same."""
    name = node.name_of("claim", "XKA/South", "severe")
    client = node.client(node.token(("analyst", "XKA/South", "severe")))
    first = client.get(f"/api/v1/claims/{name}", headers=REASON)
    client.get(f"/api/v1/claims/{name}", headers={**REASON, "if-none-match": first.headers["etag"]})
    client.head(f"/api/v1/claims/{name}", headers=REASON)
    with node.workspace.database.reading() as connection:
        table = schema.sights
        query = select(table.c.reason).where(table.c.subject == name, table.c.kind == "claim")
        assert list(connection.execute(query).scalars()) == [REASON["X-Reason"]] * 3


def test_a_place_is_told_coarsely_to_who_may_not_see_the_claims(node: Any) -> None:
    """No name of a place, no exact point, and no box that would find it out; the analyst sees the point."""
    name = node.name_of("incident", "XKA/South", "low")
    table, cell = schema.incidents, cell_at(19.6, 39.9)
    with node.workspace.database.writing() as connection:
        placed = {"latitude": 19.6, "longitude": 39.9, "cell": cell, "place_name": "a village", "admin2": "d"}
        connection.execute(table.update().where(table.c.incident_id == name).values(**placed))
        marks = schema.incident_marks
        connection.execute(marks.update().where(marks.c.incident_id == name).values(cell=cell))
    reader, analyst = (node.client(node.token((role, "*", "severe"))) for role in ("reader", "analyst"))
    exact = analyst.get(f"/api/v1/incidents/{name}").json()
    assert (exact["latitude"], exact["place_name"], exact["generalized"]) == (19.6, "a village", False)
    coarse = reader.get(f"/api/v1/incidents/{name}").json()
    assert (coarse["place_name"], coarse["admin2"], coarse["generalized"]) == ("", "", True)
    middle = (coarse["longitude"], coarse["latitude"])
    assert middle != (39.9, 19.6)
    items = "/api/v1/ogc/collections/incidents/items"
    for client, (east, north), should in (
        (reader, middle, True), (reader, (39.9, 19.6), False),
        (analyst, (39.9, 19.6), True), (analyst, middle, False),
    ):  # fmt: skip
        box = f"{east - 0.01:.3f},{north - 0.01:.3f},{east + 0.01:.3f},{north + 0.01:.3f}"
        found = client.get(f"{items}?bbox={box}").json()["features"]
        assert [one["id"] for one in found] == ([name] if should else []), (east, north)
    boxes = {"39.6,19.2,40.4,20.1": True, "30,10,50,30": True, "170,-80,169.9,80": True, "40.1,10,39.8,30": False}
    for box, should in boxes.items():  # a small one, a large one, nearly all the world, and all but a strip
        found = analyst.get(f"{items}?bbox={box}").json()["features"]
        assert (name in [one["id"] for one in found]) == should, box
