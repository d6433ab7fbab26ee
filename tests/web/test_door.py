"""The door itself: links, forms, headers, hosts, the brake, and what a failure shows."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest

from forewarn.logs import configure_logs
from forewarn.operations import accounts, receipts, viewing

PASSWORD = "four calm grey herons"  # noqa: S105 - of nobody
WRONG = "no such phrase here"


def test_the_first_link_makes_one_administrator_once_within_the_hour(house: Any) -> None:
    """Once there is somebody, no first link is made; an invitation works once and not after its time."""
    assert accounts.first_link(house.workspace, at=house.now) == ""
    page = house.send(house.admin, "/people/invite", page="/people", role="reader", areas="*", most="low")
    link = re.search(r"/join/([\w-]+)", page.text)
    assert link
    house.joined(link[1], "one")
    assert house.send(house.visitor(), f"/join/{link[1]}", name="two", password=PASSWORD).status_code == 404
    page = house.send(house.admin, "/people/invite", page="/people", role="reader", areas="*", most="low")
    late = re.search(r"/join/([\w-]+)", page.text)
    assert late
    house.now += timedelta(hours=48)
    assert house.send(house.visitor(), f"/join/{late[1]}", name="three", password=PASSWORD).status_code == 404


def test_a_link_is_not_used_up_by_a_bad_name_or_password(house: Any) -> None:
    """Who mistypes may try again."""
    page = house.send(house.admin, "/people/invite", page="/people", role="reader", areas="*", most="low")
    link = re.search(r"/join/([\w-]+)", page.text)
    assert link
    for name, password in (("clock", PASSWORD), ("Two Words", PASSWORD), ("head", PASSWORD), ("fine", "short")):
        answer = house.send(house.visitor(), f"/join/{link[1]}", name=name, password=password)
        assert answer.status_code in (400, 409), name
    house.joined(link[1], "fine")


def test_forms_need_their_token_and_their_own_site(house: Any) -> None:
    """No token, another's token, another origin: refused, and nothing is done."""
    other = house.token_in(house.person("reader").get("/").text)
    for fields, headers in (
        ({"csrf": ""}, {}),
        ({"csrf": other}, {}),
        ({"csrf": house.token_in(house.admin.get("/").text)}, {"origin": "https://evil.example"}),
        ({"csrf": house.token_in(house.admin.get("/").text)}, {"sec-fetch-site": "cross-site"}),
    ):
        assert house.admin.post("/sign-out", data=fields, headers=headers).status_code == 409
    assert house.admin.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/sign-in", "/", "/nowhere", "/forewarn.css", "/people"])
def test_every_answer_carries_the_headers(house: Any, path: str) -> None:
    """No inline script or style, no frame, nothing from elsewhere, no page kept by a cache; pages hold to it."""
    answer = house.admin.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    kept = "private, max-age=0, must-revalidate" if path.endswith(".css") else "no-store"
    assert answer.headers["cache-control"] == kept
    if "html" in answer.headers.get("content-type", ""):
        assert not re.search(r"<script(?! src=\"/[a-z.-]+\")|<style|\sstyle=|\son\w+=|https?://(?!127)", answer.text)


def test_cookies_are_closed_to_scripts_and_other_sites(house: Any) -> None:
    """Secure, HttpOnly, SameSite=Strict, bound to this host."""
    client = house.visitor()
    set_cookie = client.get("/sign-in").headers["set-cookie"]
    assert set_cookie.startswith("__Host-forewarn-form=")
    assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(set_cookie.split("; "))
    signed = house.send(client, "/sign-in", name="head", password=PASSWORD).headers.get_list("set-cookie")
    assert any(
        one.startswith("__Host-forewarn=") and {"Secure", "HttpOnly", "SameSite=strict"} <= set(one.split("; "))
        for one in signed
    )


def test_a_foreign_host_is_served_nothing(house: Any) -> None:
    """Another name that leads to this address is answered with a refusal."""
    for host in ("evil.example", "127.0.0.1.evil.example", "", "[::1"):
        assert house.admin.get("/", headers={"host": host}).status_code == 400


def test_guessing_is_slowed_by_name_and_told_apart_by_nobody(house: Any) -> None:
    """Unknown names and wrong passwords look the same; after five the door stays shut, also for the right one."""
    wrong = house.send(house.visitor(), "/sign-in", name="head", password=WRONG)
    unknown = house.send(house.visitor(), "/sign-in", name="nobody", password=WRONG)
    plain = re.compile(r'value="[^"]*"')
    assert wrong.status_code == unknown.status_code == 403
    assert plain.sub("", wrong.text) == plain.sub("", unknown.text)
    for _ in range(4):
        house.send(house.visitor(), "/sign-in", name="head", password=WRONG)
    assert house.send(house.visitor(), "/sign-in", name="head", password=PASSWORD).status_code == 429
    house.now += timedelta(minutes=16)
    assert house.send(house.visitor(), "/sign-in", name="head", password=PASSWORD).status_code == 303


def test_a_failure_shows_an_id_that_is_in_the_log_and_no_content(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page and the log share a code; neither holds what the failure was about."""
    lines = io.StringIO()
    configure_logs("warning", "json", stream=lines)

    def fails(*_args: object, **_more: object) -> None:
        raise ZeroDivisionError("a village and a name")

    monkeypatch.setattr(viewing, "alerts_for", fails)
    answer = house.person("analyst").get("/alerts")
    configure_logs()
    code = re.search(r"<code>(\w{12})</code>", answer.text)
    assert answer.status_code == 500
    assert code
    assert code[1] in lines.getvalue()
    assert "ZeroDivisionError" in lines.getvalue()
    assert "village" not in lines.getvalue() + answer.text


def test_large_and_odd_forms_are_refused(house: Any) -> None:
    """Too large, not text, of another kind."""
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert house.admin.post("/sign-out", content=b"a" * 70_000, headers=headers).status_code == 400
    assert house.admin.post("/sign-out", content=b"csrf=%ff\xff", headers=headers).status_code == 400
    assert house.admin.post("/sign-out", json={"csrf": "x"}).status_code == 400


def test_dnh_36_whoever_holds_a_receipt_code_asks_without_a_name(house: Any) -> None:
    """No session, the code in no address, wrong codes alike and braked by their beginning; a right one still works."""
    report = house.name_of("report", "XKA/North", "severe")
    code = receipts.receipt(house.workspace, report)
    visitor = house.visitor()
    assert visitor.get("/receipt").status_code == 200
    answer = house.send(visitor, "/receipt", code=code.lower())
    assert answer.status_code == 200
    assert "weighed together with other reports" in answer.text
    assert not any(one in answer.text for one in (report, code, "XKA", "told clm"))
    wrong = [house.send(visitor, "/receipt", code=f"{code[:5]}{n}222-2222-2222-2222-2222") for n in range(2, 8)]
    assert [one.status_code for one in wrong] == [404, 404, 404, 404, 404, 429]
    assert len({re.sub(r'value="[^"]*"', "", one.text) for one in wrong[:5]}) == 1
    house.now += timedelta(minutes=16)
    assert house.send(visitor, "/receipt", code=code).status_code == 200
    assert house.person("reader").get("/").status_code == 200, "the brake of codes shuts nobody else out"


@pytest.mark.parametrize("path", ["/", "/incidents", "/alerts", "/situations"])
def test_a_first_page_weighs_under_300_kb_with_all_that_it_asks_for(house: Any, path: str) -> None:
    """As sent, nothing squeezed: over a bad line a page must come all the same."""
    client = house.person("analyst")
    page = client.get(path)
    asked_for = set(re.findall(r'(?:href|src)="(/[\w.-]+\.(?:css|js|svg))"', page.text))
    assert "/forewarn.css" in asked_for
    assert len(page.content) + sum(len(client.get(one).content) for one in asked_for) < 300_000
