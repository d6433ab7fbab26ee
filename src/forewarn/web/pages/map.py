"""The map: areas with who could see, incidents by standing, a forecast's chances; a table for who runs no script.

The drawing library is MapLibre inside Plotly, from the installed package: it works in a worker made of a blob, which
this page alone allows. Nothing is fetched from anywhere else; there are no tiles.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from functools import cache

from starlette.responses import JSONResponse, Response

from forewarn.clock import month_from_text, month_of
from forewarn.errors import InputValueError, UnknownNameError
from forewarn.model.grid import WORLD, CellBox
from forewarn.operations.map_points import MapView, incidents_in
from forewarn.operations.map_viewing import THRESHOLDS, MapWish, base_for, map_for
from forewarn.web import files
from forewarn.web.asked import Asked, Entry, Page, rendered
from forewarn.web.guard import POLICY
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "READ"]

PLOTLY = "/plotly.js"
_POLICY = POLICY.replace("img-src 'self'", "img-src 'self' blob: data:") + "; worker-src blob:"
SPANS = (1, 3, 12, 36)


def _map(asked: Asked) -> Response:
    """The map and its table, for the months, forecast and number asked for."""
    _require(asked)
    shown = map_for(asked.workspace, asked.person.viewer, _wish(asked))
    response = rendered(
        asked, "map.html", shown=shown, wish=shown.wish, spans=SPANS, numbers=THRESHOLDS, query=asked.request.url.query,
        can_draw=files.is_there(PLOTLY), sheet=_sheet(),
    )  # fmt: skip
    response.headers["content-security-policy"] = _POLICY
    return response


@cache
def _sheet() -> str:
    """The id under which the library would write its own sheet of style, which the policy forbids; ours takes it."""
    found = re.search(rb'getElementById\("([0-9a-f]{64})"\)', files.content(PLOTLY)) if files.is_there(PLOTLY) else None
    return found[1].decode() if found else "library-sheet"


def _data(asked: Asked) -> Response:
    """What the drawing stands on, under the viewer's rights."""
    _require(asked)
    return JSONResponse(asdict(base_for(asked.workspace, asked.person.viewer, _wish(asked))))


def _incidents(asked: Asked) -> Response:
    """The incidents of a part of the map in the months asked for, under the viewer's rights."""
    _require(asked)
    view = MapView(_box(asked, step := _number(asked.request.query_params.get("step", ""), 8, "step")), step)
    return JSONResponse(asdict(incidents_in(asked.workspace, asked.person.viewer, _wish(asked).span, view)))


def _box(asked: Asked, step: int) -> CellBox:
    """The cells of a box ``west,south,east,north``; all without one."""
    said = asked.request.query_params.get("box", "")
    if not said.strip():
        return WORLD
    try:
        west, south, east, north = (float(one) for one in said[:80].split(","))
    except ValueError as error:
        raise InputValueError("is no box", where="box", mend="write west,south,east,north in degrees") from error
    return CellBox.around(west, south, east, north, max(min(step, 32), 1))


def _require(asked: Asked) -> None:
    """The map is there for who may see incidents or forecasts."""
    if not {"incident", "forecast"} & set(asked.person.viewer.sights):
        raise UnknownNameError("There is no such page")


def _wish(asked: Asked) -> MapWish:
    given = asked.request.query_params
    until = given.get("until", "").strip()
    last = month_of(asked.workspace.today)
    return MapWish(
        until=min(month_from_text(until, where="until"), last) if until else last,
        months=_number(given.get("months", ""), 3, "months"),
        forecast_id=given.get("forecast", "")[:80],
        number=_number(given.get("number", ""), 25, "number"),
    )


def _number(text: str, default: int, where: str) -> int:
    if not text.strip():
        return default
    if not text.strip().isdecimal() or len(text) > 6:
        raise InputValueError("is no number", where=where, mend="choose one of the list")
    return int(text)


READ: dict[str, Page] = {"/map": _map, "/map/data": _data, "/map/incidents": _incidents}

ENTRIES = (Entry("/map", marked("Map"), kind="incident"),)
