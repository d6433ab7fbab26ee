"""The OpenAPI 3.1 document, made from the table of resources and nothing else; written once a run.

It says what every address takes and the exact form of every answer. Tests ask the API by it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import forewarn
from forewarn.operations.intake_door import LARGEST_BYTES
from forewarn.web.api import features
from forewarn.web.api.answers import encoded
from forewarn.web.api.asked import fields_parameter
from forewarn.web.api.door import REASON_FORM
from forewarn.web.api.feeds import FILE_PATTERN
from forewarn.web.api.intake import FILE, RECEIPT, SIGNED
from forewarn.web.api.records import list_parameters
from forewarn.web.api.shapes import Field, Parameter, Schema, obj
from forewarn.web.api.table import CONTENT, RESOURCES, Resource

__all__ = ["document", "plain"]

_REFUSALS = {400: "The request cannot be used", 401: "No token or session that holds", 403: "Not allowed",
             404: "Not found, or not for you to see", 429: "Too many requests"}  # fmt: skip
_ABOUT = (
    "What a node of Forewarn holds, for the person whose token or session asks. It is no release: to pass it on, use "
    "'forewarn release'. What you may not see is not selected."
)


@cache
def document() -> bytes:
    """The document as it is sent."""
    return encoded(plain())


def plain() -> dict[str, Any]:
    """The document as plain values."""
    paths: dict[str, Any] = {"/openapi.json": {"get": {**_get("openapi", "This document", {}), "security": []}}}
    for one in RESOURCES:
        paths |= _of_resource(one)
    paths["/channels/{name}/intake"] = {"post": _intake()}
    paths["/feeds/{name}"] = {"get": _feeds()}
    content = {name: form for name, form in CONTENT.items() if name != "$defs"}
    problem = obj(type="text", title="text", status="whole", code="text", detail="text", mend="text")
    schemas = {"AlertContent": content, **CONTENT.get("$defs", {}), "Problem": problem | {"additionalProperties": True}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Forewarn", "version": forewarn.__version__, "description": _ABOUT},
        "servers": [{"url": "/api/v1"}],
        "paths": paths | _ogc(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _of_resource(one: Resource) -> dict[str, Any]:
    page = _object([Field("items", {"type": "array", "items": _object(one.fields_of(alone=False))}, "the rows"),
                    Field("next_cursor", {"type": ["string", "null"]}, "where the next page begins")])  # fmt: skip
    listed = _get(f"list_{one.path}", one.meaning, page, list_parameters(one))
    if one.parent:
        parent = next(other for other in RESOURCES if other.path == one.parent)
        listed["parameters"].insert(0, _in_path("parent", parent.key))
        return {f"/{one.parent}/{{parent}}/{one.path}": {"get": listed}}
    alone = one.fields_of(alone=True)
    single = _get(f"get_{one.noun}", f"One {one.noun}.", _object(alone), (fields_parameter(alone),))
    single["parameters"].insert(0, _in_path("name", one.key))
    return {f"/{one.path}": {"get": listed}, f"/{one.path}/{{name}}": {"get": single}}


def _object(fields: Any) -> Schema:
    """An object of fields; any may be left out by ``fields``, none is added."""
    return {
        "type": "object",
        "properties": {field.name: {**field.form, "description": field.meaning} for field in fields},
        "additionalProperties": False,
    }


def _get(
    name: str, meaning: str, form: Schema, parameters: Any = (), media: str = "application/json"
) -> dict[str, Any]:
    said = [_in_query(one) for one in parameters]
    reason = {"name": "X-Reason", "in": "header", "schema": REASON_FORM,
              "description": "why you need sensitive records; each one shown is kept with it"}  # fmt: skip
    answers = {"200": {"description": meaning, "content": {media: {"schema": form}}}}
    return {"operationId": name, "summary": meaning, "parameters": [*said, reason], "responses": answers | _refusals()}


def _in_query(one: Parameter) -> dict[str, Any]:
    said = {"name": one.name, "in": "query", "schema": one.form, "description": one.meaning}
    return {**said, "style": "form", "explode": False} if one.form.get("type") == "array" else said


def _in_path(name: str, pattern: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": f"^{pattern}$"}}


def _refusals(*more: int) -> dict[str, Any]:
    form = {"schema": {"$ref": "#/components/schemas/Problem"}}
    words = {**_REFUSALS, 413: "Too large", 409: "A rule forbids it"}
    names = sorted({*_REFUSALS, *more})
    return {str(one): {"description": words[one], "content": {"application/problem+json": form}} for one in names}


def _intake() -> dict[str, Any]:
    body = {"application/octet-stream": {"schema": {"type": "string", "maxLength": LARGEST_BYTES}}}
    made = {"content": {"application/json": {"schema": RECEIPT}}}
    signed = [
        {"name": name, "in": "header", "schema": {"type": "string", "pattern": f"^{form}$"}, "description": meaning}
        for name, form, meaning in SIGNED
    ]
    return {
        "operationId": "hand_in",
        "summary": "Hand in one file through a channel, with a token whose scopes hold intake:CHANNEL.",
        "parameters": [_in_path("name", "[a-z][a-z0-9-]{1,39}"), _in_query(FILE), *signed],
        "requestBody": {"required": True, "content": body},
        "responses": {"200": {"description": "Seen before", **made}, "201": {"description": "Kept", **made},
                      **_refusals(409, 413)},
    }  # fmt: skip


def _feeds() -> dict[str, Any]:
    made = _get("feed", "A file of the feed of what was released to the public.", {})
    types = ("application/atom+xml", "application/cap+xml")
    content = {kind: {"schema": {"type": "string"}} for kind in types}
    made["responses"]["200"]["content"] = content | {"application/geo+json": {"schema": {"type": "object"}}}
    made["parameters"].insert(0, {"name": "name", "in": "path", "required": True,
                                  "schema": {"type": "string", "pattern": FILE_PATTERN}})  # fmt: skip
    return made


def _ogc() -> dict[str, Any]:
    link = obj(href="text", rel="text", title="text", type="text")
    links = {"type": "array", "items": link}
    page = {"type": "object", "properties": {"links": links}, "required": ["links"]}
    conforms = {"type": "object", "properties": {"conformsTo": {"type": "array", "items": {"type": "string"}}},
                "required": ["conformsTo"]}  # fmt: skip
    feature = {"type": "object", "required": ["type", "id", "geometry", "properties"]}
    many = {"type": "object", "required": ["type", "features", "links", "numberReturned"],
            "properties": {"features": {"type": "array", "items": feature}, "links": links}}  # fmt: skip
    base, geo = features.BASE, "application/geo+json"
    item = _get("ogc_item", "One feature.", feature, (), geo)
    item["parameters"].insert(0, _in_path("name", "(inc|alr)_[0-9a-f]{64}"))
    made = {
        base: _get("ogc_landing", "Landing page of OGC API - Features.", page),
        f"{base}/conformance": _get("ogc_conformance", "What it conforms to.", conforms),
        f"{base}/collections": _get("ogc_collections", "The collections.", page),
        f"{base}/collections/{{collection}}": _get("ogc_collection", "One collection.", page),
        f"{base}/collections/{{collection}}/items": _get(
            "ogc_items", "Features.", many, features.items_parameters(), geo
        ),
        f"{base}/collections/{{collection}}/items/{{name}}": item,
    }
    name = {"name": "collection", "in": "path", "required": True,
            "schema": {"type": "string", "enum": list(features.COLLECTIONS)}}  # fmt: skip
    for path, one in made.items():
        if "{collection}" in path:
            one["parameters"].insert(0, name)
    return {path: {"get": one} for path, one in made.items()}
