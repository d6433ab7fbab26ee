"""What was collected through each channel, and what is late; files brought by people, and the assessment of them."""

from __future__ import annotations

from starlette.responses import Response

from forewarn.clock import day_from_text
from forewarn.errors import ConfigurationError, UsageError
from forewarn.operations.assess import Assessed, assess
from forewarn.operations.channels import channel_list, channel_uses
from forewarn.operations.collect import Collected, ReleaseTold, collect
from forewarn.web.asked import Asked, Entry, Form, Page, rendered, require_act, require_kind
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "FORMS", "READ", "UPLOADS"]


def _channels(asked: Asked, *, made: Collected | None = None, assessed: Assessed | None = None) -> Response:
    require_kind(asked, "channel")
    return rendered(
        asked, "channels.html", uses=channel_uses(asked.workspace), known=channel_list(), made=made, assessed=assessed
    )


def _collect(asked: Asked) -> Response:
    """Collect one file as the command does, and say what became of it."""
    require_act(asked, "intake")
    form = asked.form
    if "file" not in asked.files:
        raise UsageError("no file came with the form", where="file", mend="choose one that is not empty")
    day = form.get("released", "").strip()
    told = ReleaseTold(day_from_text(day, where="released") if day else None, bool(form.get("partial")))
    mapping, path = asked.files.get("mapping"), asked.files["file"]
    try:
        made = collect(asked.workspace, form.get("channel", ""), [path], mapping=mapping, told=told)
    except ConfigurationError as error:  # of a mapping that came with the form: not this system's, but the form's
        if mapping is None:
            raise
        raise UsageError(error.what, where="mapping", mend=error.mend) from None
    return _channels(asked, made=made[0])


def _assess(asked: Asked) -> Response:
    """Link what is new, and say what came of it."""
    require_act(asked, "assess")
    return _channels(asked, assessed=assess(asked.workspace))


READ: dict[str, Page] = {"/channels": _channels}

FORMS: dict[str, Form] = {"/channels/assess": (_assess, ())}

UPLOADS: dict[str, Form] = {"/channels/collect": (_collect, ("channel", "released", "partial", "file", "mapping"))}

ENTRIES = (Entry("/channels", marked("Channels"), kind="channel"),)
