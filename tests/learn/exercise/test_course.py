"""The known course."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import polars as pl
import pytest

from forewarn.clock import month_of
from forewarn.learn import exercise_region, exercise_script, truth
from forewarn.learn.exercise.arcs import FIRST_MONTH, LAST_MONTH, arcs, cast
from forewarn.learn.exercise.course import LAST_DAY, SILENT_FROM, happenings
from forewarn.model.claim import ACTS, VIOLENCE_TYPES

SEEDS = (2026, 0, 1, 2, 3)


@pytest.fixture(params=SEEDS)
def seed(request: pytest.FixtureRequest) -> int:
    """Several seeds: the plot must fit the geography of each."""
    return int(request.param)


def one_sided(seed: int) -> pl.DataFrame:
    """True deaths by unit and month of one-sided violence."""
    frame = truth(seed).filter(pl.col("violence") == "one_sided")
    return frame.group_by("unit", "month").agg(pl.col("deaths").sum())


def test_ten_years_in_known_words(seed: int) -> None:
    """Everything happens from 2016 to 2025, in areas of the region, in the acts the nouns know."""
    areas = {area.area_id for area in exercise_region(seed).areas}
    for one in happenings(seed):
        assert date(2016, 1, 1) <= one.started_on <= one.ended_on <= LAST_DAY
        assert one.area in areas
        assert one.place.area == one.area
        assert one.act in ACTS
        assert one.violence in VIOLENCE_TYPES
        assert one.count("civilian_deaths") <= one.count("deaths")


def test_no_area_has_two_parts(seed: int) -> None:
    """Each strand has areas of its own; only the silence is within the conflict."""
    chosen = cast(seed)
    parts = [*chosen.conflict, *chosen.communal, chosen.escalation, chosen.earlier, chosen.false_alarm]
    assert len(set(parts)) == len(parts) == 10
    assert chosen.silent in chosen.conflict
    assert chosen.escalation.startswith("XKC/")


def test_the_escalation_is_in_its_area_in_the_last_year(seed: int) -> None:
    """No unit has more one-sided deaths in the last months than the escalation's, which had few before."""
    chosen = cast(seed)
    late = one_sided(seed).filter(pl.col("month") > month_of(exercise_script(seed).as_known_at))
    by_unit = dict(late.group_by("unit").agg(pl.col("deaths").sum()).iter_rows())
    assert max(by_unit, key=lambda unit: by_unit[unit]) == chosen.escalation
    frame = one_sided(seed).filter(pl.col("unit") == chosen.escalation)
    before = frame.filter(pl.col("month") < LAST_MONTH - 11)["deaths"].sum()
    assert by_unit[chosen.escalation] > 100
    assert before < by_unit[chosen.escalation] / 3


def test_precursors_come_first(seed: int) -> None:
    """Threats, denied access and flight are there before the first months of many deaths."""
    script = exercise_script(seed)
    early = [h for h in happenings(seed) if h.area == script.unit and h.arc == "escalation"]
    early = [h for h in early if h.started_on <= script.as_known_at]
    acts = Counter(h.act for h in early)
    assert acts["threat"] >= 10
    assert min(acts["denial_of_access"], acts["displacement"], acts["detention"]) >= 2
    assert sum(h.count("deaths") for h in early) < 40


def test_a_false_alarm_and_an_earlier_episode(seed: int) -> None:
    """The same precursors led to killings once before and to next to none another time: no sign is certain."""
    deaths = Counter()
    threats = Counter()
    for one in happenings(seed):
        deaths[one.arc] += one.count("deaths") * (one.violence == "one_sided")
        threats[one.arc] += one.act == "threat"
    assert threats["false alarm"] >= 10
    assert deaths["false alarm"] <= 12
    assert deaths["earlier episode"] > 40


def test_the_course_is_as_violence_is(seed: int) -> None:
    """Most area-months are without deaths, the largest tenth has most of them, and violence comes in spells."""
    areas = [area.area_id for area in exercise_region(seed).areas]
    deaths = np.zeros((len(areas), LAST_MONTH - FIRST_MONTH + 1))
    for one in happenings(seed):
        deaths[areas.index(one.area), month_of(one.started_on) - FIRST_MONTH] += one.count("deaths")
    some = np.sort(deaths[deaths > 0])
    assert 0.7 < (deaths == 0).mean() < 0.95
    assert some[-len(some) // 10 :].sum() > 0.4 * some.sum()
    after_some = (deaths[:, 1:] > 0)[deaths[:, :-1] > 0].mean()
    after_none = (deaths[:, 1:] > 0)[deaths[:, :-1] == 0].mean()
    assert after_some > 4 * after_none


def test_it_goes_on_where_nobody_sees(seed: int) -> None:
    """The silent area is silent, not safe: people die there and less than one happening in five is told."""
    frame = truth(seed).filter(pl.col("unit") == cast(seed).silent, pl.col("started_on") >= SILENT_FROM)
    assert frame["deaths"].sum() > 50
    told = frame.filter(pl.col("report_ids").list.len() > 0).height / frame.height
    assert told < 0.2


def test_a_strand_has_its_own_dice() -> None:
    """Strands are drawn apart: each has a stream of its own name, so one can be changed alone."""
    names = [f"{arc.name}/{arc.area}/{arc.acts[0].act}/{arc.acts[0].most}" for arc in arcs()]
    assert len(set(names)) == len(names)


def test_the_script_asks_before_the_peak(seed: int) -> None:
    """The players' day is one to three months before the month with most deaths, and three people play."""
    script = exercise_script(seed)
    peak = max(script.after, key=lambda one: one.deaths)
    assert [one.month for one in script.after] == ["2025-09", "2025-10", "2025-11", "2025-12"]
    assert peak.month == script.peak_month > "2025-09"
    assert script.after[0].deaths < peak.deaths
    assert len({script.analyst, script.reviewer, script.desk_officer}) == 3
    assert all("exercise" in name for name in (script.analyst, script.reviewer, script.desk_officer))
    assert script.as_known_at < script.decide_by < LAST_DAY < script.collected_at.date()
