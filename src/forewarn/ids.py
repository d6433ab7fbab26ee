"""Identifiers derived from content.

An id is a kind and the full SHA-256 of what identifies the thing, so the same input always gets the same
id on every machine, twice-collected rows collapse, and nobody can pass one thing off as another. Digests
are never cut short in storage; :func:`short` is for eyes only. Nothing here reads a clock or a random
source.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat

__all__ = ["content_id", "content_ids", "is_id", "sha256_hex", "short"]

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
_ID = re.compile(r"[a-z]{2,12}_[0-9a-f]{64}")


def sha256_hex(data: bytes) -> str:
    """The SHA-256 of bytes, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def content_id(kind: str, *parts: object) -> str:
    """The id of one thing: ``kind_`` and the SHA-256 of its identifying parts.

    Parts are encoded as a JSON array, so ``("a", "bc")`` and ``("ab", "c")`` differ, as do ``None`` and
    the empty string. Only strings, whole numbers, booleans, ``None`` and lists of them are accepted:
    floating-point numbers print differently across systems and are refused with ``TypeError``.
    """
    _refuse_floats(parts)
    text = _JSON.encode([kind, *parts])
    return f"{kind}_{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def content_ids(kind: str, columns: Sequence[str | Sequence[str | None]]) -> list[str]:
    """Ids of many things at once, from columns of text of equal length; a text alone stands for all its column.

    The same ids as :func:`content_id` gives for each row of strings; made for a million rows. At least one column
    is none that stands for all.
    """
    count = next(len(column) for column in columns if not isinstance(column, str))
    quoted = [repeat(_quoted(one), count) if isinstance(one, str) else _quoted_all(one) for one in columns]
    head, prefix, digest = _JSON.encode([kind])[:-1] + ",", f"{kind}_", hashlib.sha256
    texts = map(",".join, zip(*quoted, strict=True))
    return [prefix + digest(f"{head}{text}]".encode("utf-8", "surrogatepass")).hexdigest() for text in texts]


def is_id(text: str, kind: str | None = None) -> bool:
    """Whether the text has the form of an id (of that kind)."""
    return bool(_ID.fullmatch(text)) and (kind is None or text.startswith(f"{kind}_"))


def short(identifier: str, digits: int = 12) -> str:
    """An id cut for reading: its kind and first digits. Never stored, never compared."""
    kind, _, digest = identifier.partition("_")
    return f"{kind}_{digest[:digits]}" if digest else identifier[:digits]


def _quoted(part: str | None) -> str:
    """A part as JSON; the encoder's own function for text, without the set-up of a whole encoder."""
    return "null" if part is None else json.encoder.encode_basestring(part)


def _quoted_all(parts: Sequence[str | None]) -> Iterator[str]:
    """The parts as JSON, by the C function alone where none is missing."""
    return map(_quoted if None in parts else json.encoder.encode_basestring, parts)  # type: ignore[arg-type]


def _refuse_floats(parts: Iterable[object]) -> None:
    for part in parts:
        if isinstance(part, float):
            raise TypeError(f"a floating-point number cannot identify anything: {part!r}")
        if isinstance(part, list | tuple):
            _refuse_floats(part)
