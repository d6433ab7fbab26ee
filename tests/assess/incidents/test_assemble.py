"""Incidents: every figure follows from the claims by a stated rule, as known at a day."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.assess import assemble
from forewarn.assess.linkage.prepare import DTYPES
from forewarn.errors import InputFormatError
from forewarn.ids import content_id
from forewarn.model.claim import COUNTED
from forewarn.model.incident import incident_id
from forewarn.model.tables import INCIDENT_COLUMNS

TEXTS = [f"A telling of its own, number {n}: {content_id('x', n)}" for n in range(8)]


def _together(claims: pl.DataFrame) -> pl.DataFrame:
    return claims.select("claim_id", root=pl.col("claim_id").min())


def _one(claims: pl.DataFrame, **options: object) -> dict[str, object]:
    found = assemble(claims, _together(claims), **options)
    assert found.incidents.height == 1
    return found.incidents.row(0, named=True)


def _told(n: int, **said: object) -> dict[str, object]:
    """A telling of its own: other words, other source."""
    return {"source_name": f"Source {n}", "text": TEXTS[n]} | said


def test_incidents_have_the_columns_of_incidents(tell):
    """Names, order and kinds are those of the flat form; no claims give no incidents."""
    for claims in (tell({}), tell()):
        incidents = assemble(claims, _together(claims)).incidents
        assert incidents.columns == [column.name for column in INCIDENT_COLUMNS]
        assert incidents.dtypes == [DTYPES[column.kind] for column in INCIDENT_COLUMNS]


def test_a_claim_alone_is_an_incident_that_says_what_it_says(tell):
    """One claim: its place, day, counts and parties, reported by one origin; without a cluster too."""
    claims = tell({"deaths_low": 2, "deaths_best": 3, "deaths_high": 8, "target": "Voters"})
    row = assemble(claims, _together(claims)[:0]).incidents.row(0, named=True)
    same = (
        "started_on",
        "place_name",
        "latitude",
        "act",
        "alleged_by",
        "target",
        "deaths_low",
        "deaths_high",
        "parties",
    )
    assert {name: row[name] for name in same} == claims.select(same).row(0, named=True)
    assert (row["claims"], row["independent_origins"], row["status"], row["contested"]) == (1, 1, "reported", 0)


def test_the_id_comes_from_the_first_claim_known(tell):
    """It does not change when later claims join."""
    claims = tell(_told(0, known_on="2011-02-01"), _told(1, known_on="2011-01-04"), _told(2, known_on="2011-03-01"))
    expected = incident_id(claims["claim_id"][1])
    assert _one(claims)["incident_id"] == expected
    assert _one(claims[1:])["incident_id"] == expected


def test_low_is_the_lowest_high_the_highest_best_the_lower_median(tell):
    """Over 4–4–6, 5, 8 and 9: low 4, high 9, best 5."""
    claims = tell(
        _told(0, deaths_low=4, deaths_best=4, deaths_high=6),
        _told(1, deaths_best=5), _told(2, deaths_best=8), _told(3, deaths_best=9),
    )  # fmt: skip
    row = _one(claims)
    assert (row["deaths_low"], row["deaths_best"], row["deaths_high"]) == (4, 5, 9)


def test_one_telling_counts_once_for_the_best(tell):
    """Ten reports going back to AFP weigh as much as one; the latest of them speaks."""
    afp = [
        _told(
            0,
            origins=[["AFP", None]],
            text=f"By its own words: {content_id('afp', n)}",
            deaths_best=n,
            known_on=f"2011-01-{n + 5:02d}",
        )
        for n in range(10)
    ]
    row = _one(tell(*afp, _told(1, deaths_best=20), _told(2, deaths_best=30)))
    assert (row["deaths_low"], row["deaths_best"], row["deaths_high"]) == (0, 20, 30)
    assert row["independent_origins"] == 3


def test_copies_do_not_move_the_best(tell):
    """Fifty copies of a report that says 90 beside two that say 5 and 6."""
    copies = [
        {"source_name": f"Paper {n}", "text": TEXTS[0], "deaths_best": 90, "known_on": "2011-02-01"} for n in range(50)
    ]
    row = _one(tell(*copies, _told(1, deaths_best=5), _told(2, deaths_best=6)))
    assert row["deaths_best"] == 6


def test_what_nobody_gave_stays_missing(tell):
    """No count is made of none; a claim without a number does not become zero."""
    row = _one(tell(_told(0), _told(1, deaths_best=4), _told(2, injured_low=2), _told(3, abducted_high=9)))
    assert (row["deaths_low"], row["deaths_best"], row["deaths_high"]) == (4, 4, 4)
    assert (row["injured_low"], row["injured_best"], row["injured_high"]) == (2, None, None)
    assert (row["abducted_low"], row["abducted_best"], row["abducted_high"]) == (None, None, 9)
    assert row["displaced_best"] is None


@pytest.mark.parametrize(
    ("one", "other", "contested"),
    [
        ({"deaths_best": 5}, {"deaths_best": 5}, 0),
        ({"deaths_best": 5}, {"deaths_best": 6}, 1),
        ({"deaths_low": 4, "deaths_high": 6}, {"deaths_best": 6}, 0),
        ({"deaths_low": 100}, {"deaths_best": 5}, 1),
        ({"deaths_low": 3}, {"deaths_best": 5}, 0),
        ({"deaths_best": 5}, {"injured_best": 9}, 0),
        ({"injured_best": 5}, {"injured_best": 9}, 1),
    ],
)
def test_contested_means_two_ranges_that_do_not_overlap(tell, one, other, contested):
    """Of any kind of count; an open end reaches as far as it may."""
    assert _one(tell(_told(0, **one), _told(1, **other)))["contested"] == contested


def test_two_independent_origins_corroborate_and_copies_do_not(tell):
    """The status follows the origins, never the number of claims."""
    assert _one(tell(_told(0), _told(1)))["status"] == "corroborated"
    assert _one(tell(_told(0), _told(1, text=TEXTS[0])))["status"] == "reported"


def test_the_finest_date_wins(tell):
    """A month gives way to days; among days the earliest start and the latest end."""
    claims = tell(
        _told(0, started_on="2011-01-01", ended_on="2011-01-31", date_precision="month"),
        _told(1, started_on="2011-01-12", ended_on="2011-01-13"),
        _told(2, started_on="2011-01-11"),
        _told(3, started_on=None),
    )
    row = _one(claims)
    assert (row["started_on"], row["ended_on"], row["date_precision"]) == ("2011-01-11", "2011-01-13", "day")


def test_the_finest_place_wins_then_the_one_most_claims_give(tell):
    """Exact beats the area; of two exact spots the one told more often, not the first."""
    area = _told(0, place_precision="admin1", place_name="West", known_on="2011-01-01")
    lone = _told(1, place_name="Guiglo", latitude=6.54, longitude=-7.49, known_on="2011-01-02")
    row = _one(tell(area, lone, _told(2), _told(3)))
    assert (row["place_name"], row["place_precision"]) == ("Duékoué", "exact")


def test_what_most_say_holds_and_a_tie_names_nobody(tell):
    """Two of three allege the army; one against one alleges nobody; parties keep every name."""
    rebels = {"alleged_by": "Rebels", "parties": ["Rebels", 'The "Lions"']}
    assert (
        _one(tell(_told(0, known_on="2011-01-04"), _told(1, alleged_by="ARMY"), _told(2, **rebels)))["alleged_by"]
        == "Army"
    )
    row = _one(tell(_told(0, known_on="2011-01-04"), _told(1, **rebels)))
    assert row["alleged_by"] == ""
    assert json.loads(row["parties"]) == ["Army", "Rebels", 'The "Lions"']


def test_later_claims_are_not_seen_before_they_are_known(tell):
    """As known at a day: counts, origins and members of then, and none before the first claim."""
    claims = tell(_told(0, deaths_best=4), _told(1, deaths_best=9, known_on="2011-10-01"))
    row = _one(claims, as_known_at=date(2011, 9, 30))
    assert (row["claims"], row["deaths_high"], row["independent_origins"]) == (1, 4, 1)
    assert _one(claims, as_known_at=date(2011, 10, 1))["deaths_high"] == 9
    assert assemble(claims, _together(claims), as_known_at=date(2011, 1, 4)).incidents.is_empty()


def test_members_say_which_claims_an_incident_rests_on(tell):
    """Every claim is a member of exactly one incident."""
    claims = tell(_told(0), _told(1), _told(2))
    a, b, c = claims["claim_id"].to_list()
    roots = pl.DataFrame({"claim_id": [a, b, c], "root": [min(a, b), min(a, b), c]})
    found = assemble(claims, roots)
    assert sorted(found.members["claim_id"]) == sorted([a, b, c])
    assert set(found.members["incident_id"]) == set(found.incidents["incident_id"])
    assert sorted(found.incidents["claims"]) == [1, 2]


_COUNT = st.one_of(st.none(), st.integers(0, 50))
_SAID = st.fixed_dictionaries(
    {
        "range": st.tuples(_COUNT, _COUNT, _COUNT),
        "source": st.sampled_from("ABC"),
        "text": st.sampled_from(TEXTS[:3]),
        "known": st.integers(1, 28),
        "alleged_by": st.sampled_from(["", "Army", "Rebels"]),
    }
)


def _claims(tell, said):
    rows = []
    for one in said:
        known = sorted(value for value in one["range"] if value is not None)
        ends = dict(
            zip(
                [end for end, value in zip(("low", "best", "high"), one["range"], strict=True) if value is not None],
                known,
                strict=True,
            )
        )
        rows.append(
            {f"deaths_{end}": value for end, value in ends.items()}
            | {"source_name": one["source"], "text": one["text"], "known_on": f"2011-02-{one['known']:02d}"}
            | {"alleged_by": one["alleged_by"], "parties": [one["alleged_by"]] if one["alleged_by"] else []}
        )
    return tell(*rows)


@settings(max_examples=80, deadline=None)
@given(st.lists(_SAID, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_ranges_hold_every_value_and_order_does_not_matter(tell, said, chance):
    """Low <= best <= high, no claim lies outside a range with both ends, and shuffled rows give the same."""
    claims = _claims(tell, said)
    row = _one(claims)
    known = [row[f"deaths_{end}"] for end in ("low", "best", "high") if row[f"deaths_{end}"] is not None]
    assert known == sorted(known)
    given_values = [v for c in ("deaths_low", "deaths_best", "deaths_high") for v in claims[c].drop_nulls()]
    if row["deaths_low"] is not None:
        assert row["deaths_low"] == min(given_values)
    if row["deaths_high"] is not None:
        assert row["deaths_high"] == max(given_values)
    order = list(range(claims.height))
    chance.shuffle(order)
    assert _one(claims[order]) == row


@settings(max_examples=50, deadline=None)
@given(st.lists(_SAID, min_size=1, max_size=6))
def test_every_party_is_treated_alike(tell, said):
    """Exchanging the names of the parties exchanges them in the incident and changes nothing else."""
    other = {"": "", "Army": "Rebels", "Rebels": "Army"}
    row = _one(_claims(tell, said))
    exchanged = _one(_claims(tell, [one | {"alleged_by": other[one["alleged_by"]]} for one in said]))
    assert exchanged["alleged_by"] == other[row["alleged_by"]]
    assert json.loads(exchanged["parties"]) == [other[name] for name in json.loads(row["parties"])]
    names = ("alleged_by", "parties")
    assert {k: v for k, v in exchanged.items() if k not in names} == {k: v for k, v in row.items() if k not in names}


def test_a_cluster_of_ten_thousand_claims_is_one_incident(tell):
    """Copies and tellings by thousands give one row, its counts and one origin."""
    one = tell({"text": TEXTS[0], "deaths_best": 3, "source_name": "A"})
    claims = pl.concat([one] * 10_000).with_columns(claim_id=pl.format("clm_{}", pl.int_range(pl.len())))
    row = _one(claims)
    assert (row["claims"], row["independent_origins"], row["deaths_best"]) == (10_000, 1, 3)


def test_parties_that_are_no_list_are_refused(tell):
    """The message names the column."""
    claims = tell(_told(0, parties="Army"), _told(1))
    with pytest.raises(InputFormatError, match="column parties"):
        assemble(claims, _together(claims))


def test_every_kind_of_count_is_assembled(tell):
    """None of the counted things is forgotten."""
    row = _one(tell({f"{name}_best": n for n, name in enumerate(COUNTED)}))
    assert [row[f"{name}_best"] for name in COUNTED] == list(range(len(COUNTED)))
