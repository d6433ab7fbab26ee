"""The files that pages use: the sheet of style and scripts, read once from the package; nothing else can be named.

A browser may keep them and asks whether they have changed by their hash, which is in the ETag. A table of names, not a
folder: an address never becomes a path.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.util import find_spec

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

__all__ = ["FILES", "Served", "content", "is_there", "routes"]


@dataclass(frozen=True, slots=True)
class Served:
    """A file of an installed package, by the package and the path inside it, and its media type."""

    package: str
    path: str
    media_type: str


FILES: dict[str, Served] = {
    "/forewarn.css": Served("forewarn.web", "static/forewarn.css", "text/css"),
    "/evidence.css": Served("forewarn.web", "static/evidence.css", "text/css"),
    "/forecasts.css": Served("forewarn.web", "static/forecasts.css", "text/css"),
    "/help.css": Served("forewarn.web", "static/help.css", "text/css"),
    "/map.css": Served("forewarn.web", "static/map.css", "text/css"),
    "/map.js": Served("forewarn.web", "static/map.js", "text/javascript"),
    "/map-marks.js": Served("forewarn.web", "static/map-marks.js", "text/javascript"),
    "/plotly.js": Served("plotly", "package_data/plotly.min.js", "text/javascript"),
    "/situations.css": Served("forewarn.web", "static/situations.css", "text/css"),
    "/workbench.css": Served("forewarn.web", "static/workbench.css", "text/css"),
    "/icon.svg": Served("forewarn.web", "static/icon.svg", "image/svg+xml"),
    "/review.js": Served("forewarn.web", "static/review.js", "text/javascript"),
}
"""Every file that is served, by its address."""


def routes() -> list[Route]:
    """One route for each file; they need no session."""
    return [Route(path, _answer, methods=["GET"], name=path) for path in FILES]


def is_there(path: str) -> bool:
    """Whether the package of a file is installed: what an extra brings may be missing."""
    return find_spec(FILES[path].package) is not None


def content(path: str) -> bytes:
    """The bytes of a file that is there."""
    return _bytes(FILES[path])[0]


def _answer(request: Request) -> Response:
    served = FILES[request.url.path]
    if not is_there(request.url.path):
        return Response("This file comes with an extra that is not installed.", 404, media_type="text/plain")
    body, tag = _bytes(served)
    headers = {"etag": tag, "cache-control": "private, max-age=0, must-revalidate"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=served.media_type, headers=headers)


@cache
def _bytes(served: Served) -> tuple[bytes, str]:
    body = resources.files(served.package).joinpath(served.path).read_bytes()
    return body, f'"{sha256(body).hexdigest()}"'
