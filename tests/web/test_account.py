"""One's own account in the browser, the closing of others', and the log that administrators read."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forewarn.ids import content_id
from forewarn.operations import own_account, second_factor, tokens
from forewarn.operations.accounts import session_of
from forewarn.store import accounts

PASSWORD = "four calm grey herons"  # noqa: S105 - of nobody
NEW = "nine loud white storks"
COOKIE = "__Host-forewarn"


def signs_in(house: Any, name: str, password: str, code: str = "") -> bool:
    """Whether somebody who comes anew is let in."""
    return bool(house.send(house.visitor(), "/sign-in", name=name, password=password, code=code).status_code == 303)


def test_a_password_is_changed_by_who_knows_it_and_other_sessions_end(house: Any) -> None:
    """With a wrong one nothing changes; afterwards the old one opens nothing, and this session goes on."""
    here = house.person("analyst", name="ana")
    there = house.visitor()
    house.send(there, "/sign-in", name="ana", password=PASSWORD)
    wrong = house.send(here, "/account/password", page="/account", old=NEW, new=NEW)
    assert wrong.status_code == 409
    assert house.send(here, "/account/password", page="/account", old=PASSWORD, new="short").status_code == 400
    assert house.send(here, "/account/password", page="/account", old=PASSWORD, new=NEW).status_code == 303
    assert (here.get("/").status_code, there.get("/").headers.get("location")) == (200, "/sign-in")
    assert (signs_in(house, "ana", PASSWORD), signs_in(house, "ana", NEW)) == (False, True)


def test_guessing_a_password_on_the_account_page_is_slowed(house: Any) -> None:
    """Whoever finds an open browser does not guess on."""
    client = house.person("analyst", name="ana")
    answers = [
        house.send(client, "/account/password", page="/account", old="wrong", new=NEW).status_code for _ in range(6)
    ]
    assert answers == [409] * 5 + [429]


def test_a_session_is_ended_from_another_and_only_ones_own(house: Any) -> None:
    """The list names them by what opens nothing; somebody else's name ends nothing."""
    here, other = house.person("analyst", name="ana"), house.person("reader", name="other")
    there = house.visitor()
    house.send(there, "/sign-in", name="ana", password=PASSWORD)
    page = here.get("/account").text
    assert here.cookies[COOKIE] not in page
    names = re.findall(r"/account/session/(\w{16})", page)
    assert len(names) == 1
    assert house.send(other, f"/account/session/{names[0]}", page="/account").status_code == 404
    assert there.get("/").status_code == 200
    assert house.send(here, f"/account/session/{names[0]}", page="/account").status_code == 303
    assert there.get("/").headers["location"] == "/sign-in"


@pytest.mark.parametrize(("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (2000000000, "279037")])
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, the last six of the eight digits given for SHA-1."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert second_factor.code_at(secret, seconds // 30) == code
    at = datetime.fromtimestamp(seconds, UTC)
    assert second_factor.step_of(secret, f"{code[:3]} {code[3:]}", at=at) == seconds // 30
    assert second_factor.step_of(secret, code, at=at + timedelta(seconds=90)) is None
    assert second_factor.step_of(secret, "", at=at) is None


def test_with_a_second_factor_the_password_alone_opens_nothing_and_no_code_twice(house: Any) -> None:
    """It is in force only once a code was given; taking it away asks for the password."""
    client = house.person("analyst", name="ana")
    assert house.send(client, "/account/code/begin", page="/account", password=NEW).status_code == 409
    assert house.send(client, "/account/code/begin", page="/account", password=PASSWORD).status_code == 303
    shown = re.search(r"secret=(\w+)", client.get("/account").text)
    assert shown
    assert signs_in(house, "ana", PASSWORD)

    def code() -> str:
        return second_factor.code_at(shown[1], int(house.now.timestamp()) // 30)

    assert house.send(client, "/account/code/confirm", page="/account", code="000000").status_code == 409
    assert house.send(client, "/account/code/confirm", page="/account", code=code()).status_code == 303
    assert shown[1] not in client.get("/account").text
    assert not signs_in(house, "ana", PASSWORD, code())
    house.now += timedelta(minutes=2)
    assert not signs_in(house, "ana", PASSWORD)
    assert signs_in(house, "ana", PASSWORD, code())
    assert not signs_in(house, "ana", PASSWORD, code())
    assert house.send(client, "/account/code/drop", page="/account", password=PASSWORD).status_code == 303
    assert signs_in(house, "ana", PASSWORD)


def test_an_account_is_closed_for_good_with_its_tokens_and_sessions(house: Any) -> None:
    """By another administrator's hand only, never the last one's; its name is not given again."""
    client, user, me = house.person("analyst", name="ana"), content_id("usr", "ana"), content_id("usr", "head")
    who = session_of(house.workspace, client.cookies[COOKIE], at=house.now)
    assert who
    token = tokens.make_token(house.workspace, who, "a program", ["read:alert"], days=7, at=house.now).token
    assert house.send(client, f"/people/{me}/close", page="/").status_code == 403
    assert house.send(house.admin, f"/people/{me}/close", page="/people").status_code == 403
    assert house.send(house.admin, f"/people/{user}/close", page="/people").status_code == 303
    assert client.get("/").headers["location"] == "/sign-in"
    assert not signs_in(house, "ana", PASSWORD)
    assert tokens.holder_of(house.workspace, token, at=house.now) is None
    assert "Closed: nobody signs in" in house.admin.get("/people").text
    grant = {"role": "analyst", "areas": "*", "most": "low"}
    assert house.send(house.admin, f"/people/{user}/grant", page="/people", **grant).status_code == 404
    page = house.send(house.admin, "/people/invite", page="/people", **grant).text
    link = re.search(r"/join/([\w-]+)", page)
    assert link
    assert house.send(house.visitor(), f"/join/{link[1]}", name="ana", password=PASSWORD).status_code == 409


def test_the_log_tells_who_saw_how_much_and_nothing_of_what(house: Any) -> None:
    """Grants and their end, passwords, closings; counts of sensitive records by person; no id and no reason in it."""
    client = house.person("analyst", name="ana")
    house.send(client, "/reason", page="/", reason="a village and a name", back="/")
    severe = house.name_of("incident", "XKA/North", "severe")
    assert client.get(f"/incidents/{severe}").status_code == 200
    house.send(client, "/account/password", page="/account", old=PASSWORD, new=NEW)
    assert client.get("/admin/log").status_code == 403
    page = house.admin.get("/admin/log").text
    for words in ("changed the password", "was given analyst", "joined", '<td data-l="Person">ana</td>'):
        assert words in page
    assert severe not in page
    assert "a village" not in page
    with house.workspace.database.reading() as connection:
        shown = {row["kind"]: row["shown"] for row in own_account.own_accounts.sight_counts(connection)}
    assert shown == {"incident": 1, "claim": 1}


def test_a_long_list_of_people_comes_in_pages_and_is_found_by_name(house: Any) -> None:
    """Some are on a page, those behind it on the next; letters of a name find it."""
    with house.workspace.database.writing() as connection:
        for number in range(60):
            accounts.add_user(connection, f"Desk 100%-{number:02}", "$none", by="head", at=house.now)
    named, path = [], "/people"
    while path:
        page = house.admin.get(path).text
        named.append(re.findall(r"<h3>(.*?)</h3>", page))
        following = re.search(r'href="(/people\?name=&amp;after=\d+)"', page)
        path = following[1].replace("&amp;", "&") if following else ""
    assert [len(one) for one in named] == [25, 25, 11]
    assert sorted(one for page in named for one in page) == sorted(
        ["head", *(f"Desk 100%-{number:02}" for number in range(60))]
    )
    found = house.admin.get("/people", params={"name": "dESK 100%-07"}).text
    assert re.findall(r"<h3>(.*?)</h3>", found) == ["Desk 100%-07"]
    assert "<h3>" not in house.admin.get("/people", params={"name": "10__"}).text
