"""A part of what is known is, in the days it is asked for, what the whole is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from forewarn.model.place import UnitLevel
from forewarn.operations import brief as brief_module
from forewarn.operations import brief_known, brief_sides
from forewarn.operations.brief import BriefWish, brief
from forewarn.operations.knowledge import knowledge
from forewarn.operations.knowledge_part import knowledge_since
from forewarn.operations.review import merge, split
from forewarn.operations.workspace import Workspace


def test_a_part_holds_the_incidents_of_its_days_as_the_whole_does(exercise: Workspace) -> None:
    """On several days and from several days on, also where people joined incidents far apart and took others apart."""
    with exercise.database.reading() as connection:
        known = knowledge(connection, exercise.today).incidents(UnitLevel.COUNTRY)
        calm = known.filter((pl.col("country") == "XKC") & pl.col("started_on").is_not_null()).sort("started_on")
        many = calm.filter(pl.col("claims") > 1).row(-1, named=True)
    merge(exercise, calm["incident_id"][0], calm["incident_id"][-1], by="ana", why="one and the same, told twice")
    split(exercise, many["incident_id"], [many["claim_ids"][0]], by="ana", why="another village")
    compared = 0
    with exercise.database.reading() as connection:
        for day in (exercise.today, date(2025, 6, 30), date(2024, 12, 31)):
            whole = knowledge(connection, day)
            for since in (date(2025, 8, 1), date(2025, 3, 15), date(2020, 1, 1)):
                part = knowledge_since(connection, day, "XKC/Kostondel", since)
                held = (pl.col("country") == "XKC") & (pl.col("started_on") >= since.isoformat())
                one, other = (k.incidents(UnitLevel.ADMIN1).filter(held).sort("incident_id") for k in (part, whole))
                assert_frame_equal(one, other)
                assert part.claims.height <= whole.claims.height
                compared += one.height
    assert compared > 100


def test_a_brief_of_an_alert_says_the_same_from_a_part(
    exercise: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every figure, item, picture and trace, for who may see all and for who may see least of it."""

    def told(audience: str) -> str:
        brief(exercise, BriefWish("latest", format="md", with_later=True, audience=audience), out=tmp_path / "one.md")
        return (tmp_path / "one.md").read_text(encoding="utf-8")

    def whole(connection: Any, day: date, _area: str, _since: date, *, also: Any, atlas: Any) -> Any:
        return knowledge(connection, day, atlas=atlas)

    parts = [told(name) for name in ("amber", "red")]
    monkeypatch.setattr(brief_known, "knowledge_since", whole)
    assert [told(name) for name in ("amber", "red")] == parts


def test_a_brief_of_an_area_by_name_says_the_same_from_a_part(
    exercise: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of a past day, of months asked for, of a country, and for who sees least; whole knowledge is not read."""
    wishes = [
        BriefWish("Kostondel", format="md", with_later=True),
        BriefWish("xkc/kostondel", format="md", audience="clear"),
        BriefWish("XKC", format="md", length="desk"),
        BriefWish("XKC/Kostondel", date(2025, 3, 31), format="md", with_later=True),
        BriefWish("XKC/Kostondel", format="md", first="2025-01", last="2025-03", audience="amber"),
    ]

    def told() -> list[str]:
        texts = []
        for number, wish in enumerate(wishes):
            brief(exercise, wish, out=tmp_path / f"{number}.md")
            texts.append((tmp_path / f"{number}.md").read_text(encoding="utf-8"))
        return texts

    def whole(connection: Any, day: date, *_: object, also: object = (), atlas: Any = None) -> Any:
        return knowledge(connection, day, atlas=atlas)

    def by_all(_workspace: Any, connection: Any, ground: Any, forecast_id: str) -> Any:
        return brief_sides.sides_of_area(_workspace, connection, replace(ground, since=None), forecast_id)

    with monkeypatch.context() as patch:
        patch.setattr(brief_known, "knowledge", _refused)
        patch.setattr(brief_sides, "trigger_inputs", _refused)
        parts = told()
    monkeypatch.setattr(brief_known, "knowledge_since", whole)
    monkeypatch.setattr(brief_module, "sides_of_area", by_all)
    assert told() == parts
    for part in parts[:2]:
        assert "What speaks" in part


def _refused(*_: object, **__: object) -> Any:
    raise AssertionError("all that is known was read")
