"""Documents that are kept: keeping one, listing, showing and searching them, and the undertakings in them.

A document is named by a symbol, however it is printed, or by the beginning of its id; a State by its code or name. A
list of undertakings is what sentences say, each with its words; whether they were kept is for people to find.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from forewarn.collect import snapshot_path
from forewarn.collect.documents.assemble import PARSER, parse_document
from forewarn.collect.documents.symbols import parse_symbol
from forewarn.collect.snapshot import origin_name
from forewarn.errors import InputValueError, UnknownNameError, UsageError, shorten
from forewarn.ids import short
from forewarn.model.document import UNDERTAKING_KINDS, Document
from forewarn.model.provenance import Snapshot
from forewarn.operations.workspace import Workspace
from forewarn.store import documents as stored
from forewarn.store.search import DocumentFilter, Hit, search_documents
from forewarn.store.statements import list_undertakings
from forewarn.taxonomy import country
from forewarn.taxonomy.naming import suggestion
from forewarn.taxonomy.wording import theme_words

__all__ = [
    "Asked",
    "Hit",
    "Listed",
    "Theme",
    "filter_of",
    "keep_document",
    "list_documents",
    "search",
    "show",
    "state_of",
    "theme_of",
    "themes",
    "undertakings",
]


@dataclass(frozen=True, slots=True)
class Listed:
    """One document in short.

    Attributes:
        document_id: its id; ``symbol`` the one it is filed under, or empty.
        cls, dated_on, title, language: as the document says; ``dated_on`` is empty when it does not.
        reissue: whether what counts now is a reissue.
        files, speeches, paragraphs, references, undertakings, themes: how many there are.
    """

    document_id: str
    symbol: str
    cls: str
    dated_on: str
    title: str
    language: str
    reissue: bool
    files: int
    speeches: int
    paragraphs: int
    references: int
    undertakings: int
    themes: int


@dataclass(frozen=True, slots=True)
class Theme:
    """A code of a shipped list that sentences are marked with, and what it stands for."""

    scheme: str
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of documents, in their own words.

    Attributes:
        state: a State's code or name, or a body's name; empty for all.
        theme: a code, or ``scheme:code``; empty for all.
        first, last: days; missing for no bound.
    """

    state: str = ""
    theme: str = ""
    first: date | None = None
    last: date | None = None


def keep_document(connection: Connection, workspace: Workspace, snapshot: Snapshot) -> dict[str, int]:
    """Take apart the document in a snapshot and keep it; remarks on it, each with how often it holds.

    Raises:
        InputError: its text cannot be read.
    """
    document = parse_document(snapshot_path(workspace.paths.snapshots, snapshot), origin_name(snapshot))
    document = replace(document, snapshot_ids=(snapshot.snapshot_id,))
    kept = stored.add_document(connection, document, parser=PARSER, read_at=workspace.now)
    named = (*document.symbols, short(document.document_id))[0]
    remarks = dict.fromkeys(document.notes, 0)
    if kept.is_new_reading:
        what = "kept as document" if kept.is_new_document else "another reading of document"
        found = f"{len(document.speeches):,} speeches, {len(document.undertakings):,} undertakings"
        remarks[f"{what} {named}: {found}"] = 0
    elif kept.is_new_file:
        remarks[f"another file of document {named}, with the same text"] = 0
    return remarks


def list_documents(workspace: Workspace, *, cites: str = "") -> list[Listed]:
    """The documents that are kept, newest first; with ``cites``, those that refer to that symbol."""
    with workspace.database.reading() as connection:
        return [Listed(**row) for row in stored.list_documents(connection, cites=_normal(cites) if cites else "")]


def show(workspace: Workspace, name: str) -> Document:
    """The document of that symbol, however printed, or of an id that begins so.

    Raises:
        UnknownNameError: there is none.
    """
    with workspace.database.reading() as connection:
        return stored.read_document(connection, stored.find_document(connection, _normal(name)))


def search(workspace: Workspace, words: str, asked: Asked, *, limit: int = 20) -> list[Hit]:
    """The passages that hold the words; see :func:`forewarn.store.search.search_documents`."""
    only = filter_of(asked)
    with workspace.database.reading() as connection:
        return search_documents(connection, words, only=only, limit=limit)


def undertakings(
    workspace: Workspace, asked: Asked, *, kinds: Sequence[str] = (), limit: int = 1_000
) -> list[dict[str, Any]]:
    """Undertakings of the documents that are kept, oldest first, with the sentence and its offsets.

    Raises:
        UsageError: a kind is none of those there are.
    """
    for kind in kinds:
        if kind not in UNDERTAKING_KINDS:
            raise UsageError(
                f"'{shorten(kind, 40)}' is no kind", where="--kind", mend=f"give {', '.join(UNDERTAKING_KINDS)}"
            )
    only = filter_of(asked)
    with workspace.database.reading() as connection:
        return list_undertakings(connection, only=only, kinds=kinds, limit=limit)


def filter_of(asked: Asked) -> DocumentFilter:
    """What was asked, in the store's terms."""
    theme = theme_of(asked.theme) if asked.theme else ""
    return DocumentFilter(state_of(asked.state) if asked.state else "", theme, asked.first, asked.last)


def state_of(name: str) -> str:
    """The code of a State by its code or name; another name, of a body or a fictional State, as it is."""
    try:
        return country(name).iso3
    except UnknownNameError:
        return name.strip()


def theme_of(code: str) -> str:
    """The code of a theme, as ``code`` or ``scheme:code``; case does not matter.

    Raises:
        UnknownNameError: no list has it; the message offers the nearest.
    """
    known: dict[str, str] = {}
    for one in theme_words():
        known |= {one.code.casefold(): one.code, f"{one.scheme}:{one.code}".casefold(): f"{one.scheme}:{one.code}"}
    wanted = code.strip()[:100]
    found = known.get(wanted.casefold())
    if found is None:
        mend = f"{suggestion(wanted, sorted(known.values()))}; 'forewarn document themes' lists all"
        raise UnknownNameError(f"no theme is coded '{shorten(wanted, 40)}'", where="--theme", mend=mend)
    return found


def themes() -> list[Theme]:
    """The codes that sentences are marked with, in the order of their lists."""
    return [Theme(one.scheme, one.code, one.label) for one in theme_words()]


def _normal(printed: str) -> str:
    """A symbol in its normal form; what is none as it is."""
    try:
        return parse_symbol(printed).each[0].normal
    except InputValueError:
        return printed.strip()
