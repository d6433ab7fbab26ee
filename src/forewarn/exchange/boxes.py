"""Bytes sealed to one holder of a card: X25519 with a key used once, HKDF-SHA256, AES-256-GCM.

The domain is bound in, so that a box made for one use opens in no other. A box says nothing of who made it: whoever
needs to know looks for a signature inside.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from forewarn.errors import InputValueError

__all__ = ["OVERHEAD", "boxed", "unboxed"]

OVERHEAD = 32 + 12 + 16
"""Bytes by which a box is larger than what is in it: a public key, a nonce, a tag."""


def boxed(data: bytes, seal: bytes, domain: bytes) -> bytes:
    """A box for the holder of the public key ``seal``. Raises :class:`InputValueError` where that is no key."""
    once, nonce = X25519PrivateKey.generate(), os.urandom(12)
    public = once.public_key().public_bytes_raw()
    try:
        shared = once.exchange(X25519PublicKey.from_public_bytes(seal))
    except ValueError:
        raise InputValueError("is no key that can be used", where="card", mend="ask for the card again") from None
    return public + nonce + AESGCM(_derived(shared, public, seal, domain)).encrypt(nonce, data, domain)


def unboxed(box: bytes, opening: X25519PrivateKey, domain: bytes) -> bytes:
    """What is in a box for us. Raises :class:`ValueError` for any other."""
    public, nonce, sealed = box[:32], box[32:44], box[44:]
    try:
        shared = opening.exchange(X25519PublicKey.from_public_bytes(public))
        own = opening.public_key().public_bytes_raw()
        return AESGCM(_derived(shared, public, own, domain)).decrypt(nonce, sealed, domain)
    except InvalidTag:
        raise ValueError from None


def _derived(shared: bytes, public: bytes, theirs: bytes, domain: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=domain + public + theirs).derive(shared)
