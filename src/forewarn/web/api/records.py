"""Lists and single records of every resource of the table: asked, selected for the viewer, and told in its form."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import Response

from forewarn.errors import UnknownNameError
from forewarn.web.api.answers import answered, encoded
from forewarn.web.api.asked import asked_of, fields_parameter, page_parameters, single
from forewarn.web.api.door import Call
from forewarn.web.api.shapes import Parameter
from forewarn.web.api.table import Resource

__all__ = ["list_of", "list_parameters", "one_of"]


def list_of(call: Call, resource: Resource) -> Response:
    """A page of a list: ``items``, and ``next_cursor``, null on the last page."""
    call.require(resource.kind)
    fields = resource.fields_of(alone=False)
    said = single(call.request, list_parameters(resource))
    question = asked_of(said, fields, call.request.url.path)
    owner = [call.request.path_params["parent"]] if resource.parent else []
    page = resource.page(call.workspace, call.viewer, *owner, question.wanted, **question.others)
    items = [{name: row[name] for name in question.names} for row in page.rows]
    return _told(call, {"items": items, "next_cursor": question.cursor(page.after)})


def list_parameters(resource: Resource) -> tuple[Parameter, ...]:
    """What a list may be asked with."""
    return (*resource.filters, *page_parameters(), fields_parameter(resource.fields_of(alone=False)))


def one_of(call: Call, resource: Resource) -> Response:
    """One record by its id."""
    call.require(resource.kind)
    fields = resource.fields_of(alone=True)
    said = single(call.request, (fields_parameter(fields),))
    name = call.request.path_params["name"]
    if resource.one is None or not re.fullmatch(resource.key, name):
        raise UnknownNameError(f"no such {resource.noun}", mend=f"see the list of {resource.path}")
    row = resource.one(call.workspace, call.viewer, name)
    names = said.get("fields") or tuple(field.name for field in fields)
    return _told(call, {one: row[one] for one in names})


def _told(call: Call, told: dict[str, Any]) -> Response:
    return answered(call.request, encoded(told), call.whose, keep=not call.viewer.reason)
