"""The exchange in the browser: who sees it, that two people are two, and that taking back needs a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forewarn.model.releasing import proposed
from forewarn.model.terms import ReleaseTerms
from forewarn.store import disclosures
from forewarn.taxonomy.access import rights

TERMS = ReleaseTerms("table", "green", "PAP:AMBER", "planning of aid", date(2026, 6, 30), benefit="aid is planned",
                     risk="places are coarse; nobody is named")  # fmt: skip


@pytest.fixture
def release_id(house: Any) -> str:
    """A release that exo proposed and nobody approved."""
    entry = proposed(TERMS, "0" * 64, (("cells hidden", 3),), by="exo", at=house.now)
    with house.workspace.database.writing() as connection:
        disclosures.add_release_entry(connection, entry)
    return entry.release_id


@pytest.mark.parametrize("role", rights().roles)
def test_the_exchange_is_shown_as_the_table_says(house: Any, release_id: str, role: str) -> None:
    """It lies in no area, and counts as moderate; forms are refused to whose roles have not the act."""
    client = house.person(role)
    should = role in rights().sees["exchange"]
    page = client.get("/exchange")
    assert page.status_code == (200 if should else 404)
    assert (release_id in page.text) == (should and role in rights().may["release_approve"])
    assert ("aid is planned" in page.text) == should
    for path, act, fields in (
        (f"/exchange/releases/{release_id}/approve", "release_approve", {}),
        ("/exchange/packages/pkg_0/recall", "package_recall", {"reason": "it was wrong in part"}),
    ):
        answer = house.send(client, path, page="/", **fields)
        status = answer.status_code
        if not should:
            assert status == 404
        elif role not in rights().may[act]:
            assert (status, "do not allow this step" in answer.text) == (403, True)
        else:
            assert "do not allow this step" not in answer.text
    if should:
        near, low = house.person(role, areas="XKA", name="near"), house.person(role, most="low", name="low")
        assert near.get("/exchange").status_code == low.get("/exchange").status_code == 404


def test_nobody_is_their_own_second_person(house: Any, release_id: str) -> None:
    """Who proposed is offered no approval and is refused one; another is offered it."""
    proposer, other = house.person("exchange_officer", name="exo"), house.person("reviewer")
    path = f"/exchange/releases/{release_id}/approve"
    assert path not in proposer.get("/exchange").text
    assert house.send(proposer, path, page="/").status_code == 403
    assert path in other.get("/exchange").text


def test_a_recall_needs_a_reason_and_an_empty_exchange_says_how_to_begin(house: Any) -> None:
    """Too short a reason is refused before anything is done; the page says what to run."""
    client = house.person("exchange_officer")
    assert house.send(client, "/exchange/packages/pkg_0/recall", page="/", reason="no").status_code == 400
    assert house.send(client, "/exchange/packages/clm_0/recall", page="/", reason="it was wrong").status_code == 404
    page = client.get("/exchange").text
    assert "forewarn release preview" in page
    assert "forewarn partners" in page
