"""Incidents in their places for a viewer, on both engines: groups add up, boxes are of whole cells, rights hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from sqlalchemy import Connection, Table

from forewarn.clock import month_of
from forewarn.ids import content_id
from forewarn.model.access import Sight, Viewer
from forewarn.model.grid import COLUMNS, WORLD, CellBox, cells_of
from forewarn.model.provenance import Sensitivity
from forewarn.store import Database, schema
from forewarn.store.bulk import insert_frame
from forewarn.store.linkage import put_incidents
from forewarn.store.map_sums import sum_all
from forewarn.store.marks import mark_incidents
from forewarn.store.seen_places import placed_incidents
from forewarn.store.seen_sums import IncidentGroup, area_reaches, counted_by_area, grouped_incidents

Row = dict[str, Any]

COUNT = 120
MONTHS = range(553, 554)
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
        points = placed_incidents(connection, viewer, WORLD, MONTHS, limit=COUNT)
        assert {(one.country, one.sensitivity) for one in points} == {
            (country, level)
            for country, level in (("XKA", "low"), ("XKB", "low"), ("XKB", "high"))
            if viewer.may_see("incident", country, "", Sensitivity(level))
        }
        for step in (1, 2, 8):
            told = grouped_incidents(connection, viewer, WORLD, step, MONTHS)
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
            assert {one.incident_id for one in told if one.incidents == 1} <= names
            assert {one.incident_id for one in told if one.incidents > 1} <= {""}


def test_a_box_holds_whole_cells_and_areas_reach_around_their_incidents(database: Database) -> None:
    """Of a box of degrees all cells that it touches are told; the latest first and no more than asked for."""
    furnish(database)
    box = CellBox.around(10.3, -0.4, 12.1, 1.2)
    with database.reading() as connection:
        everything = placed_incidents(connection, EVERYTHING, WORLD, MONTHS, limit=COUNT)
        inside = placed_incidents(connection, EVERYTHING, box, MONTHS, limit=COUNT)
        latest = placed_incidents(connection, EVERYTHING, WORLD, MONTHS, limit=5)
        reaches = area_reaches(connection, EVERYTHING, MONTHS)
        counted = counted_by_area(connection, EVERYTHING, MONTHS)
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


AREAS = ("XKA", "XKA/North", "XKA/South", "XKB", "XKB/North", "*")
PLACES = (("XKA", "North"), ("XKA", "South"), ("XKA", ""), ("XKB", "North"), ("", ""))
MONTHS_ASKED = (range(553, 554), range(540, 576), range(550, 562), range(541, 544))


def some_incidents(chance: np.random.Generator, first: int, number: int) -> tuple[list[Row], list[Row], list[Row]]:
    """Incidents of one to three claims, which may lie elsewhere than their incident and be more sensitive."""
    claims, incidents, members = [], [], []
    for k in range(first, first + number):
        country, admin1 = PLACES[chance.integers(5)]
        day = f"202{chance.integers(4, 8)}-{chance.integers(1, 13):02}-{chance.integers(1, 29):02}"
        incident = {
            "incident_id": content_id("inc", str(k)), "country": country, "admin1": admin1,
            "started_on": day if chance.random() < 0.9 else None, "cell": int(chance.integers(0, 40)) * 9,
            "contested": int(chance.random() < 0.2), "status": ("reported", "corroborated")[chance.integers(2)],
            "deaths_high" if chance.random() < 0.3 else "deaths_best": int(chance.integers(0, 9)),
        }  # fmt: skip
        incidents.append(incident)
        for number_of_claim in range(chance.integers(1, 4)):
            at = (country, admin1) if chance.random() < 0.7 else PLACES[chance.integers(5)]
            claim = {"claim_id": content_id("clm", f"{k}-{number_of_claim}"), "country": at[0], "admin1": at[1]}
            claims.append(claim | {"sensitivity": list(Sensitivity)[chance.integers(4)].value})
            members.append({"claim_id": claim["claim_id"], "incident_id": incident["incident_id"]})
    return claims, incidents, members


def told_by(database: Database, viewer: Viewer, months: range) -> list[Any]:
    """What the map says: groups of two sizes, sums by area, and how far these reach."""
    with database.reading() as connection:
        groups = [grouped_incidents(connection, viewer, box, step, months)
                  for box, step in ((WORLD, 1), (CellBox(0, 3, 30, 719), 4))]  # fmt: skip
        told: list[Any] = [sorted(some, key=lambda one: (one.row, one.column)) for some in groups]
        return [*told, counted_by_area(connection, viewer, months), area_reaches(connection, viewer, months)]


def reckoned(rows: list[Row], viewer: Viewer, months: range) -> list[Any]:
    """The same from the incidents one by one, by the words of the rule: one sight covers it, and some each claim."""
    sights = viewer.sight_of("incident")

    def covers(*record: Any) -> bool:
        return any(one.covers(*record) for one in sights)

    seen = [one for one in rows if one["started_on"] and month_of(date.fromisoformat(one["started_on"])) in months
            and covers(one["country"], one["admin1"], max((claim[2] for claim in one["claims"]), key=lambda s: s.rank))
            and all(covers(*claim) for claim in one["claims"])]  # fmt: skip
    groups, areas = [], {}
    for box, step in ((WORLD, 1), (CellBox(0, 3, 30, 719), 4)):
        squares: dict[Any, list[Row]] = defaultdict(list)
        for one in seen:
            row, column = divmod(one["cell"] - 1, COLUMNS)
            if one["cell"] and box.first_row <= row <= box.last_row and box.first_column <= column <= box.last_column:
                squares[row // step, column // step].append(one)
        groups.append(sorted((group_of(ones) for ones in squares.values()), key=lambda one: (one.row, one.column)))
    for one in seen:
        if one["country"]:
            areas.setdefault("/".join(filter(None, (one["country"], one["admin1"]))), []).append(one)
    counted = {area: (len(ones), *(sum(one[end] or 0 for one in ones) for end in ("low", "high")))
               for area, ones in areas.items()}  # fmt: skip
    return [*groups, counted, {area for area, ones in areas.items() if any(one["cell"] for one in ones)}]


def group_of(ones: list[Row]) -> IncidentGroup:
    """Some incidents as the group that they are."""
    rows, columns = zip(*(divmod(one["cell"] - 1, COLUMNS) for one in ones), strict=True)
    standing = [1 if one["contested"] else 2 if one["status"] == "corroborated" else 0 for one in ones]
    ends = [[one[end] for one in ones if one[end] is not None] for end in ("low", "high")]
    return IncidentGroup(
        sum(rows) / len(ones), sum(columns) / len(ones), len(ones), standing.count(1), standing.count(2),
        len(ones) - len(ends[0]), *(sum(end) if end else None for end in ends),
        max(claim[2].rank for one in ones for claim in one["claims"]), ones[0]["incident_id"] if len(ones) == 1 else "",
    )  # fmt: skip


def test_sums_are_those_of_the_incidents_one_by_one_for_any_viewer_after_any_change(database: Database) -> None:
    """Whatever is put and taken away, the kept sums are those of a rebuild, and no viewer is told one more or less."""
    chance, held = np.random.default_rng(11), dict[str, Row]()
    for turn in range(4):
        claims, incidents, members = some_incidents(chance, 100 * turn, 90)
        gone = pl.Series("incident_id", [name for name in held if chance.random() < 0.4], dtype=pl.String)
        with database.writing() as connection:
            insert_frame(connection, schema.claims, framed(schema.claims, claims))
            put_incidents(connection, gone, framed(schema.incidents, incidents), pl.DataFrame(members))
        held = {name: one for name, one in held.items() if name not in set(gone)}
        placed = {one["claim_id"]: (one["country"], one["admin1"], Sensitivity(one["sensitivity"])) for one in claims}
        for one in incidents:
            of_it = [placed[row["claim_id"]] for row in members if row["incident_id"] == one["incident_id"]]
            best, high = one.get("deaths_best"), one.get("deaths_high", one.get("deaths_best"))
            held[one["incident_id"]] = one | {"claims": of_it, "low": best, "high": high}
        with database.writing() as connection:
            kept = sums_of(connection)
            sum_all(connection)
            assert kept == sums_of(connection)
        for months in MONTHS_ASKED * 3:
            picked = [chance.choice(AREAS, chance.integers(1, 3), replace=False) for _ in range(chance.integers(1, 3))]
            sights = tuple(Sight(tuple(map(str, one)), list(Sensitivity)[chance.integers(4)]) for one in picked)
            viewer = Viewer("ana", {"incident": sights}, reason="why")
            told = told_by(database, viewer, months)
            assert [*told[:3], set(filter(None, told[3]))] == reckoned(list(held.values()), viewer, months)


def sums_of(connection: Connection) -> list[tuple[Any, ...]]:
    """The kept sums, in one order."""
    return sorted(tuple(row) for row in connection.execute(schema.incident_sums.select()))


def framed(table: Table, rows: list[Row]) -> pl.DataFrame:
    """Rows as a frame of the table; what is not said is null or empty."""
    return pl.DataFrame(
        [{c.name: row.get(c.name, None if c.nullable else "") for c in table.columns} for row in rows],
        infer_schema_length=None,
    )
