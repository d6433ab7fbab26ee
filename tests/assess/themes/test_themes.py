"""Themes: which claims fall in one and why, and a trend in which no month is zero that nobody could see."""

from __future__ import annotations

import random
from dataclasses import asdict

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.assess.themes import ThemeTrend, require_shown_at, theme_marks, theme_trend
from forewarn.errors import DisclosureError
from forewarn.ids import content_id
from forewarn.taxonomy.protection import protection_theme, protection_themes

MONTHS = range(541, 547)  # 2025-01 to 2025-06


def claim(
    number: int, act: str = "killing", target: str = "", text: str = "", source: str = "ngo"
) -> dict[str, object]:
    """A claim as the rules read it."""
    return {
        "claim_id": content_id("clm", str(number)),
        "act": act,
        "violence": "unknown",
        "target": target,
        "text": text,
        "source_kind": source,
    }


def marks_of(*claims: dict[str, object]) -> pl.DataFrame:
    """The marks of all themes."""
    return theme_marks(pl.DataFrame(claims), protection_themes())


def incident(number: int, month: int = 1, deaths: int | None = None, **more: object) -> dict[str, object]:
    """An incident of one claim, in a month of 2025."""
    return {
        "incident_id": content_id("inc", str(number)),
        "claim_ids": [content_id("clm", str(number))],
        "unit": "XKA",
        "started_on": f"2025-{month:02d}-05",
        "date_precision": "day",
        "status": "reported",
        "deaths_low": deaths,
        "deaths_best": deaths,
        "deaths_high": deaths,
        **more,
    }


def trend(
    theme: str, claims: list[dict[str, object]], incidents: list[dict[str, object]], states: str = "oooooo"
) -> ThemeTrend:
    """The trend in XKA; states by month: o observed, n not observed, u unknown."""
    words = {"o": "observed", "n": "not_observed", "u": "unknown"}
    covered = pl.DataFrame(
        [("XKA", month, words[letter]) for month, letter in zip(MONTHS, states, strict=True)],
        schema=["unit", "month", "state"],
        orient="row",
    )
    frame = pl.DataFrame(incidents, schema_overrides={f"deaths_{end}": pl.Int64 for end in ("low", "best", "high")})
    return theme_trend(protection_theme(theme), "XKA", incidents=frame, marks=marks_of(*claims), covered=covered)


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (claim(1, "killing", "health workers"), "health_care_attacks.type:HA1"),
        (claim(1, "killing", "du personnel de santé"), "health_care_attacks.type:HA1"),
        (claim(1, "bombardment", "", "Shells fell on the Hôpital central."), "health_care_attacks.type:HA2"),
        (claim(1, "destruction", "health care"), "health_care_attacks.type:HA99"),
        (claim(1, "unknown", "health care"), "health_care_attacks.type:HA99"),
        (claim(1, "denial_of_access", "health care"), "health_care_attacks.type:HA4"),
        (claim(1, "unknown", "", "The clinic was burned."), "health_care_attacks.type:HA10"),
        (claim(1, "abduction", "educators, students"), "education_attacks:ED2"),
        (claim(1, "denial_of_access"), "access_constraints:AC3"),
        (claim(1, "abduction", "", "Four children were taken."), "mrm_grave_violations:GV5"),
        (claim(1, "other", "", "Militia recruited two dozen children."), "mrm_grave_violations:GV1"),
        (claim(1, "detention", "periodistas"), "sdg_16_10_1.acts:D"),
        (claim(1, "detention", "migrants"), "migrant_abuse:MG1"),
        (claim(1, "unknown", "", "Forty migrants were held for ransom."), "migrant_abuse:MG2"),
        (claim(1, "unknown", "", "Livraisons d'armes à la milice"), "att_checklist.risk_test:7.1a"),
        (claim(1, "unknown", "", "Ten died of cholera in the camp."), "indirect_effects:disease"),
        (claim(1, "attack", "blue helmets"), "operations_personnel:peacekeepers"),
        (claim(1, "sexual_violence", source="un_body"), "crsv.acts:SV9"),
    ],
)
def test_a_claim_falls_in_a_theme_by_a_rule_that_is_shown(made: dict[str, object], code: str) -> None:
    """In three languages, whatever the accents; and what called for it is named."""
    found = marks_of(made).filter(pl.col("code") == code)
    assert found.height >= 1
    assert all(found["because"].str.len_chars() > 0)


def test_an_end_nobody_gives_is_not_made_of_another() -> None:
    """At least five and at least two to four are at least seven, with no best and no upper bound; none told is none."""
    told = [claim(n, "killing", "health workers") for n in range(4)]
    happened = [
        incident(0) | {"deaths_low": 5},
        incident(1) | {"deaths_low": 2, "deaths_best": 3, "deaths_high": 4},
        incident(2, 2) | {"deaths_low": 2, "deaths_best": 3},
        incident(3, 3),
    ]
    found = [(m.deaths_low, m.deaths_best, m.deaths_high) for m in trend("health_care", told, happened).months[:3]]
    assert found == [(7, None, None), (2, 3, 3), (None, None, None)]


def test_no_total_puts_statuses_together_unsaid() -> None:
    """Beside every total stands what each status gives of it, deaths too; a status too small to show hides the rest."""
    told = [claim(n, "killing", "health workers") for n in range(3)]
    happened = [incident(n, deaths=n + 1, status="corroborated" if n else "reported") for n in range(3)]
    made = trend("health_care", told, happened)
    parts = [(one.status, one.incidents, one.deaths_best) for one in made.months[0].by_status]
    assert parts == [("corroborated", 2, 5), ("reported", 1, 1)]
    assert made.by_status == (("corroborated", 2), ("reported", 1))
    told = [claim(n, "killing", "children") for n in range(21)]
    happened = [incident(n, status="corroborated" if n < 9 else "reported") for n in range(21)]
    hidden = trend("children", told, happened)
    assert (hidden.months[0].incidents, hidden.months[0].corroborated, hidden.months[0].by_status) == (21, None, ())
    assert hidden.by_status == ()


def test_what_lies_outside_the_months_is_not_kept_silent() -> None:
    """Incidents of other months are in no figure of these, and it is said how many there are, or that there are few."""
    told = [claim(n, "killing", "health workers") for n in range(3)]
    happened = [incident(0), incident(1, 9), incident(2, 10)]
    made = trend("health_care", told, happened)
    assert (made.at_least, made.outside, len(made.fallen)) == (1, 2, 1)
    few = trend("children", [claim(n, "killing", "children") for n in range(3)], happened)
    assert few.outside is None


@pytest.mark.parametrize(
    "made",
    [
        claim(1, "clash", "fighters", "Fighters clashed near the market."),
        claim(1, "protest", "demonstrators", "A journalist said the march was calm."),
        claim(1, "unknown", "", "Migrants arrived. A ransom was paid for a merchant."),
        claim(1, "unknown", "", ""),
    ],
)
def test_what_tells_of_no_such_matter_is_in_no_theme(made: dict[str, object]) -> None:
    """A witness is no victim, and no phrase reaches from one sentence into the next."""
    assert marks_of(made).is_empty()


@settings(max_examples=5)
@given(st.permutations(["Armed Forces of Vassiolde", "Tollgate Militia", "", "State of X"]))
def test_who_is_alleged_changes_nothing(parties: list[str]) -> None:
    """The same rule for every party: names of parties may be exchanged at will."""
    claims = [{**claim(n, "killing", "aid workers"), "alleged_by": party} for n, party in enumerate(parties)]
    assert marks_of(*claims).equals(marks_of(*[claim(n, "killing", "aid workers") for n in range(len(parties))]))


def test_a_month_nobody_could_see_is_a_band_and_never_zero() -> None:
    """Observed and none is 0; unseen and none is missing; unseen and told is a minimum."""
    found = trend("health_care", [claim(1, "killing", "nurses")], [incident(1, month=3)], "oonnuo")
    assert [month.incidents for month in found.months] == [0, 0, 1, None, None, 0]
    assert [(band.first, band.last, band.state) for band in found.bands] == [
        (543, 544, "not_observed"),
        (545, 545, "unknown"),
    ]


@settings(max_examples=12)
@given(st.text("onu", min_size=6, max_size=6), st.lists(st.integers(1, 6), max_size=5), st.randoms())
def test_no_unseen_month_is_ever_zero(states: str, months: list[int], dice: random.Random) -> None:
    """For any coverage and any incidents, in any order; every unseen month lies in exactly one band."""
    claims = [claim(n, "killing", "nurses") for n in range(9)]
    incidents = [incident(n, month) for n, month in enumerate(months)] or [incident(8, 1, unit="XKB")]
    found = trend("health_care", claims, incidents, states)
    for month, letter in zip(found.months, states, strict=True):
        assert month.incidents != 0 or letter == "o"
        assert sum(band.first <= month.month <= band.last for band in found.bands) == (letter != "o")
    dice.shuffle(claims)
    dice.shuffle(incidents)
    assert trend("health_care", claims, incidents, states) == found


def test_incidents_known_to_no_month_are_in_none() -> None:
    """A date known to the year is counted beside the months."""
    found = trend("health_care", [claim(1, "killing", "nurses")], [incident(1, date_precision="year")])
    assert (found.at_least, found.undated) == (0, 1)


def test_only_mandated_bodies_count_sexual_violence() -> None:
    """What others tell is shown as told, without a number; a month without word is unknown, whoever was there."""
    claims = [claim(n, "sexual_violence", source="un_body" if n < 12 else "ngo") for n in range(30)]
    incidents = [incident(n, month=2 if n < 12 else 4) for n in range(30)]
    found = trend("sexual_violence", claims, incidents)
    assert [month.incidents for month in found.months] == [None, 12, None, None, None, None]
    assert [month.is_told for month in found.months] == [False, False, False, True, False, False]
    assert {month.state for month in found.months if month.incidents is None} == {"unknown"}
    assert found.fallen == ()


@pytest.mark.parametrize(
    ("theme", "made"),
    [
        ("migrants", claim(0, "detention", "migrants")),
        ("children", claim(0, "killing", "children")),
        ("sexual_violence", claim(0, "sexual_violence", source="un_body")),
    ],
)
@pytest.mark.parametrize("count", [1, 9, 10])
def test_small_numbers_are_suppressed(theme: str, made: dict[str, object], count: int) -> None:
    """From 1 to 9 nothing but that there are some; neither months, codes, nor anything else gives the number."""
    claims = [{**made, "claim_id": content_id("clm", str(n))} for n in range(count)]
    found = trend(theme, claims, [incident(n, month=2, deaths=1) for n in range(count)])
    shown = found.months[1]
    assert shown.is_suppressed == (count < 10)
    assert shown.incidents == (None if count < 10 else count)
    assert shown.deaths_best == (None if count < 10 else count)
    assert found.at_least == (0 if count < 10 else count)
    assert {number for _, number in found.codes} == {None if count < 10 else count}
    assert content_id("clm", "0") not in str(asdict(found))


def test_deaths_from_disease_are_never_in_a_direct_series() -> None:
    """They stand in their own theme; elsewhere they are left out, and that is said."""
    claims = [
        claim(1, "killing", "aid workers"),
        claim(2, "attack", "aid workers", "Aid workers were attacked; thirty died of cholera."),
    ]
    incidents = [incident(1, deaths=2), incident(2, deaths=30)]
    direct = trend("peacekeepers_aid_workers", claims, incidents)
    assert (direct.months[0].incidents, direct.months[0].deaths_best, direct.left_out) == (2, 2, 1)
    indirect = trend("indirect_effects", claims, incidents)
    assert (indirect.months[0].incidents, indirect.months[0].deaths_best) == (1, 30)


@pytest.mark.parametrize(
    "unit", ["142345", "XKA/A→XKA/B", "XKA/A > B", "XKA/A/B", "12.5,30.1", "inc_00", "Jane Doe", ""]
)
@pytest.mark.parametrize("theme", [theme.id for theme in protection_themes()])
def test_persons_places_and_routes_are_refused(theme: str, unit: str) -> None:
    """No theme follows a person, a place, a cell or a way from one place to another."""
    with pytest.raises(DisclosureError):
        require_shown_at(protection_theme(theme), unit)


def test_migrants_are_shown_by_country_alone() -> None:
    """An area by area series of flows would draw a route."""
    with pytest.raises(DisclosureError, match="country only"):
        require_shown_at(protection_theme("migrants"), "XKA/North")
    require_shown_at(protection_theme("health_care"), "XKA/North")


def test_words_made_to_harm_cost_nothing() -> None:
    """A long text, control characters and half an alphabet are read like any other."""
    texts = ["a " * 50_000, "migrants " * 10_000, "\x00\u202e" * 500, "é" * 10_000, "(((|||***"]
    assert marks_of(*[claim(n, "unknown", "", text) for n, text in enumerate(texts)]).height >= 0
