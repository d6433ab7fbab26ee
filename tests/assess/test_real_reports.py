"""Linkage of real media reports, against the events their coders put them in."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from forewarn.assess import candidate_pairs, rulebook


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    """The benchmark, which maps the reports and scores clusters."""
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "linkage.py"
    spec = importlib.util.spec_from_file_location("linkage_benchmark", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_scores_of_clusters_are_those_of_their_definitions(benchmark):
    """Pairwise and B-cubed on a case worked out by hand."""
    gold = {"a": "1", "b": "1", "c": "2", "d": "2"}
    found = {"a": "x", "b": "x", "c": "x", "d": "y"}
    assert benchmark.pairwise(found, gold) == pytest.approx((1 / 3, 1 / 2, 2 / 5))
    assert benchmark.b_cubed(found, gold) == pytest.approx((2 / 3, 3 / 4, 12 / 17))


def test_the_rules_find_far_more_than_same_date_and_city(benchmark, shared_data):
    """Pairwise F1 of at least .7 on the Ivory Coast reports they were trained on, where date and city give .42."""
    claims, gold = benchmark.claims_of(shared_data / "linkage" / "event_reports_ivory_coast.csv")
    found = benchmark.linked(claims, candidate_pairs(claims).pairs, rulebook())
    assert benchmark.pairwise(found, gold)[2] >= 0.7


def test_rules_trained_without_the_events_they_judge_still_find_them(benchmark, shared_data):
    """Pairwise F1 of at least .7 when no pair is judged by rules that saw either event."""
    claims, gold = benchmark.claims_of(shared_data / "linkage" / "event_reports_ivory_coast.csv")
    fold = {claim: sum(event.encode()) % benchmark.FOLDS for claim, event in gold.items()}
    assert benchmark.pairwise(benchmark.cross_validated(claims, gold, fold), gold)[2] >= 0.70
