"""Sealing bytes: AES-256-GCM in chunks, under a key of each item's own, which the workspace key wraps.

Owns the form of a sealed file: a header of magic and kind, then chunks, each with its place and whether it is the last
bound in. So a flipped bit, a chunk moved, dropped or added, a file cut short or put in another's place fails to open.
Nothing unsealed is handed on before its chunk has proved genuine. No key is ever used for two files of one kind.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from forewarn.errors import InputError, InputFormatError

__all__ = [
    "CHUNK", "Digests", "Sealer", "TamperedError", "blocks", "digests", "new_key", "seal", "subkey", "unseal", "unwrap",
    "wrap",
]  # fmt: skip

CHUNK = 1 << 20
_MAGIC = b"forewarn sealed 1\n"
_TAG = 16
_MOST_CHUNKS = 1 << 32
_AHEAD = 4


class TamperedError(InputFormatError):
    """Sealed bytes are not those that were sealed."""


@dataclass(frozen=True, slots=True)
class Digests:
    """What bytes are known by: SHA-256 and SHA3-512, hexadecimal, and their number."""

    sha256: str
    sha3_512: str
    size_bytes: int


def new_key() -> bytes:
    """A key of 256 random bits."""
    return AESGCM.generate_key(bit_length=256)


def subkey(key: bytes, purpose: str) -> bytes:
    """The key for one kind of file, derived from an item's key (HKDF, RFC 5869)."""
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(key)


def wrap(workspace_key: bytes, key: bytes, name: str) -> bytes:
    """An item's key sealed under the workspace key and bound to the item's name."""
    nonce = os.urandom(12)
    return nonce + AESGCM(workspace_key).encrypt(nonce, key, name.encode())


def unwrap(workspace_key: bytes, wrapped: bytes, name: str) -> bytes:
    """The key again. Raises :class:`TamperedError` where another key wrapped it, for another item, or it is altered."""
    try:
        return AESGCM(workspace_key).decrypt(wrapped[:12], wrapped[12:], name.encode())
    except (InvalidTag, ValueError):
        raise TamperedError("the wrapped key is altered, or of another workspace key", where=name) from None


def blocks(source: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file in blocks of :data:`CHUNK`."""
    while block := source.read(CHUNK):
        yield block


def digests(stream: Iterable[bytes], *, each: Callable[[bytes], object] = len, largest_bytes: int = 0) -> Digests:
    """Hash a stream with both families at once, handing each block to ``each`` as it passes.

    SHA3-512 runs in a thread beside SHA-256 and ``each``: it is the slower. A stream above ``largest_bytes`` (0 is no
    limit) is refused with :class:`InputError`.
    """
    first, second, size = hashlib.sha256(), hashlib.sha3_512(), 0
    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(1) as beside:
        for block in stream:
            size += len(block)
            if largest_bytes and size > largest_bytes:
                raise InputError(f"is larger than {largest_bytes:,} bytes", mend="split it, or allow a larger size")
            waiting.append(beside.submit(second.update, block))
            first.update(block)
            each(block)
            if len(waiting) > _AHEAD:
                waiting.popleft().result()
        for left in waiting:
            left.result()
    return Digests(first.hexdigest(), second.hexdigest(), size)


class Sealer:
    """Writes a sealed file as blocks come; :meth:`close` must be called, or the file will not open."""

    def __init__(self, target: BinaryIO, key: bytes, kind: str) -> None:
        self._target, self._cipher, self._bound = target, AESGCM(subkey(key, kind)), _header(kind)
        self._held: bytes | None = None
        self._count = 0
        target.write(self._bound)

    def add(self, block: bytes) -> None:
        """Seal a block of :data:`CHUNK` bytes; only the last may be shorter."""
        if self._held is not None:
            self._write(self._held, last=False)
        self._held = block

    def close(self) -> None:
        """Seal the last block as the last."""
        self._write(self._held or b"", last=True)

    def _write(self, block: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._count, last=last), block, self._bound))
        self._count += 1


def seal(data: bytes, target: BinaryIO, key: bytes, kind: str) -> None:
    """Seal bytes that are at hand."""
    sealer = Sealer(target, key, kind)
    for start in range(0, len(data), CHUNK):
        sealer.add(data[start : start + CHUNK])
    sealer.close()


def unseal(source: BinaryIO, key: bytes, kind: str, name: str) -> Iterator[bytes]:
    """The bytes of a sealed file, chunk by chunk, each proved genuine; ``name`` is for messages.

    Raises:
        TamperedError: the file is not what was sealed under that key.
    """
    header = _header(kind)
    if source.read(len(header)) != header:
        raise TamperedError("the head of the sealed file is altered", where=name)
    cipher, count = AESGCM(subkey(key, kind)), 0
    block = source.read(CHUNK + _TAG)
    while True:
        following = source.read(CHUNK + _TAG)
        try:
            yield cipher.decrypt(_nonce(count, last=not following), block, header)
        except (InvalidTag, ValueError):
            raise TamperedError(f"chunk {count + 1} is altered, or the file is cut off", where=name) from None
        if not following:
            return
        block, count = following, count + 1


def _header(kind: str) -> bytes:
    return _MAGIC + kind.encode().ljust(16, b" ")


def _nonce(count: int, *, last: bool) -> bytes:
    if count >= _MOST_CHUNKS:
        raise InputError("is too large to be sealed", mend="split it")
    return bytes(7) + count.to_bytes(4, "big") + bytes([last])
