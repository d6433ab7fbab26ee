"""The body of an answer into a file: streamed, counted, unpacked within limits, and resumed where it was cut.

Owns the file beside an unfinished download that says what it is a part of. A part is continued only when the
publisher confirms, by the same validator, that it is still the same thing; else it is begun anew. Refuses bodies
above a size, and gzip that grows out of proportion.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from forewarn.errors import InputError, InputFormatError
from forewarn.outbound.asking import Ask

__all__ = ["CutOffError", "Part", "forget", "write_body"]

_LARGEST_RATIO = 200
_SMALL = 1_000_000
_BLOCK = 1 << 20


class CutOffError(Exception):
    """The body ended before it was whole."""


@dataclass(frozen=True, slots=True)
class Part:
    """The first ``size`` bytes of a body whose validator (ETag or Last-Modified) is known."""

    size: int
    validator: str

    @staticmethod
    def of(target: Path, ask: Ask) -> Part | None:
        """What an earlier attempt or run has left of this very body, or nothing."""
        try:
            note = json.loads(_note(target).read_bytes())
            size = target.stat().st_size
        except (OSError, ValueError):
            return None
        if not (isinstance(note, dict) and note.get("address") == ask.address and size):
            return None
        validator = note.get("validator")
        return Part(size, validator) if isinstance(validator, str) and validator else None

    def goes_on(self, headers: Mapping[str, str]) -> bool:
        """Whether a partial answer begins where this part ends, and is of the same body."""
        given = headers.get("etag") or headers.get("last-modified") or self.validator
        is_same = given == self.validator or headers.get("last-modified") == self.validator
        return is_same and headers.get("content-range", "").startswith(f"bytes {self.size}-")


class _Unpacking(Protocol):
    def __call__(self, block: bytes, /) -> Iterator[bytes]: ...


def write_body(
    ask: Ask, headers: Mapping[str, str], blocks: Iterable[bytes], target: Path, *, limit: int, part: Part | None = None
) -> int:
    """Write a body, behind the ``part`` already there or anew; its whole size in bytes, unpacked.

    Raises:
        CutOffError: it ended early; the bytes so far stay where a later attempt can use them.
        InputError: it is larger than ``limit``.
        InputFormatError: it is packed in a way that is not read, damaged, or grows out of proportion.
    """
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:19]) > limit:
        raise _too_large(limit)
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if part is None:
        _begin(ask, headers, target, encoding)
    gzip = _Gzip() if encoding in ("gzip", "x-gzip") else None
    if gzip is None and encoding not in ("", "identity"):
        raise InputFormatError("is packed in a way nobody asked for", where="content-encoding", mend="try again later")
    size = part.size if part else 0
    with target.open("ab" if part else "wb") as file:
        for piece in gzip.unpacked(blocks, limit) if gzip else blocks:
            size += len(piece)
            if size > limit:
                raise _too_large(limit)
            file.write(piece)
    _require_whole(headers, size, part)
    _note(target).unlink(missing_ok=True)
    return size


def forget(target: Path) -> None:
    """Remove what there is of a download."""
    target.unlink(missing_ok=True)
    _note(target).unlink(missing_ok=True)


class _Gzip:
    """One gzip stream, unpacked piece by piece."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=31)

    def unpacked(self, blocks: Iterable[bytes], limit: int) -> Iterator[bytes]:
        """The pieces, each of bounded size."""
        received = size = 0
        for block in blocks:
            received += len(block)
            if received > limit:
                raise _too_large(limit)
            for piece in self._pieces(block):
                size += len(piece)
                if size > max(_SMALL, _LARGEST_RATIO * received):
                    raise InputFormatError(
                        f"unpacks to more than {_LARGEST_RATIO} times its size", mend="do not use it"
                    )
                yield piece
        if not self._stream.eof:
            raise CutOffError("was cut off")

    def _pieces(self, block: bytes) -> Iterator[bytes]:
        try:
            while block and not self._stream.eof:
                yield self._stream.decompress(block, _BLOCK)
                block = self._stream.unconsumed_tail
        except zlib.error:
            raise InputFormatError("is a damaged gzip", mend="try again later") from None


def _begin(ask: Ask, headers: Mapping[str, str], target: Path, encoding: str) -> None:
    """Start anew; note what it is, where it can be resumed: an unpacked body with a strong validator."""
    forget(target)
    etag = headers.get("etag", "")
    validator = etag if etag and not etag.startswith("W/") else headers.get("last-modified", "")
    if ask.is_resumable and validator and encoding in ("", "identity"):
        _note(target).write_text(json.dumps({"address": ask.address, "validator": validator}), encoding="utf-8")


def _require_whole(headers: Mapping[str, str], size: int, part: Part | None) -> None:
    if part is None:
        return
    total = headers.get("content-range", "").rpartition("/")[2]
    if total.isdecimal() and int(total[:19]) != size:
        raise CutOffError("was cut off")


def _note(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def _too_large(limit: int) -> InputError:
    return InputError(f"is larger than {limit:,} bytes", mend="if you trust it, allow a larger size")
