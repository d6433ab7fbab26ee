"""Timestamps of the custody head by RFC 3161: the request, the proof of the answer, and what it says.

Owns the one place where the timestamp library is loaded, an optional extra. An answer is taken only when it is granted,
repeats our nonce, covers our digest, and is signed by a certificate that leads to a root the caller trusts. It is
proved as of the moment it names, so that it can be proved again when its certificates have long expired.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509

from forewarn.errors import ConfigurationError, InputFormatError, MissingExtraError

__all__ = ["Stamp", "proved", "read_roots", "request_for", "stamp_in"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a timestamp says: the SHA-512 or SHA-256 it covers, hexadecimal, and the instant in UTC."""

    imprint: str
    at: datetime


def request_for(head: str) -> tuple[bytes, int]:
    """A request over the SHA-512 of a head's text, as DER, and its nonce."""
    request = _library().TimestampRequestBuilder().data(head.encode()).nonce(nonce=True).cert_request(cert_request=True)
    made = request.build()
    return bytes(made.as_bytes()), int(made.nonce)


def proved(token: bytes, head: str, roots: list[x509.Certificate], *, nonce: int | None = None) -> Stamp:
    """What an answer says, after it has proved to cover the head and to lead to one of the roots.

    Raises:
        InputFormatError: it does not.
    """
    library, answer = _library(), _decoded(token)
    verifier = library.VerifierBuilder(roots=list(roots), nonce=nonce).build()
    try:
        verifier.verify_message(answer, head.encode())
    except (library.VerificationError, ValueError, TypeError):
        raise InputFormatError(
            "does not cover this head, or leads to no trusted root", where="timestamp", mend="check --root"
        ) from None
    return _stamp(answer)


def stamp_in(token: bytes) -> Stamp:
    """What an answer says, without proof of who signed it."""
    return _stamp(_decoded(token))


def read_roots(data: bytes) -> list[x509.Certificate]:
    """Root certificates in PEM. Raises :class:`ConfigurationError` where there are none."""
    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError:
        raise ConfigurationError("holds no certificate in PEM", where="--root", mend="give a root") from None


def _decoded(token: bytes) -> Any:
    try:
        return _library().decode_timestamp_response(token)
    except ValueError:
        raise InputFormatError("is no RFC 3161 answer", where="timestamp", mend="check the authority") from None


def _stamp(answer: Any) -> Stamp:
    try:
        told = answer.tst_info
        return Stamp(bytes(told.message_imprint.message).hex(), told.gen_time.astimezone(UTC))
    except ValueError:
        raise InputFormatError("is refused by the authority", where="timestamp", mend="try another") from None


def _library() -> Any:
    try:
        return importlib.import_module("rfc3161_client")
    except ImportError:
        raise MissingExtraError(
            "timestamps need rfc3161-client", where="evidence", mend="pip install 'forewarn[evidence]'"
        ) from None
