"""Feeds of what was released to the public: Atom, GeoJSON, and the CAP messages that they name.

Only messages that a person has written with the scope Public, and of these what holds now. Served to who may see
alerts; to put them before the public, ``forewarn cap feed`` writes the same files into a folder.
"""

from __future__ import annotations

from starlette.responses import Response

from forewarn.errors import UnknownNameError
from forewarn.operations.cap_feed import feed_of
from forewarn.web.api.answers import answered
from forewarn.web.api.asked import single
from forewarn.web.api.door import Call

__all__ = ["FILE_PATTERN", "feed"]

FILE_PATTERN = "^(alerts[.]atom|alerts[.]geojson|[0-9a-f]{12}[.]cap[.]xml)$"
_TYPES = {"atom": "application/atom+xml", "geojson": "application/geo+json", "xml": "application/cap+xml"}


def feed(call: Call) -> Response:
    """One file of the feed."""
    call.require("alert")
    single(call.request, ())
    name = call.request.path_params["name"]
    found = feed_of(call.workspace, title="Alerts released to the public", author="Forewarn").files.get(name)
    if found is None:
        raise UnknownNameError("no such file", where="feeds", mend="begin at alerts.atom")
    return answered(call.request, found, call.whose, media_type=_TYPES[name.rpartition(".")[2]])
