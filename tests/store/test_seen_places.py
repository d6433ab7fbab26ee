"""Incidents in their places for a viewer, on both engines: groups add up, boxes are of whole cells, rights hold."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from forewarn.ids import content_id
from forewarn.model.access import Sight, Viewer
from forewarn.model.grid import COLUMNS, WORLD, CellBox, cells_of
from forewarn.model.provenance import Sensitivity
from forewarn.store import Database, schema
from forewarn.store.marks import mark_incidents
from forewarn.store.seen_counts import counted_by_area
from forewarn.store.seen_places import area_reaches, grouped_incidents, placed_incidents

COUNT = 120
DAYS = {"since": "2026-01-01", "until": "2026-01-31"}
EVERYTHING = Viewer("ana", {"incident": (Sight(("*",), Sensitivity.SEVERE),)}, reason="why")
CALM = Viewer("bo", {"incident": (Sight(("*",), Sensitivity.SEVERE),)})
ONE_AREA = Viewer("cy", {"incident": (Sight(("XKA",), Sensitivity.MODERATE),)}, reason="why")


def furnish(database: Database) -> None:
    """Incidents of two countries and classes on a patch of four by six degrees, a few before the days, one nowhere."""
    chance = np.random.default_rng(3)
    latitude, longitude = chance.uniform(-2, 2, COUNT), chance.uniform(10, 16, COUNT)
    cells = cells_of(latitude, longitude)
    claims, incidents, members = [], [], []
    for k in range(COUNT):
        where = {"latitude": latitude[k], "longitude": longitude[k], "cell": int(cells[k])} if k else {"cell": 0}
        row = {
            **where, "country": ("XKA", "XKB")[k % 2], "admin1": ("North", "")[k % 3 == 0],
            "contested": int(k % 5 == 0),
            "started_on": "2025-12-31" if k % 20 == 1 else f"2026-01-{1 + k % 31:02}", "deaths_best": k % 4 or None,
            "status": ("reported", "corroborated")[k % 7 == 0], "sensitivity": ("low", "high")[k % 10 == 3],
            "claim_id": content_id("clm", str(k)), "incident_id": content_id("inc", str(k)),
        }  # fmt: skip
        claims.append({c.name: row.get(c.name, None if c.nullable else "") for c in schema.claims.columns})
        incidents.append({c.name: row.get(c.name, None if c.nullable else "") for c in schema.incidents.columns})
        members.append({name: row[name] for name in ("claim_id", "incident_id")})
    with database.writing() as connection:
        connection.execute(schema.claims.insert(), claims)
        connection.execute(schema.incidents.insert(), incidents)
        connection.execute(schema.incident_claims.insert(), members)
        mark_incidents(connection)


@pytest.mark.parametrize("viewer", [EVERYTHING, CALM, ONE_AREA], ids=lambda one: one.name)
def test_groups_of_any_size_hold_what_the_points_hold(database: Database, viewer: Viewer) -> None:
    """Numbers, standings, deaths and middles of squares are those of the incidents told one by one, and of no other."""
    furnish(database)
    with database.reading() as connection:
        points = placed_incidents(connection, viewer, WORLD, limit=COUNT, **DAYS)
        assert {(one.country, one.sensitivity) for one in points} == {
            (country, level)
            for country, level in (("XKA", "low"), ("XKB", "low"), ("XKB", "high"))
            if viewer.may_see("incident", country, "", Sensitivity(level))
        }
        for step in (1, 2, 8):
            told = grouped_incidents(connection, viewer, WORLD, step, **DAYS)
            squares = Counter(divmod(one.cell - 1, COLUMNS)[0] // step * COLUMNS + (one.cell - 1) % COLUMNS // step
                              for one in points)  # fmt: skip
            found = {int(one.row // step) * COLUMNS + int(one.column // step): one.incidents for one in told}
            assert found == dict(squares)
            assert sum(one.contested for one in told) == sum(one.contested for one in points)
            assert sum(one.corroborated for one in told) == sum(
                one.status == "corroborated" and not one.contested for one in points
            )
            assert sum(one.unsaid for one in told) == sum(one.low is None for one in points)
            assert sum(one.high or 0 for one in told) == sum(one.high or 0 for one in points)
            names = {one.incident_id for one in points}
            assert {one.incident_id for one in told} <= names


def test_a_box_holds_whole_cells_and_areas_reach_around_their_incidents(database: Database) -> None:
    """Of a box of degrees all cells that it touches are told; the latest first and no more than asked for."""
    furnish(database)
    box = CellBox.around(10.3, -0.4, 12.1, 1.2)
    with database.reading() as connection:
        everything = placed_incidents(connection, EVERYTHING, WORLD, limit=COUNT, **DAYS)
        inside = placed_incidents(connection, EVERYTHING, box, limit=COUNT, **DAYS)
        latest = placed_incidents(connection, EVERYTHING, WORLD, limit=5, **DAYS)
        reaches = area_reaches(connection, EVERYTHING, **DAYS)
        counted = counted_by_area(connection, EVERYTHING, **DAYS)
    west, south, east, north = box.degrees
    assert (west, south, east, north) == (10.0, -0.5, 12.5, 1.5)
    within = [one for one in everything if south <= one.latitude < north and west <= one.longitude < east]
    assert inside == within
    assert 0 < len(inside) < len(everything)
    assert latest == everything[:5]
    assert set(reaches) == set(counted)
    for one in everything:
        reach = reaches[f"{one.country}/{one.admin1}" if one.admin1 else one.country].degrees
        assert reach[0] <= one.longitude <= reach[2]
        assert reach[1] <= one.latitude <= reach[3]
