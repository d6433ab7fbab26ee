"""What kind of file an original is and what it holds: records of a web archive, parts, pages, pixels, tracks.

An index is for finding, never proof: it is read from hostile bytes within fixed bounds, and what cannot be read is said
so and costs nothing else. Nothing is unpacked to disk. It is sealed with the item: addresses and titles are content.
"""

from __future__ import annotations

import gzip
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import pypdfium2  # type: ignore[import-untyped]

from forewarn.account.index_media import office_facts, recording
from forewarn.account.marks import DAMAGED, opened_picture
from forewarn.errors import shorten

__all__ = ["MOST_RECORDS", "index_of", "media_type"]

MOST_RECORDS = 10_000
"""Records or parts in an index; an archive with more is said to be cut."""

_MOST_READ = 4 << 30
_MOST_HEAD = 1 << 16
_MOST_PLAIN = 1 << 20
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"%PDF-", "application/pdf"),
    (b"WARC/", "application/warc"), (b"PK\x03\x04", "application/zip"), (b"GIF8", "image/gif"),
    (b"\x1a\x45\xdf\xa3", "video/webm"), (b"OggS", "audio/ogg"), (b"ID3", "audio/mpeg"), (b"fLaC", "audio/flac"),
)  # fmt: skip
_RIFF = {b"WAVE": "audio/x-wav", b"AVI ": "video/x-msvideo"}
_ENDINGS = {".warc.gz": "application/warc+gzip", ".wacz": "application/wacz", ".mp4": "video/mp4", ".txt": "text/plain"}
_HEADER = re.compile(rb"^([A-Za-z-]{1,40}):[ \t]*(.{0,2000}?)\r?$", re.MULTILINE)
_BROKEN = (
    *DAMAGED, RuntimeError, MemoryError, zlib.error, zipfile.BadZipFile, NotImplementedError, pypdfium2.PdfiumError,
)  # fmt: skip


def media_type(name: str, head: bytes) -> str:
    """What the first bytes say, else what the ending says, else ``application/octet-stream``."""
    lowered = name.lower()
    told = next((kind for ending, kind in _ENDINGS.items() if lowered.endswith(ending)), "")
    if told.startswith("application/wa"):
        return told
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], "application/octet-stream")
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), told or "application/octet-stream")


def index_of(source: BinaryIO, kind: str) -> dict[str, Any]:
    """What a file holds, as flat facts; ``unreadable`` says why where it cannot be told."""
    reader = _READERS.get(kind)
    if reader is None:
        return {}
    try:
        source.seek(0)
        return reader(source)
    except _BROKEN as error:
        return {"unreadable": shorten(type(error).__name__, 60)}


def _warc_gzip(source: BinaryIO) -> dict[str, Any]:
    with gzip.open(source) as plain:
        return _warc(plain)  # type: ignore[arg-type]


def _warc(source: BinaryIO) -> dict[str, Any]:
    """The records of a web archive: type, address, date and digest, as each record's own head says."""
    found: list[dict[str, str]] = []
    for record in _records(source):
        if len(found) >= MOST_RECORDS:
            return {"records": found, "is_cut": True}
        found.append(record)
    return {"records": found}


def _records(source: BinaryIO) -> Iterator[dict[str, str]]:
    read = 0
    while True:
        head = _head(source)
        if not head:
            return
        told = {name.decode().lower(): value.decode("utf-8", "replace") for name, value in _HEADER.findall(head)}
        length = int(told.get("content-length", ""))
        read += length + len(head)
        if length < 0 or read > _MOST_READ:
            raise ValueError("too long")
        yield {
            "type": told.get("warc-type", ""), "address": told.get("warc-target-uri", "").strip("<>"),
            "date": told.get("warc-date", ""), "digest": told.get("warc-payload-digest", ""),
        }  # fmt: skip
        _skip(source, length)


def _head(source: BinaryIO) -> bytes:
    """The head of the next record, without the blank lines before it; empty at the end."""
    lines: list[bytes] = []
    size = 0
    while line := source.readline(_MOST_HEAD):
        size += len(line)
        if size > _MOST_HEAD:
            raise ValueError("a head without end")
        if line.strip():
            lines.append(line)
        elif lines:
            break
    if lines and not lines[0].startswith(b"WARC/"):
        raise ValueError("no record")
    return b"".join(lines)


def _skip(source: BinaryIO, length: int) -> None:
    while length:
        part = source.read(min(length, _MOST_PLAIN))
        if not part:
            raise EOFError
        length -= len(part)


def _container(source: BinaryIO) -> dict[str, Any]:
    with zipfile.ZipFile(source) as archive:
        parts, told = archive.infolist(), office_facts(archive)
        return {
            **({"told": told} if told else {}),
            "parts": [
                {"name": shorten(one.filename, 300), "size_bytes": one.file_size} for one in parts[:MOST_RECORDS]
            ],
            **({"is_cut": True} if len(parts) > MOST_RECORDS else {}),
        }


def _wacz(source: BinaryIO) -> dict[str, Any]:
    """The parts of a WACZ, its title, the pages it lists, and the records of the web archives in it."""
    found = _container(source)
    with zipfile.ZipFile(source) as archive:
        package = json.loads(_part(archive, "datapackage.json"))
        names = archive.namelist()
        lines = _part(archive, "pages/pages.jsonl").splitlines() if "pages/pages.jsonl" in names else []
        pages = [json.loads(line) for line in lines[:MOST_RECORDS]]
        records = _records_within(archive)
    listed = [{"address": shorten(one["url"], 2_000), "date": str(one.get("ts", ""))} for one in pages if "url" in one]
    return {**found, "title": shorten(package.get("title", ""), 300), "pages": listed, **records}


def _records_within(archive: zipfile.ZipFile) -> dict[str, Any]:
    found: list[dict[str, str]] = []
    for name in archive.namelist():
        if name.endswith((".warc", ".warc.gz")) and len(found) < MOST_RECORDS:
            with archive.open(name) as part:
                told = _warc_gzip(part) if name.endswith(".gz") else _warc(part)  # type: ignore[arg-type]
            found += told["records"]
    return {"records": found[:MOST_RECORDS], **({"is_cut": True} if len(found) > MOST_RECORDS else {})}


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        plain = part.read(_MOST_PLAIN + 1)
    if len(plain) > _MOST_PLAIN:
        raise ValueError("too large")
    return plain


def _document(source: BinaryIO) -> dict[str, Any]:
    document = pypdfium2.PdfDocument(source)
    try:
        told = {
            name.lower(): shorten(value, 300) for name, value in document.get_metadata_dict(skip_empty=True).items()
        }
        return {"pages": len(document), "told": {name.lower(): shorten(value, 300) for name, value in told.items()}}
    finally:
        document.close()


def _picture(source: BinaryIO) -> dict[str, Any]:
    with opened_picture(source, ("PNG", "JPEG", "GIF")) as picture:
        told = sorted(str(tag) for tag in picture.getexif())
        return {"width": picture.width, "height": picture.height, "exif_tags": told}


_READERS = {
    "application/warc": _warc, "application/warc+gzip": _warc_gzip, "application/wacz": _wacz,
    "application/zip": _container, "application/pdf": _document, "image/png": _picture, "image/jpeg": _picture,
    "image/gif": _picture,
    **dict.fromkeys(("video/mp4", "video/webm", "video/x-msvideo"), recording),
    **dict.fromkeys(("audio/x-wav", "audio/ogg", "audio/mpeg", "audio/flac"), recording),
}  # fmt: skip
