"""The parts of a brief that come from records: what is known in words, the trace, and the options.

Rows are quoted only where their sensitivity is low, and without the cells that tell a precise place.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

import polars as pl

from forewarn.clock import day_from_text, instant_from_text
from forewarn.model.provenance import Sensitivity
from forewarn.operations.trace import Traced, deaths_words, said_of
from forewarn.respond import BriefOption, ClaimNote, KnownItem, ReportNote, Sign, SnapshotNote, Trace, options

__all__ = ["VIOLENCE_WORDS", "incident_words", "later_items", "option_notes", "trace_note"]

VIOLENCE_WORDS = {
    "one_sided": "one-sided violence",
    "state_based": "state-based conflict",
    "non_state": "non-state conflict",
    "unknown": "violence of unstated kind",
}
"""Kinds of organized violence, in words."""

WITHHELD = "withheld from this audience"
_PLACE_CELLS = frozenset(
    (
        "coordinates", "geom_wkt", "geometry", "gps", "lat", "latitude", "lng", "lon", "longitude", "place",
        "village", "where_coordinates",
    )
)  # fmt: skip
"""Columns that tell a precise place, by the names channels use."""


def incident_words(row: Mapping[str, Any]) -> str:
    """An incident in one line: day, act, deaths as a range, and how many origins tell it."""
    origins = row["independent_origins"]
    told = "one origin" if origins == 1 else f"{origins} independent origins" if origins else "no named origin"
    what = f"{row['act'].replace('_', ' ')} ({VIOLENCE_WORDS[row['violence']]})"
    return f"{row['started_on']}: {what}, {deaths_words(row)}; {told}"


def later_items(later: pl.DataFrame) -> tuple[KnownItem, ...]:
    """Claims that became known after the day of knowledge, in the order they happened."""
    if later.is_empty():
        return ()
    return tuple(
        KnownItem(said_of(row), day_from_text(row["known_on"]), (row["claim_id"],))
        for row in later.sort("started_on", "claim_id").iter_rows(named=True)
    )


def option_notes(signs: Iterable[Sign] = ()) -> tuple[BriefOption, ...]:
    """All measures but force, pillar by pillar, least coercive first, with the signs that call each to mind."""
    return tuple(
        BriefOption(
            pillar=pillar.pillar,
            measure_id=option.measure.id,
            name=option.measure.name,
            coercion=option.measure.coercion,
            basis=option.measure.basis,
            horizon=option.measure.horizon,
            caution=option.measure.harm,
            on_selection=selected,
            reason="; ".join(option.because),
        )
        for pillar in options(signs=signs)
        for selected, group in ((False, pillar.proposed), (True, pillar.on_selection))
        for option in group
    )


def trace_note(traced: Traced, shown: Container[str]) -> Trace:
    """Everything cited, down to the rows as received; of claims that are not to be shown, and of their reports, ids."""
    sensitivity = {claim["report_id"]: claim["sensitivity"] for claim in traced.claims.values()}
    told = {claim["report_id"] for claim in traced.claims.values() if claim["claim_id"] in shown}
    claims = tuple(
        ClaimNote(
            c["claim_id"],
            c["report_id"],
            said_of(c) if c["claim_id"] in shown else WITHHELD,
            day_from_text(c["known_on"]),
            c["known_basis"],
        )
        for c in sorted(traced.claims.values(), key=lambda c: (c["started_on"] or "", c["claim_id"]))
    )
    reports = tuple(
        _report_note(report_id, report, _row_text(traced.rows.get(report_id, {}), sensitivity.get(report_id, "")))
        if report_id in told
        else ReportNote(report_id, "", WITHHELD, None, report["snapshot_id"], int(report["row"]))
        for report_id, report in sorted(traced.reports.items())
    )
    return Trace(claims, reports, _snapshots(traced.reports, told))


def _report_note(report_id: str, report: Mapping[str, Any], row_text: str) -> ReportNote:
    return ReportNote(
        report_id=report_id,
        external_id=report["external_id"],
        source=report["source_name"],
        published_on=day_from_text(report["published_on"]) if report["published_on"] else None,
        snapshot_id=report["snapshot_id"],
        row=int(report["row"]),
        row_text=row_text,
    )


def _row_text(cells: Mapping[str, str], sensitivity: str) -> str:
    if sensitivity != Sensitivity.LOW.value:
        return ""
    return "; ".join(f"{name}: {cell}" for name, cell in cells.items() if cell and name.lower() not in _PLACE_CELLS)


def _snapshots(reports: Mapping[str, Mapping[str, Any]], told: Container[str]) -> tuple[SnapshotNote, ...]:
    """The snapshots; of one that holds only what is withheld, the digest."""
    notes = {}
    for report_id, report in sorted(reports.items(), key=lambda one: one[0] in told):
        name = report["origin"].removeprefix("file:")
        received = instant_from_text(report["received_at"])
        if report_id not in told:
            notes[report["snapshot_id"]] = SnapshotNote(report["snapshot_id"], WITHHELD, WITHHELD, "", "", received)
            continue
        notes[report["snapshot_id"]] = SnapshotNote(
            snapshot_id=report["snapshot_id"],
            name=name,
            publisher=report["publisher"],
            licence=report["licence"],
            citation=f"{report['publisher']}. {name}. {report['licence']}.",
            received_at=received,
        )
    return tuple(notes[key] for key in sorted(notes))
