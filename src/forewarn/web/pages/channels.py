"""What was collected through each channel, and what is late."""

from __future__ import annotations

from starlette.responses import Response

from forewarn.operations.channels import channel_uses
from forewarn.web.asked import Asked, Entry, Page, rendered, require_kind
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "READ"]


def _channels(asked: Asked) -> Response:
    require_kind(asked, "channel")
    return rendered(asked, "channels.html", uses=channel_uses(asked.workspace))


READ: dict[str, Page] = {"/channels": _channels}

ENTRIES = (Entry("/channels", marked("Channels"), kind="channel"),)
