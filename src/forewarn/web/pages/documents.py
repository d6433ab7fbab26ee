"""Documents: the list, words found in them, and a reader with speakers, references and undertakings.

The text is what was kept, in its own language; nothing in it is followed, and a link leads only to a document that is
kept here.
"""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import Response

from forewarn.clock import day_from_text
from forewarn.errors import UsageError
from forewarn.model.document import Document, Paragraph, Reference
from forewarn.operations import viewing_documents as documents
from forewarn.operations import viewing_response as response
from forewarn.web.asked import Asked, Entry, Form, Page, rendered, require_act, require_kind, turn_to
from forewarn.web.languages import marked
from forewarn.web.pages.tracked import wish_of

__all__ = ["ENTRIES", "FORMS", "READ"]

_PAGE = 100


def _documents(asked: Asked) -> Response:
    """The documents, newest first; or where words stand in them."""
    require_kind(asked, "document")
    query, viewer = asked.request.query_params, asked.person.viewer
    words = query.get("words", "").strip()[:300]
    said = {name: query.get(name, "").strip()[:300] for name in ("state", "theme", "first", "last", "cites")}
    hits, found = [], []
    if words:
        first, last = (day_from_text(said[name], where=name) if said[name] else None for name in ("first", "last"))
        asked_for = documents.Asked(said["state"], said["theme"], first, last)
        hits = [(one, _pieces(one)) for one in documents.search_for(asked.workspace, viewer, words, asked_for)]
    else:
        found = documents.documents_for(asked.workspace, viewer, cites=said["cites"])
    return rendered(
        asked, "documents.html", words=words, said=said, hits=hits, found=found[:_PAGE], more=max(0, len(found) - _PAGE)
    )


def _document(asked: Asked) -> Response:
    """One document to be read: who speaks, what is referred to, what is undertaken."""
    require_kind(asked, "document")
    viewer = asked.person.viewer
    found = documents.document_for(asked.workspace, viewer, asked.path("document"))
    candidates = (
        response.candidates_for(asked.workspace, viewer, found.document_id) if "tracked" in viewer.sights else []
    )
    known = {symbol for one in documents.documents_for(asked.workspace, viewer) for symbol in (one.symbol,) if symbol}
    kinds = list(dict.fromkeys(one.kind for one in found.undertakings))
    return rendered(
        asked, "document.html", document=found, speeches=[(one, list(_read(one.paragraphs))) for one in found.speeches],
        outside=list(_read(found.paragraphs)), candidates=candidates, known=known, kinds=kinds,
        references=_targets(found), may_track="track" in viewer.acts,
    )  # fmt: skip


def _take_up(asked: Asked) -> Response:
    """Track an undertaking of a document."""
    require_act(asked, "track")
    name = asked.form.get("undertaking", "")
    if not name.startswith("und_"):
        raise UsageError("names no undertaking", where="undertaking", mend="choose one on the page")
    wish = wish_of(asked.form)
    made = response.take_up_for(asked.workspace, asked.person.viewer, asked.path("document"), name, wish)
    return turn_to(f"/tracker/{made}")


def _read(paragraphs: tuple[Paragraph, ...]) -> Iterator[tuple[str, str, list[str]]]:
    """Each paragraph's name, its text in the reading form, and what it refers to as far as that is settled."""
    for one in paragraphs:
        yield one.paragraph_id, one.text, list(dict.fromkeys(ref.target for ref in one.references if ref.target))


def _targets(found: Document) -> dict[str, list[Reference]]:
    """What the document refers to, by what kind of text it is."""
    every = [ref for speech in found.speeches for one in speech.paragraphs for ref in one.references]
    every += [ref for one in found.paragraphs for ref in one.references]
    kinds: dict[str, dict[str, Reference]] = {}
    for one in every:
        kinds.setdefault(one.kind, {}).setdefault(one.target or one.text, one)
    return {kind: list(named.values()) for kind, named in sorted(kinds.items())}


def _pieces(hit: documents.Hit) -> list[tuple[str, bool]]:
    """The snippet cut where words found begin and end; true for those found."""
    cut, pieces = hit.start, []
    for start, end in sorted(hit.found):
        if hit.start <= start and end <= hit.end and start >= cut:
            pieces += [(hit.snippet[cut - hit.start : start - hit.start], False)]
            pieces += [(hit.snippet[start - hit.start : end - hit.start], True)]
            cut = end
    return [*pieces, (hit.snippet[cut - hit.start :], False)]


READ: dict[str, Page] = {"/documents": _documents, "/documents/{document}": _document}

FORMS: dict[str, Form] = {
    "/documents/{document}/track": (_take_up, ("undertaking", "owner", "unit", "source", "starts_on", "due_on")),
}

ENTRIES = (Entry("/documents", marked("Documents"), kind="document"),)
