"""Track records count what became of claims by one rule, and propose without setting."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.assess import TrackRecord, propose_reliability, trace, track_records
from forewarn.ids import content_id
from forewarn.model.report import source_id

TEXTS = [f"Words of its own, number {n}: {content_id('x', n)}" for n in range(12)]


def _id(number: int) -> str:
    return content_id("clm", str(number))


def _records(tell, rows: list[dict[str, object]], retracted: tuple[str, ...] = ()) -> dict[str, TrackRecord]:
    """Records of claims given with ``source_name`` and ``root``."""
    full = [{"text": TEXTS[n % 12], **row} for n, row in enumerate(rows)]
    roots = [str(row.pop("root")) for row in full]
    claims = tell(*full)
    ids = [source_id(name) for name in claims["source_name"]]
    claims = claims.with_columns(source_id=pl.Series(ids, dtype=pl.String))
    clusters = claims.select("claim_id", root=pl.Series(roots, dtype=pl.String))
    return track_records(claims, trace(claims, clusters).trace, retracted)


def test_each_outcome_names_its_claims(tell):
    """Confirmed by an independent telling, contradicted on a count, taken back, and told by nobody else."""
    found = _records(
        tell,
        [
            {"source_name": "A", "root": "r", "deaths_best": 8},
            {"source_name": "B", "root": "r", "deaths_low": 5, "deaths_high": 9},
            {"source_name": "A", "root": "s", "deaths_best": 3},
            {"source_name": "B", "root": "s", "deaths_best": 40},
            {"source_name": "A", "root": "t"},
            {"source_name": "A", "root": "u"},
        ],
        retracted=(_id(5),),
    )
    assert found[source_id("A")].claims == {
        "confirmed": (_id(0),),
        "contradicted": (_id(2),),
        "retracted": (_id(5),),
        "alone": (_id(4),),
    }


def test_a_copy_confirms_nobody(tell):
    """Fifty who print the same words leave each other alone."""
    found = _records(tell, [{"source_name": f"P{n}", "root": "r", "text": TEXTS[0]} for n in range(50)])
    assert {record.count("alone") for record in found.values()} == {1}


@pytest.mark.parametrize(
    ("confirmed", "contradicted", "retracted", "letter"),
    [
        (9, 0, 0, "F"),
        (10, 0, 0, "B"),
        (9, 1, 0, "C"),
        (7, 2, 1, "D"),
        (2, 8, 0, "E"),
        (0, 0, 10, "E"),
        (1000, 0, 0, "B"),
    ],
)
def test_a_record_proposes_and_explains_itself(confirmed, contradicted, retracted, letter):
    """By share of claims that could be judged; too few propose nothing; no record proposes A."""
    made = {"confirmed": confirmed, "contradicted": contradicted, "retracted": retracted}
    record = TrackRecord("src", {name: tuple(map(str, range(count))) for name, count in made.items()})
    proposed = propose_reliability(record)
    assert proposed.value == letter
    assert f"{confirmed:,} confirmed" in proposed.reason
    assert "not a grade" in proposed.label


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from("rst"), st.integers(0, 30)), min_size=1, max_size=8),
    st.permutations("ABCD"),
)
def test_exchanging_the_names_of_sources_exchanges_their_records(tell, told, others):
    """The same rule for every source: whoever is called B now has the record that A had."""
    listed = dict(zip("ABCD", others, strict=True))
    rows = [{"source_name": name, "root": root, "deaths_best": deaths} for name, root, deaths in told]
    renamed = [row | {"source_name": listed[str(row["source_name"])]} for row in rows]
    one, other = _records(tell, rows), _records(tell, renamed)
    for name in {name for name, _, _ in told}:
        assert one[source_id(name)].claims == other[source_id(listed[name])].claims
