"""The same rule for every actor: exchange their names, and nothing but the names changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from forewarn.assess import (
    assemble,
    candidate_pairs,
    casualty_parts,
    clusters,
    coverage,
    party_balance,
    side_by_side,
    sight_of,
    suggest_credibility,
    tallies,
)
from forewarn.assess.crimes import ethnic_cleansing_pattern, propose
from forewarn.assess.incidents.parties import BALANCE_CAVEAT, party_keys
from forewarn.assess.linkage.compare import compare
from forewarn.assess.situations import propose as propose_indicators
from forewarn.assess.themes import theme_marks, theme_trend
from forewarn.clock import month_from_text
from forewarn.model.coverage import CoverageStatement
from forewarn.taxonomy.protection import protection_themes

Tell = Callable[..., pl.DataFrame]
DAY = date(2020, 1, 1)
ACTORS = ("Gaga", "Lolo", "Kiki")
"""Of one length and without a letter in common: to exchange them makes no two texts more or less alike."""
JANUARY = month_from_text("2011-01")
SAW = CoverageStatement("mission", "XAA", JANUARY, JANUARY, "monitors there")
PLACES = (("Duékoué", 6.74, -7.35), ("Man", 7.41, -7.55), ("Abidjan", 5.34, -4.03))
TARGETS = ("civilians", "a hospital", "", "soldiers", "children at a school", "aid workers", "migrants", "journalists")

CLAIM = st.fixed_dictionaries(
    {
        "actor": st.sampled_from(["", *ACTORS]),
        "other": st.sampled_from(ACTORS),
        "place": st.sampled_from(PLACES),
        "day": st.integers(3, 8),
        "act": st.sampled_from(["killing", "attack", "displacement", "detention", "denial_of_access", "unknown"]),
        "deaths": st.none() | st.integers(0, 9),
        "target": st.sampled_from(TARGETS),
        "origin": st.sampled_from(["AFP", "Radio", "Mission"]),
    }
)


def _claims(tell: Tell, told: list[dict[str, Any]], named: dict[str, str]) -> pl.DataFrame:
    """The claims with every actor under the name given for it, in the columns and in the words."""
    rows = []
    for one in told:
        name, latitude, longitude = one["place"]
        actor = named[one["actor"]]
        rows.append(
            {
                "alleged_by": actor,
                "parties": sorted({actor, named[one["other"]]} - {""}, key=lambda n: list(named.values()).index(n)),
                "text": f"{actor} were in {name}; {one['target']} on the day {one['day']}",
                "place_name": name,
                "latitude": latitude,
                "longitude": longitude,
                "started_on": f"2011-01-0{one['day']}",
                "act": one["act"],
                "deaths_best": one["deaths"],
                "target": one["target"],
                "origins": [[one["origin"], None]],
            }
        )
    return tell(*rows)


def _figures(tell: Tell, told: list[dict[str, Any]], named: dict[str, str]) -> dict[str, Any]:
    """Everything this room makes of the claims, with the names put back to what they stand for."""
    claims = _claims(tell, told, named)
    judged = compare(claims, candidate_pairs(claims).pairs)
    rows = judged.with_columns(kind=pl.lit("machine"), author=pl.lit("rules"), withdraws=pl.lit(""))
    rows = rows.with_columns(
        decided_at=pl.lit("2020-01-01T00:00:00Z"), judgement_id=pl.format("j{}{}", "left", "right")
    )
    made = assemble(claims, clusters(claims["claim_id"], rows))
    origins = made.trace.filter("counted").group_by("incident_id").agg(origins=pl.col("origin").unique().sort())
    ids = made.members.group_by("incident_id").agg(claim_ids=pl.col("claim_id").sort())
    incidents = made.incidents.join(origins, on="incident_id", how="left").join(ids, on="incident_id")
    incidents = incidents.with_columns(unit=pl.col("country"), month=pl.lit(JANUARY, dtype=pl.Int64)).sort(
        "incident_id"
    )
    parts = casualty_parts(incidents, made.members)
    deaths = {
        str(key[0]): tuple(tally for _, tally in tallies(rows))
        for key, rows in parts.join(incidents.select("incident_id", k=party_keys()), on="incident_id")
        .filter(pl.col("counted") == "deaths")
        .partition_by("k", as_dict=True)
        .items()
    }
    balance = party_balance(incidents, coverage([SAW], ["XAA"], [JANUARY]), deaths, as_known_at=DAY)
    meant = {name: actor for actor, name in named.items()}
    kinds = claims.with_columns(source_kind=pl.lit("un_body"))
    marks = theme_marks(kinds, protection_themes())
    months = coverage([SAW], ["XAA"], range(JANUARY - 11, JANUARY + 1))
    return {
        "suggested": [
            suggest_credibility(row["independent_origins"], contested=bool(row["contested"]))
            for row in incidents.to_dicts()
        ],
        "marks": marks.rows(),
        "trends": [
            theme_trend(theme, "XAA", incidents=incidents, marks=marks, covered=months) for theme in protection_themes()
        ],
        "situation": propose_indicators("XAA", incidents=incidents, claims=kinds, marks=marks, covered=months),
        "pattern": ethnic_cleansing_pattern(incidents.to_dicts(), {}, sight_of(months), as_known_at=DAY),
        "scores": judged.select("left", "right", "verdict", "score").sort("left", "right").rows(),
        "members": made.members.rows(),
        "incidents": incidents.drop("alleged_by", "parties").to_dicts(),
        "alleged": [meant[name] for name in incidents["alleged_by"]],
        "parties": [sorted(meant[name] for name in json.loads(names)) for names in incidents["parties"]],
        "totals": tallies(parts),
        "proposals": [propose(row) for row in incidents.to_dicts()],
        "told": [[meant[one.pop("alleged_by")], one] for one in side_by_side(claims, made.trace, "deaths")],
        "balance": {
            meant[row.alleged_by]: [getattr(row, name) for name in row.__slots__ if name != "alleged_by"]
            for row in balance.figures
        },
        "sight": balance.sight,
    }


@settings(max_examples=8, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(told=st.lists(CLAIM, min_size=4, max_size=12), names=st.permutations(ACTORS))
def test_dnh_25_permuting_the_actors_changes_their_names_alone(
    tell: Tell, told: list[dict[str, Any]], names: list[str]
):
    """Every step from pairs to patterns comes out the same whoever is called what.

    Linkage, origins, assembly, suggested grades, totals, elements, protection themes and their trends, risk indicators,
    the pattern over an area and the balance.
    """
    plain = dict(zip(("", *ACTORS), ("", *ACTORS), strict=True))
    exchanged = {"": "", **dict(zip(ACTORS, names, strict=True))}
    assert _figures(tell, told, plain) == _figures(tell, told, exchanged)


def _incidents(*rows: tuple[str, str, int, str | None]) -> pl.DataFrame:
    shape = {"alleged_by": pl.String, "status": pl.String, "contested": pl.Int64, "unit": pl.String}
    frame = pl.DataFrame(rows, schema=shape, orient="row")
    return frame.with_columns(month=pl.lit(JANUARY, dtype=pl.Int64), origins=pl.lit(["AFP"]))


def test_the_balance_carries_what_could_be_seen():
    """Of each party's incidents, how many lie where somebody could look; the caveat concludes nothing."""
    covered = coverage([SAW], ["XAA", "XAB"], [JANUARY])
    rows = (("Army", "reported", 0, "XAA"), ("Army", "corroborated", 1, "XAB"), ("", "reported", 0, None))
    made = party_balance(_incidents(*rows), covered, {}, as_known_at=DAY)
    army, nobody = made.figures
    assert (army.incidents, army.corroborated, army.contested, army.origins) == (2, 1, 1, 1)
    assert (army.in_observed, army.in_not_observed, army.in_unknown) == (1, 0, 1)
    assert (nobody.alleged_by, nobody.in_unknown) == ("", 1)
    assert (made.sight.observed, made.sight.unknown) == (1, 1)
    assert "does not show who does what" in BALANCE_CAVEAT


def test_spellings_of_one_party_are_taken_together():
    """Capitals and accents make no second party."""
    rows = (("Armée", "reported", 0, "XAA"), ("armee", "reported", 0, "XAA"))
    made = party_balance(_incidents(*rows), coverage([], ["XAA"], [JANUARY]), {}, as_known_at=DAY)
    assert [row.incidents for row in made.figures] == [2]


def test_no_incidents_make_no_rows_and_still_a_sight():
    """An empty balance says what could be seen."""
    made = party_balance(_incidents(), coverage([SAW], ["XAA"], [JANUARY]), {}, as_known_at=DAY)
    assert made.figures == ()
    assert made.sight.observed == 1


def test_the_balance_cannot_be_asked_for_without_coverage():
    """There is no way to call it that leaves the sight out."""
    with pytest.raises(TypeError):
        party_balance(_incidents(), deaths={}, as_known_at=DAY)  # type: ignore[call-arg]
