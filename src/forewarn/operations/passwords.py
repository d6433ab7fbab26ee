"""Passwords and tokens: Argon2id for what people remember, SHA-256 for what is random, and nothing kept in clear.

Parameters of Argon2id are those OWASP names as its minimum (19 MiB, two passes, one lane).
"""

from __future__ import annotations

import hashlib
import secrets

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from forewarn.errors import InputValueError

__all__ = ["LONGEST", "SHORTEST", "fits", "hashed", "new_token", "token_hash"]

SHORTEST, LONGEST = 12, 256
_PASSES, _LANES, _KIBIBYTES = 2, 1, 19_456


def hashed(password: str) -> str:
    """The hash to keep, in the PHC form that names its own parameters. Too short, too long or too plain is refused."""
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < 5:
        raise InputValueError(
            f"needs {SHORTEST} to {LONGEST} characters, five of them different", where="password", mend="use a phrase"
        )
    kdf = Argon2id(salt=secrets.token_bytes(16), length=32, iterations=_PASSES, lanes=_LANES, memory_cost=_KIBIBYTES)
    return str(kdf.derive_phc_encoded(password.encode()))


def fits(password: str, kept: str) -> bool:
    """Whether a password is the one that was hashed."""
    try:
        Argon2id.verify_phc_encoded(password[: LONGEST + 1].encode(), kept)
    except InvalidKey:
        return False
    return True


def new_token() -> str:
    """256 random bits, fit for an address or a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """The hash under which a random token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()
