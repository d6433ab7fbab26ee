"""E-mail (channel ``email``): an mbox or single message, one row per message.

Owns what is kept of a message: subject, day, the text a reader sees, and a digest of its id. Who sent it, to whom and
over which machines is reporter identity and never read. Attachments are listed by the digest of their name, their
type and size; they are never opened. Messages are bounded in size, lines, headers and nesting before they are parsed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import polars as pl

from forewarn.collect.gathering import Item, Unread, chunks_of, corrected_rejects
from forewarn.collect.instants import instant_as_text
from forewarn.collect.jsonpages import json_text
from forewarn.collect.markup import plain_text
from forewarn.collect.tabular import Chunk, TableOptions
from forewarn.collect.tabular.opening import Readable, head_of, open_text
from forewarn.collect.telling import Telling
from forewarn.errors import InputFormatError

__all__ = ["COLUMNS", "LARGEST_BYTES", "read", "tell"]

COLUMNS = ("message", "subject", "date", "text", "attachments")
LARGEST_BYTES = 32_000_000
"""Of one message."""
_MOST_LINES = 600_000
_MOST_HEADERS = 500
_LONGEST_HEADER = 16_000
_MOST_NESTED = 100
_BLOCK = 1 << 20
_NESTING = re.compile(rb"multipart/|message/", re.IGNORECASE)
_HEADER = re.compile(rb"[!-9;-~]{1,100}:")
_FIELDS = {"external_id": "message", "title": "subject", "published_on": "date", "text": "text"}
_UNFIT = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, OverflowError)
"""What the standard library's parser is known to raise at malformed headers and parts."""


def tell(frame: pl.DataFrame) -> Telling:
    """What messages say: a statement with a subject, on its day."""
    return Telling(frame.select(**{field: pl.col(column) for field, column in _FIELDS.items()}), _FIELDS)


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The messages of an mbox, or the one message of an eml file, as rows.

    Raises:
        InputFormatError: it begins with no header of a message.
    """
    if (back := corrected_rejects(path, name)) is not None:
        return back
    head = head_of(path, name)
    is_box = head.startswith(b"From ")
    if not is_box and not _HEADER.match(head):
        raise InputFormatError("begins with no header of a message", where=name, mend="give an mbox or eml file")
    return chunks_of(_items(path, name, is_box=is_box), name, columns=COLUMNS)


def _items(path: Path, name: str, *, is_box: bool) -> Iterator[Item]:
    file = open_text(path, name)
    try:
        for data in _messages(file) if is_box else iter([_whole(file)]):
            yield _item(data)
    finally:
        file.close()


def _whole(file: Readable) -> bytes:
    data = bytearray()
    while len(data) <= LARGEST_BYTES and (block := file.read(_BLOCK)):
        data += block
    return bytes(data)


def _messages(file: Readable) -> Iterator[bytes]:
    """The messages of an mbox without their ``From`` lines; of one that is too large, only the beginning."""
    held, end = bytearray(), False
    while not end:
        block = file.read(_BLOCK)
        end = not block
        start = max(len(held) - 6, 0)
        held += block
        while (at := held.find(b"\nFrom ", max(start, 1))) >= 0:
            yield _without_from(bytes(held[: at + 1]))
            del held[: at + 1]
            start = 0
        # What is above the limit is refused anyway: keep only enough to know it, and the end to find the next.
        enough = held.find(b"\n") + 2 + LARGEST_BYTES
        if len(held) > enough + 2 * _BLOCK:
            del held[enough : len(held) - 6]
    if held:
        yield _without_from(bytes(held))


def _without_from(data: bytes) -> bytes:
    first, end, rest = data.partition(b"\n")
    return rest if end and first.startswith(b"From ") else data


def _item(data: bytes) -> Item:
    fault = _fault(data)
    if fault:
        return Unread("", fault, "export the message again, or leave it out")
    try:
        return _row(message_from_bytes(data, policy=policy.default))
    except _UNFIT:
        return Unread("", "is malformed beyond reading", "export the message again, or leave it out")


def _fault(data: bytes) -> str:
    """What makes a message too much to parse, or empty."""
    if len(data) > LARGEST_BYTES:
        return f"is larger than {LARGEST_BYTES:,} bytes"
    if data.count(b"\n") + data.count(b"\r") > 2 * _MOST_LINES:
        return f"has more than {_MOST_LINES:,} lines"
    if sum(1 for _ in _NESTING.finditer(data)) > _MOST_NESTED:
        return "has too many parts inside parts"
    return ""


def _row(message: EmailMessage) -> dict[str, str | None]:
    raw = list(message.raw_items())
    if len(raw) > _MOST_HEADERS or any(len(str(value)) > _LONGEST_HEADER for _, value in raw):
        raise ValueError("headers beyond bounds")
    parts = [part for part in message.walk() if not part.is_multipart()]
    if any(len(str(value)) > _LONGEST_HEADER for part in parts for _, value in part.raw_items()):
        raise ValueError("headers beyond bounds")
    said = str(message.get("Message-ID", "")).strip()
    text = _text(message)
    files = [_listed(part) for part in parts if part.get_filename() or part.is_attachment()]
    identity = (said,) if said else (str(message.get("Subject", "")), str(message.get("Date", "")), text)
    return {
        "message": _digest(*identity),
        "subject": _clean(str(message.get("Subject", ""))),
        "date": instant_as_text(str(message.get("Date", ""))),
        "text": _clean(text),
        "attachments": json_text(files) if files else None,
    }


def _digest(*said: str) -> str:
    """What stands for a message: a digest of its id, or of its subject, day and words where it has none."""
    return "sha256:" + hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()


def _text(message: EmailMessage) -> str:
    """The plain text, or the HTML without its markup, in the charset it declares or else as UTF-8."""
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    payload = body.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        text = data.decode(body.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        text = data.decode("utf-8", "replace")
    return plain_text(text) if body.get_content_subtype() == "html" else text.strip()


def _listed(part: EmailMessage) -> dict[str, str]:
    payload = part.get_payload(decode=True)
    named = part.get_filename() or ""
    return {
        "name_sha256": hashlib.sha256(named.encode("utf-8", "replace")).hexdigest(),
        "type": part.get_content_type()[:100],
        "size_bytes": str(len(payload) if isinstance(payload, bytes) else 0),
    }


def _clean(text: str) -> str:
    """Text without NUL and without halves of characters, which a broken charset leaves behind."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")
