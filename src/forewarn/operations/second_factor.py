"""The second factor: six digits of the time and a secret that a person's own device holds.

Codes are those of RFC 6238 (TOTP) over HMAC-SHA-1 with steps of thirty seconds, as every authenticator makes them. One
step before and after is taken, and no code twice. The secret is kept as it is; whoever reads the database has it.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import struct
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import Connection

from forewarn.store import own_accounts

__all__ = ["address_of", "code_at", "new_secret", "passes", "step_of"]

STEP_SECONDS = 30
DIGITS = 6


def new_secret() -> str:
    """A secret of 160 random bits, in base 32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of a step of time (RFC 4226, section 5.3)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_of(secret: str, code: str, *, at: datetime) -> int | None:
    """The step a code belongs to, this one or one beside it; ``None`` for a code that is none of them."""
    now, plain = int(at.timestamp()) // STEP_SECONDS, code.replace(" ", "")
    found = [
        step for step in (now - 1, now, now + 1) if hmac.compare_digest(code_at(secret, step).encode(), plain.encode())
    ]
    return found[-1] if found else None


def address_of(name: str, secret: str) -> str:
    """The address that an authenticator on the same device takes the secret from."""
    return f"otpauth://totp/Forewarn:{quote(name)}?secret={secret}&issuer=Forewarn"


def passes(connection: Connection, user_id: str, code: str, *, at: datetime) -> bool:
    """Whether the code lets the person in: it does for who has no second factor in force, and else once."""
    factor = own_accounts.read_factor(connection, user_id)
    if factor is None or not factor.confirmed_at:
        return True
    step = step_of(factor.secret, code, at=at)
    return step is not None and own_accounts.use_factor(connection, user_id, step)
