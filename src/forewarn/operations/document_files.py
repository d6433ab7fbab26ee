"""Taking documents apart from files, and writing them to files; no workspace is needed.

A file that cannot be read does not keep the others from being read: what was wrong with it is handed back with the
rest. What a document says is data; nothing in one is followed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from forewarn.collect.documents.assemble import parse_document
from forewarn.errors import ForewarnError, InputError, UsageError
from forewarn.exchange.akn import akn_xml
from forewarn.model.document import Document
from forewarn.model.document_json import document_as_json
from forewarn.operations.workspace import Progress, no_progress

__all__ = ["FORMATS", "Parsed", "parse_files", "require_format", "write_documents", "written_form"]

FORMATS = ("json", "akn")
"""The forms in which a document can be written: its own JSON, or AKN4UN-shaped XML."""

_ENDINGS = {"json": "json", "akn": "xml"}


@dataclass(frozen=True, slots=True)
class Parsed:
    """What became of one file: the document, or what was wrong."""

    file: str
    document: Document | None
    error: ForewarnError | None = None


def require_format(form: str) -> str:
    """The form, if it is one. Raises :class:`UsageError` for another."""
    if form not in FORMATS:
        raise UsageError(f"'{form[:40]}' is no format", where="--format", mend=f"give {' or '.join(FORMATS)}")
    return form


def parse_files(paths: Sequence[Path], *, progress: Progress = no_progress) -> list[Parsed]:
    """The documents in files, in their order."""
    made = []
    for number, path in enumerate(paths):
        progress(number, len(paths), f"reading {path.name}")
        try:
            made.append(Parsed(path.name, parse_document(path, path.name)))
        except ForewarnError as error:
            made.append(Parsed(path.name, None, error))
    return made


def written_form(document: Document, form: str) -> bytes:
    """The document in one of :data:`FORMATS`, as bytes of UTF-8."""
    if form == "akn":
        return akn_xml(document)
    return document_as_json(document).encode("utf-8", "replace")


def write_documents(parsed: Sequence[Parsed], folder: Path, form: str) -> list[Path]:
    """Write each document under the name of its file, made in the folder if it is not there; where.

    Two files of one name do not write over each other: the second bears the beginning of its document's id.

    Raises:
        InputError: the folder cannot be made or written to.
    """
    made: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in parsed:
            if one.document is None:
                continue
            stem = re.sub(r"[^\w().-]+", "_", Path(one.file).stem) or "document"
            path = folder / f"{stem}.{_ENDINGS[form]}"
            if path in made:
                path = folder / f"{stem}-{one.document.document_id[4:16]}-{len(made)}.{_ENDINGS[form]}"
            path.write_bytes(written_form(one.document, form))
            made.append(path)
    except OSError as error:
        raise InputError(
            f"cannot be written there ({error.strerror})", where=folder.name, mend="name a folder you may write to"
        ) from error
    return made
