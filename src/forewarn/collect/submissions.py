"""Files of form submissions, in whatever form they are handed over: JSON, CSV, XLSX, OpenRosa XML, or a zip of XML.

Owns the telling apart by the first bytes, and the reading of the zip: bounded in files, in bytes and in proportion,
never unpacked to disk. The files beside a submission are its attachments: hashed and listed, never opened as
anything.
"""

from __future__ import annotations

import codecs
import hashlib
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from forewarn.collect.forms import is_reporter, json_row, without_reporter, xml_row
from forewarn.collect.gathering import Item, Unread, chunks_of, corrected_rejects
from forewarn.collect.jsonpages import json_items, json_text
from forewarn.collect.tabular import Chunk, TableOptions, read_table
from forewarn.collect.tabular.opening import LARGEST_RATIO, head_of
from forewarn.collect.xml import read_xml, read_xml_file
from forewarn.errors import InputFormatError

__all__ = ["MOST_FILES", "read_submissions"]

MOST_FILES = 100_000
"""Files in one zip."""
_LARGEST_XML = 4_000_000
_SMALL = 50_000_000
_BLOCK = 1 << 20


def read_submissions(path: Path, name: str, options: TableOptions | None, lists: Collection[str]) -> Iterator[Chunk]:
    """The submissions in a file as rows, without what tells who reported.

    Args:
        path: the bytes.
        name: what to call the file in messages.
        options: how a table is to be read, where it is one.
        lists: keys of a JSON page under which submissions stand.

    Raises:
        InputError: it is none of the forms, cut off, or made to harm.
    """
    head = head_of(path, name)
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if head.startswith(b"PK\x03\x04") and not _is_workbook(path, name):
        return chunks_of(_zipped(path, name), name)
    if text.startswith((b"{", b"[")):
        return chunks_of(_from_json(path, name, lists), name)
    if text.startswith(b"<") or head.startswith((codecs.BOM_UTF16_LE + b"<\0", codecs.BOM_UTF16_BE + b"\0<")):
        return chunks_of(iter([xml_row(read_xml_file(path, name))]), name)
    table = corrected_rejects(path, name) or read_table(path, name, options)
    return without_reporter(table)


def _from_json(path: Path, name: str, lists: Collection[str]) -> Iterator[Item]:
    for one in json_items(path, name, lists):
        yield one if isinstance(one, Unread) else json_row(one)


@dataclass(frozen=True, slots=True)
class _Attachment:
    """A file that came along: its bare name, size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str


def _is_workbook(path: Path, name: str) -> bool:
    return any(one.filename == "[Content_Types].xml" for one in _listed(path, name))


def _listed(path: Path, name: str) -> list[zipfile.ZipInfo]:
    """What is in the zip, by name; refused where it would unpack to too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [one for one in archive.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
        raise InputFormatError("is a damaged or cut off zip", where=name, mend="get the file again") from None
    if len(inside) > MOST_FILES:
        raise InputFormatError(f"holds more than {MOST_FILES:,} files", where=name, mend="split it")
    if sum(one.file_size for one in inside) > max(_SMALL, LARGEST_RATIO * path.stat().st_size):
        raise InputFormatError(f"unpacks to more than {LARGEST_RATIO} times its size", where=name, mend="unpack it")
    return sorted(inside, key=lambda one: one.filename)


def _zipped(path: Path, name: str) -> Iterator[Item]:
    """The submissions of a zip; what lies in a submission's folder is its attachment."""
    inside = _listed(path, name)
    documents = [one for one in inside if one.filename.casefold().endswith(".xml")]
    if not documents:
        raise InputFormatError("is a zip without any XML", where=name, mend="give the table or JSON inside it")
    try:
        with zipfile.ZipFile(path) as archive:
            files = _attachments(archive, [one for one in inside if one not in documents])
            alone = {folder for folder, count in _counted(documents).items() if count == 1}
            for one in documents:
                yield _submission(archive, one, files[_folder(one)], is_alone=_folder(one) in alone)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError):
        raise InputFormatError("is a damaged, cut off or locked zip", where=name, mend="get the file again") from None


def _submission(archive: zipfile.ZipFile, one: zipfile.ZipInfo, files: list[_Attachment], *, is_alone: bool) -> Item:
    if one.file_size > _LARGEST_XML:
        return Unread("", f"is a submission of more than {_LARGEST_XML:,} bytes", "shorten it")
    try:
        row = xml_row(read_xml(archive.read(one), "submission"))
    except InputFormatError as error:
        return Unread("", error.what, error.mend)
    said = set(row.values())
    own = [file for file in files if is_alone or file.name in said]
    if own:
        listed = [{"name": file.name, "size_bytes": str(file.size), "sha256": file.sha256} for file in own]
        row["attachments"] = json_text(listed)
    return row


def _attachments(archive: zipfile.ZipFile, inside: list[zipfile.ZipInfo]) -> dict[str, list[_Attachment]]:
    found: dict[str, list[_Attachment]] = defaultdict(list)
    for one in inside:
        bare = PurePosixPath(one.filename).name
        if is_reporter(PurePosixPath(bare).stem) or bare.startswith("audit"):
            continue
        digest = hashlib.sha256()
        with archive.open(one) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        found[_folder(one)].append(_Attachment(bare, one.file_size, digest.hexdigest()))
    return found


def _counted(documents: list[zipfile.ZipInfo]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for one in documents:
        counts[_folder(one)] += 1
    return counts


def _folder(one: zipfile.ZipInfo) -> str:
    return str(PurePosixPath(one.filename).parent)
