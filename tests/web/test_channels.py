"""Bringing a file in the browser: what is kept is what came, and a hostile form leaves nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from forewarn.store import schema
from forewarn.web import uploads

MAPPING = b"""
name: field-notes
title: Field notes
publisher: nobody
licence: none
row_is: report
kind: incident
sensitivity: low
fields:
  external_id: id
  started_on: day
  ended_on: day
  country: country
  deaths: {low: dead, best: dead, high: dead}
"""


def reports(house: Any) -> int:
    """How many reports the store holds."""
    with house.workspace.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(schema.reports)).scalar_one())


def bring(house: Any, client: Any, *files: tuple[str, tuple[str, bytes]], **fields: str) -> Any:
    """Fill in the form that brings a file."""
    said = {"csrf": house.token_in(client.get("/channels").text), "channel": "table", **fields}
    return client.post("/channels/collect", data=said, files=list(files))


def test_a_file_brought_in_the_browser_is_collected_as_the_command_does(house: Any) -> None:
    """Rows enter, what was refused is said, the same bytes again change nothing, and the path of no one is followed."""
    analyst, before = house.person("analyst"), reports(house)
    table = b"id,day,country,dead\nA1,2026-01-01,XKA,3\nA2,2026-01-01,XKA,-1\n"
    sent = ("file", ("../../../etc/passwd\x00.csv", table)), ("mapping", ("m.yml", MAPPING))
    page = bring(house, analyst, *sent)
    assert page.status_code == 200, page.text
    assert "2 rows read, 1 accepted" in page.text
    assert reports(house) == before + 1
    assert "nothing changed" in bring(house, analyst, *sent).text
    unread = bring(house, analyst, sent[0], ("mapping", ("m.yml", b"{")))
    assert (unread.status_code, "mapping" in unread.text) == (400, True)
    assert reports(house) == before + 1


def test_who_may_not_bring_files_is_refused(house: Any) -> None:
    """By role, without a session, and without the token of the form; nothing is kept of it."""
    sent = ("file", ("x.csv", b"id\n1\n"))
    before = sorted(house.workspace.paths.snapshots.rglob("*"))
    officer = house.person("exchange_officer")
    assert "Collect a file" not in officer.get("/channels").text
    assert bring(house, officer, sent).status_code == 403
    visitor = house.visitor()
    visitor.get("/sign-in")
    assert visitor.post("/channels/collect", files=[sent]).headers["location"] == "/sign-in"
    assert house.person("analyst").post("/channels/collect", data={"csrf": "x"}, files=[sent]).status_code == 409
    assert sorted(house.workspace.paths.snapshots.rglob("*")) == before


def test_a_form_that_is_no_form_is_refused_in_words(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too large, cut off, twice the same field, a field it does not have, no file, another kind."""
    analyst = house.person("analyst")
    token = house.token_in(analyst.get("/channels").text)
    kind = {"content-type": "multipart/form-data; boundary=b"}
    assert bring(house, analyst, ("file", ("a", b"1")), ("file", ("b", b"2"))).status_code == 400
    assert bring(house, analyst, ("file", ("a", b"1")), sensitivity="low").status_code == 400
    assert bring(house, analyst, ("file", ("a", b""))).status_code == 400
    assert bring(house, analyst, ("file", ("a", b"1")), channel="../x").status_code == 404
    assert analyst.post("/channels/collect", data={"csrf": token}).status_code == 400
    for body in (b"", b"--b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", b"\xff" * 50):
        assert analyst.post("/channels/collect", content=body, headers=kind).status_code in (400, 409)
    monkeypatch.setattr(uploads, "LARGEST_UPLOAD_BYTES", 1_000)
    large = bring(house, analyst, ("file", ("a", b"1" * 2_000)))
    assert large.status_code == 400
    assert "command line" in large.text
    assert not list(Path(house.workspace.paths.root).rglob("passwd*"))


def test_what_is_new_is_assessed_on_asking(house: Any) -> None:
    """By an analyst, with the figures said."""
    analyst = house.person("analyst")
    page = house.send(analyst, "/channels/assess", page="/channels")
    assert page.status_code == 200
    assert "claims make" in page.text
    assert house.send(house.person("reviewer"), "/channels/assess", page="/channels").status_code == 403
