"""Panels from the store: every target at every level, and what cannot be counted is refused, not zero."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from forewarn.config import load_settings
from forewarn.errors import ForecastError, UsageError
from forewarn.model.claim import COUNTED
from forewarn.model.place import UnitLevel
from forewarn.operations.assess import assess
from forewarn.operations.collect import collect
from forewarn.operations.forecast import ForecastWish
from forewarn.operations.init import init
from forewarn.operations.knowledge import Knowledge, knowledge
from forewarn.operations.panels import ONSETS, TARGETS, panel_of
from forewarn.operations.workspace import Workspace, opened

HEALTH_CARE = (
    "Date,Country,Country ISO,Admin 1,Latitude,Longitude,Geo Precision,Reported Perpetrator,"
    "Number of Attacks on Health Facilities Reporting Destruction,Health Workers Killed,Health Workers Kidnapped,"
    "SiND Event ID\n"
    "2023-04-03,Mali,MLI,Mopti,14.5,-4.2,(2) 25 km Precision,NSA,0,2,0,1\n"
    "2023-05-09,Mali,MLI,Mopti,14.5,-4.2,(2) 25 km Precision,NSA,1,0,0,2\n"
    "2023-06-20,Mali,MLI,Gao,16.3,-0.1,(2) 25 km Precision,NSA,0,0,3,3\n"
)
LATER = date(2023, 12, 31)


@pytest.fixture(scope="module")
def health_care(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with three attacks on health care."""
    folder = tmp_path_factory.mktemp("health") / "workspace"
    settings = load_settings({"workspace": folder}, environ={})
    init(settings)
    file = folder.parent / "attacks.csv"
    file.write_text(HEALTH_CARE)
    with opened(settings) as workspace:
        collect(workspace, "insecurity-insight", [file])
        assess(workspace)
        yield workspace


def known(workspace: Workspace, day: date = LATER) -> Knowledge:
    with workspace.database.reading() as connection:
        return knowledge(connection, day)


@pytest.mark.parametrize("level", list(UnitLevel))
def test_every_attack_on_health_care_is_counted_at_every_level(health_care: Workspace, level: UnitLevel) -> None:
    """Whoever was harmed, and where a clinic was destroyed and nobody was harmed."""
    made = panel_of(known(health_care), level, "health_care_attacks")
    assert np.nansum(made.panel.feature("incidents")) == 3
    assert (made.unplaced, made.uncounted) == (0, 0)


def test_an_incident_without_the_figure_is_named_and_not_zero(health_care: Workspace) -> None:
    """Deaths are told of one of the three; nobody tells how many were displaced, so that is refused."""
    made = panel_of(known(health_care), UnitLevel.COUNTRY, "civilian_deaths")
    assert np.nansum(made.panel.feature("civilian_deaths")) == 2
    assert made.uncounted == 2
    for target in ("displaced", "state_based_deaths"):
        with pytest.raises(ForecastError, match=r"2023-12-31 gives .* unknown, not zero"):
            panel_of(known(health_care), UnitLevel.COUNTRY, target)


def test_what_became_known_later_is_not_seen(health_care: Workspace) -> None:
    """The publisher's delay is 45 days: in June only the attack of April was known."""
    made = panel_of(known(health_care, date(2023, 5, 31)), UnitLevel.COUNTRY, "health_care_attacks")
    assert np.nansum(made.panel.feature("incidents")) == 1


def test_targets_are_every_count_and_the_kinds_of_violence() -> None:
    """A count that claims learn to hold becomes a target by itself; a typo is answered with the nearest and all."""
    kinds = {"state_based_deaths", "non_state_deaths", "one_sided_deaths"}
    assert {*COUNTED, *kinds, *ONSETS, "incidents", "health_care_attacks"} == set(TARGETS)
    with pytest.raises(UsageError, match=r"did you mean civilian_deaths\? Else use .*abducted, .*state_based_"):
        ForecastWish("civillian_death", UnitLevel.CELL, LATER, 3)
    for months in (0, 37):
        with pytest.raises(UsageError, match="1 to 36"):
            ForecastWish("deaths", UnitLevel.CELL, LATER, months)
