"""Packages as files: a ZIP of three members, signed with Ed25519 and sealed to each recipient with X25519 and AES-GCM.

``manifest.json`` is canonical JSON and tells terms, recipients, and size and SHA-256 of the sealed content;
``signature`` is over the manifest; ``content.sealed`` is AES-256-GCM under a key that is wrapped for each recipient.
Members are stored, not compressed, and bounded, so nothing can swell. What is not exactly this form is refused before
any key is touched.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forewarn.errors import DisclosureError, ForewarnError, InputFormatError
from forewarn.exchange.boxes import boxed, unboxed
from forewarn.exchange.disclosure import Release
from forewarn.ids import content_id
from forewarn.model.package import Card, PackageManifest

__all__ = ["LARGEST", "Envelope", "Keys", "keys_from_text", "new_keys", "read_envelope", "sealed_package"]

LARGEST = 64 * 2**20
"""Bytes of a package, at most."""

_MEMBERS = ("manifest.json", "signature", "content.sealed")
_FORMAT, _VERSION = "forewarn-package", 1
_DOMAIN = b"forewarn-package-1\n"
_LARGEST_MANIFEST = 16 * 2**20
_MALFORMED = (
    zipfile.BadZipFile,
    ArithmeticError,
    AttributeError,
    EOFError,
    ForewarnError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What reading a damaged ZIP or another's JSON can end in."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The secret keys of a node."""

    name: str
    signing: Ed25519PrivateKey
    opening: X25519PrivateKey

    @property
    def card(self) -> Card:
        """What others know it by."""
        sign, seal = self.signing.public_key(), self.opening.public_key()
        return Card(self.name, sign.public_bytes_raw().hex(), seal.public_bytes_raw().hex())

    def text(self) -> str:
        """The keys as they lie in a file; :func:`keys_from_text` is the inverse."""
        secret = {"signing": self.signing.private_bytes_raw().hex(), "opening": self.opening.private_bytes_raw().hex()}
        return json.dumps({"name": self.name, **secret}) + "\n"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A package read and not yet trusted: its manifest, and what has to be checked."""

    manifest: PackageManifest
    package_id: str
    signed: bytes
    signature: bytes
    content: bytes
    wrapped: dict[str, str]

    def opened_with(self, keys: Keys, sender: Card) -> str:
        """The content, once signature, recipient and seal have been checked.

        Raises:
            DisclosureError: not signed by that sender, not for these keys, or the seal is broken.
        """
        where = f"package {self.package_id[:16]}"
        try:
            verifier = Ed25519PublicKey.from_public_bytes(bytes.fromhex(sender.sign))
            verifier.verify(self.signature, _DOMAIN + self.signed)
        except (InvalidSignature, ValueError):
            raise DisclosureError(
                "is not signed by its sender", where=where, mend="do not use it; ask the sender"
            ) from None
        own = keys.card.fingerprint
        if sender.fingerprint != self.manifest.sender or own not in self.manifest.recipients:
            raise DisclosureError("is not for this workspace", where=where, mend="hand it to whom it is for")
        try:
            key = unboxed(bytes.fromhex(self.wrapped[own]), keys.opening, _DOMAIN)
            return AESGCM(key).decrypt(self.content[:12], self.content[12:], _DOMAIN).decode("utf-8")
        except (InvalidTag, ValueError, KeyError):
            raise DisclosureError("its seal is broken", where=where, mend="ask the sender for it again") from None


def new_keys(name: str) -> Keys:
    """Fresh keys for a node of that name."""
    return Keys(name, Ed25519PrivateKey.generate(), X25519PrivateKey.generate())


def keys_from_text(text: str) -> Keys:
    """The keys of a key file. Raises :class:`InputFormatError` where it is damaged."""
    try:
        held = json.loads(text)
        signing = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(held["signing"]))
        return Keys(held["name"], signing, X25519PrivateKey.from_private_bytes(bytes.fromhex(held["opening"])))
    except (ValueError, KeyError, TypeError):
        raise InputFormatError("is damaged", where="key file", mend="restore it from your copy") from None


def sealed_package(
    manifest: PackageManifest, keys: Keys, recipients: Iterable[Card], content: Release | dict[str, str]
) -> tuple[str, bytes]:
    """A package: its id and its bytes. ``content`` is a release, or what an acknowledgement tells of third nodes."""
    plain = content.text() if isinstance(content, Release) else json.dumps(content, sort_keys=True)
    key, nonce = AESGCM.generate_key(256), os.urandom(12)
    sealed = nonce + AESGCM(key).encrypt(nonce, plain.encode("utf-8"), _DOMAIN)
    wrapped = {card.fingerprint: boxed(key, bytes.fromhex(card.seal), _DOMAIN).hex() for card in recipients}
    told = {
        "format": _FORMAT,
        "version": _VERSION,
        "terms": manifest.plain(),
        "content": {"sha256": hashlib.sha256(sealed).hexdigest(), "size": len(sealed), "wrapped": wrapped},
    }
    signed = _canonical(told)
    members = (signed, keys.signing.sign(_DOMAIN + signed), sealed)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as package:
        for name, data in zip(_MEMBERS, members, strict=True):
            package.writestr(zipfile.ZipInfo(name, _EPOCH), data)
    return _package_id(signed), held.getvalue()


def read_envelope(data: bytes) -> Envelope:
    """The parts of a package. Raises :class:`InputFormatError` for anything that is not exactly one."""
    try:
        signed, signature, content = _members(data)
        told = json.loads(signed)
        if _canonical(told) != signed or set(told) != {"format", "version", "terms", "content"}:
            raise ValueError
        if told["format"] != _FORMAT or type(told["version"]) is not int or told["version"] != _VERSION:
            raise ValueError
        stated = told["content"]
        wrapped = stated["wrapped"]
        if (stated["sha256"], stated["size"]) != (hashlib.sha256(content).hexdigest(), len(content)):
            raise ValueError
        manifest = PackageManifest.read(told["terms"])
        if sorted(wrapped) != list(manifest.recipients) or not all(isinstance(one, str) for one in wrapped.values()):
            raise ValueError
    except _MALFORMED:
        raise InputFormatError(
            "is no package of version 1, or is damaged", where="package", mend="ask the sender for it again"
        ) from None
    return Envelope(manifest, _package_id(signed), signed, signature, content, wrapped)


def _members(data: bytes) -> tuple[bytes, bytes, bytes]:
    if len(data) > LARGEST:
        raise ValueError
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        listed = package.infolist()
        if tuple(one.filename for one in listed) != _MEMBERS:
            raise ValueError
        if any(one.compress_type != zipfile.ZIP_STORED or one.file_size != one.compress_size for one in listed):
            raise ValueError
        if listed[0].file_size > _LARGEST_MANIFEST or listed[1].file_size != 64 or listed[2].file_size > LARGEST:
            raise ValueError
        signed, signature, content = (package.read(one) for one in listed)
    return signed, signature, content


def _package_id(signed: bytes) -> str:
    return content_id("pkg", hashlib.sha256(signed).hexdigest())


def _canonical(told: Any) -> bytes:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")
