"""An exchange package: what one node lets others have, for a purpose, until a day; and notices about one.

The manifest binds purpose, expiry and releasability to the items; use outside them is refused by
:meth:`PackageManifest.permits` without asking anybody. A *card* is what others know a node by. Signing, encryption and
transport are the exchange room's; the nouns only know what was agreed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from forewarn.clock import day_from_text, instant_from_text, instant_text
from forewarn.errors import InputFormatError, InputValueError
from forewarn.ids import is_id
from forewarn.model.releasability import PAP_LABELS, TLP_LABELS, may_do
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = ["PACKAGE_KINDS", "Card", "PackageManifest"]

PACKAGE_KINDS = ("release", "correct", "recall", "ack")
"""Rows; rows in place of those of an earlier package; that one is taken back; that one has been received."""

_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Card:
    """What others know a node by: its name and its public keys, Ed25519 to sign and X25519 to seal, hexadecimal."""

    name: str
    sign: str
    seal: str

    def __post_init__(self) -> None:
        require_text(self.name, "name", longest=80)
        for field in ("sign", "seal"):
            if not _KEY.fullmatch(getattr(self, field)):
                raise InputValueError("is no key", where=field, mend="ask for the card again")

    @property
    def fingerprint(self) -> str:
        """SHA-256 over both keys: what two people read to each other over the telephone."""
        return hashlib.sha256(bytes.fromhex(self.sign + self.seal)).hexdigest()


@dataclass(frozen=True, slots=True)
class PackageManifest:
    """What a package holds and on which terms.

    Attributes:
        kind: one of :data:`PACKAGE_KINDS`.
        sender, recipients: fingerprints of nodes; recipients sorted, each once.
        number: counts what the sender ever made; of two notices on one package the higher holds.
        made_at: when, UTC.
        purpose: what it may be used for.
        expires_on: the last day of use.
        releasability: one of :data:`~forewarn.model.releasability.TLP_LABELS`.
        permissible_actions: one of :data:`~forewarn.model.releasability.PAP_LABELS`.
        item_ids: full content ids, sorted, each once; of a recall those taken back, none for all.
        subject: the package that a notice is about, else empty.
        origin: the fingerprint of whom the rows first came from, where the sender passes them on.
        reason: why it is taken back or corrected.
    """

    kind: str
    sender: str
    recipients: tuple[str, ...]
    number: int
    made_at: datetime
    purpose: str
    expires_on: date
    releasability: str
    permissible_actions: str
    item_ids: tuple[str, ...] = ()
    subject: str = ""
    origin: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        require_choice(self.kind, "kind", PACKAGE_KINDS)
        require_text(self.purpose, "purpose", longest=300)
        require_choice(self.releasability, "releasability", TLP_LABELS)
        require_choice(self.permissible_actions, "permissible_actions", PAP_LABELS)
        require_instant(self.made_at, "made_at")
        if isinstance(self.number, bool) or not 1 <= self.number <= 10**9:
            raise InputValueError("is out of range", where="number", mend="ask for the package again")
        if (self.kind == "release") == bool(self.subject):
            raise InputValueError("belongs to a notice, and to every one", where="subject", mend="correct it")
        if self.subject:
            require_id(self.subject, "subject", "pkg")
        if self.kind in ("correct", "recall"):
            require_text(self.reason, "reason", longest=1_000)
        _require_fingerprints((self.sender, *self.recipients, *([self.origin] if self.origin else [])))
        for field in ("item_ids", "recipients"):
            held = getattr(self, field)
            if list(held) != sorted(set(held)):
                raise InputValueError("must be sorted, each once", where=field, mend="sort them")
        if not self.recipients or not all(is_id(item) for item in self.item_ids):
            raise InputValueError("has no recipient, or holds what is no id", where="manifest", mend="correct it")

    def permits(self, purpose: str, on: date, act: str = "analyse") -> bool:
        """Whether the contents may be used for that purpose on that day, in that way (one of ``ACTS``)."""
        return purpose == self.purpose and on <= self.expires_on and may_do(self.permissible_actions, act)

    def plain(self) -> dict[str, Any]:
        """The manifest as JSON can hold it; :meth:`read` is the inverse."""
        held = {name: getattr(self, name) for name in self.__slots__}
        held |= {"made_at": instant_text(self.made_at), "expires_on": self.expires_on.isoformat()}
        return held | {"recipients": list(self.recipients), "item_ids": list(self.item_ids)}

    @classmethod
    def read(cls, plain: Any) -> PackageManifest:
        """The manifest of :meth:`plain`. Raises :class:`InputFormatError` for anything else."""
        if not isinstance(plain, dict) or set(plain) != set(cls.__slots__):
            raise InputFormatError("has other fields than version 1", where="manifest", mend="ask for it again")
        lists = ("recipients", "item_ids")
        are_texts = all(isinstance(plain[name], str) for name in set(plain) - {*lists, "number"})
        are_lists = all(
            isinstance(plain[name], list) and all(isinstance(one, str) for one in plain[name]) for name in lists
        )
        if not (are_texts and are_lists and isinstance(plain["number"], int)):
            raise InputFormatError("holds something of another kind", where="manifest", mend="ask for it again")
        changed = {name: tuple(plain[name]) for name in lists}
        dated = {
            "made_at": instant_from_text(plain["made_at"]),
            "expires_on": day_from_text(plain["expires_on"]),
        }
        return cls(**{**plain, **changed, **dated})

    def about(self, kind: str, subject: str, **changes: Any) -> PackageManifest:
        """A notice on the same terms."""
        return replace(self, **{"kind": kind, "subject": subject, "item_ids": (), "reason": "", **changes})


def _require_fingerprints(given: tuple[str, ...]) -> None:
    for one in given:
        if not _KEY.fullmatch(one):
            raise InputValueError("is no fingerprint", where="manifest", mend="ask for the package again")
