"""Passwords and tokens: Argon2id for what people remember, SHA-256 for what is random, and nothing kept in clear.

Parameters of Argon2id are those OWASP names as its minimum (19 MiB, two passes, one lane).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from forewarn.errors import InputValueError

__all__ = ["COST", "LONGEST", "SHORTEST", "Cost", "fits", "hashed", "new_token", "token_hash"]

SHORTEST, LONGEST = 12, 256


@dataclass(frozen=True, slots=True)
class Cost:
    """What a hash costs whoever makes or guesses it: passes over the memory, lanes, and memory in KiB."""

    passes: int = 2
    lanes: int = 1
    kibibytes: int = 19_456


COST = Cost()
"""In force for every new hash. No setting changes it; tests of other things put a cheaper one here."""


def hashed(password: str) -> str:
    """The hash to keep, in the PHC form that names its own parameters. Too short, too long or too plain is refused."""
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < 5:
        raise InputValueError(
            f"needs {SHORTEST} to {LONGEST} characters, five of them different", where="password", mend="use a phrase"
        )
    kdf = Argon2id(
        salt=secrets.token_bytes(16), length=32, iterations=COST.passes, lanes=COST.lanes, memory_cost=COST.kibibytes
    )
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
