"""JSON of any size gives its items one by one, wherever a block ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import jsonpages
from forewarn.collect.gathering import Unread
from forewarn.collect.jsonpages import json_items
from forewarn.errors import ForewarnError, InputFormatError

Items = Callable[[bytes], list[Any]]

CELLS = st.one_of(st.none(), st.booleans(), st.text(max_size=20))
OBJECTS = st.dictionaries(st.text("abc", min_size=1, max_size=3), CELLS, min_size=1, max_size=4)


@pytest.fixture
def items(tmp_path: Path) -> Items:
    """The items of some bytes, with ``results`` as the list of a page."""

    def read(data: bytes) -> list[Any]:
        (tmp_path / "given.json").write_bytes(data)
        return list(json_items(tmp_path / "given.json", "given.json", ("results",)))

    return read


@pytest.mark.parametrize(
    "data",
    [
        b'[{"a":"1"},{"a":"2"}]',
        b'{"count":2,"next":null,"results":[{"a":"1"},{"a":"2"}],"more":{"x":[1]}}',
        b'{"results":[{"a":"1"}]}\n{"results":[{"a":"2"}]}',
        b'{"a":"1"}\n{"a":"2"}\n',
        b'\xef\xbb\xbf [ {"a" : "1"} , {"a":"2"} ] ',
    ],
)
def test_lists_pages_and_single_objects_give_the_same_items(items: Items, data: bytes) -> None:
    """However a service wraps its items."""
    assert items(data) == [{"a": "1"}, {"a": "2"}]


def test_numbers_stay_as_written(items: Items) -> None:
    """No digit is lost, and no number is too long to be read."""
    assert items(b'[{"a":1.50,"b":' + b"9" * 5000 + b"}]") == [{"a": "1.50", "b": "9" * 5000}]


@pytest.mark.parametrize("data", [b'[{"a":1}', b'{"results":[{"a":1},', b'[{"a":1} {"a":2}]', b"nonsense", b'[{"a":1'])
def test_what_is_cut_off_or_no_json_is_refused(items: Items, data: bytes) -> None:
    """Half a file is never taken for a whole one."""
    with pytest.raises(InputFormatError):
        items(data)


def test_depth_is_bounded(items: Items) -> None:
    """A deep item is a fault of its own; one deeper than the parser goes ends the file."""
    deep = b'{"a":' * 40 + b"1" + b"}" * 40
    found = items(b'[{"a":"1"},' + deep + b',{"a":"2"}]')
    assert isinstance(found[1], Unread)
    assert [found[0], found[2]] == [{"a": "1"}, {"a": "2"}]
    with pytest.raises(InputFormatError):
        items(b"[" + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"]")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(OBJECTS, max_size=8), block=st.integers(1, 40))
def test_the_end_of_a_block_changes_nothing(
    items: Items, monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, Any]], block: int
) -> None:
    """The same items come out whatever the size of the window they are read through."""
    monkeypatch.setattr(jsonpages, "_BLOCK", block)
    assert items(json.dumps({"results": rows}, ensure_ascii=False).encode() or b"[]") == rows


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=80), st.text('{}[]":,a1\\u0 ', max_size=80).map(str.encode)))
def test_any_bytes_are_read_or_refused(items: Items, data: bytes) -> None:
    """Nothing but an error of ours ever comes out."""
    with suppress(ForewarnError):
        assert isinstance(items(data), list)
