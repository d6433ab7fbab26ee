"""Webhook: partners' reports in our own schema; what it does not know is refused and not kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import Batch
from forewarn.collect.channels.webhook import KEYS, SCHEMA
from forewarn.errors import ForewarnError, InputFormatError

Collect = Callable[..., list[Batch]]

GOOD = {
    "schema": SCHEMA,
    "id": "p-1",
    "source": "A partner",
    "source_kind": "ngo",
    "started_on": "2024-05-01",
    "country": "SDN",
    "act": "killing",
    "deaths_best": 3,
    "parties": ['The "Band"', "Another"],
    "origins": [{"name": "Some Wire", "day": "2024-05-02"}, {"name": "Other"}],
}


def lines(*reports: dict[str, object]) -> bytes:
    return "\n".join(json.dumps(one) for one in reports).encode()


def test_a_line_is_a_claim(collect: Collect) -> None:
    """Each key is the field of its name; lists are lists."""
    batch = collect("webhook", lines(GOOD))[0]
    claim = batch.claims.row(0, named=True)
    assert (claim["external_id"], claim["act"], claim["deaths_best"], claim["country"]) == ("p-1", "killing", 3, "SDN")
    assert json.loads(claim["parties"]) == ['The "Band"', "Another"]
    assert json.loads(claim["origins"]) == [["Some Wire", "2024-05-02"], ["Other", None]]
    assert (claim["known_on"], claim["sensitivity"]) == ("2024-05-02", "severe")


def test_an_unknown_key_rejects_its_line_and_is_not_kept(collect: Collect) -> None:
    """What stood there may name somebody: it is in no frame, not even among the rejects."""
    batch = collect("webhook", lines(GOOD, {**GOOD, "id": "p-2", "reporter": "Planted Name"}))[0]
    assert batch.reports["external_id"].to_list() == ["p-1"]
    assert "unknown key" in batch.rejects["reason"][0]
    for frame in (batch.reports, batch.claims, batch.rejects, batch.rejected):
        assert "Planted" not in frame.write_csv()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema": "forewarn.report/2"}, "is not the schema"),
        ({"schema": None}, "is not the schema"),
        ({"parties": "one"}, "not of its form"),
        ({"origins": [["a", "b"]]}, "not of its form"),
        ({"parties": '["\\q"]'}, "not of its form"),
        ({"id": ""}, "is missing"),
        ({"country": "Nowhere"}, "not a country"),
        ({"act": "genocide"}, "not a known word"),
    ],
)
def test_slips_are_rejected_with_their_key(collect: Collect, change: dict[str, object], words: str) -> None:
    """Version, lists, required keys and words, each line on its own."""
    batch = collect("webhook", lines(GOOD, {**GOOD, "id": "p-2", **change}))[0]
    assert (batch.reports.height, batch.rejects.height) == (1, 1)
    assert words in batch.rejects["reason"][0]


def test_lines_without_any_schema_are_refused(collect: Collect) -> None:
    """Somebody else's JSON is not ours."""
    with pytest.raises(InputFormatError, match="says its schema"):
        collect("webhook", b'{"id":"1"}')


JUNK = st.one_of(st.none(), st.text(max_size=10), st.integers(), st.lists(st.text(max_size=4), max_size=3))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.dictionaries(st.sampled_from([*KEYS, "x"]), JUNK, max_size=5), max_size=4))
def test_any_values_are_taken_or_rejected(collect: Collect, rows: list[dict[str, object]]) -> None:
    """Every line is a report or a reject."""
    with suppress(ForewarnError):
        batches = collect("webhook", lines(GOOD, *rows))
        assert sum(b.read for b in batches) == sum(b.reports.height + b.rejects.height for b in batches)
