"""How one State's wording on a theme changes: its own words, statement after statement, and what came and went.

Nothing is scored and no State is compared with another. What is shown as added or dropped is words and kinds of
undertaking that one dated statement has and the dated one before it has not; a speech on another matter drops nothing
that mattered, so the quotes come first. Statements without a date are shown last and compared with none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from forewarn.collect.documents.sentences import sentences
from forewarn.model.document import Document, Paragraph, Span, Speech
from forewarn.operations.document import Asked, filter_of
from forewarn.operations.workspace import Workspace
from forewarn.store import documents as stored
from forewarn.store.search import DocumentFilter
from forewarn.store.statements import documents_on
from forewarn.store.words import words_of

__all__ = ["Position", "Quote", "positions", "positions_in"]

_SHORTEST_WORD = 4
_PASSED_OVER = frozenset(
    """
    about above after again against agree also although always among another around because been before being
    below best between both came cannot come could delegation does doing done down during each either especially
    even ever every express extend first from further general give given gives good great have having hence here
    however indeed into itself just know lastly later least less like look made make makes making many meeting
    member members more moreover most much must need needs never next none note nothing once only onto other
    others ought ours over particular particularly president rather said same secondly shall should since some
    soon statement still such take taken than thank that their them then there therefore these they this those
    through thus time today together towards under until upon very view want well were what when where whether
    which while whole whose will wish with within without work would year years your
    """.split()  # noqa: SIM905 - a list of words is read as one
)
"""Words that tell nothing of a position: of grammar and of courtesy."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One sentence that speaks of the theme.

    Attributes:
        text: verbatim; ``start`` and ``end`` where it stands in the document's text.
        paragraph_id, speaker: where, and who said it, as printed.
        words: what called for the theme.
        kinds: what the speaker undertakes by it, ``not`` before a kind that the sentence denies.
    """

    text: str
    start: int
    end: int
    paragraph_id: str
    speaker: str
    words: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """What a State said on a theme in one document, and what is new and gone since the dated one before.

    Attributes:
        document_id, symbol, title, dated_on: the document; the day is missing when it bears none.
        quotes: in order of the text.
        compared_with: id of the document it is compared with, or empty.
        kinds_added, kinds_dropped: kinds of undertaking.
        words_added, words_dropped: key words, in the order in which they first stand.
    """

    document_id: str
    symbol: str
    title: str
    dated_on: date | None
    quotes: tuple[Quote, ...]
    compared_with: str = ""
    kinds_added: tuple[str, ...] = ()
    kinds_dropped: tuple[str, ...] = ()
    words_added: tuple[str, ...] = ()
    words_dropped: tuple[str, ...] = ()


def positions(workspace: Workspace, asked: Asked) -> list[Position]:
    """The positions of a State on a theme, oldest first, each beside the one before it.

    Raises:
        UnknownNameError: no theme has that code.
    """
    only = filter_of(asked)
    with workspace.database.reading() as connection:
        found = [
            positions_in(stored.read_document(connection, document_id), only)
            for document_id in documents_on(connection, only)
        ]
    return list(_compared([one for one in found if one.quotes]))


def positions_in(document: Document, only: DocumentFilter) -> Position:
    """What the State said on the theme in this document; without quotes when it said nothing."""
    day = document.dated_on or (document.meeting.held_on if document.meeting else None)
    quotes = [
        quote for speech in document.speeches if _speaks(speech, only) for quote in _quotes(document, speech, only)
    ]
    return Position(document.document_id, (*document.symbols, "")[0], document.title, day, tuple(quotes))


def _speaks(speech: Speech, only: DocumentFilter) -> bool:
    return only.state in (speech.speaker.iso3, speech.speaker.affiliation)


def _quotes(document: Document, speech: Speech, only: DocumentFilter) -> Iterator[Quote]:
    scheme, _, code = only.theme.rpartition(":")
    marks = [mark for mark in document.themes if mark.code == code and scheme in ("", mark.scheme)]
    for paragraph in speech.paragraphs:
        for sentence in sentences(document.text, paragraph.span):
            words = tuple(dict.fromkeys(mark.words for mark in marks if _begins_in(mark.span, sentence)))
            if words:
                yield _quote(document, (speech, paragraph), sentence, words)


def _quote(document: Document, where: tuple[Speech, Paragraph], sentence: Span, words: tuple[str, ...]) -> Quote:
    speech, paragraph = where
    own = [one for one in document.undertakings if _begins_in(one.trigger, sentence) and not one.reported]
    return Quote(
        text=document.quote(sentence),
        start=sentence.start,
        end=sentence.end,
        paragraph_id=paragraph.paragraph_id,
        speaker=speech.speaker.as_printed,
        words=words,
        kinds=tuple(dict.fromkeys(f"not {one.kind}" if one.negated else one.kind for one in own)),
    )


def _begins_in(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start < outer.end


def _compared(found: Iterable[Position]) -> Iterator[Position]:
    before: Position | None = None
    for one in found:
        if one.dated_on is None or before is None:
            yield one
        else:
            kinds, earlier = _kinds(one), _kinds(before)
            words, earlier_words = _key_words(one), _key_words(before)
            yield replace(
                one,
                compared_with=before.document_id,
                kinds_added=_less(kinds, earlier),
                kinds_dropped=_less(earlier, kinds),
                words_added=_less(words, earlier_words),
                words_dropped=_less(earlier_words, words),
            )
        before = one if one.dated_on is not None else before


def _kinds(one: Position) -> list[str]:
    return [kind for quote in one.quotes for kind in quote.kinds]


def _key_words(one: Position) -> list[str]:
    """The words that tell something; who speaks, and for whom, is not among them."""
    passed = _PASSED_OVER | {word.text for quote in one.quotes for word in words_of(quote.speaker)}
    said = [word.text for quote in one.quotes for word in words_of(quote.text)]
    return [word for word in said if len(word) >= _SHORTEST_WORD and word not in passed and not word.isdigit()]


def _less(some: list[str], others: list[str]) -> tuple[str, ...]:
    """Those of some that are not among the others, each once; a final s makes no other word."""
    gone = {one.removesuffix("s") for one in others}
    return tuple({one.removesuffix("s"): one for one in reversed(some) if one.removesuffix("s") not in gone}.values())[
        ::-1
    ]
