"""What is kept out of the counts, why, and that letting it in again restores exactly what was."""

from __future__ import annotations

import polars as pl

from forewarn.assess import assemble, in_quarantine, quarantined_claims
from forewarn.ids import content_id

COLUMNS = ("quarantine_id", "subject", "kind", "author", "decided_at", "reason", "releases")
STORY = "Eight people were killed when armed men entered the village at dawn, residents said"
OTHER = "Hospital staff counted nine bodies after the fighting in the north of the district"


def _rows(*rows: tuple[str, ...]) -> pl.DataFrame:
    why = ("known_hoax", "Ann", "", "shown to be made up")
    full = [(f"q{n}", subject, *why, releases) for n, (subject, releases) in enumerate(rows)]
    return pl.DataFrame(full, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def _id(number: int) -> str:
    return content_id("clm", str(number))


def test_a_source_in_quarantine_keeps_all_its_claims_out_with_the_reason(tell):
    """And a release ends exactly the row it names."""
    claims = tell({}, {}).with_columns(source_id=pl.Series(["src_a", "src_b"]))
    said = _rows(("src_a", ""), (_id(1), ""), (_id(1), "q1"))
    assert in_quarantine(said)["quarantine_id"].to_list() == ["q0"]
    found = quarantined_claims(claims, said)
    assert found.select("claim_id", "of", "reason").rows() == [(_id(0), "source", "shown to be made up")]


def test_an_incident_says_how_many_of_its_claims_are_kept_out_and_counts_without_them(tell):
    """Range, origins and status are those of the other claims; the incident keeps its id and all its members."""
    claims = tell(
        {"text": STORY, "source_name": "A", "deaths_best": 800},
        {"text": OTHER, "source_name": "B", "deaths_best": 9, "known_on": "2011-01-06"},
    )
    together = claims.select("claim_id", root=pl.lit(_id(0)))
    before = assemble(claims, together)
    made = assemble(claims, together, quarantined=[_id(0)])
    row = made.incidents.row(0, named=True)
    assert (row["claims"], row["in_quarantine"], row["independent_origins"], row["status"]) == (1, 1, 1, "reported")
    assert (row["deaths_low"], row["deaths_best"], row["deaths_high"]) == (9, 9, 9)
    assert made.incidents["incident_id"].to_list() == before.incidents["incident_id"].to_list()
    assert made.members.equals(before.members)
    assert assemble(claims, together, quarantined=[]).incidents.equals(before.incidents)


def test_an_incident_of_claims_in_quarantine_alone_is_not_held_to_have_happened(tell):
    """It is left out of the incidents, whoever told it."""
    claims = tell({"text": STORY})
    assert assemble(claims, claims.select("claim_id", root="claim_id"), quarantined=[_id(0)]).incidents.is_empty()
