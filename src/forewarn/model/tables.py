"""The flat form of reports and claims: one row each, for tables, frames and files.

One list of columns is the single truth that the store's schema, the channels' frames and the exports share.
Kinds are ``text`` (missing is empty), ``day`` and ``instant`` (ISO 8601 text), ``count`` (whole number),
``number`` (real) and ``list`` (JSON text); all but text may be missing (null).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forewarn.clock import day_from_text, instant_from_text, instant_text
from forewarn.model.claim import COUNTED, Claim, CountRange, Origin
from forewarn.model.place import Place
from forewarn.model.provenance import Locator, Sensitivity
from forewarn.model.report import Report

__all__ = [
    "CLAIM_COLUMNS",
    "INCIDENT_COLUMNS",
    "REPORT_COLUMNS",
    "Column",
    "claim_from_row",
    "claim_row",
    "report_from_row",
    "report_row",
]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its kind, and what it holds, for the data dictionary."""

    name: str
    kind: str
    meaning: str


REPORT_COLUMNS = (
    Column("report_id", "text", "id of the report: rpt_ and SHA-256 over channel, external id and content"),
    Column("channel", "text", "how it arrived"),
    Column("external_id", "text", "the sender's own id"),
    Column("source_id", "text", "who says it"),
    Column("kind", "text", "incident, statement, form or note"),
    Column("snapshot_id", "text", "the bytes it was read from: snp_ and their SHA-256"),
    Column("row", "count", "data row in the snapshot, the first below the header is 1"),
    Column("content_sha256", "text", "SHA-256 of the row as received"),
    Column("published_on", "day", "when its source published it, if it says"),
    Column("known_on", "day", "the day it counts as known"),
    Column("known_basis", "text", "how that day was settled"),
    Column("received_at", "instant", "when it was received, UTC"),
    Column("language", "text", "BCP 47 code"),
    Column("title", "text", "headline as received"),
    Column("sensitivity", "text", "low, moderate, high or severe"),
    Column("supersedes", "text", "id of the report it replaces"),
)

_COUNT_COLUMNS = tuple(
    Column(f"{name}_{end}", "count", f"{name.replace('_', ' ')}, {end}")
    for name in COUNTED
    for end in ("low", "best", "high")
)

_INCIDENT_TAKES = frozenset(
    [
        "started_on",
        "ended_on",
        "date_precision",
        "known_on",
        "act",
        "violence",
        "country",
        "admin1",
        "admin2",
        "place_name",
        "latitude",
        "longitude",
        "place_precision",
        "cell",
        "parties",
        "alleged_by",
        "target",
    ]
)

CLAIM_COLUMNS = (
    Column("claim_id", "text", "id of the claim: clm_ and SHA-256 over the report and the position in it"),
    Column("report_id", "text", "the report it was taken from"),
    Column("channel", "text", "how the report arrived"),
    Column("external_id", "text", "the sender's own id of the report"),
    Column("act", "text", "what was done, in observable words"),
    Column("violence", "text", "state_based, non_state, one_sided or unknown"),
    Column("started_on", "day", "first day it happened, as told"),
    Column("ended_on", "day", "last day it happened, as told"),
    Column("date_precision", "text", "day, week, month, year or unknown"),
    Column("known_on", "day", "the day it became known"),
    Column("known_basis", "text", "how that day was settled"),
    Column("country", "text", "ISO 3166 alpha-3"),
    Column("admin1", "text", "first-level area"),
    Column("admin2", "text", "second-level area"),
    Column("place_name", "text", "the place as the source names it"),
    Column("latitude", "number", "WGS 84 degrees"),
    Column("longitude", "number", "WGS 84 degrees"),
    Column("place_precision", "text", "exact, near, admin2, admin1, country or unknown"),
    Column("cell", "count", "PRIO-GRID cell; 0 where the place is not known closely enough"),
    Column("parties", "list", "bodies or groups said to have taken part"),
    Column("alleged_by", "text", "the body alleged to be responsible"),
    Column("target", "text", "who was harmed, in the source's words"),
    *_COUNT_COLUMNS,
    Column("origins", "list", "who the report says it comes from, and when they said it"),
    Column("text", "text", "the words it rests on, verbatim"),
    Column("language", "text", "BCP 47 code"),
    Column("sensitivity", "text", "low, moderate, high or severe"),
)

INCIDENT_COLUMNS = (
    Column("incident_id", "text", "id of the incident: inc_ and SHA-256 over the first claim known of it"),
    Column("claims", "count", "number of claims held to be this happening"),
    Column("independent_origins", "count", "origins that do not go back to each other"),
    Column("contested", "count", "1 where two claims give ranges that do not overlap, else 0"),
    Column("in_quarantine", "count", "claims of it that are not counted: deceptive source, known hoax, under inquiry"),
    Column("status", "text", "reported (one origin) or corroborated (two or more); verified only by people"),
    Column("overruled", "text", "counts in which a person's record or overruling stands in for the claims, or empty"),
    *(c for c in CLAIM_COLUMNS if c.name in _INCIDENT_TAKES),
    *_COUNT_COLUMNS,
)


def report_row(report: Report) -> dict[str, Any]:
    """A report as a row of :data:`REPORT_COLUMNS`."""
    return {
        "report_id": report.report_id,
        "channel": report.channel,
        "external_id": report.external_id,
        "source_id": report.source_id,
        "kind": report.kind,
        "snapshot_id": report.locator.snapshot_id,
        "row": report.locator.row,
        "content_sha256": report.content_sha256,
        "published_on": _iso(report.published_on),
        "known_on": report.known_on.isoformat(),
        "known_basis": report.known_basis,
        "received_at": instant_text(report.received_at),
        "language": report.language,
        "title": report.title,
        "sensitivity": report.sensitivity.value,
        "supersedes": report.supersedes,
    }


def report_from_row(row: Mapping[str, Any]) -> Report:
    """The report of a row; the inverse of :func:`report_row`."""
    return Report(
        report_id=row["report_id"],
        channel=row["channel"],
        external_id=row["external_id"],
        source_id=row["source_id"],
        kind=row["kind"],
        locator=Locator(row["snapshot_id"], int(row["row"])),
        content_sha256=row["content_sha256"],
        published_on=_day(row["published_on"]),
        known_on=day_from_text(row["known_on"]),
        known_basis=row["known_basis"],
        received_at=instant_from_text(row["received_at"]),
        language=row["language"],
        title=row["title"],
        sensitivity=Sensitivity(row["sensitivity"]),
        supersedes=row["supersedes"],
    )


def claim_row(claim: Claim) -> dict[str, Any]:
    """A claim as a row of :data:`CLAIM_COLUMNS`."""
    place = claim.place
    counts = {f"{name}_{end}": getattr(claim.count(name), end) for name in COUNTED for end in ("low", "best", "high")}
    return {
        "claim_id": claim.claim_id,
        "report_id": claim.report_id,
        "channel": claim.channel,
        "external_id": claim.external_id,
        "act": claim.act,
        "violence": claim.violence,
        "started_on": _iso(claim.started_on),
        "ended_on": _iso(claim.ended_on),
        "date_precision": claim.date_precision,
        "known_on": claim.known_on.isoformat(),
        "known_basis": claim.known_basis,
        "country": place.country,
        "admin1": place.admin1,
        "admin2": place.admin2,
        "place_name": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "place_precision": place.precision,
        "cell": place.cell,
        "parties": json.dumps(claim.parties, ensure_ascii=False),
        "alleged_by": claim.alleged_by,
        "target": claim.target,
        **counts,
        "origins": json.dumps([[o.name, _iso(o.on)] for o in claim.origins], ensure_ascii=False),
        "text": claim.text,
        "language": claim.language,
        "sensitivity": claim.sensitivity.value,
    }


def claim_from_row(row: Mapping[str, Any]) -> Claim:
    """The claim of a row; the inverse of :func:`claim_row`."""
    ranges = ((name, CountRange(*(row[f"{name}_{end}"] for end in ("low", "best", "high")))) for name in COUNTED)
    return Claim(
        claim_id=row["claim_id"],
        report_id=row["report_id"],
        channel=row["channel"],
        external_id=row["external_id"],
        act=row["act"],
        violence=row["violence"],
        started_on=_day(row["started_on"]),
        ended_on=_day(row["ended_on"]),
        date_precision=row["date_precision"],
        known_on=day_from_text(row["known_on"]),
        known_basis=row["known_basis"],
        place=Place(
            row["country"],
            row["admin1"],
            row["admin2"],
            row["place_name"],
            row["latitude"],
            row["longitude"],
            row["place_precision"],
        ),
        parties=tuple(json.loads(row["parties"] or "[]")),
        alleged_by=row["alleged_by"],
        target=row["target"],
        counts=tuple((name, count) for name, count in ranges if not count.is_unknown),
        origins=tuple(Origin(name, _day(on)) for name, on in json.loads(row["origins"] or "[]")),
        text=row["text"],
        language=row["language"],
        sensitivity=Sensitivity(row["sensitivity"]),
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return day_from_text(text) if text else None
