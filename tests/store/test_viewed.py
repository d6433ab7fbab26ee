"""Rights inside the questions, on both engines: what may not be seen is not selected."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Table

from forewarn.errors import RuleError
from forewarn.ids import content_id
from forewarn.model.access import Grant, Sight, Viewer
from forewarn.model.provenance import Sensitivity
from forewarn.store import Database, accounts, schema, viewed
from forewarn.store.listed import Wanted
from forewarn.store.marks import mark_incidents

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PLACES = (("XKA", "North"), ("XKA", "South"), ("XKB", "North"), ("", ""))


def blank(table: Table) -> dict[str, object]:
    """A row of empty values."""
    return {
        c.name: None if c.nullable else "" if str(c.type) == "TEXT" else 0
        for c in table.columns
        if c.name != "sequence"
    }


def furnish(database: Database) -> dict[str, tuple[str, str, str]]:
    """An incident of one claim for each place and class, an unknown class included; by id."""
    made = {}
    with database.writing() as connection:
        for (country, admin1), level in ((p, s) for p in PLACES for s in (*Sensitivity, "unheard-of")):
            incident, claim = content_id("inc", country, admin1, level), content_id("clm", country, admin1, level)
            placed = {"country": country, "admin1": admin1, "started_on": "2026-01-01"}
            one = {**blank(schema.claims), **placed, "claim_id": claim, "sensitivity": str(level)}
            connection.execute(schema.claims.insert(), one)
            connection.execute(
                schema.incidents.insert(), {**blank(schema.incidents), **placed, "incident_id": incident}
            )
            connection.execute(schema.incident_claims.insert(), {"incident_id": incident, "claim_id": claim})
            made[incident] = (country, admin1, str(level))
        mark_incidents(connection)
    return made


def test_only_what_one_sight_covers_is_selected(database: Database) -> None:
    """Area and class in one sight; a class nobody knows counts as severe; no place is seen only from everywhere."""
    made = furnish(database)
    for areas, most, reason in (
        (("XKA/North",), Sensitivity.MODERATE, "why"),
        (("XKA",), Sensitivity.SEVERE, "why"),
        (("XKA",), Sensitivity.SEVERE, ""),
        (("*",), Sensitivity.LOW, ""),
        (("*",), Sensitivity.SEVERE, "why"),
        ((), Sensitivity.SEVERE, "why"),
    ):
        viewer = Viewer("ana", {"incident": (Sight(areas, most),)}, reason=reason)
        with database.reading() as connection:
            seen = {row["incident_id"] for row in viewed.seen_incidents(connection, viewer, Wanted(limit=100))}
        for name, (country, admin1, level) in made.items():
            known = Sensitivity(level) if level in set(Sensitivity) else Sensitivity.SEVERE
            assert (name in seen) == viewer.may_see("incident", country, admin1, known), (areas, most, level)


def test_pages_follow_each_other_without_gap_or_repeat(database: Database) -> None:
    """Each page begins where the last one ended."""
    made = furnish(database)
    viewer = Viewer("ana", {"incident": (Sight(("*",), Sensitivity.SEVERE),)}, reason="why")
    found: list[str] = []
    after = None
    while True:
        with database.reading() as connection:
            rows = viewed.seen_incidents(connection, viewer, Wanted(after=after, limit=7))
        if not rows:
            break
        found += [row["incident_id"] for row in rows]
        after = (rows[-1]["started_on"], rows[-1]["incident_id"])
    assert len(found) == len(set(found)) == len(made)


def test_a_link_is_taken_once_and_no_sensitive_record_is_seen_without_a_reason(database: Database) -> None:
    """The second taker gets nothing; a sight without a reason is refused."""
    offered = Grant("", "", "reader", ("*",), Sensitivity.LOW, "head", "2026-01-02T00:00:00Z")
    with database.writing() as connection:
        accounts.add_invitation(connection, "hash", offered, expires_at=NOW.replace(day=3))
    with database.writing() as connection:
        assert accounts.take_invitation(connection, "hash", at=NOW.replace(day=3)) is None
        assert accounts.take_invitation(connection, "hash", at=NOW) is not None
        assert accounts.take_invitation(connection, "hash", at=NOW) is None
    with pytest.raises(RuleError), database.writing() as connection:
        accounts.add_sights(connection, Viewer("ana"), [("claim", "clm_x")], at=NOW)
