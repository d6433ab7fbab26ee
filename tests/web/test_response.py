"""Options, gate, tracker, briefs and documents in the browser: within the table of rights, and nothing recommended."""

from __future__ import annotations

import re
from typing import Any

import pytest

from forewarn.operations import tracker, viewing_documents
from forewarn.operations.brief import BriefData
from forewarn.operations.collect import collect
from forewarn.operations.tracker import TrackWish
from forewarn.taxonomy.access import rights

PAGES = {"/options": "option", "/tracker": "tracked", "/tracker/cases": "tracked", "/briefs": "brief",
         "/documents": "document"}  # fmt: skip
SAID = {"kind": "commitment", "what": "The ministry will open a fund", "source": "A/78/1, para. 4", "owner": "ministry"}


@pytest.mark.parametrize("role", rights().roles)
def test_each_page_is_there_for_the_roles_of_the_table(house: Any, role: str) -> None:
    """Others are told that there is no such page; and who may not record is refused."""
    client = house.person(role)
    for path, kind in PAGES.items():
        assert client.get(path).status_code == (200 if role in rights().sees[kind] else 404), path
    tracks = role in rights().may["track"]
    assert house.send(client, "/tracker/new", page="/", **SAID).status_code == (303 if tracks else 403)
    said = {"subject": "XKA/North", "condition": "S1", "state": "contested", "body": "a council", "citation": "S/1"}
    records = role in rights().may["gate_record"]
    assert house.send(client, "/options/gate", page="/", **said).status_code == (303 if records else 403)


def test_options_are_least_coercive_first_and_recommend_nothing(house: Any) -> None:
    """In each pillar coercion never falls; the page says that none is recommended; other areas are not reached."""
    near = house.person("analyst", areas="XKA/North")
    page = near.get("/options?unit=XKA/North").text
    assert "None is recommended" in page
    order = [re.findall(r"<h3><code>(M\d+)</code>", part) for part in page.split("<section")[1:4]]
    assert [names[0][1] for names in order] == ["1", "2", "3"]
    assert near.get("/options?unit=XKB/North").status_code == 404
    alert = house.name_of("alert", "XKA/North", "low")
    assert near.get(f"/options?alert={alert}").status_code == 200
    assert near.get(f"/options?alert={house.name_of('alert', 'XKB/North', 'low')}").status_code == 404


def test_signs_are_shown_only_to_who_may_see_all_they_rest_on(house: Any) -> None:
    """A decision maker sees the same measures without them; so does an analyst of a narrower grant."""
    cases = (("analyst", "severe", True), ("analyst", "low", False), ("decision_maker", "severe", False))
    for role, most, shown in cases:
        page = house.person(role, most=most).get("/options?unit=XKA/North").text
        assert ("Without the signs of the area" in page) == (not shown), (role, most)


def test_what_is_tracked_is_seen_in_its_area_and_recorded_with_its_evidence(house: Any) -> None:
    """Items of another area, or of none, are not there; a state that needs evidence is refused without it."""
    near, wide = house.person("analyst", areas="XKA/North", name="near"), house.person("reviewer", name="wide")
    made = house.send(near, "/tracker/new", page="/tracker", unit="XKA/North", due_on="2025-12-01", **SAID)
    path = made.headers["location"]
    assert house.send(near, "/tracker/new", page="/tracker", unit="XKB/North", **SAID).status_code == 404
    assert house.send(near, "/tracker/new", page="/tracker", **SAID).status_code == 404
    other, _ = tracker.add_item(
        house.workspace, "commitment", "Another fund", TrackWish(unit="XKB", source="A/78/2"), by="wide"
    )
    assert near.get(f"/tracker/{other.item_id}").status_code == 404
    assert wide.get(f"/tracker/{other.item_id}").status_code == 200
    assert "Another fund" not in near.get("/tracker").text
    assert "days over" in near.get("/tracker").text
    record = {"page": path, "kind": "state", "value": "done", "note": "it paid"}
    assert house.send(near, f"{path}/record", **record).status_code == 409
    told = {"page": path, "kind": "evidence", "source": "A/79/5", "note": "the fund paid"}
    assert house.send(near, f"{path}/record", **told).status_code == 303
    assert house.send(near, f"{path}/record", **record).status_code == 303
    entry = re.findall(r'name="entry" value="(tre_\w+)"', near.get(path).text)[-1]
    assert house.send(near, f"{path}/undo", page=path, entry=entry, why="another fund").status_code == 303
    assert "its evidence was taken back" in near.get("/tracker").text


@pytest.mark.parametrize(
    ("role", "subject", "audience", "status"),
    [
        ("analyst", "alert low", "", 200),
        ("analyst", "alert severe", "", 404),
        ("reader", "alert low", "", 404),
        ("exchange_officer", "alert low", "red", 404),
        ("exchange_officer", "XKB/North", "amber", 404),
        ("analyst", "XKA/North", "amber+strict", 404),
        ("analyst", "XKA/North", "", 200),
    ],
)
def test_a_brief_is_shown_for_audiences_within_sight(
    house: Any, monkeypatch: pytest.MonkeyPatch, role: str, subject: str, audience: str, status: int
) -> None:
    """Beyond area, mark or reason there is none; what is shown can load nothing and run nothing."""
    wished = []

    def made(_workspace: object, wish: Any, **_: object) -> tuple[BriefData | None, bytes]:
        wished.append(wish.audience)
        return None, b"<p>a brief</p>"

    monkeypatch.setattr(viewing_documents, "brief_bytes", made)
    client = house.person(role, areas="XKA/North")
    kind, _, sensitivity = subject.partition(" ")
    name = house.name_of(kind, "XKA/North", sensitivity) if sensitivity else subject
    answer = client.get("/briefs/view", params={"subject": name, "audience": audience})
    assert answer.status_code == status
    assert bool(wished) == (status == 200)
    if wished:
        assert client.get("/briefs/view").headers["location"] == "/briefs"
        assert wished == ["green" if sensitivity else "amber"]
        assert "script-src" not in answer.headers["content-security-policy"]
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline';")


def test_a_document_is_read_searched_and_its_undertaking_tracked(house: Any, tmp_path: Any) -> None:
    """Speaker and words as kept, escaped; the words found are marked; an undertaking becomes an item with its quote."""
    text = (
        "A/63/PV.97\n\nUnited Nations\n\nGeneral Assembly\n\nThursday, 23 July 2009, 10 a.m.\n\nMr. Heron (Norway): "
        "We commit to protect <b>civilians</b> under resolution 60/1. We call on all States to open their borders.\n"
    )
    file = tmp_path / "record.txt"
    file.write_text(text)
    collect(house.workspace, "un-document", [file])
    client = house.person("analyst", name="ana")
    path = re.search(r'href="(/documents/doc_\w+)"', client.get("/documents").text)
    assert path
    page = client.get(path[1]).text
    assert "&lt;b&gt;civilians&lt;/b&gt;" in page
    assert "<mark>protect</mark>" in client.get("/documents?words=protect").text
    assert "stand in no document" in client.get("/documents?words=zebra").text
    name = re.search(r'name="undertaking" value="(und_\w+)"', page)
    assert name
    tracked = house.send(client, f"{path[1]}/track", page=path[1], undertaking=name[1], unit="XKA")
    assert tracked.status_code == 303
    assert "<blockquote lang" in client.get(tracked.headers["location"]).text
    assert "is tracked" in client.get(path[1]).text
