"""Casualties: parts from claims or from people, totals that never mix, bad claims explained and not dropped."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn import taxonomy
from forewarn.assess import Assembly, assemble, casualty_parts, conflicting, minimum_fields, side_by_side, tallies
from forewarn.errors import UsageError
from forewarn.ids import content_id
from forewarn.model.aggregate import Tally
from forewarn.model.casualty import AllegedBody, CasualtyAct, CasualtyRecord, CountOverruling, VictimGroup
from forewarn.model.claim import CountRange

Tell = Callable[..., pl.DataFrame]
NOW = datetime(2020, 1, 2, tzinfo=UTC)
VERIFIED = {"status": "verified", "standard": "P2"}


def _claim(number: int) -> str:
    return content_id("clm", str(number))


def _assembly(claims: pl.DataFrame, root: str | None = None) -> Assembly:
    """All claims as one incident of the root, or each alone."""
    roots = pl.col("claim_id") if root is None else pl.lit(root)
    return assemble(claims, claims.select("claim_id", root=roots))


def _placed(made: Assembly) -> pl.DataFrame:
    return made.incidents.with_columns(unit=pl.col("country"))


def _record(*groups: VictimGroup, anchor: int = 0, at: datetime = NOW) -> CasualtyRecord:
    acts = (CasualtyAct("killing", tuple(group.group_id for group in groups), ("b1",), "SA"),)
    alleged = (AllegedBody("b1", "Army", (_claim(anchor),)),)
    return CasualtyRecord(_claim(anchor), acts, groups, alleged, "analyst", at, "seen")


def _group(label: str, low: int, **said: Any) -> VictimGroup:
    number = CountRange(low, low, low, **said.pop("grade", {}))
    return VictimGroup(label, said.pop("harm", "deaths"), number, **said)


def _known(parts: pl.DataFrame, by: tuple[str, ...] = ()) -> list[tuple[dict[str, str], Tally]]:
    return [(apart, tally) for apart, tally in tallies(parts, by) if tally.incidents]


def test_claims_alone_are_unknown_in_every_category(tell: Tell):
    """Nobody said sex, age, status, disability, displacement, cause, or direct: each is unknown, none is guessed."""
    made = _assembly(tell({"deaths_best": 4}))
    (row,) = casualty_parts(_placed(made), made.members).filter(pl.col("low").is_not_null()).to_dicts()
    assert [row[name] for name in ("sex", "age", "person_status", "disability", "displacement", "death_kind")] == [
        "unknown"
    ] * 6
    assert (row["cause"], row["rests_on"], row["low"], row["high"]) == ("UN", "claims", 4, 4)


def test_a_record_stands_for_the_counts_it_speaks_of_and_no_others(tell: Tell):
    """Deaths come from the record, the injured still from the claims."""
    made = _assembly(tell({"deaths_best": 9, "civilian_deaths_best": 9, "injured_best": 2}))
    record = _record(_group("v1", 3, sex="woman", status="civilian", grade=VERIFIED), _group("v2", 1))
    parts = casualty_parts(_placed(made), made.members, [record])
    found = {(tally.counted, tally.status): tally.low for _, tally in _known(parts)}
    assert found == {
        ("deaths", "verified"): 3,
        ("deaths", "reported"): 1,
        ("civilian_deaths", "verified"): 3,
        ("injured", "reported"): 2,
    }
    silent = [tally for _, tally in tallies(parts) if tally.counted == "civilian_deaths" and tally.without_number]
    assert silent, "a group of unknown status may hold civilians: the number is unknown, not zero"


def test_a_group_harmed_in_two_acts_counts_once(tell: Tell):
    """Many to many does not multiply people; where its acts differ in cause, the cause is unknown."""
    made = _assembly(tell({"deaths_best": 9}))
    acts = (CasualtyAct("torture", ("v1",), cause="OB"), CasualtyAct("killing", ("v1",), cause="SA"))
    record = CasualtyRecord(_claim(0), acts, (_group("v1", 3),), (), "analyst", NOW, "seen")
    ((apart, tally),) = [
        one for one in _known(casualty_parts(_placed(made), made.members, [record]), ("cause",)) if one[1].low
    ]
    assert (apart, tally.low) == ({"cause": "UN"}, 3)


def test_direct_and_indirect_deaths_are_two_rows(tell: Tell):
    """A death by disease is never added to one by a weapon."""
    made = _assembly(tell({}))
    groups = (_group("v1", 3, death_kind="direct"), _group("v2", 50, death_kind="indirect", through="disease"))
    rows = _known(casualty_parts(_placed(made), made.members, [_record(*groups)]))
    assert {tally.death_kind: tally.low for _, tally in rows} == {"direct": 3, "indirect": 50}


def test_the_later_of_record_and_overruling_stands(tell: Tell):
    """A person overrules by appending; an earlier overruling does not outlive a later record."""
    made = _assembly(tell({"deaths_best": 9}))
    record = _record(_group("v1", 3), at=NOW)
    for hours, low in ((1, 7), (-1, 3)):
        ruled = CountOverruling(_claim(0), "deaths", CountRange(7), "b", NOW + timedelta(hours=hours), "register")
        rows = _known(casualty_parts(_placed(made), made.members, [record], [ruled]))
        assert [tally.low for _, tally in rows] == [low]


def test_records_that_meet_in_one_incident_are_not_added(tell: Tell):
    """When two recorded incidents turn out to be one, the claims stand and a person is asked."""
    claims = tell({"deaths_best": 4}, {"deaths_best": 6, "source_name": "B"})
    records = [_record(_group("v1", 4), anchor=0), _record(_group("v1", 6), anchor=1)]
    apart, joined = _assembly(claims), _assembly(claims, _claim(0))
    assert sum(t.low for _, t in _known(casualty_parts(_placed(apart), apart.members, records))) == 10
    parts = casualty_parts(_placed(joined), joined.members, records)
    assert set(parts["rests_on"]) == {"claims"}
    assert conflicting(joined.members, records) == joined.incidents["incident_id"].to_list()
    assert conflicting(apart.members, records) == []


def test_a_record_whose_claim_is_gone_harms_nobody(tell: Tell):
    """It belongs to no incident as known then, and stays out."""
    made = _assembly(tell({"deaths_best": 4}))
    parts = casualty_parts(_placed(made), made.members, [_record(_group("v1", 99), anchor=7)])
    assert [tally.low for _, tally in _known(parts)] == [4]


def test_dnh_23_unequal_statuses_are_separate_rows(tell: Tell):
    """Reported and corroborated deaths are two totals; nothing offers their sum."""
    claims = tell(
        {"deaths_best": 4, "origins": [["A", None]]},
        {"deaths_best": 4, "origins": [["B", None]], "text": "other words"},
        {"deaths_best": 5, "place_name": "Man", "text": "third"},
    )
    roots = pl.DataFrame({"claim_id": claims["claim_id"], "root": [_claim(0), _claim(0), _claim(2)]})
    made = assemble(claims, roots)
    rows = _known(casualty_parts(_placed(made), made.members))
    assert {tally.status: tally.low for _, tally in rows} == {"corroborated": 4, "reported": 5}


_ENDS = st.none() | st.integers(0, 50)


@given(st.lists(st.tuples(_ENDS, _ENDS, _ENDS), min_size=1, max_size=8))
def test_totals_add_lows_and_never_claim_a_bound_they_lack(tell: Tell, numbers: list[tuple[int | None, ...]]):
    """However torn the claims, low is at most high, silent incidents are counted apart, and none is lost."""
    rows = []
    for one in numbers:
        given_ends = sorted(end for end in one if end is not None)
        ends = iter(given_ends)
        rows.append(
            {f"deaths_{name}": None if end is None else next(ends) for name, end in zip(_NAMES, one, strict=True)}
        )
    made = _assembly(tell(*rows))
    found = [tally for _, tally in tallies(casualty_parts(_placed(made), made.members)) if tally.counted == "deaths"]
    (tally,) = found
    assert tally.incidents + tally.without_number == len(numbers)
    assert tally.without_number == sum(one == (None, None, None) for one in numbers)
    if tally.high is not None:
        assert tally.low <= tally.high
    lacks_top = any(
        row["deaths_best"] is None and row["deaths_high"] is None and any(v is not None for v in row.values())
        for row in rows
    )
    assert not (lacks_top and tally.high is not None)


_NAMES = ("low", "best", "high")


def test_only_dimensions_there_are_tell_apart(tell: Tell):
    """Actors are not among them: casualties by alleged party are the balance's, with its caveat."""
    made = _assembly(tell({"deaths_best": 4}))
    with pytest.raises(UsageError):
        tallies(casualty_parts(_placed(made), made.members), ("alleged_by",))


def test_claims_without_day_or_place_are_kept(tell: Tell):
    """Their people count; unit and month are missing and shown as not known."""
    bare = {"started_on": None, "date_precision": "unknown", "country": "", "admin1": "", "place_name": ""}
    bare |= {"latitude": None, "longitude": None, "place_precision": "unknown"}
    made = _assembly(tell({"deaths_best": 4, **bare}))
    placed = made.incidents.with_columns(unit=pl.lit(None, dtype=pl.String))
    ((apart, tally),) = _known(casualty_parts(placed, made.members), ("unit", "month"))
    assert (apart, tally.low) == ({"unit": "not known", "month": "not known"}, 4)


def test_contradictory_claims_are_kept_side_by_side(tell: Tell):
    """Both numbers, both days, both origins are shown, in order of becoming known."""
    claims = tell(
        {"deaths_best": 100, "known_on": "2011-01-09", "origins": [["Radio", None]]},
        {"deaths_best": 5, "started_on": "2012-05-01", "origins": [["Agency", None]], "text": "other"},
    )
    made = _assembly(claims, _claim(0))
    shown = side_by_side(claims, made.trace, "deaths")
    assert [(one["best"], one["origins"], one["started_on"]) for one in shown] == [
        (5, ["Agency"], "2012-05-01"),
        (100, ["Radio"], "2011-01-03"),
    ]
    row = made.incidents.row(0, named=True)
    assert (row["contested"], row["deaths_low"], row["deaths_high"]) == (1, 5, 100)
    assert row["started_on"] <= row["ended_on"]


def test_a_cluster_of_ten_thousand_claims_is_one_incident(tell: Tell):
    """A crowd of tellings is assembled, shown and totalled; its range holds every value."""
    claims = pl.concat(
        [
            tell({"text": f"telling {n % 977}", "deaths_best": n % 50}).with_columns(
                claim_id=pl.lit(content_id("clm", f"crowd {n}"))
            )
            for n in range(10)
        ]
    )
    many = pl.concat([claims] * 1_000)
    ids = [content_id("clm", f"crowd {n}") for n in range(many.height)]
    many = many.with_columns(claim_id=pl.Series(ids), text=pl.format("telling {}", pl.Series(range(many.height)) % 977))
    made = _assembly(many, ids[0])
    parts = casualty_parts(_placed(made), made.members)
    shown = side_by_side(many, made.trace, "deaths")
    assert made.incidents["claims"].to_list() == [10_000]
    assert len(shown) == 10_000
    ((_, tally),) = _known(parts)
    assert (tally.low, tally.high) == (0, 9)


def test_dnh_22_the_minimum_fields_are_those_of_the_standard(tell: Tell):
    """All are there, in order; what nobody said is the word unknown."""
    made = _assembly(tell({"deaths_best": 4, "alleged_by": ""}))
    row = _placed(made).row(0, named=True)
    fields = minimum_fields(row, casualty_parts(_placed(made), made.members), None)
    assert list(fields) == [code.code for code in taxonomy.codes("casualty_record_minimum")]
    assert fields["date"] == "2011-01-03"
    assert {fields[name] for name in ("sex", "age_group", "alleged_responsible_party_or_unknown")} == {"unknown"}
    record = _record(_group("v1", 3, sex="woman"))
    filled = minimum_fields(row, casualty_parts(_placed(made), made.members, [record]), record)
    assert (filled["sex"], filled["last_review"]) == ("woman", "2020-01-02")
    assert (filled["kind_of_harm"], filled["alleged_responsible_party_or_unknown"]) == ("deaths", "Army")
    assert json.dumps(filled)
