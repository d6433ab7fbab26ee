"""Forecasts: the runs, one run unit by unit with its look back, one unit with its fan, and what moved it."""

from __future__ import annotations

from starlette.responses import Response

from forewarn.operations import forecast_viewing as viewing
from forewarn.operations.forecast_drawn import bars_drawn, calibration_drawn, months_drawn
from forewarn.operations.situation_viewing import is_shown
from forewarn.web.asked import Asked, Entry, Form, Page, rendered, require_kind
from forewarn.web.languages import marked
from forewarn.web.pictures import drawn

__all__ = ["ENTRIES", "FORMS", "READ"]

_PAGE = 200
VERDICTS = {"shown": marked("skill shown"), "not shown": marked("no skill shown"), "not tested": marked("not tested")}


def _forecasts(asked: Asked) -> Response:
    """The runs, the one made last first, each with what its look back said."""
    require_kind(asked, "forecast")
    rows = viewing.forecasts_for(asked.workspace, asked.person.viewer)
    return rendered(asked, "forecasts.html", rows=rows, verdicts=VERDICTS)


def _forecast(asked: Asked) -> Response:
    """One run: whether to trust it, every unit by name, calibration."""
    require_kind(asked, "forecast")
    after = asked.request.query_params.get("after", "")[:300]
    shown = viewing.forecast_for(
        asked.workspace, asked.person.viewer, asked.path("forecast"), after=after, limit=_PAGE + 1
    )
    rows = shown.rows[:_PAGE]
    more = rows[-1]["unit"] if len(shown.rows) > _PAGE else ""
    whole = shown.told.groups[:1]
    pictures = [
        (name, drawn(svg, asked.language)) for one in whole for name, svg in calibration_drawn(one, prefix="all")
    ]
    top = max([1.0, *(row["q95"] for row in rows if row["drawn"])])
    return rendered(
        asked, "forecast.html", shown=shown, run=shown.listed.run, rows=rows, more=more, pictures=pictures, top=top,
        verdicts=VERDICTS,
    )  # fmt: skip


def _unit(asked: Asked) -> Response:
    """One unit of a run: its past, its fan where skill is shown, the chances, and the months ahead as a table."""
    require_kind(asked, "forecast")
    shown = viewing.unit_forecast_for(asked.workspace, asked.person.viewer, asked.path("forecast"), asked.path("unit"))
    fan = shown.fan if shown.is_drawn else None
    series = shown.series
    widths = (760, 360) if series else ()
    pictures = [drawn(months_drawn(series, fan, width=width), asked.language) for width in widths]
    viewer = asked.person.viewer
    assessed = "situation" in viewer.sights and is_shown(asked.workspace, viewer, shown.unit)
    return rendered(
        asked, "forecast_unit.html", shown=shown, run=shown.listed.run, pictures=pictures, assessed=assessed,
        may_ask=viewing.EXPLAIN in viewer.acts,
    )  # fmt: skip


def _explain(asked: Asked) -> Response:
    """What moved the forecast of a unit: the model is asked again about altered pasts. It takes some seconds."""
    require_kind(asked, "forecast")
    forecast, unit = asked.path("forecast"), asked.path("unit")
    explained, incidents = viewing.explained_for(asked.workspace, asked.person.viewer, forecast, unit)
    pictures = [drawn(svg, asked.language) for svg in bars_drawn(explained.explanation)]
    return rendered(
        asked, "forecast_moved.html", explained=explained, incidents=incidents, pictures=pictures, unit=unit
    )


READ: dict[str, Page] = {
    "/forecasts": _forecasts,
    "/forecasts/{forecast}": _forecast,
    "/forecasts/{forecast}/{unit:path}": _unit,
}

FORMS: dict[str, Form] = {"/forecasts/{forecast}/{unit:path}": (_explain, ())}

ENTRIES = (Entry("/forecasts", marked("Forecasts"), kind="forecast"),)
