"""Who told what."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

import polars as pl
import pytest

from forewarn.learn import provenance, truth
from forewarn.learn.exercise.accounts import deaths_told
from forewarn.learn.exercise.course import happenings
from forewarn.learn.exercise.names import NGO, POSTS, WIRE
from forewarn.learn.exercise.tellings import LAST_PUBLISHED, TOLD_AS, tellings


@pytest.fixture(scope="module")
def true_deaths() -> dict[str, int]:
    """True deaths by happening."""
    return {one.happening_id: one.count("deaths") for one in happenings()}


def test_thousands_of_reports_in_three_languages() -> None:
    """The shipped exercise has four to six thousand reports, ids used once, hundreds in each language."""
    told = tellings()
    assert 4_000 <= len(told) <= 6_000
    assert len({one.report_id for one in told}) == len(told)
    languages = Counter(one.outlet.language for one in told)
    assert min(languages[code] for code in ("en", "fr", "es")) > 500


def test_every_way_of_telling_occurs() -> None:
    """There are own reports, copies, hoaxes and looks that found nothing; a hoax has no happening."""
    kinds = Counter(one.told_as for one in tellings())
    assert set(kinds) == set(TOLD_AS)
    assert kinds["copy"] > 800
    assert kinds["hoax"] > 40
    assert all(bool(one.happening_id) == (one.told_as in ("own", "copy")) for one in tellings())


def test_copies_follow_what_they_copy() -> None:
    """A copy tells of the happening of its original and not before it; most name it, some keep silent."""
    by_id = {one.report_id: one for one in tellings()}
    copies = [one for one in tellings() if one.copied_from]
    for one in copies:
        original = by_id[one.copied_from]
        assert one.happening_id == original.happening_id
        assert one.published_on >= original.published_on
        assert one.cites in ("", original.outlet.name)
    silent = sum(not one.cites for one in copies) / len(copies)
    assert 0.1 < silent < 0.5
    assert len({one.text for one in copies}) > 0.9 * len(copies)


def test_nothing_is_known_before_it_happened() -> None:
    """No source of its own knowledge publishes before the day it tells of, and none after the exercise's last."""
    started = {one.happening_id: one.started_on for one in happenings()}
    for one in tellings():
        assert one.published_on <= LAST_PUBLISHED
        assert one.published_on >= one.account.started_on - timedelta(days=0 if one.told_as != "copy" else 3)
        if one.happening_id:
            assert one.published_on >= started[one.happening_id]


def test_counts_contradict_each_other(true_deaths: dict[str, int]) -> None:
    """Many happenings are told with numbers of which one is at least twice the other."""
    told: dict[str, list[int]] = defaultdict(list)
    for one in tellings():
        if one.happening_id and deaths_told(one.account):
            told[one.happening_id].append(deaths_told(one.account))
    torn = [key for key, numbers in told.items() if max(numbers) >= 2 * min(numbers)]
    assert len(torn) > 150


def test_sources_differ_as_they_are_said_to(true_deaths: dict[str, int]) -> None:
    """The NGO is nearer the truth than the wire, the wire than unsigned posts; the NGO is the latest."""
    errors: dict[str, list[float]] = defaultdict(list)
    waits: dict[str, list[int]] = defaultdict(list)
    for one in tellings():
        if one.told_as != "own" or true_deaths[one.happening_id] < 3:
            continue
        waits[one.outlet.name].append((one.published_on - one.account.started_on).days)
        if one.account.count("deaths")[1] is not None:
            true = true_deaths[one.happening_id]
            errors[one.outlet.name].append(abs(deaths_told(one.account) - true) / true)
    mean = {name: sum(values) / len(values) for name, values in errors.items()}
    wait = {name: sum(values) / len(values) for name, values in waits.items()}
    assert mean[NGO] < mean[WIRE] < mean[POSTS]
    assert wait[NGO] > 20 > wait[WIRE]


def test_state_broadcasters_minimise(true_deaths: dict[str, int]) -> None:
    """Where its own side killed, a broadcaster tells of a clash with fewer dead, laid to others."""
    by_happening = {one.happening_id: one for one in happenings()}
    found = 0
    for one in tellings():
        if one.outlet.kind != "state" or by_happening[one.happening_id].act != "killing":
            continue
        if not by_happening[one.happening_id].alleged_by.startswith(("Armed", "Security", "Beacon")):
            continue
        found += 1
        assert one.account.act == "clash"
        assert one.account.violence == "state_based"
        assert deaths_told(one.account) <= true_deaths[one.happening_id] // 3
    assert found > 5


def test_truth_and_provenance_agree() -> None:
    """The tables join: every report of a happening is listed with it, and each is listed once."""
    listed = truth().select("happening_id", "report_ids").explode("report_ids", empty_as_null=True).drop_nulls()
    joined = provenance().filter(pl.col("happening_id").is_not_null())
    left = sorted(listed.iter_rows())
    assert left == sorted(joined.select("happening_id", "report_id").iter_rows())
    assert len(left) > 4_000
