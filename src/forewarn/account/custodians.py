"""Custodians' keys, and the halves of a key that two of them hold: neither opens anything alone.

Owns the key file of a custodian (an X25519 key under a passphrase, Argon2id and AES-GCM) and the splitting of an
identity's key. For every pair of custodians the key is the exclusive or of two parts, each random by itself, and each
sealed to one of the pair (HPKE, RFC 9180). Whoever allows an opening seals their part anew to the one who asked, for
that one request; so the one who allows sees no identity, and the machine never holds both parts but while one is open.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from forewarn.account.sealing import TamperedError
from forewarn.errors import ConfigurationError, InputNotFoundError, InputValueError, SeparationError, StoreError
from forewarn.model.sealed import Custodian

__all__ = ["SHORTEST", "CustodianKey", "handed_over", "joined", "new_custodian", "read_custodian", "split"]

SHORTEST = 12
"""Characters of a passphrase, at least."""

_FORM = "forewarn custodian key 1"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PASSES, _LANES, _KIBIBYTES = 3, 1, 65_536


@dataclass(frozen=True, slots=True)
class CustodianKey:
    """A custodian's secret key, open."""

    card: Custodian
    secret: X25519PrivateKey = field(repr=False)


def new_custodian(name: str, path: Path, passphrase: str) -> Custodian:
    """A new key, written to a file of mode 0600 that is not there yet; the public card of it."""
    if len(passphrase) < SHORTEST:
        raise InputValueError(f"needs {SHORTEST} characters", where="passphrase", mend="use a phrase of several words")
    secret = X25519PrivateKey.generate()
    card = Custodian(name, secret.public_key().public_bytes_raw().hex())
    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = AESGCM(_derived(passphrase, salt)).encrypt(nonce, secret.private_bytes_raw(), _bound(card))
    told = {"form": _FORM, "name": name, "public": card.public, "salt": salt.hex(), "sealed": (nonce + sealed).hex()}
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(json.dumps(told) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(f"cannot be written ({error.strerror})", where=path.name, mend="name a new file") from None
    return card


def read_custodian(path: Path, passphrase: str) -> CustodianKey:
    """The key in a file. Raises :class:`ConfigurationError` where it is damaged or the passphrase does not open it."""
    try:
        held = json.loads(path.read_text(encoding="ascii"))
        card = Custodian(str(held["name"]), str(held["public"]))
        salt, sealed, form = bytes.fromhex(held["salt"]), bytes.fromhex(held["sealed"]), held["form"]
    except OSError as error:
        raise InputNotFoundError(f"cannot be read ({error.strerror})", where=path.name, mend="check the path") from None
    except (ValueError, KeyError, TypeError):
        raise ConfigurationError("is no custodian's key", where=path.name, mend="use the key file") from None
    try:
        plain = AESGCM(_derived(passphrase, salt)).decrypt(sealed[:12], sealed[12:], _bound(card))
        secret = X25519PrivateKey.from_private_bytes(plain)
    except (InvalidTag, ValueError):
        raise ConfigurationError(
            "is not opened by that passphrase, or is damaged", where=path.name, mend="check both"
        ) from None
    if form != _FORM or secret.public_key().public_bytes_raw().hex() != card.public:
        raise ConfigurationError("is no custodian's key", where=path.name, mend="use the key file")
    return CustodianKey(card, secret)


def split(key: bytes, custodians: Sequence[Custodian], sealed_id: str) -> dict[str, str]:
    """By custodian, their parts of a key of 32 bytes, one for each other custodian, sealed to them, in base64.

    Raises :class:`SeparationError` for fewer than two.
    """
    if len({one.public for one in custodians}) < max(2, len(custodians)):
        raise SeparationError("two custodians are needed, each with their own key", where="sealed", mend="enrol two")
    parts: dict[str, dict[str, str]] = {one.name: {} for one in custodians}
    for place, one in enumerate(custodians):
        for other in custodians[place + 1 :]:
            part = os.urandom(len(key))
            parts[one.name][other.name] = part.hex()
            parts[other.name][one.name] = _xor(key, part).hex()
    return {
        one.name: _sealed(json.dumps(parts[one.name]).encode(), one, _part_words(sealed_id, one.name))
        for one in custodians
    }


def handed_over(parts: Mapping[str, str], own: CustodianKey, sealed_id: str, to: Custodian, asking_id: str) -> str:
    """A custodian's part of the pair they make with another, sealed to that other for one request."""
    part = _own_part(parts, own, sealed_id, to.name)
    return _sealed(part, to, _asking_words(asking_id, sealed_id))


def joined(
    parts: Mapping[str, str], own: CustodianKey, sealed_id: str, handed: str, other: str, asking_id: str
) -> bytes:
    """The key, from one's own part and the one handed over. Raises :class:`TamperedError` where they are not a pair."""
    part = _own_part(parts, own, sealed_id, other)
    return _xor(part, _opened(handed, own, _asking_words(asking_id, sealed_id)))


def _own_part(parts: Mapping[str, str], own: CustodianKey, sealed_id: str, other: str) -> bytes:
    name = own.card.name
    if name == other:
        raise SeparationError("nobody opens alone", where="sealed", mend="ask another custodian")
    if name not in parts or other not in parts:
        raise SeparationError("this identity was not sealed to both", where="sealed", mend="ask another custodian")
    held = json.loads(_opened(parts[name], own, _part_words(sealed_id, name)))
    return bytes.fromhex(held[other])


def _sealed(plain: bytes, to: Custodian, words: bytes) -> str:
    public = X25519PublicKey.from_public_bytes(bytes.fromhex(to.public))
    return base64.b64encode(_SUITE.encrypt(plain, public, words)).decode()


def _opened(box: str, own: CustodianKey, words: bytes) -> bytes:
    try:
        return bytes(_SUITE.decrypt(base64.b64decode(box, validate=True), own.secret, words))
    except (InvalidTag, ValueError):
        raise TamperedError("the part is altered, or for another custodian or request", where="sealed") from None


def _derived(passphrase: str, salt: bytes) -> bytes:
    kdf = Argon2id(salt=salt, length=32, iterations=_PASSES, lanes=_LANES, memory_cost=_KIBIBYTES)
    return kdf.derive(passphrase.encode())


def _bound(card: Custodian) -> bytes:
    return f"{_FORM}\n{card.name}\n{card.public}".encode()


def _part_words(sealed_id: str, name: str) -> bytes:
    return f"forewarn sealed part 1\n{sealed_id}\n{name}".encode()


def _asking_words(asking_id: str, sealed_id: str) -> bytes:
    return f"forewarn sealed asking 1\n{asking_id}\n{sealed_id}".encode()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
