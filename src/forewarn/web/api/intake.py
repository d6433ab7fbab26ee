"""Handing data in: the body of a request is one file for one channel, from a token that was made for that channel.

Size is limited while the body is read, before anything is kept; a signature, where asked for, is checked before that.
Handing in the same bytes again changes nothing and is answered as seen before, so that whoever is not sure it arrived
may send it again.
"""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response

from forewarn.errors import ForewarnError, InputError, SeparationError
from forewarn.operations.intake_door import FILE_NAME, LARGEST_BYTES, hand_in
from forewarn.operations.intake_signing import SIGNATURE_FORM, TIMESTAMP_FORM, require_signed
from forewarn.web.api.answers import encoded
from forewarn.web.api.asked import single
from forewarn.web.api.door import Call
from forewarn.web.api.shapes import Parameter, obj

__all__ = ["FILE", "RECEIPT", "SIGNED", "TooLargeError", "body_of", "intake"]

FILE = Parameter("file", {"type": "string", "pattern": f"^{FILE_NAME}$"}, "what the file is called, with its ending")

TIMESTAMP, SIGNATURE = "X-Forewarn-Timestamp", "X-Forewarn-Signature"
SIGNED = (
    (TIMESTAMP, TIMESTAMP_FORM, "seconds since 1970 at which it was signed, at most 300 from now; asked for where what "
     "is handed in must be signed"),
    (SIGNATURE, SIGNATURE_FORM, "HMAC-SHA256 of the time, a dot and the body, with the key that came with the token"),
)  # fmt: skip
"""The headers of a signature: name, form and meaning."""

RECEIPT = obj(
    channel="text", snapshot="text", read="whole", accepted="whole", duplicates="whole", revised="whole",
    rejected="whole", coverage="whole", seen_before="flag",
)  # fmt: skip
"""What became of the file; why rows were refused stands in the workspace, for who may read it there."""


class TooLargeError(InputError):
    """More bytes than are taken in at once."""

    http_status = 413


async def body_of(request: Request) -> bytes:
    """The body, no more of it than is taken. Raises :class:`TooLargeError`."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_BYTES:
            raise TooLargeError("is too large", where="body", mend=f"send at most {LARGEST_BYTES:,} bytes at once")
        parts.append(part)
    return b"".join(parts)


def intake(call: Call, body: bytes | ForewarnError) -> Response:
    """Keep a file and what is in it; 201 where it is new, 200 where the same bytes were read before."""
    name = call.request.path_params["name"]
    if name not in call.intake:
        raise SeparationError("this token is not for handing data in here", where=name,
                              mend=f"make one with the scope intake:{name}")  # fmt: skip
    said = single(call.request, (FILE,))
    if isinstance(body, ForewarnError):
        raise body
    headers = call.request.headers
    signed = (headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, ""))
    require_signed(call.workspace, call.whose, signed, body, at=call.at)
    made = asdict(hand_in(call.workspace, name, said.get("file", "handed-in.csv"), body))
    told = {field: made[field] for field in RECEIPT["required"]}
    status = 200 if made["seen_before"] else 201
    return Response(encoded(told), status, headers={"cache-control": "no-store"}, media_type="application/json")
