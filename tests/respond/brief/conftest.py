"""A whole brief on a fictional area, small enough to read and with every part filled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from forewarn.clock import month_of
from forewarn.ids import content_id
from forewarn.model.alert import Alert, EvidenceLine, Likelihood
from forewarn.model.alert_life import AlertEvent
from forewarn.model.claim import CountRange
from forewarn.respond.brief import (
    AreaMap,
    BriefData,
    BriefOption,
    ClaimNote,
    Exceedance,
    Fan,
    FanMonth,
    Figure,
    KnownItem,
    MapCell,
    MapPlace,
    Outline,
    Reconstruction,
    ReportNote,
    Series,
    SeriesMonth,
    SnapshotNote,
    Trace,
)
from forewarn.respond.clock import response_clock
from forewarn.testing import complete_alert

NOW = datetime(2030, 7, 1, 8, tzinfo=UTC)
AS_KNOWN = date(2030, 6, 30)
CLAIMS = tuple(content_id("clm", n) for n in range(9))
LATER = content_id("clm", "later")
SNAPSHOT = "snp_" + "ab" * 32
LAST = month_of(AS_KNOWN)


def _trace() -> Trace:
    claims = tuple(
        ClaimNote(
            claim, content_id("rpt", claim), f"Killing near Ombra, 2030-0{4 + n % 3}: {n + 1} deaths ({n}–{n + 4})",
            date(2030, 4 + n % 3, 12 + n), "source_date",
        )
        for n, claim in enumerate(CLAIMS)
    )  # fmt: skip
    late = ClaimNote(
        LATER, content_id("rpt", LATER), "Killings at Ombra, 2030-07: 80 deaths", date(2030, 8, 9), "published"
    )
    reports = tuple(
        ReportNote(
            claim.report_id, f"NR-{n:04d}", "Norland Radio", claim.known_on, SNAPSHOT, n + 1,
            f"NR-{n:04d},2030-04-1{n},Ombra,killing,{n},{n + 4}",
        )
        for n, claim in enumerate((*claims, late))
    )  # fmt: skip
    snapshot = SnapshotNote(SNAPSHOT, "norland-radio.csv", "Norland Radio", "CC BY 4.0", "Norland Radio (2030).", NOW)
    return Trace((*claims, late), reports, (snapshot,))


def _alert() -> Alert:
    return complete_alert(
        to_whom="Villagers of the river districts, between 4,000 and 9,000 people.",
        where_and_when="Ombra, from July to December 2030; the district vote on 12 August is a known trigger.",
        by_whom_possibly="Unknown. Armed bodies of both sides operate there.",
        likelihood=Likelihood("unlikely", 0.2, 0.45, "at least 25 deaths in one-sided violence", "Ombra", 6, 0.05),
        confidence_because="Confidence is moderate: at least two independent origins; somebody was looking in 10 of "
        "the last 12 months.",
        severity_range="0 to 140 deaths in one-sided violence over 6 months (nine courses in ten; median 6).",
        evidence_for=(
            EvidenceLine("From April to June, nine incidents with at least 36 deaths; 3 times the usual rate.",
                         CLAIMS, independent_origins=2),
            EvidenceLine("The forecast puts the chance of at least 25 deaths at 31% (its own past: 5%).",
                         basis="forecast:fct-1"),
        ),
        evidence_against=(
            EvidenceLine("Deaths reported fell in June.", CLAIMS[:3], independent_origins=2),
            EvidenceLine("The forecast leaves a chance of 69% of fewer than 25 deaths.", basis="forecast:fct-1"),
        ),
        gaps_and_blind_spots=("January and February were not observed; no report is not calm.",
                              "No source covers the eastern bank."),
        alternatives_considered=("Cattle raids without a group as their target.",),
        what_changed_since_last="The level was W1 on 2030-04-02. The data now reach W2.",
        trigger_to_upgrade="At least 50 deaths in 5 incidents within 3 months (W3).",
        trigger_to_downgrade="Every signal below 75% of the thresholds of W2, with the months observed.",
        options=("M202",),
        decision_asked="Decide whether to send a good-offices mission before the district vote of 12 August.",
        decision_needed_by=NOW + timedelta(days=14),
        releasability="Named offices only",
    )  # fmt: skip


def _series() -> Series:
    counts = [0, 0, 2, 0, 3, 1, 0, 0, 4, 0, 0, 5, 2, 0, 0, 1, 0, 6, None, None, 8, 14, 9, 5]
    months = tuple(
        SeriesMonth(
            LAST - len(counts) + 1 + n, *((c, c + c // 3, 2 * c) if c is not None else (None,) * 3), c is not None
        )  # type: ignore[arg-type]
        for n, c in enumerate(counts)
    )
    return Series("Deaths in one-sided violence, Ombra", "deaths", months, "Observed in 22 of 24 months.", CLAIMS)


def _fan() -> Fan:
    months = tuple(FanMonth(LAST + n, 0, 0, 1 + n / 2, 6 + n, 22 + 3 * n) for n in range(1, 7))
    return Fan(
        months, "deaths in one-sided violence", "boot_240", "fct-1", LAST, AS_KNOWN,
        (Exceedance(25, 0.31, 0.05), Exceedance(100, 0.08, 0.0)),
        "CRPS 12% below the own-history baseline in 20 windows.", (0, 6, 140),
    )  # fmt: skip


def _area() -> AreaMap:
    # cells around 12.25 N, 20.25 E: row (12+90)*2, column (20+180)*2
    first = 204 * 720 + 400 + 1
    cells = (MapCell(first, 20, 44, 5), MapCell(first + 1, 6, 9, 2), MapCell(first + 721, 10, 12, 2))
    places = (
        MapPlace("Ombra", 12.4, 20.2, 81_000), MapPlace("Velk", 11.3, 21.4, 12_000),
        MapPlace("Sare", 13.2, 19.6, 7_500),
        MapPlace("Tol Harat", 12.9, 21.3, 5_100),
    )  # fmt: skip
    ring = ((19.2, 11.2), (21.6, 11.0), (22.1, 12.6), (21.0, 13.6), (19.4, 13.4))
    return AreaMap(
        "Deaths in one-sided violence, Ombra, last 12 months", "deaths", cells, places,
        "The eastern bank is covered by no source.", CLAIMS, (Outline("Ombra", (ring,), True),), 2,
    )  # fmt: skip


def _options() -> tuple[BriefOption, ...]:
    return (
        BriefOption(1, "M110", "Local peace committees and elders' mediation", 0, "domestic", "0-6"),
        BriefOption(2, "M202", "Confidential demarche, good offices", 0, "consent", "0-3"),
        BriefOption(2, "M209", "Unarmed civilian protection", 0, "consent", "0-6"),
        BriefOption(3, "M301", "Public statement, joint appeal", 1, "any", "0-1", "backlash on victims"),
        BriefOption(3, "M307", "Arms embargo or refusal of transfers", 2, "domestic", "1-12", on_selection=True),
    )


@pytest.fixture
def brief() -> Callable[..., BriefData]:
    """A whole brief, with changes."""

    def make(**changes: Any) -> BriefData:
        alert = changes.pop("alert", _alert())
        events = tuple(
            AlertEvent(content_id("alr", "Ombra"), kind, by, NOW + timedelta(hours=h))
            for kind, by, h in (("draft", "analyst-1", 0), ("review", "reviewer-1", 1), ("issue", "analyst-1", 2))
        )
        clock = response_clock(_alert(), events, NOW + timedelta(days=2)) if alert else None
        figures = (
            Figure("recent", "Deaths in one-sided violence, April to June 2030", CountRange(36, 45, 81), "deaths",
                   "Ombra was observed in all three months.", CLAIMS),
            Figure("corroborated", "Of these, told by two independent origins", CountRange(12, 14, 20, "corroborated"),
                   "deaths", "Ombra was observed in all three months.", CLAIMS[:3]),
            Figure("east", "Deaths on the eastern bank", CountRange(), "deaths", "Nobody was looking there.", ()),
        )  # fmt: skip
        known = (KnownItem("The first killing was reported.", date(2030, 4, 12), CLAIMS[:1]),)
        given: dict[str, Any] = {
            "title": "Ombra: one-sided violence before the district vote", "unit": "XAA/Ombra", "unit_words": "Ombra",
            "as_known_at": AS_KNOWN, "made_at": NOW, "fictional": True, "figures": figures, "trace": _trace(),
            "alert": alert, "clock": clock, "series": _series(), "fan": _fan(), "area": _area(),
            "reconstruction": Reconstruction(known), "options": _options(),
        }  # fmt: skip
        return BriefData(**(given | changes))

    return make


@pytest.fixture
def later(brief: Callable[..., BriefData]) -> BriefData:
    """The same brief, with what became known later asked for."""
    items = (KnownItem("At least 80 people were killed in July.", date(2030, 8, 9), (LATER,)),)
    months = (SeriesMonth(LAST + 1, 80, 120, 300, True),)
    plain = brief()
    assert plain.series is not None
    assert plain.reconstruction is not None
    series = replace(plain.series, later=months, later_claim_ids=(LATER,))
    return brief(series=series, reconstruction=replace(plain.reconstruction, later=items))
