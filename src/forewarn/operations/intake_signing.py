"""Signatures of what programs hand in: asked for once ``intake_secret`` is set, each token with a key of its own.

The form is that of the webhooks this system sends (``X-Forewarn-Signature: sha256=...``), over the time and the body:
HMAC-SHA256 of ``TIME.BODY``, the time in whole seconds since 1970 in ``X-Forewarn-Timestamp``. A key is made of the
secret and the id of its token, so that it is kept nowhere; another secret ends all of them at once.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime

from forewarn.errors import SeparationError
from forewarn.operations.workspace import Workspace

__all__ = ["SIGNATURE_FORM", "TIMESTAMP_FORM", "WINDOW_SECONDS", "require_signed", "signature_of", "signing_key"]

WINDOW_SECONDS = 300
"""How far the time of a signature may lie from now, on either side."""

SIGNATURE_FORM = "sha256=[0-9a-f]{64}"
TIMESTAMP_FORM = "[0-9]{1,12}"


def signing_key(secret: str, token_id: str) -> str:
    """The key with which the holder of a token signs, in hexadecimal; empty where no secret is set."""
    return hmac.digest(secret.encode(), b"intake " + token_id.encode(), "sha256").hex() if secret else ""


def signature_of(key: str, timestamp: str, body: bytes) -> str:
    """The value of the header for a body handed in at a time."""
    return f"sha256={hmac.new(key.encode(), timestamp.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


def require_signed(workspace: Workspace, token_id: str, signed: tuple[str, str], body: bytes, *, at: datetime) -> None:
    """Refuse a body that its token's holder did not sign a short while ago, where signatures are asked for.

    Args:
        workspace: whose setting ``intake_secret`` decides.
        token_id: of the token the body came with.
        signed: the values of the headers of time and signature, empty where missing.
        body: as received, before anything is read of it.
        at: the real instant.

    Raises:
        SeparationError: the signature is missing, another's, or of a time that is not now; all in the same words.
    """
    key = signing_key(workspace.settings.intake_secret, token_id)
    if not key:
        return
    timestamp, signature = signed
    is_now = bool(re.fullmatch(TIMESTAMP_FORM, timestamp, re.ASCII)) and (
        abs(at.timestamp() - int(timestamp)) <= WINDOW_SECONDS
    )
    expected = signature_of(key, timestamp, body)
    if not hmac.compare_digest(expected.encode(), signature.encode()) or not is_now:
        mend = "sign the time, a dot and the body with the key that came with the token; check your clock"
        raise SeparationError("is not signed by the holder of this token now", where="X-Forewarn-Signature", mend=mend)
