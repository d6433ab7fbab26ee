"""Tokens for programs in the browser: made and shown once, told without what opens anything, taken back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from forewarn.ids import content_id
from forewarn.operations import tokens
from forewarn.taxonomy.access import rights

PASSWORD = "four calm grey herons"  # noqa: S105 - of nobody


def made(house: Any, client: Any, **fields: str) -> str:
    """The token that the answer to the form shows."""
    answer = house.send(client, "/tokens/make", page="/tokens", label="a <b>program</b>", days="30", **fields)
    found = re.search(r'<code class="secret"[^>]*>([\w-]{20,})</code>', answer.text)
    assert found, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "a &lt;b&gt;program" in answer.text
    return found[1]


def name_in(page: str) -> str:
    """The id of the first token of a list."""
    return re.search(r"/tokens/(tok_\w+)/withdraw", page)[1]  # type: ignore[index]


def ask(house: Any, token: str, path: str = "/api/v1/incidents") -> int:
    """What a program is answered with a token."""
    return int(house.visitor().get(path, headers={"Authorization": f"Bearer {token}"}).status_code)


def test_a_token_is_shown_once_and_opens_what_was_ticked_until_it_is_withdrawn(house: Any) -> None:
    """No page tells it again; the last day it was used is told, of other requests nothing is kept."""
    client = house.person("analyst", name="ana")
    assert "You hold none yet" in client.get("/tokens").text
    token = made(house, client, read_incident="yes")
    page = client.get("/tokens").text
    assert token not in page
    assert "read: incident" in page
    assert "never" in page
    assert [ask(house, token), ask(house, token, "/api/v1/claims")] == [200, 403]
    used = client.get("/tokens").text
    assert "never" not in used
    assert used.count(f">{house.now.date()}</td>") == 2
    house.now += timedelta(days=2)
    assert ask(house, token) == 200
    client = house.visitor()
    house.send(client, "/sign-in", name="ana", password=PASSWORD)
    assert f'class="day" data-l="Last used">{house.now.date()}</td>' in client.get("/tokens").text
    assert house.send(client, f"/tokens/{name_in(page)}/withdraw", page="/tokens").status_code == 303
    assert ask(house, token) == 401
    assert "You hold none yet" in client.get("/tokens").text


def test_nobody_sees_or_withdraws_the_token_of_another_but_an_administrator(house: Any) -> None:
    """Who looks after people is told whose, for what and until when, and may end it; the token is in no page."""
    ana, bo = house.person("analyst", name="ana"), house.person("analyst", name="bo")
    token = made(house, ana, read_incident="yes", channels="webhook\n")
    name = name_in(ana.get("/tokens").text)
    assert "b&gt;program" not in bo.get("/tokens").text
    assert bo.get("/admin/tokens").status_code == 403
    assert house.send(bo, f"/tokens/{name}/withdraw", page="/tokens").status_code == 404
    assert house.send(bo, f"/admin/tokens/{name}/withdraw", page="/tokens").status_code == 403
    page = house.admin.get("/admin/tokens").text
    assert '<td data-l="Person">ana</td>' in page
    assert "hand in: webhook" in page
    assert token not in page
    assert ask(house, token) == 200
    assert house.send(house.admin, f"/admin/tokens/{name}/withdraw", page="/admin/tokens").status_code == 303
    assert ask(house, token) == 401
    assert "Nobody else holds a token" in house.admin.get("/admin/tokens").text
    assert house.send(house.admin, f"/admin/tokens/{name}/withdraw", page="/admin/tokens").status_code == 404


@pytest.mark.parametrize("role", rights().roles)
def test_the_form_offers_what_the_roles_give_and_no_more_is_made(house: Any, role: str) -> None:
    """What a form of one's own adds is refused; an administrator, who reads no record, is offered none."""
    client = house.person(role)
    page = client.get("/tokens").text
    given = {kind for kind, cells in rights().sees.items() if role in cells}
    assert set(re.findall(r'name="read_(\w+)"', page)) == given
    assert ('name="channels"' in page) == (role in rights().may["intake"])
    page = "/tokens" if 'action="/tokens/make"' in page else "/account"
    for kind in set(rights().sees) - given:
        fields = {"label": "more", "days": "30", f"read_{kind}": "yes"}
        assert house.send(client, "/tokens/make", page=page, **fields).status_code == 403


def test_a_form_that_makes_no_sense_or_comes_from_elsewhere_makes_nothing(house: Any) -> None:
    """No scope, no label, days out of range, an unknown field, a wrong token of the form."""
    client = house.person("analyst", name="ana")
    good = {"label": "a program", "days": "30", "read_incident": "yes"}
    for wrong in ({"read_incident": ""}, {"label": " "}, {"days": "0"}, {"days": "4000"}, {"days": "x"}, {"by": "head"},
                  {"channels": "../x"}):  # fmt: skip
        assert house.send(client, "/tokens/make", page="/tokens", **good | wrong).status_code == 400, wrong
    assert client.post("/tokens/make", data={"csrf": "made up", **good}).status_code == 409
    with house.workspace.database.reading() as connection:
        assert tokens.held_tokens(connection, content_id("usr", "ana")) == []
