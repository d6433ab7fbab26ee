"""One turn of a sync between two partners: a head that is signed and sealed, and the packages it lists, sealed too.

The bytes are ``FWS1``, the length of the sealed head in four bytes, the sealed head, and the sealed body, which is
absent where no package comes. The head binds sender, recipient, time, a number used once, and the digest of the body;
an answer binds the ask it answers. A head is small and is checked whole before a byte of the body is looked at.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from forewarn.clock import instant_from_text, instant_text
from forewarn.errors import DisclosureError, ForewarnError, InputFormatError
from forewarn.exchange.boxes import OVERHEAD, boxed, unboxed
from forewarn.exchange.envelope import LARGEST, Keys
from forewarn.ids import is_id
from forewarn.model.package import Card

__all__ = ["LARGEST_HEAD", "MEDIA_TYPE", "MOST_PACKAGES", "PREFIX", "Heard", "Turn", "head_size", "hear", "said"]

MEDIA_TYPE = "application/vnd.forewarn.sync"
PREFIX = 8
"""Bytes before the sealed head."""
LARGEST_HEAD = 256 * 1024
"""Bytes of a sealed head, at most: all that a stranger can make us hold."""
MOST_PACKAGES = 512
"""Packages of one turn."""

_MAGIC, _DOMAIN, _FORMAT, _VERSION = b"FWS1", b"forewarn-sync-1\n", "forewarn-sync", 1
_NONCE = re.compile(r"[0-9a-f]{32}")
_MALFORMED = (ForewarnError, LookupError, TypeError, ValueError, AttributeError, RecursionError, OverflowError)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side says.

    Attributes:
        kind: ``ask`` or ``answer``.
        sender, recipient: fingerprints.
        at: when, by the sender's clock.
        nonce: 32 hexadecimal digits that the asking side made up; the answer repeats them.
        after: the newest package of the other side's that is here; empty for none.
        since: the package behind which those of this turn stand; empty for the first.
        upto: the package up to which the other side has everything with this turn; ``since`` where nothing is new.
        more: whether further packages wait.
        sizes: bytes of each package that comes along, in order.
        refused: of an answer, ids of packages that came with the ask and were refused.
    """

    kind: str
    sender: str
    recipient: str
    at: datetime
    nonce: str
    after: str
    since: str
    upto: str
    more: bool = False
    sizes: tuple[int, ...] = ()
    refused: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """The turn as JSON can hold it."""
        held = {name: getattr(self, name) for name in self.__slots__}
        return held | {"at": instant_text(self.at), "sizes": list(self.sizes), "refused": list(self.refused)}

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Turn:
        """The turn of :meth:`plain`. Raises :class:`ValueError` or one of its like for anything else."""
        if set(plain) != set(cls.__slots__) or plain["kind"] not in ("ask", "answer"):
            raise ValueError
        texts = ("sender", "recipient", "at", "nonce", "after", "since", "upto")
        sizes, refused = plain["sizes"], plain["refused"]
        if not all(isinstance(plain[name], str) for name in texts) or not isinstance(plain["more"], bool):
            raise ValueError
        if not (isinstance(sizes, list) and isinstance(refused, list)) or max(len(sizes), len(refused)) > MOST_PACKAGES:
            raise ValueError
        if any(type(one) is not int or one < 1 for one in sizes) or sum(sizes) > LARGEST:
            raise ValueError
        if not _NONCE.fullmatch(plain["nonce"]):
            raise ValueError
        places = [one for one in (plain["after"], plain["since"], plain["upto"]) if one]
        if not all(isinstance(one, str) and is_id(one, "pkg") for one in [*refused, *places]):
            raise ValueError
        lists = {"sizes": tuple(sizes), "refused": tuple(refused)}
        return cls(**{**plain, **lists, "at": instant_from_text(plain["at"])})


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn whose signature, sender and recipient are checked; its body may still be on the way."""

    turn: Turn
    body_size: int
    body_sha256: str
    bound: str = field(default="", repr=False)

    def packages(self, body: bytes, keys: Keys) -> list[bytes]:
        """The packages that came along. Raises :class:`InputFormatError` where the body is not the one announced."""
        if (len(body), hashlib.sha256(body).hexdigest()) != (self.body_size, self.body_sha256):
            raise _malformed()
        try:
            plain = unboxed(body, keys.opening, _DOMAIN) if body else b""
        except ValueError:
            raise _malformed() from None
        if sum(self.turn.sizes) != len(plain):
            raise _malformed()
        packages, start = [], 0
        for size in self.turn.sizes:
            packages.append(plain[start : start + size])
            start += size
        return packages


def said(turn: Turn, packages: Sequence[bytes], keys: Keys, to: Card, ask: str = "") -> tuple[bytes, str]:
    """A turn as bytes, and the digest by which its answer is bound to it; ``ask`` is the digest of what it answers."""
    seal = bytes.fromhex(to.seal)
    body = boxed(b"".join(packages), seal, _DOMAIN) if packages else b""
    told = {
        "format": _FORMAT,
        "version": _VERSION,
        "turn": turn.plain(),
        "ask": ask,
        "body": {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()},
    }
    signed = json.dumps(told, sort_keys=True, separators=(",", ":")).encode("ascii")
    head = boxed(keys.signing.sign(_DOMAIN + signed) + signed, seal, _DOMAIN)
    return _MAGIC + len(head).to_bytes(4, "big") + head + body, hashlib.sha256(signed).hexdigest()


def head_size(start: bytes) -> int:
    """The size of the sealed head, from the first bytes. Raises :class:`InputFormatError`."""
    size = int.from_bytes(start[4:PREFIX], "big")
    if len(start) < PREFIX or start[:4] != _MAGIC or not OVERHEAD < size <= LARGEST_HEAD:
        raise _malformed()
    return size


def hear(head: bytes, keys: Keys, cards: Mapping[str, Card], *, answers: str = "") -> Heard:
    """A sealed head, opened and checked.

    Args:
        head: without the prefix.
        keys: ours.
        cards: of those we trust, by fingerprint.
        answers: the digest of the ask that this must answer; empty for an ask.

    Raises:
        InputFormatError: not exactly a head of this version, or not for us.
        DisclosureError: not signed by somebody we trust, or no answer to what we asked.
    """
    try:
        plain = unboxed(head, keys.opening, _DOMAIN)
        signature, signed = plain[:64], plain[64:]
        told = json.loads(signed)
        if set(told) != {"format", "version", "turn", "ask", "body"} or told["format"] != _FORMAT:
            raise ValueError
        if type(told["version"]) is not int or told["version"] != _VERSION:
            raise ValueError
        turn = Turn.read(told["turn"])
        size, digest = told["body"]["size"], told["body"]["sha256"]
        if type(size) is not int or size != (sum(turn.sizes) + OVERHEAD if turn.sizes else 0):
            raise ValueError
    except _MALFORMED:
        raise _malformed() from None
    sender = cards.get(turn.sender)
    if sender is None or turn.recipient != keys.card.fingerprint:
        raise _refused()
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(sender.sign)).verify(signature, _DOMAIN + signed)
    except (InvalidSignature, ValueError):
        raise _refused() from None
    if (turn.kind == "answer") != bool(answers) or told["ask"] != answers:
        raise _refused()
    return Heard(turn, size, str(digest), hashlib.sha256(signed).hexdigest())


def _malformed() -> InputFormatError:
    return InputFormatError("is no turn of version 1, or is damaged", where="sync", mend="try again; tell the partner")


def _refused() -> DisclosureError:
    return DisclosureError("does not come from whom we asked or trust", where="sync", mend="do not use it")
