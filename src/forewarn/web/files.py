"""The files that pages use: the sheet of style and scripts, read once from the package; nothing else can be named.

A browser may keep them and asks whether they have changed by their hash, which is in the ETag. A table of names, not a
folder: an address never becomes a path.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

__all__ = ["FILES", "Served", "routes"]


@dataclass(frozen=True, slots=True)
class Served:
    """A file of an installed package, by the package and the path inside it, and its media type."""

    package: str
    path: str
    media_type: str


FILES: dict[str, Served] = {
    "/forewarn.css": Served("forewarn.web", "static/forewarn.css", "text/css"),
    "/forecasts.css": Served("forewarn.web", "static/forecasts.css", "text/css"),
    "/situations.css": Served("forewarn.web", "static/situations.css", "text/css"),
    "/workbench.css": Served("forewarn.web", "static/workbench.css", "text/css"),
    "/icon.svg": Served("forewarn.web", "static/icon.svg", "image/svg+xml"),
    "/review.js": Served("forewarn.web", "static/review.js", "text/javascript"),
}
"""Every file that is served, by its address."""


def routes() -> list[Route]:
    """One route for each file; they need no session."""
    return [Route(path, _answer, methods=["GET"], name=path) for path in FILES]


def _answer(request: Request) -> Response:
    served = FILES[request.url.path]
    body, tag = _bytes(served)
    headers = {"etag": tag, "cache-control": "private, max-age=0, must-revalidate"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=served.media_type, headers=headers)


@cache
def _bytes(served: Served) -> tuple[bytes, str]:
    body = resources.files(served.package).joinpath(served.path).read_bytes()
    return body, f'"{sha256(body).hexdigest()}"'
