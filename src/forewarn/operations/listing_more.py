"""Pages of situations, forecasts, documents and channels for a viewer: what programs are given through the API.

A reading of a risk indicator counts as moderate, or as the most sensitive claim it rests on; where the one that holds
may not be seen, the indicator is counted and not told, for an older reading in its place would mislead. Forecasts count
as moderate, documents and channels as low and of no area.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import and_, select, tuple_

from forewarn.clock import instant_text, month_from_text, month_label
from forewarn.errors import UnknownNameError
from forewarn.model.access import SENSITIVE_FROM, Viewer
from forewarn.model.situation import IndicatorAssessment, current_assessments
from forewarn.operations.channels import channel_uses
from forewarn.operations.listing import Listed, Wanted
from forewarn.operations.viewing import keep_sights
from forewarn.operations.workspace import Workspace
from forewarn.store import document_tables, documents, forecasts, schema, situations, viewed
from forewarn.store.viewed_readings import seen_readings

__all__ = [
    "channel_row", "channels_page", "document_row", "documents_page", "forecast_row", "forecast_units_page",
    "forecasts_page", "situation_row", "situations_page",
]  # fmt: skip

_RUN = ("forecast_id", "target", "level", "model", "as_known_at", "horizon", "draws", "seed", "code_version",
        "input_sha256", "made_at")  # fmt: skip
_READING = ("document_id", "cls", "title", "dated_on", "language")


def situations_page(workspace: Workspace, viewer: Viewer, wanted: Wanted) -> Listed:
    """Areas that were assessed, by name, each with the readings that hold and may be seen."""
    with workspace.database.reading() as connection:
        every = current_assessments(situations.read_assessments(connection)).values()
        held = [one for one in every if _in_area(one.unit, wanted.area) and _since(one, wanted)]
        held = [one for one in held if wanted.only in ("", one.unit)]
        seen = seen_readings(connection, viewer, held)
    by_unit: dict[str, list[IndicatorAssessment]] = defaultdict(list)
    for one in held:
        by_unit[one.unit].append(one)
    units = sorted({one.unit for one in held if one.assessment_id in seen})
    units = [unit for unit in units if wanted.after is None or unit > wanted.after[0]]
    page = units[: wanted.limit]
    shown = [one for unit in page for one in by_unit[unit] if one.assessment_id in seen]
    sensitive = [one for one in shown if seen[one.assessment_id].rank >= SENSITIVE_FROM.rank]
    keep_sights(workspace, viewer, [("situation", one.assessment_id) for one in sensitive])
    rows = [_situation(unit, by_unit[unit], seen) for unit in page]
    return Listed(rows, (page[-1],) if page and len(units) > len(page) else None)


def situation_row(workspace: Workspace, viewer: Viewer, unit: str) -> dict[str, Any]:
    """One area. Raises :class:`UnknownNameError` where nothing of it may be seen."""
    return _first(situations_page(workspace, viewer, Wanted(only=unit, limit=1)), "situation")


def forecasts_page(workspace: Workspace, viewer: Viewer, wanted: Wanted) -> Listed:
    """The forecasts that were made, the latest first; for which units, is asked of each one."""
    table = schema.forecasts
    keys = (table.c.made_at, table.c.forecast_id)
    asked = [table.c.forecast_id == wanted.only] if wanted.only else []
    asked += [table.c.as_known_at >= wanted.since] if wanted.since else []
    asked += [table.c.as_known_at <= wanted.until] if wanted.until else []
    asked += [tuple_(*keys) < tuple_(*wanted.after)] if wanted.after else []
    query = select(*table.columns).where(*asked).order_by(*(key.desc() for key in keys)).limit(wanted.limit + 1)
    if not viewer.sight_of("forecast"):
        return Listed([])
    with workspace.database.reading() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    told = [{**{name: row[name] for name in _RUN}, "data_through": month_label(row["data_through"])} for row in rows]
    return _cut(told, wanted, ("made_at", "forecast_id"))


def forecast_row(workspace: Workspace, viewer: Viewer, forecast_id: str) -> dict[str, Any]:
    """One forecast, with what looks back said of its model."""
    row = _first(forecasts_page(workspace, viewer, Wanted(only=forecast_id, limit=1)), "forecast")
    with workspace.database.reading() as connection:
        skill = forecasts.read_skill(connection, forecast_id)
    return {**row, "skill": [asdict(one) for one in skill]}


def forecast_units_page(
    workspace: Workspace, viewer: Viewer, forecast_id: str, wanted: Wanted, *, month: str = ""
) -> Listed:
    """The summaries of a forecast for the units the viewer may be shown, by unit and month.

    ``month`` is ``YYYY-MM``, ``horizon`` for the sum over all of it, or empty for both. The place in the list holds
    the unit and the number of the month.
    """
    forecast_row(workspace, viewer, forecast_id)
    number = None if not month else 0 if month == "horizon" else month_from_text(month)
    with workspace.database.reading() as connection:
        more = replace(wanted, limit=wanted.limit + 1)
        rows = viewed.seen_forecast_units(connection, viewer, forecast_id, more, month=number)
    after = (rows[wanted.limit - 1]["unit"], str(rows[wanted.limit - 1]["month"])) if len(rows) > wanted.limit else None
    told = [{**row, "month": month_label(row["month"]) if row["month"] else None} for row in rows[: wanted.limit]]
    return Listed(told, after)


def documents_page(workspace: Workspace, viewer: Viewer, wanted: Wanted) -> Listed:
    """The documents that are kept, the latest dated first."""
    readings, current = document_tables.document_readings, documents.current_readings()
    named = document_tables.documents
    joined = readings.join(current, current.c.reading_id == readings.c.reading_id)
    joined = joined.join(named, named.c.document_id == readings.c.document_id)
    keys = (readings.c.dated_on, readings.c.document_id)
    asked = [readings.c.document_id == wanted.only] if wanted.only else []
    asked += [readings.c.dated_on >= wanted.since] if wanted.since else []
    asked += [and_(readings.c.dated_on <= wanted.until, readings.c.dated_on != "")] if wanted.until else []
    asked += [tuple_(*keys) < tuple_(*wanted.after)] if wanted.after else []
    query = select(*(readings.c[name] for name in _READING), readings.c.reissue, named.c.symbol).select_from(joined)
    query = query.where(*asked).order_by(*(key.desc() for key in keys)).limit(wanted.limit + 1)
    if not viewer.sight_of("document"):
        return Listed([])
    with workspace.database.reading() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    return _cut([{**row, "reissue": bool(row["reissue"])} for row in rows], wanted, ("dated_on", "document_id"))


def document_row(workspace: Workspace, viewer: Viewer, document_id: str) -> dict[str, Any]:
    """One document with its text, and who speaks where in it."""
    row = _first(documents_page(workspace, viewer, Wanted(only=document_id, limit=1)), "document")
    with workspace.database.reading() as connection:
        found = documents.read_document(connection, document_id)
    speeches = [
        {"as_printed": one.speaker.as_printed, "start": one.span.start, "end": one.span.end} for one in found.speeches
    ]
    return {**row, "text": found.text, "speeches": speeches}


def channels_page(workspace: Workspace, viewer: Viewer, wanted: Wanted) -> Listed:
    """What was collected through each channel, and what is late, by name."""
    if not viewer.sight_of("channel"):
        return Listed([])
    rows = [asdict(use) for use in channel_uses(workspace) if wanted.only in ("", use.channel)]
    rows = [{**row, "due_on": row["due_on"].isoformat() if row["due_on"] else None} for row in rows]
    rows = [row for row in rows if wanted.after is None or row["channel"] > wanted.after[0]]
    return _cut(rows, wanted, ("channel",))


def channel_row(workspace: Workspace, viewer: Viewer, name: str) -> dict[str, Any]:
    """One channel through which something was collected."""
    return _first(channels_page(workspace, viewer, Wanted(only=name, limit=1)), "channel")


def _situation(unit: str, held: Sequence[IndicatorAssessment], seen: Container[str]) -> dict[str, Any]:
    told = [one for one in sorted(held, key=_by_number) if one.assessment_id in seen]
    readings = [
        {"assessment_id": one.assessment_id, "indicator": one.indicator, "state": one.state, "trend": one.trend,
         "confidence": one.confidence, "basis": one.basis, "author": one.author,
         "assessed_at": instant_text(one.assessed_at), "claim_ids": list(one.claim_ids)}
        for one in told
    ]  # fmt: skip
    latest = max((instant_text(one.assessed_at) for one in told), default="")
    return {"unit": unit, "assessed_at": latest, "readings": readings, "readings_unseen": len(held) - len(told)}


def _by_number(one: IndicatorAssessment) -> list[int]:
    return [int(part) for part in one.indicator.split(".") if part.isdigit()]


def _in_area(unit: str, area: str) -> bool:
    return not area or unit == area or unit.startswith(f"{area}/")


def _since(one: IndicatorAssessment, wanted: Wanted) -> bool:
    day = one.assessed_at.date().isoformat()
    return (not wanted.since or day >= wanted.since) and (not wanted.until or day <= wanted.until)


def _first(page: Listed, noun: str) -> dict[str, Any]:
    if not page.rows:
        raise UnknownNameError(f"no such {noun}", mend=f"see the list of {noun}s")
    return page.rows[0]


def _cut(rows: list[dict[str, Any]], wanted: Wanted, names: tuple[str, ...]) -> Listed:
    if len(rows) <= wanted.limit:
        return Listed(rows)
    last = rows[wanted.limit - 1]
    return Listed(rows[: wanted.limit], tuple(str(last[name]) for name in names))
