"""Sealed identities: what is known of one without opening it, who can open it, and who asked to.

What a person is called stands in none of these nouns. A :class:`SealedIdentity` says that somebody's data are kept, on
which basis, for what and until when. Its id is random, not made from its content: an id made from a name could be
guessed from the name. A :class:`Custodian` holds one half of what opens it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from forewarn.clock import instant_text
from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.access import require_name
from forewarn.model.validation import require_id, require_instant, require_order, require_text

__all__ = ["Asking", "Custodian", "SealedIdentity"]


@dataclass(frozen=True, slots=True)
class Custodian:
    """Somebody who holds half of what opens an identity: a pseudonym and a public key (X25519, hexadecimal)."""

    name: str
    public: str

    def __post_init__(self) -> None:
        require_name(self.name)
        if len(self.public) != 64 or set(self.public) - set("0123456789abcdef"):
            raise InputValueError("is no public key", where="custodian", mend="use the card of the key file")

    @property
    def fingerprint(self) -> str:
        """The first 32 digits of a digest over name and key, to be read out and compared."""
        return hashlib.sha256(f"forewarn custodian\n{self.name}\n{self.public}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class SealedIdentity:
    """That somebody's data are kept sealed.

    Attributes:
        sealed_id: ``sid_`` and 256 random bits.
        role: of ``taxonomy/sealed.yaml``.
        about: the report or item of evidence the person stands behind.
        basis: on what it is kept, of ``taxonomy/sealed.yaml``.
        scope: what it may be used for and who may see it, as told to the person.
        given_on, until: the day the basis began, and the last day it holds; ``None`` has no end.
        care: kinds of care the person needs, of ``taxonomy/sealed.yaml``.
        by, at: who took it down, a pseudonym, and when, UTC.
    """

    sealed_id: str
    role: str
    about: str
    basis: str
    scope: str
    given_on: date
    until: date | None
    care: tuple[str, ...]
    by: str
    at: datetime

    def __post_init__(self) -> None:
        require_id(self.sealed_id, "sealed_id", "sid")
        if self.about[:4] not in ("rpt_", "evd_"):
            raise InputValueError("is neither a report nor an item", where="about", mend="give the id of one")
        require_id(self.about, "about", self.about[:3])
        for name in ("role", "basis", "scope", "by"):
            require_text(getattr(self, name), name)
        require_instant(self.at, "at")
        require_order(self.given_on, self.until, "until")
        require_order(self.given_on, self.at.date(), "given_on")

    def header(self) -> str:
        """``hdr_`` and the SHA-256 of all of it; the sealed content is bound to it."""
        until = self.until.isoformat() if self.until else ""
        said = (self.role, self.about, self.basis, self.scope, self.given_on.isoformat(), until, list(self.care))
        return content_id("hdr", self.sealed_id, *said, self.by, instant_text(self.at))

    def holds_on(self, day: date) -> bool:
        """Whether its basis still holds on a day."""
        return self.until is None or day <= self.until


@dataclass(frozen=True, slots=True)
class Asking:
    """That a custodian asked to open an identity, why, until when, who allowed it, and when it was opened.

    Attributes:
        asking_id: ``ask_`` and random digits.
        sealed_id: which identity.
        by: the custodian who asks and alone will see it.
        reason: why, in words that name nobody.
        at, expires_at: when it was asked, and until when it may be allowed and used, UTC.
        allowed_by, allowed_at, opened_at: empty until then.
    """

    asking_id: str
    sealed_id: str
    by: str
    reason: str
    at: str
    expires_at: str
    allowed_by: str = ""
    allowed_at: str = ""
    opened_at: str = ""

    def __post_init__(self) -> None:
        require_id(self.asking_id, "asking", "ask")
        require_id(self.sealed_id, "sealed_id", "sid")
        require_text(self.reason, "reason", longest=500)
        if len(self.reason.strip()) < 8:
            raise InputValueError("is too short to be one", where="reason", mend="say what it is needed for")
        if self.allowed_by == self.by:
            raise InputValueError("is the one who asked", where="allowed_by", mend="another custodian allows")

    def state(self, now: str) -> str:
        """``asked``, ``allowed``, ``opened`` or ``expired``."""
        if self.opened_at:
            return "opened"
        if now > self.expires_at:
            return "expired"
        return "allowed" if self.allowed_by else "asked"
