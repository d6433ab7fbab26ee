"""Evidence in the browser: who sees an item, that content needs a reason each time, that a picture comes blurred."""

from __future__ import annotations

import io
import re
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from forewarn.model.provenance import Sensitivity
from forewarn.operations import evidence
from forewarn.store.access_tables import sights
from forewarn.taxonomy.access import rights

SAID = evidence.Acquisition("https://example.org/clip", datetime(2026, 1, 1, tzinfo=UTC), "downloaded", "shows damage")


def picture() -> bytes:
    """A picture of lines that a blur puts out."""
    made = Image.new("RGB", (120, 90), (250, 250, 250))
    for k in range(0, 120, 4):
        made.paste((0, 0, 0), (k, 0, k + 2, 90))
    held = io.BytesIO()
    made.save(held, "PNG")
    return held.getvalue()


@pytest.fixture
def items(house: Any, tmp_path: Any) -> dict[str, str]:
    """A picture of severe sensitivity, and a low text."""
    (tmp_path / "harm.png").write_bytes(picture())
    (tmp_path / "note.txt").write_text("a notice")
    severe = evidence.add(house.workspace, tmp_path / "harm.png", SAID, by="officer-3")
    low = evidence.Acquisition(**{**{n: getattr(SAID, n) for n in SAID.__slots__}, "sensitivity": Sensitivity.LOW})
    plain = evidence.add(house.workspace, tmp_path / "note.txt", low, by="officer-3")
    return {"severe": severe.evidence_id, "low": plain.evidence_id}


@pytest.mark.parametrize("role", rights().roles)
def test_items_are_shown_as_the_table_says_and_to_nobody_of_one_area(house: Any, items: Any, role: str) -> None:
    """Evidence lies in no area, so a grant for one shows none; the acts are those of the table."""
    client, near = house.person(role), house.person(role, areas="XKA", name=f"near-{role.replace('_', '-')}")
    cell = rights().sees["evidence"].get(role)
    if cell in ("high", "severe"):
        for one in (client, near):
            house.send(one, "/reason", page="/", reason="a check of the rights", back="/")
    assert client.get("/evidence").status_code == (200 if cell else 404)
    for sensitivity, name in items.items():
        should = cell is not None and Sensitivity(sensitivity).rank <= Sensitivity(cell).rank
        assert (name in client.get("/evidence").text) == should
        assert client.get(f"/evidence/{name}").status_code == (200 if should else 404)
        assert near.get(f"/evidence/{name}").status_code == 404
        opened = house.send(client, f"/evidence/{name}/open", page="/", why="a check of the rights")
        assert opened.status_code == (404 if not should else 200 if role in rights().may["evidence_open"] else 403)
    checked = house.send(client, "/evidence/check", page="/")
    assert checked.status_code == (404 if cell is None else 200 if role in rights().may["evidence_check"] else 403)


def test_dnh_27_content_needs_a_reason_each_time_and_every_look_is_kept(house: Any, items: Any) -> None:
    """Without one nothing is opened; what is opened is blurred, and seeing it is one more look in the custody log."""
    client = house.person("analyst", name="ana")
    assert client.get(f"/evidence/{items['severe']}").status_code == 404
    house.send(client, "/reason", page="/", reason="working on the case", back="/")
    path = f"/evidence/{items['severe']}"
    record = client.get(path).text
    assert "harm.png" not in record
    assert house.send(client, f"{path}/open", page="/", why="short").status_code == 400
    before = house.workspace.now
    opened = house.send(client, f"{path}/open", page="/", why="to describe the damage")
    assert "harm.png" in opened.text
    assert b64encode(picture()).decode() not in opened.text
    blurred = re.search(r"data:image/png;base64,([^\"]+)", opened.text)
    assert blurred
    shown = Image.open(io.BytesIO(b64decode(blurred[1])))
    assert shown.size[0] <= 16
    assert opened.headers["content-security-policy"].count("data:") == 1
    seen = house.send(client, f"{path}/see", page="/", why="to count the windows")
    assert b64encode(picture()).decode() in seen.text
    log = [(one.act, one.by, one.why) for one in evidence.log_of(house.workspace, items["severe"])]
    assert log[1:] == [
        ("read", "ana", "to describe the damage"),
        ("read", "ana", "seen without blur: to count the windows"),
    ]
    assert "Looked at 2 times so far." in client.get(path).text
    with house.workspace.database.reading() as connection:
        kept = connection.execute(select(sights.c.subject, sights.c.reason).where(sights.c.kind == "evidence")).all()
    assert {tuple(row) for row in kept} == {(items["severe"], "working on the case")}
    assert house.workspace.now - before < timedelta(days=1)


def test_no_address_leads_to_content(house: Any, items: Any) -> None:
    """What is not a picture is not shown at all, and content is never answered to a reading of an address."""
    client = house.person("analyst")
    page = house.send(client, f"/evidence/{items['low']}/open", page="/", why="to read the notice").text
    assert "a notice" not in page
    assert "forewarn evidence copy" in page
    assert house.send(client, f"/evidence/{items['low']}/see", page="/", why="to read the notice").status_code == 404
    for path in ("open", "see"):
        assert client.get(f"/evidence/{items['low']}/{path}").status_code in (404, 405)


def test_a_check_says_what_holds_and_what_does_not(house: Any, items: Any) -> None:
    """Everything holds, until a sealed file is altered; the limits of what it proves stand beside it."""
    client = house.person("reviewer")
    page = house.send(client, "/evidence/check", page="/").text
    assert "Everything holds." in page
    assert "not where something was filmed" in page
    sealed = next(path for path in sorted(house.workspace.paths.evidence.rglob("*")) if path.is_file() and
                  path.stat().st_size > 200 and "keys" not in path.parts)  # fmt: skip
    sealed.chmod(0o600)
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"\0")
    page = house.send(client, "/evidence/check", page="/").text
    assert "Everything holds." not in page
    assert "not hold" in page
