"""What marks say of areas, on both engines: which there are, and of these only what was known by the day."""

from __future__ import annotations

from forewarn.ids import content_id
from forewarn.model.place import UnitLevel
from forewarn.store import Database, area_marks, schema
from forewarn.store.marks import mark_incidents

DAY = "2026-01-31"
ROWS = (  # country, area as written, first day, known on
    ("XKA", "North", "2025-12-05", "2025-12-09"),
    ("XKA", " North ", "2024-02-01", "2024-02-03"),
    ("XKA", "", "2024-03-01", "2024-03-02"),
    ("XKA", "  ", "", "2025-01-01"),
    ("XKA", "South", "2023-01-01", "2026-02-01"),
    ("XKA", "North", "", "2025-06-01"),
    ("XKB", "", "2022-05-01", "2022-05-02"),
    ("", "", "2020-01-01", "2020-01-02"),
)


def test_areas_are_told_as_known_by_the_day(database: Database) -> None:
    """Names as written, their places in time, and the counts of what has no area or no day."""
    columns = schema.incidents.columns
    incidents, members = [], []
    for number, (country, admin1, day, known_on) in enumerate(ROWS):
        row = {"country": country, "admin1": admin1, "started_on": day or None, "known_on": known_on}
        row["incident_id"] = content_id("inc", str(number))
        incidents.append({one.name: row.get(one.name, None if one.nullable else "") for one in columns})
        incidents[-1] |= {one.name: 1 for one in columns if not one.nullable and one.type.python_type is int}
        members.append({"incident_id": row["incident_id"], "claim_id": content_id("clm", str(number))})
    with database.writing() as connection:
        connection.execute(schema.incidents.insert(), incidents)
        connection.execute(schema.incident_claims.insert(), members)
        mark_incidents(connection)
    with database.reading() as connection:
        named = [("XKA", ""), ("XKA", "  "), ("XKA", " North "), ("XKA", "North"), ("XKA", "South")]
        assert area_marks.areas_told(connection) == [*named, ("XKB", "")]
        assert area_marks.areas_told(connection, "XKA") == named
        assert area_marks.is_told(connection, "XKA", ["North", " North "], DAY)
        assert not area_marks.is_told(connection, "XKA", ["South"], DAY)  # nobody knew of it yet
        assert area_marks.is_told(connection, "XKB", [], "2022-05-02")
        assert not area_marks.is_told(connection, "XKB", [], "2022-05-01")
        before = (connection, "XKA", ["North", " North "], "2025-01-01")
        assert area_marks.claims_of_one_before(*before, DAY) == [content_id("clm", "1")]
        assert area_marks.claims_of_one_before(*before, "2024-02-02") == []
        assert area_marks.unplaced_before(connection, "XKA", "2025-01-01", DAY) == 2
        assert area_marks.unplaced_before(connection, "XKA", "2024-03-01", DAY) == 1
        assert area_marks.unplaced_before(connection, "XKA", "2025-01-01", "2024-12-31") == 1
        assert area_marks.without_a_day(connection, UnitLevel.ADMIN1, DAY) == 1
        assert area_marks.without_a_day(connection, UnitLevel.COUNTRY, DAY) == 2
        assert area_marks.first_day_told(connection, UnitLevel.ADMIN1, DAY) == "2024-02-01"
        assert area_marks.first_day_told(connection, UnitLevel.COUNTRY, DAY) == "2022-05-01"
        assert area_marks.first_day_told(connection, UnitLevel.COUNTRY, "2022-01-01") == ""
