"""How the API answers: caches, pages, fields, errors, what is handed in; and schemathesis, which finds nothing."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from sqlalchemy import func, select

from forewarn.store import schema
from forewarn.web.api.door import Pace
from forewarn.web.api.intake import LARGEST_BYTES
from forewarn.web.api.table import RESOURCES

EVERYTHING = (("analyst", "*", "severe"), ("decision_maker", "*", "severe"))


@pytest.fixture(scope="module")
def client(node: Any) -> Any:
    """Somebody who may see all there is."""
    return node.client(node.token(*EVERYTHING))


def test_an_etag_saves_the_answer_for_its_owner_alone(node: Any, client: Any) -> None:
    """304 for who holds it; another viewer's is another, though the words are the same; no shared cache keeps any."""
    first = client.get("/api/v1/incidents")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    assert {"Authorization", "Cookie", "X-Reason"} == set(first.headers["vary"].split(", "))
    again = client.get("/api/v1/incidents", headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = node.client(node.token(*EVERYTHING))
    same = other.get("/api/v1/incidents", headers={"if-none-match": tag})
    assert same.status_code == 200
    assert same.json() == first.json()
    assert same.headers["etag"] != tag
    opened = client.get("/api/v1/incidents", headers={"X-Reason": "checking a figure"})
    assert opened.headers["cache-control"] == "no-store"
    head = client.head("/api/v1/incidents")
    assert (head.content, head.headers["etag"]) == (b"", tag)
    assert head.headers["content-length"] == str(len(first.content))


@pytest.mark.parametrize("path", ["reports", "claims", "incidents", "alerts"])
def test_pages_follow_each_other_without_gap_or_repeat(client: Any, all_of: Any, path: str) -> None:
    """Whatever the size of a page; a cursor is good for its own list alone."""
    key = f"{path[:-1]}_id"
    whole = [row[key] for row in all_of(client, f"/{path}?limit=200")]
    assert len(whole) == len(set(whole)) == 6
    assert [row[key] for row in all_of(client, f"/{path}?limit=4&fields={key}")] == whole
    cursor = client.get(f"/api/v1/{path}?limit=1").json()["next_cursor"]
    for bad in (f"/api/v1/{path}?cursor={cursor}&area=XKA", f"/api/v1/{path}?cursor={cursor[:-4]}AAAA"):
        assert client.get(bad).status_code == 404


def test_filters_and_fields_narrow_and_what_is_unknown_is_refused(client: Any, all_of: Any) -> None:
    """Area, days, act, status; fields as asked; a parameter nobody knows, or twice, is an error with a stable code."""
    assert {row["country"] for row in all_of(client, "/claims?area=XKA")} == {"XKA"}
    assert len(list(all_of(client, "/claims?area=XKA/North&act=killing&since=2026-01-01&until=2026-01-01"))) == 2
    assert not list(all_of(client, "/claims?since=2026-01-02"))
    assert not list(all_of(client, "/incidents?status=corroborated"))
    assert len(list(all_of(client, "/alerts?status=draft&area=XKA"))) == 4
    (row, *_) = all_of(client, "/incidents?fields=act,incident_id")
    assert list(row) == ["act", "incident_id"]
    for query, code in (("x=1", "usage"), ("limit=1&limit=2", "usage"), ("limit=0", "input_value"),
                        ("area=Nowhere", "input_value"), ("since=2026-13-01", "input_value"),
                        ("fields=password", "input_value"), ("act=%00", "input_value")):  # fmt: skip
        answer = client.get(f"/api/v1/claims?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, code), query
        assert answer.headers["content-type"] == "application/problem+json"


def test_methods_addresses_and_failures_are_told_in_one_form(
    node: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """405 with Allow, 404 for any other address, and of a failure only a code; a page is never the answer."""
    wrong = client.delete("/api/v1/claims")
    assert (wrong.status_code, set(wrong.headers["allow"].split(", "))) == (405, {"GET", "HEAD"})
    assert client.get("/api/v1/channels/table/intake").headers["allow"] == "POST"
    for path in ("", "/", "/claims/", "/nowhere", "/claims/a/b"):
        answer = client.get(f"/api/v1{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_name"), path
    claims = next(one for one in RESOURCES if one.path == "claims")
    monkeypatch.setattr("forewarn.web.api.records.asked_of", lambda *_: 1 / 0)
    failed = client.get(f"/api/v1/{claims.path}")
    assert failed.status_code == 500
    assert len(failed.json()["log_code"]) == 12
    assert "division" not in failed.text


def test_a_token_has_its_pace_and_a_session_may_read(node: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the pace 429 and when to come back; without a token or session 401; a session may not hand in."""
    assert node.client().get("/api/v1/claims").status_code == 401
    assert node.client().post("/api/v1/channels/table/intake", content=b"x").status_code == 401
    monkeypatch.setattr(Pace, "MOST", 2)
    fast = node.client(node.token(*EVERYTHING))
    assert [fast.get("/api/v1/channels").status_code for _ in range(3)] == [200, 200, 429]
    assert fast.get("/api/v1/channels").headers["retry-after"] == "60"
    assert node.client(node.token(*EVERYTHING)).get("/api/v1/channels").status_code == 200


def test_data_is_handed_in_once_by_a_token_for_that_channel(node: Any) -> None:
    """Kept like any file; the same bytes change nothing; other channels, large bodies, strange fields are not."""
    who = ("monitor", "XKA", "low")
    client = node.client(node.token(who, scopes=("intake:table",)))
    address, body = "/api/v1/channels/table/intake", b"id,who,day,country,act\n1,A source,2025-12-01,MLI,killing\n"
    assert client.post(address, content=body).status_code == 400  # no mapping lies in the inbox
    inbox = node.workspace.paths.root / "inbox" / "table"
    inbox.mkdir(parents=True)
    (inbox / "mapping.yml").write_text(MAPPING, encoding="utf-8")
    kept = client.post(f"{address}?file=ours.csv", content=body)
    assert (kept.status_code, kept.json()["accepted"]) == (201, 1), kept.text
    again = client.post(f"{address}?file=ours.csv", content=body)
    assert (again.status_code, again.json()["seen_before"]) == (200, True)
    for path, content, status in (
        ("/api/v1/channels/acled/intake", body, 403),
        (f"{address}?file=../x", body, 400),
        (f"{address}?sensitivity=low", body, 400),
        (address, b"", 400),
        (address, b"\x00\x01", 400),
        (address, b"x" * (LARGEST_BYTES + 1), 413),
    ):
        assert client.post(path, content=content).status_code == status, path
    assert client.get("/api/v1/claims").status_code == 403
    reader = node.client(node.token(("analyst", "*", "severe"), scopes=("read:claim",)))
    assert reader.post(address, content=body).status_code == 403
    with node.workspace.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(schema.collections)).scalar() == 1


@pytest.mark.parametrize("resource", [one for one in RESOURCES if one.one], ids=lambda one: one.path)
def test_who_and_how_sensitive_cannot_be_said_in_a_request(client: Any, resource: Any) -> None:
    """Nothing in an address widens what is seen."""
    for query in ("viewer=head", "sensitivity=low", "role=analyst", "reason=because+I+say", "token=x"):
        assert client.get(f"/api/v1/{resource.path}?{query}").status_code == 400


class TestSchemathesis:
    """The OpenAPI document held against the application, in process, with few examples an address."""

    def test_it_finds_nothing(self, node: Any) -> None:
        """No failure of the server, no answer of another form, nothing accepted that the document forbids."""
        token = node.token(*EVERYTHING)
        made = schemathesis.openapi.from_asgi("/api/v1/openapi.json", node.app, headers={"host": "127.0.0.1"})
        tried = 0
        for found in made.get_all_operations():
            operation = found.ok()

            @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
            @_given(operation)
            def ask(case: Any) -> None:
                case.call_and_validate(headers={"Authorization": f"Bearer {token}", "Host": "127.0.0.1"})

            ask()
            tried += 1
        assert tried == len(made.raw_schema["paths"]) - 1  # it leaves out the document itself


def _given(operation: Any) -> Any:
    from hypothesis import given

    return given(case=operation.as_strategy())


MAPPING = """\
name: ours
title: Our own
publisher: Nobody (fictional)
licence: CC0-1.0
sensitivity: low
fields: {external_id: id, source: who, started_on: day, country: country, act: act}
"""
