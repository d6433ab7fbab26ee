"""OGC API - Features, Part 1 core, for incidents and alerts: landing page, conformance, collections, items as GeoJSON.

The same rights, readings kept and coarse places as in the lists of the API. An incident is a point where its place is
known closely enough, an alert a square where its unit is a cell; anything else has no geometry and is in no box.
Source: OGC 17-069r4. A limit above the largest is taken as the largest, as the standard has it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from forewarn.errors import InputValueError, UnknownNameError
from forewarn.model.grid import CELL_COUNT, cell_centre
from forewarn.operations.listing import Listed
from forewarn.web.api.answers import answered, encoded
from forewarn.web.api.asked import LARGEST, USUAL, asked_of, page_parameters, single
from forewarn.web.api.door import Call
from forewarn.web.api.shapes import Parameter
from forewarn.web.api.table import RESOURCES, Resource

__all__ = ["BASE", "COLLECTIONS", "CONFORMS_TO", "collection", "collections", "conformance", "item", "items",
           "items_parameters", "landing"]  # fmt: skip

BASE = "/ogc"
COLLECTIONS: dict[str, Resource] = {one.path: one for one in RESOURCES if one.path in ("incidents", "alerts")}
CONFORMS_TO = tuple(f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "geojson"))

_KEYS = {"incidents": "incident_id", "alerts": "alert_id"}
_PART = r"(?:\.\d{1,12})?"
_LONGITUDE = rf"-?(?:180|(?:1[0-7]\d|\d{{1,2}}){_PART})"
_LATITUDE = rf"-?(?:90|[0-8]?\d{_PART})"
_HEIGHT = rf"-?\d{{1,6}}{_PART}"
_FLAT, _HIGH = f"{_LONGITUDE},{_LATITUDE}", f"{_LONGITUDE},{_LATITUDE},{_HEIGHT}"
_BOX = f"(?:{_FLAT},{_FLAT}|{_HIGH},{_HIGH})"
_DAY = r"(?:1[89]|20)\d\d-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)|(?:0[13-9]|1[0-2])-30|(?:0[13578]|1[02])-31)"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_TIME = rf"{_DAY}(?:T{_CLOCK}:[0-5]\d(?:\.\d{{1,9}})?(?:Z|[+-]{_CLOCK}))?"
_TIMES = rf"(?:{_TIME}(?:/(?:{_TIME}|\.\.)?)?|(?:\.\.)?/{_TIME})"


def landing(call: Call) -> Response:
    """Where to begin."""
    single(call.request, ())
    api = {"rel": "service-desc", "type": "application/vnd.oai.openapi+json;version=3.1", "title": "OpenAPI document"}
    links = [
        _link(call, "", "self", "This page"),
        {**api, "href": f"{_root(call)}/openapi.json"},
        _link(call, "/conformance", "conformance", "What it conforms to"),
        _link(call, "/collections", "data", "Collections"),
    ]
    return _told(call, {"title": "Forewarn", "description": "Incidents and alerts, as far as you may see them.",
                        "links": links})  # fmt: skip


def conformance(call: Call) -> Response:
    """What it conforms to."""
    single(call.request, ())
    return _told(call, {"conformsTo": list(CONFORMS_TO)})


def collections(call: Call) -> Response:
    """The collections of which the asker may see anything."""
    single(call.request, ())
    found = [_collection(call, name) for name, one in COLLECTIONS.items() if one.kind in call.viewer.sights]
    return _told(call, {"links": [_link(call, "/collections", "self", "This page")], "collections": found})


def collection(call: Call) -> Response:
    """One collection."""
    single(call.request, ())
    return _told(call, _collection(call, _named(call).path))


def items(call: Call) -> Response:
    """A page of features."""
    resource = _named(call)
    said = single(call.request, items_parameters())
    question = asked_of(said, resource.fields_of(alone=False), call.request.url.path)
    since, until = question.others.get("datetime", ("", ""))
    wanted = replace(question.wanted, box=question.others.get("bbox"), since=since, until=until)
    is_nowhere = wanted.box is not None and resource.path == "alerts"
    page = Listed([]) if is_nowhere else resource.page(call.workspace, call.viewer, wanted)
    path = f"/collections/{resource.path}/items"
    links = [_link(call, path, "self", "This page", **call.request.query_params)]
    if page.after:
        more = {**call.request.query_params, "cursor": question.cursor(page.after)}
        links.append(_link(call, path, "next", "Next page", **more))
    features = [_feature(resource, row) for row in page.rows]
    told = {"type": "FeatureCollection", "links": links, "numberReturned": len(features), "features": features}
    return _told(call, told, "application/geo+json")


def item(call: Call) -> Response:
    """One feature."""
    resource, name = _named(call), call.request.path_params["name"]
    single(call.request, ())
    if resource.one is None or not re.fullmatch(resource.key, name):
        raise UnknownNameError(f"no such {resource.noun}", mend="see the items of the collection")
    row = resource.one(call.workspace, call.viewer, name)
    path = f"/collections/{resource.path}"
    links = [_link(call, f"{path}/items/{name}", "self", "This feature"), _link(call, path, "collection", "All")]
    plain = {field.name: row[field.name] for field in resource.fields_of(alone=False)}
    return _told(call, {**_feature(resource, plain), "links": links}, "application/geo+json")


def items_parameters() -> tuple[Parameter, ...]:
    """What items may be asked with."""
    limit = {"type": "integer", "minimum": 1, "default": USUAL}
    cursor = next(one for one in page_parameters() if one.name == "cursor")
    times = {"type": "string", "pattern": f"^{_TIMES}$"}
    box = {"type": "string", "pattern": f"^{_BOX}$"}
    return (
        Parameter("bbox", box, "west, south, east, north in degrees; heights are not looked at", _box),
        Parameter("datetime", times, "an instant, or an interval as A/B, A/.. or ../B; to the day", _times),
        Parameter("limit", limit, f"most features of a page; more than {LARGEST} is taken as that", _limit),
        cursor,
    )


def _box(value: str) -> tuple[float, float, float, float]:
    if not re.fullmatch(_BOX, value, re.ASCII):
        raise InputValueError("is no box", mend="write west,south,east,north")
    numbers = [float(part) for part in value.split(",")]
    west, south, east, north = numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:5])
    return west, south, east, north


def _times(value: str) -> tuple[str, str]:
    """The days from and to; empty where open. One that ends before it begins holds nothing."""
    if not re.fullmatch(_TIMES, value, re.ASCII):
        raise InputValueError("is no time", mend="write a day, or A/B, A/.. or ../B")
    first, mark, last = value.partition("/")
    since, until = (one[:10].strip(".") for one in (first, last))
    return (since, until) if mark else (since, since)


def _limit(value: str) -> int:
    if not (value.isascii() and value.isdigit() and 1 <= len(value) <= 300 and int(value) >= 1):
        raise InputValueError("is no number of features", mend="give 1 or more")
    return min(int(value), LARGEST)


def _named(call: Call) -> Resource:
    resource = COLLECTIONS.get(call.request.path_params["collection"])
    if resource is None or resource.kind not in call.viewer.sights:
        raise UnknownNameError("no such collection", mend=f"see {BASE}/collections")
    return resource


def _collection(call: Call, name: str) -> dict[str, Any]:
    path = f"/collections/{name}"
    links = [_link(call, path, "self", "This collection"), _link(call, f"{path}/items", "items", "Items")]
    links[1]["type"] = "application/geo+json"
    return {"id": name, "title": name.capitalize(), "description": COLLECTIONS[name].meaning, "itemType": "feature",
            "links": links}  # fmt: skip


def _feature(resource: Resource, row: dict[str, Any]) -> dict[str, Any]:
    geometry = _point(row) if resource.path == "incidents" else _square(row["unit"])
    return {"type": "Feature", "id": row[_KEYS[resource.path]], "geometry": geometry, "properties": row}


def _point(row: dict[str, Any]) -> dict[str, Any] | None:
    if not row["cell"] or row["latitude"] is None:
        return None
    return {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}


def _square(unit: str) -> dict[str, Any] | None:
    if not (unit.isascii() and unit.isdigit() and 1 <= int(unit) <= CELL_COUNT):
        return None
    latitude, longitude = cell_centre(int(unit))
    corners = [(-0.25, -0.25), (0.25, -0.25), (0.25, 0.25), (-0.25, 0.25), (-0.25, -0.25)]
    return {"type": "Polygon", "coordinates": [[[longitude + east, latitude + north] for east, north in corners]]}


def _root(call: Call) -> str:
    url = call.request.url
    return f"{url.scheme}://{url.netloc}/api/v1"


def _link(call: Call, path: str, rel: str, title: str, **query: Any) -> dict[str, str]:
    said = f"?{urlencode(query)}" if query else ""
    return {"href": f"{_root(call)}{BASE}{path}{said}", "rel": rel, "title": title, "type": "application/json"}


def _told(call: Call, told: dict[str, Any], media_type: str = "application/json") -> Response:
    return answered(call.request, encoded(told), call.whose, media_type=media_type, keep=not call.viewer.reason)
