"""Documents in the store: each reading once, nothing replaced, and words found where they stand."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from forewarn.errors import InputFormatError, UnknownNameError, UsageError
from forewarn.ids import content_id
from forewarn.model.document import Document, Paragraph, Reference, Span, Speaker, Speech, ThemeMark, Undertaking
from forewarn.store import Database
from forewarn.store import document_tables as tables
from forewarn.store.documents import Kept, add_document, find_document, list_documents, read_document
from forewarn.store.search import DocumentFilter, Hit, search_documents
from forewarn.store.statements import documents_on, list_undertakings
from forewarn.store.words import MOST_WORDS, words_of

NOW = datetime(2030, 5, 1, tzinfo=UTC)
FIRST = "Ms. Arda (Kazakhstan): We must protect inter-\nnational schools. Café owners were harmed."
SECOND = "Mr. Belo (Norway): We commend the Responsi-\nbility to Protect, see S/2030/11."
TEXT = f"{FIRST}\n\n{SECOND}\n"


def snapshot(number: int) -> str:
    """The id of some bytes."""
    return content_id("snp", number)


def span_of(words: str, text: str = TEXT) -> Span:
    """Where words stand."""
    return Span(text.index(words), text.index(words) + len(words))


def speech(number: int, name: str, state: str, said: str) -> Speech:
    """A speech of one paragraph."""
    span = span_of(said)
    references = ()
    if "S/2030/11" in said:
        references = (Reference("symbol", "S/2030/11", "S/2030/11", span_of("S/2030/11")),)
    paragraph = Paragraph(f"sp{number}.p1", said.replace("-\n", "-"), span, references)
    speaker = Speaker(f"{name} ({state})", name=name, affiliation=state, iso3={"Kazakhstan": "KAZ"}.get(state, "NOR"))
    return Speech(f"sp{number}", speaker, span, (paragraph,))


RECORD = Document(
    content_id("doc", "S/PV.9999"),
    TEXT,
    cls="verbatim_record",
    symbols=("S/PV.9999", "A/84/1"),
    title="9999th meeting",
    dated_on=date(2030, 4, 2),
    language="en",
    speeches=(speech(1, "Arda", "Kazakhstan", FIRST), speech(2, "Belo", "Norway", SECOND)),
    undertakings=(
        Undertaking(
            "commits", "Kazakhstan", "protect schools", span_of("We must protect"), span_of("must"), 0.5, "must"
        ),
    ),
    themes=(ThemeMark("theme", "schools", "schools", span_of("schools")),),
    snapshot_ids=(snapshot(1),),
)


def keep(database: Database, document: Document = RECORD, parser: str = "documents/1") -> Kept:
    """Keep a document in a transaction of its own."""
    with database.writing() as connection:
        return add_document(connection, document, parser=parser, read_at=NOW)


def search(database: Database, query: str, limit: int = 20, **only: object) -> list[Hit]:
    """Search with a filter."""
    with database.reading() as connection:
        return search_documents(connection, query, only=DocumentFilter(**only), limit=limit)  # type: ignore[arg-type]


def rows(database: Database) -> dict[str, int]:
    """How many rows each table of documents has."""
    with database.reading() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(getattr(tables, name))).scalar_one()
            for name in tables.__all__
            if name.islower()
        }


def test_a_document_comes_back_as_it_was_kept(database: Database) -> None:
    """Text, offsets and everything found are the same after the store."""
    kept = keep(database)
    assert (kept.is_new_document, kept.is_new_file, kept.is_new_reading) == (True, True, True)
    with database.reading() as connection:
        assert read_document(connection, RECORD.document_id) == RECORD


def test_reading_the_same_text_again_changes_nothing(database: Database) -> None:
    """No table gains a row."""
    keep(database)
    before = rows(database)
    kept = keep(database)
    assert (kept.is_new_document, kept.is_new_file, kept.is_new_reading) == (False, False, False)
    assert rows(database) == before


def test_case_40_a_second_file_is_a_file_of_the_same_document(database: Database) -> None:
    """Two files with one symbol and one text: one document, one reading, two files with their hashes."""
    first = keep(database)
    second = keep(database, replace(RECORD, snapshot_ids=(snapshot(2),)))
    assert (second.is_new_document, second.is_new_file, second.is_new_reading) == (False, True, False)
    assert second.reading_id == first.reading_id
    with database.reading() as connection:
        assert read_document(connection, RECORD.document_id).snapshot_ids == (snapshot(1), snapshot(2))
        assert [one["files"] for one in list_documents(connection)] == [2]


def test_case_40_a_reissue_is_what_the_document_says_now(database: Database) -> None:
    """A reissue counts before the first issue, whichever came first; the first issue stays in the store."""
    reissue = replace(RECORD, reissue=True, title="9999th meeting, reissued", snapshot_ids=(snapshot(2),))
    keep(database, reissue)
    kept = keep(database)
    assert (kept.is_new_document, kept.is_new_reading) == (False, True)
    with database.reading() as connection:
        assert read_document(connection, RECORD.document_id).title == "9999th meeting, reissued"
        assert [one["reissue"] for one in list_documents(connection)] == [True]
    assert len(search(database, "schools")) == 1
    assert rows(database)["document_readings"] == 2


def test_a_newer_parser_adds_a_reading_and_an_undertaking_keeps_its_id(database: Database) -> None:
    """What a newer version of the parser makes counts, what cites the older still finds it."""
    keep(database)
    keep(database, replace(RECORD, title="Better read"), parser="documents/2")
    with database.reading() as connection:
        assert read_document(connection, RECORD.document_id).title == "Better read"
        ids = connection.execute(select(tables.undertakings.c.undertaking_id)).scalars().all()
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert len(search(database, "schools")) == 1
    keep(database)
    with database.reading() as connection:
        assert read_document(connection, RECORD.document_id).title == "Better read"


def test_a_file_that_is_read_as_another_document_counts_there_alone(database: Database) -> None:
    """Where a newer parser settles the symbol otherwise, the file moves with it."""
    keep(database)
    other = replace(RECORD, document_id=content_id("doc", "S/PV.9998"), symbols=("S/PV.9998",))
    keep(database, other, parser="documents/2")
    with database.reading() as connection:
        assert [one["symbol"] for one in list_documents(connection)] == ["S/PV.9998"]


def test_documents_are_found_by_each_symbol_and_by_the_beginning_of_their_id(database: Database) -> None:
    """A joint symbol leads to the document from both sides."""
    keep(database)
    with database.reading() as connection:
        for name in ("S/PV.9999", "A/84/1", RECORD.document_id[:20]):
            assert find_document(connection, name) == RECORD.document_id
        for name in ("S/PV.9", "doc_%", "%", "' OR 1=1", ""):
            with pytest.raises(UnknownNameError):
                find_document(connection, name)


def test_a_beginning_of_several_ids_is_no_answer(database: Database) -> None:
    """Somebody who means one document is not given another."""
    keep(database)
    keep(database, replace(RECORD, document_id=content_id("doc", "x"), symbols=(), snapshot_ids=(snapshot(3),)))
    with database.reading() as connection, pytest.raises(UsageError, match="more than one"):
        find_document(connection, "doc_")


def test_documents_that_cite_a_symbol(database: Database) -> None:
    """The list can be cut to those that refer to a text."""
    keep(database)
    with database.reading() as connection:
        assert [one["symbol"] for one in list_documents(connection, cites="S/2030/11")] == ["S/PV.9999"]
        assert list_documents(connection, cites="S/2030/12") == []


def test_search_says_who_said_it_and_where(database: Database) -> None:
    """A passage comes with document, paragraph, speaker, and offsets into the verbatim text."""
    keep(database)
    (hit,) = search(database, "schools harmed")
    assert (hit.symbol, hit.dated_on, hit.paragraph_id, hit.speech_id) == (
        "S/PV.9999",
        date(2030, 4, 2),
        "sp1.p1",
        "sp1",
    )
    assert (hit.speaker, hit.affiliation, hit.iso3) == ("Arda (Kazakhstan)", "Kazakhstan", "KAZ")
    assert [TEXT[start:end] for start, end in hit.found] == ["schools", "harmed"]
    assert TEXT[hit.start : hit.end] == hit.snippet


WHATEVER_THEIR_FORM = [
    ("PROTECT", ["KAZ", "NOR"]),
    ("cafe", ["KAZ"]),
    ("cafés", []),
    ("caf*", ["KAZ"]),
    ("protect harmed", ["KAZ"]),
    ('"must protect"', ["KAZ"]),
    ('"protect must"', []),
    ('"responsibility to protect"', ["NOR"]),
    ('"to prot*"', ["NOR"]),
    ("international", ["KAZ"]),
    ("inter-national", ["KAZ"]),
    ("S/2030/11", ["NOR"]),
    ("S/11/2030", []),
    ("nothing-of-the-kind", []),
]


def test_words_are_found_whatever_their_form(database: Database) -> None:
    """Case, accents and line-end hyphens do not matter, order does in quotes; alike on both engines."""
    keep(database)
    for query, states in WHATEVER_THEIR_FORM:
        assert [hit.iso3 for hit in search(database, query)] == states, query


def test_search_can_be_cut_to_a_state_a_theme_and_days(database: Database) -> None:
    """Each filter leaves out what it should; together they all hold."""
    keep(database)
    day = date(2030, 4, 2)
    assert [hit.iso3 for hit in search(database, "we", state="NOR")] == ["NOR"]
    assert [hit.iso3 for hit in search(database, "we", state="Norway")] == ["NOR"]
    assert [hit.iso3 for hit in search(database, "we", theme="schools")] == ["KAZ"]
    assert [hit.iso3 for hit in search(database, "we", theme="theme:schools")] == ["KAZ"]
    assert search(database, "we", theme="pillar:schools") == []
    assert len(search(database, "we", first=day, last=day)) == 2
    assert search(database, "we", first=date(2030, 4, 3)) == []
    assert search(database, "we", last=date(2030, 4, 1)) == []
    assert search(database, "we", state="NOR", theme="schools") == []
    assert len(search(database, "we", limit=1)) == 1


def test_a_document_without_a_day_is_in_no_span_of_days(database: Database) -> None:
    """What has no date is not held to be old."""
    keep(database, replace(RECORD, dated_on=None))
    assert search(database, "we", last=date(2100, 1, 1)) == []
    assert [hit.dated_on for hit in search(database, "we")] == [None, None]


def test_a_query_without_words_or_with_too_many_is_one_clear_error(database: Database) -> None:
    """It is refused as the words of the call, before any engine sees it."""
    keep(database)
    for query in ("", "   ", '"', "***", "\0", "()", "-", "x" * 100_000, "a " * 400, "x " * 33):
        with pytest.raises(UsageError, match="query"):
            search(database, query)


SIGNS = [
    'schools" OR "x',
    "schools AND",
    "NOT schools",
    "NEAR(schools harmed, 5)",
    "words:schools",
    "schools*:",
    "{schools}",
    "^schools",
    "schools & | ! <->",
    "schools'; DROP TABLE passages; --",
    "schools\0harmed",
    "schools\\",
    "%schools%",
    "\ud800 schools",
    ":words schools",
    "\U0001e900\U0001e922 schools",
]


def test_signs_of_query_languages_are_signs(database: Database) -> None:
    """Nothing in a query steers an engine: it gives what its words give."""
    keep(database)
    for query in SIGNS:
        search(database, query)
        assert len(search(database, "schools")) == 1, query


@given(st.text(max_size=60))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_query_or_an_error_that_says_so(database: Database, query: str) -> None:
    """Whatever is asked, there is an answer or one clear refusal."""
    if any(words_of(query)) and sum(1 for _ in words_of(query)) <= MOST_WORDS:
        search(database, query)
    else:
        with pytest.raises(UsageError, match="query"):
            search(database, query)


def test_words_of_all_scripts_are_found(database: Database) -> None:
    """A word is found by itself, in any script, at any length."""
    words = ("ﷺ", "ǅ", "ß", "İ", "保护平民", "Ω\u0301", "x" * 3_000, "𞤀𞤢", "कखग")
    text = " and ".join(words)
    paragraphs = tuple(Paragraph(word, word, span_of(word, text)) for word in words)
    keep(database, Document(RECORD.document_id, text, paragraphs=paragraphs, snapshot_ids=(snapshot(1),)))
    for word in words:
        assert [hit.paragraph_id for hit in search(database, word[:1_000])] == [word], word


def test_a_paragraph_of_a_million_characters_is_searched_in_parts(database: Database) -> None:
    """A whole file on one line is kept, and its last words found, without reading all of it."""
    text = " ".join(f"word{number}" for number in range(100_000)) + " needle"
    paragraph = Paragraph("p1", text, Span(0, len(text)))
    keep(database, Document(RECORD.document_id, text, paragraphs=(paragraph,), snapshot_ids=(snapshot(1),)))
    started = time.monotonic()
    (hit,) = search(database, "needle")
    assert time.monotonic() - started < 1
    assert text[slice(*hit.found[0])] == "needle"
    assert len(hit.snippet) < 300


@pytest.mark.parametrize("text", ["one\0two", "half \ud800 a character"])
def test_text_no_database_can_hold_is_refused(database: Database, text: str) -> None:
    """It is one clear error on both engines, and nothing is kept of it."""
    with pytest.raises(InputFormatError, match="NUL or half"):
        keep(database, Document(RECORD.document_id, text, snapshot_ids=(snapshot(1),)))
    assert rows(database)["documents"] == 0


def test_the_two_engines_find_the_same_in_much_text(database: Database) -> None:
    """Against a plain scan of every paragraph: the same passages, in the same order."""
    words = ("alpha", "beta", "gamma", "delta", "alphabet", "β", "été")
    said = [" ".join(words[(one * step) % 7] for step in range(1, 5)) for one in range(40)]
    text = "\n\n".join(said)
    spans, at = [], 0
    for one in said:
        spans.append(Span(at, at + len(one)))
        at += len(one) + 2
    paragraphs = tuple(Paragraph(f"p{n}", one, span) for n, (one, span) in enumerate(zip(said, spans, strict=True)))
    keep(database, Document(RECORD.document_id, text, paragraphs=paragraphs, snapshot_ids=(snapshot(1),)))
    for query in ("alpha", "alpha beta", "gamma ete", "delta β"):
        wanted = {"ete": "été"}
        expected = [
            f"p{n}" for n, one in enumerate(said) if {wanted.get(w, w) for w in query.split()} <= set(one.split())
        ]
        assert [hit.paragraph_id for hit in search(database, query, limit=100)] == expected


def test_undertakings_come_with_their_words_and_by_whom(database: Database) -> None:
    """Each names its document, its speaker and the verbatim sentence; filters and kinds cut the list."""
    keep(database)
    with database.reading() as connection:
        (one,) = list_undertakings(connection)
        assert (one["symbol"], one["iso3"], one["quote"], one["negated"]) == (
            "S/PV.9999",
            "KAZ",
            "We must protect",
            False,
        )
        assert TEXT[one["trigger_start"] : one["trigger_end"]] == "must"
        assert list_undertakings(connection, kinds=["opposes"]) == []
        assert list_undertakings(connection, only=DocumentFilter(state="NOR")) == []
        assert len(list_undertakings(connection, only=DocumentFilter(state="KAZ", theme="schools"))) == 1


def test_documents_on_a_theme_are_those_where_the_state_spoke_of_it(database: Database) -> None:
    """Oldest first; a State that did not speak of it is in none; a document without a day comes last."""
    keep(database)
    early = replace(
        RECORD,
        document_id=content_id("doc", "early"),
        symbols=(),
        dated_on=date(2029, 1, 1),
        snapshot_ids=(snapshot(5),),
    )
    undated = replace(early, document_id=content_id("doc", "undated"), dated_on=None, snapshot_ids=(snapshot(6),))
    keep(database, undated)
    keep(database, early)
    with database.reading() as connection:
        found = documents_on(connection, DocumentFilter(state="KAZ", theme="schools"))
        assert found == [early.document_id, RECORD.document_id, undated.document_id]
        assert documents_on(connection, DocumentFilter(state="NOR", theme="schools")) == []
