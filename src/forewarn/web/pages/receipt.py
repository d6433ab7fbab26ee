"""What became of a report, for whoever holds its receipt code: no session, no name, only how far it has come.

The code is sent in a form, so that it stands in no address and no log. Wrong codes are braked by their beginning and
over all; every wrong one is answered alike.
"""

from __future__ import annotations

from starlette.responses import Response

from forewarn.errors import UnknownNameError
from forewarn.operations import receipts
from forewarn.web.asked import Asked, Form, Page, rendered

__all__ = ["FORMS", "READ"]


def _form(asked: Asked) -> Response:
    """The form for a code."""
    return rendered(asked, "receipt.html", found=None, wrong=False)


def _status(asked: Asked) -> Response:
    """How far the report has come."""
    code = asked.form.get("code", "")[:100]
    asked.door.receipt_brake.attempt(code[:4].upper(), asked.at)
    try:
        found = receipts.status(asked.workspace, code)
    except UnknownNameError:
        return rendered(asked, "receipt.html", status=404, found=None, wrong=True)
    asked.door.receipt_brake.succeeded(code[:4].upper())
    return rendered(asked, "receipt.html", found=found, wrong=False)


READ: dict[str, Page] = {"/receipt": _form}

FORMS: dict[str, Form] = {"/receipt": (_status, ("code",))}
