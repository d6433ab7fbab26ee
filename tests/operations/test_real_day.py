"""The chain on real data: what could be seen of Rakhine on 31 July 2017, and nothing later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forewarn.config import load_settings
from forewarn.model.place import UnitLevel
from forewarn.operations.assess import assess
from forewarn.operations.brief import BriefWish, brief
from forewarn.operations.collect import collect
from forewarn.operations.drafting import DraftWish, draft_alerts
from forewarn.operations.forecast import ForecastWish, forecast
from forewarn.operations.init import init
from forewarn.operations.knowledge import knowledge
from forewarn.operations.show import show
from forewarn.operations.workspace import Workspace, opened

DAY = date(2017, 7, 31)
UNIT = "MMR/Rakhine State"


@pytest.fixture(scope="module")
def rakhine(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with the real file collected, assessed and forecast as of the day."""
    settings = load_settings({"workspace": tmp_path_factory.mktemp("real") / "work", "author": "analyst"}, environ={})
    init(settings)
    with opened(settings) as workspace:
        (made,) = collect(workspace, "ucdp-ged", [shared_data / "events" / "ucdp_ged191_myanmar_bangladesh.csv"])
        assert (made.read, made.accepted, made.rejected) == (3194, 3194, 0)
        assess(workspace)
        forecast(workspace, ForecastWish("one_sided_deaths", UnitLevel.ADMIN1, DAY, 6))
        yield workspace


def test_nothing_known_later_is_known_on_the_day(rakhine: Workspace) -> None:
    """The killings of late August 2017 are not there on 31 July, and are there a year later."""
    with rakhine.database.reading() as connection:
        before = knowledge(connection, DAY).incidents(UnitLevel.ADMIN1).filter(pl.col("unit") == UNIT)
        after = knowledge(connection, date(2018, 12, 31)).incidents(UnitLevel.ADMIN1).filter(pl.col("unit") == UNIT)
    assert before["known_on"].max() <= DAY.isoformat()
    assert before["started_on"].max() <= DAY.isoformat()
    killed = after.filter(pl.col("started_on").str.starts_with("2017-08"))["deaths_best"].sum()
    assert killed > 1_000


def test_the_brief_tells_what_was_and_was_not_known(rakhine: Workspace, tmp_path: Path) -> None:
    """What became known later stands apart, and only when asked for."""
    plain = brief(rakhine, BriefWish(UNIT, DAY, "md"), out=tmp_path / "plain.md")
    later = brief(rakhine, BriefWish(UNIT, DAY, "md", with_later=True), out=tmp_path / "later.md")
    assert later.claims > plain.claims
    text = (tmp_path / "plain.md").read_text(encoding="utf-8")
    assert "2017-08-25:" not in text
    assert "2016-10-09" in text
    assert "2017-08-25" in (tmp_path / "later.md").read_text(encoding="utf-8")


def test_a_person_may_draft_what_the_policy_does_not_propose(rakhine: Workspace) -> None:
    """The policy proposes nothing from deaths alone; a draft on request says so among what speaks against it."""
    assert draft_alerts(rakhine, DraftWish(("analyst",), as_known_at=DAY)).drafted == []
    made = draft_alerts(rakhine, DraftWish(("analyst",), unit=UNIT, as_known_at=DAY))
    (drafted,) = made.drafted
    assert drafted.alert_id
    assert drafted.base_rate is not None
    assert "addressee" in drafted.missing


def test_a_claim_leads_to_the_row_as_received(rakhine: Workspace) -> None:
    """From a claim down to the original row of the publisher's file, with its own id."""
    with rakhine.database.reading() as connection:
        first = knowledge(connection, DAY).claims.row(0, named=True)
    shown = show(rakhine, first["claim_id"])
    (row,) = shown.rows.values()
    assert row["id"] == shown.record["external_id"] == first["external_id"]
    assert "source_original" not in row
