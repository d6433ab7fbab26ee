"""Documents as JSON: nothing is lost on the way there and back, and nothing else is taken for a document."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.errors import ForewarnError, InputFormatError, InputValueError
from forewarn.model.document import (
    DOCUMENT_CLASSES,
    REFERENCE_KINDS,
    STAGE_KINDS,
    THEME_SCHEMES,
    UNDERTAKING_KINDS,
    Document,
    Meeting,
    Member,
    Paragraph,
    Reference,
    Span,
    Speaker,
    Speech,
    StageDirection,
    ThemeMark,
    Undertaking,
    Vote,
)
from forewarn.model.document_json import document_as_json, document_as_plain, document_of_json, document_of_plain

LENGTH = 40
WORDS = st.text(max_size=8)
TEXTS = st.lists(WORDS, max_size=2).map(tuple)
SPANS = st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)).map(lambda two: Span(min(two), max(two)))
COUNT = st.integers(0, 10**9)


def several(one: Any) -> Any:
    """A tuple of at most two."""
    return st.lists(one, max_size=2).map(tuple)


def noun(made: type, /, **given: Any) -> Any:
    """Any instance of a noun."""
    return st.builds(made, **given)


REFERENCES = noun(
    Reference, kind=st.sampled_from(REFERENCE_KINDS), text=WORDS, target=WORDS, span=SPANS, pinpoint=WORDS, flags=TEXTS
)
PARAGRAPHS = noun(Paragraph, paragraph_id=WORDS, text=WORDS, span=SPANS, references=several(REFERENCES), flags=TEXTS)
SPEAKERS = noun(Speaker, as_printed=WORDS, name=WORDS, iso3=WORDS, on_behalf_of=TEXTS)
SPEECHES = noun(
    Speech,
    speech_id=WORDS,
    speaker=SPEAKERS,
    span=SPANS,
    paragraphs=several(PARAGRAPHS),
    is_translation=st.booleans(),
    flags=TEXTS,
)
UNDERTAKINGS = noun(
    Undertaking,
    kind=st.sampled_from(UNDERTAKING_KINDS),
    actor=WORDS,
    what=WORDS,
    span=SPANS,
    trigger=SPANS,
    confidence=st.floats(0, 1),
    rule=WORDS,
    due=WORDS,
    negated=st.booleans(),
)
VOTES = noun(
    Vote,
    item=WORDS,
    span=SPANS,
    favour=TEXTS,
    printed_counts=several(st.tuples(WORDS, COUNT)),
    corrections=several(st.tuples(WORDS, WORDS)),
)
MEMBERS = noun(Member, affiliation=WORDS, iso3=WORDS, name=WORDS)
MEETINGS = noun(
    Meeting,
    symbol=WORDS,
    number=st.none() | COUNT,
    opened_at=st.none() | st.datetimes(),
    held_on=st.none() | st.dates(),
    rose_at=st.none() | st.datetimes(),
    presidents=several(MEMBERS),
    agenda=TEXTS,
    closed=st.booleans(),
)
DOCUMENTS = noun(
    Document,
    document_id=st.text("0123456789abcdef", min_size=64, max_size=64).map("doc_".__add__),
    text=st.text(min_size=LENGTH, max_size=LENGTH),
    cls=st.sampled_from(DOCUMENT_CLASSES),
    symbols=TEXTS,
    dated_on=st.none() | st.dates(),
    reissue=st.booleans(),
    meeting=st.none() | MEETINGS,
    speeches=several(SPEECHES),
    stage_directions=several(
        noun(StageDirection, kind=st.sampled_from(STAGE_KINDS), text=WORDS, span=SPANS, at=st.none() | st.datetimes())
    ),
    votes=several(VOTES),
    paragraphs=several(PARAGRAPHS),
    undertakings=several(UNDERTAKINGS),
    themes=several(noun(ThemeMark, scheme=st.sampled_from(THEME_SCHEMES), code=WORDS, words=WORDS, span=SPANS)),
    notes=TEXTS,
    snapshot_ids=TEXTS,
)
SMALL = Document("doc_" + "0" * 64, "The text.", speeches=(Speech("sp1", Speaker("Ms. A"), Span(0, 9)),))


@given(DOCUMENTS)
@settings(max_examples=40)
def test_there_and_back_again(document: Document) -> None:
    """Every document comes back as it was, by way of its JSON."""
    assert document_of_json(document_as_json(document)) == document


def test_the_text_says_what_form_it_is() -> None:
    """The form is named first, so that a reader years from now knows what it has."""
    assert next(iter(json.loads(document_as_json(SMALL)))) == "schema"
    with pytest.raises(InputFormatError, match=r"forewarn\.document/1"):
        document_of_json(json.dumps({**document_as_plain(SMALL), "schema": "forewarn.document/2"}))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"surprise": 1}, "surprise"),
        ({"text": 5}, "text"),
        ({"text": None}, "text"),
        ({"speeches": {}}, "speeches"),
        ({"speeches": [{}]}, "speech_id"),
        ({"dated_on": "yesterday"}, "dated_on"),
        ({"dated_on": 5}, "dated_on"),
        ({"reissue": 1}, "reissue"),
        ({"votes": [{"item": "", "span": {"start": 0, "end": 1}}, {"item": 3}]}, r"votes\[1\]\.item"),
        ({"undertakings": [{"confidence": 10**400}]}, "confidence"),
        ({"cls": "novel"}, "cls"),
        ({"document_id": "doc_1"}, "document_id"),
        ({"votes": [{"item": "", "span": {"start": 0, "end": 1}, "corrections": [["one"]]}]}, "corrections"),
        ({"themes": [{"scheme": "theme", "code": "", "words": "", "span": {"start": 3, "end": 2}}]}, "span"),
        ({"themes": [{"scheme": "theme", "code": "", "words": "", "span": {"start": 3, "end": 10}}]}, "themes"),
        ({"themes": [{"scheme": "theme", "code": "", "words": "", "span": {"start": True, "end": 2}}]}, "themes"),
    ],
)
def test_what_is_no_document_is_refused(change: dict[str, Any], says: str) -> None:
    """A wrong field is named; nothing is made up for it."""
    with pytest.raises(ForewarnError, match=says):
        document_of_plain({**document_as_plain(SMALL), **change})


@pytest.mark.parametrize("text", ["", "[", "null", "[]", "5", '{"schema": NaN}', "[" * 100_000, "1" * 10_000])
def test_what_is_no_json_object_is_refused(text: str) -> None:
    """Cut-off, deep and foreign texts are one clear error."""
    with pytest.raises(InputFormatError):
        document_of_json(text)


def test_offsets_may_not_leave_the_text() -> None:
    """A span that ends behind the text is a wrong value, with its place."""
    plain = document_as_plain(SMALL)
    plain["speeches"][0]["span"]["end"] = 10
    with pytest.raises(InputValueError, match=r"speeches\[0\]"):
        document_of_plain(plain)
