"""The certificate of a purge: what was destroyed, when, by whom and why, what had left before, and what that means.

Owns its text, its signature (Ed25519), and the check of both. The text holds digests, sizes and acts, and nothing of
what the item said; it can be shown to whoever was promised the erasure. Who the signing key belongs to is for the
reader to know by another way, like any fingerprint.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from forewarn.ids import content_id

__all__ = ["Certificate", "certificate_fault", "signed"]

_FORM = "forewarn purge certificate 1"
_DOMAIN = b"forewarn-purge-certificate-1\n"

STATEMENT = (
    "The key of this item was overwritten and removed, then its sealed files, the words of its record and of its "
    "custody entries, and the copies and packages found in the workspace. Sealed bytes in other copies, backups "
    "included, are opened by no key, unless a copy of the item's wrapped key and the evidence key of that time were "
    "kept as well: rotate the evidence key, and destroy old copies of both. A device may keep what was overwritten. "
    "Copies and packages listed here had left the vault before; whoever holds them must destroy them."
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """That an item was erased.

    Attributes:
        evidence_id, sha3_512, size_bytes: the item.
        purged_at, by, why: the act.
        destroyed: the kinds of sealed files, and how many copies and packages in the workspace.
        left_before: copies and exports on record, as when, what, by or to whom.
        still_said: where what was issued here repeats it, and what could not be searched; for a person to settle.
        statement: what this means, in words.
    """

    evidence_id: str
    sha3_512: str
    size_bytes: int
    purged_at: str
    by: str
    why: str
    destroyed: tuple[str, ...]
    left_before: tuple[str, ...]
    still_said: tuple[str, ...] = ()
    statement: str = STATEMENT

    @property
    def digest(self) -> str:
        """``crt_`` and the SHA-256 over all of it."""
        return content_id("crt", _canonical(asdict(self)))


def signed(certificate: Certificate, key: Ed25519PrivateKey, signer: str) -> dict[str, Any]:
    """The certificate as it is handed out: its text, who signs, with which key, and the signature over all of that."""
    told = {
        "form": _FORM, **asdict(certificate), "digest": certificate.digest, "signer": signer,
        "key": key.public_key().public_bytes_raw().hex(),
    }  # fmt: skip
    plain = dict(json.loads(_canonical(told)))
    return {**plain, "signature": key.sign(_DOMAIN + _canonical(plain).encode()).hex()}


def certificate_fault(told: Mapping[str, Any]) -> str:
    """What is wrong with a certificate as handed out; empty where its signature holds."""
    try:
        plain = {name: value for name, value in told.items() if name != "signature"}
        if plain["form"] != _FORM:
            return "is no certificate of a purge"
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(plain["key"]))
        key.verify(bytes.fromhex(told["signature"]), _DOMAIN + _canonical(plain).encode())
    except (InvalidSignature, KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return "is altered, or not signed by the key it names"
    return ""


def _canonical(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":"))
