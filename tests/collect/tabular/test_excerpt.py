"""Rows looked up in a large table are those that a reading of all of it gives, whatever stands in the kept index."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect.tabular import TableOptions, excerpt, read_table, rowindex, rowstarts
from forewarn.errors import InputFormatError

CELL = st.text(alphabet="ab ,é;'#\t", max_size=6)
QUOTED = st.text(alphabet='ab ,#\n\r"', max_size=6).map(lambda cell: '"' + cell.replace('"', '""') + '"')
WRONG = st.sampled_from(['a"b', '"a"b', '"a" "b"', '"', "#x"])
LINE = st.lists(st.one_of(CELL, CELL, QUOTED), min_size=1, max_size=4).map(",".join)
END = st.sampled_from(["\n", "\r\n", "\n", "\r", "\n\n"])
Cells = dict[int, dict[str, str]]


def rows_of(path: Path) -> Cells:
    """Every row by its number, the filled cells alone: only a reading of all JSON lines knows all of their keys."""
    return {
        int(number): {name: cell for name, cell in cells.items() if cell}
        for one in read_table(path, "given", TableOptions())
        for number, cells in zip(one.rows, one.frame.iter_rows(named=True), strict=True)
    }


def looked_up(path: Path, asked: set[int]) -> Cells | None:
    """The rows by way of an excerpt; nothing where there is none."""
    with excerpt.excerpt(path, asked, TableOptions()) as few:
        if few is None:
            return None
        file, places = few
        told = rows_of(file)
        return {row: told[place] for row, place in places.items() if place in told}


@contextmanager
def small_steps() -> Iterator[None]:
    """Small files have an index too, made in small blocks."""
    rowindex._index.cache_clear()
    with (
        patch.object(rowindex, "SMALLEST", 0),
        patch.object(rowstarts, "_BLOCK", 16),
        patch.object(rowstarts, "STEP", 3),
        patch.object(rowindex, "STEP", 3),
        patch.object(excerpt, "STEP", 3),
    ):
        yield


def kept(folder: Path, data: bytes) -> Path:
    """A file that is called by its digest, as snapshots are."""
    path = folder / hashlib.sha256(data).hexdigest()
    path.write_bytes(data)
    return path


@settings(deadline=None, max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(LINE, max_size=25),
    wrong=st.one_of(st.none(), st.none(), WRONG),
    end=END,
    start=st.sampled_from(["", "", "\ufeff", "\n"]),
    cut=st.booleans(),
    asked=st.sets(st.integers(-1, 30), max_size=6),
)
def test_an_excerpt_gives_the_rows_that_the_whole_gives(
    lines: list[str], wrong: str | None, end: str, start: str, *, cut: bool, asked: set[int], tmp_path: Path
) -> None:
    """Whatever the ends of lines, quotes over several of them, rows of other lengths, and a last line without end."""
    lines = [*lines, wrong, *lines] if wrong else lines
    text = start + end.join(['one,"two",three', *lines]) + ("" if cut else end)
    path = kept(tmp_path, text.encode())
    with small_steps():
        told = looked_up(path, asked)
    if told is None:
        assert wrong or end in ("\r", "\n\n") or "" in lines or not lines or "#" in text
        return
    try:
        every = rows_of(path)
    except InputFormatError:  # its last row is held to be cut off
        return
    assert {row: told[row] for row in told if row in every} == {row: every[row] for row in asked & set(every)}


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    objects=st.lists(
        st.dictionaries(st.sampled_from(["one", "two", "#three"]), st.text(alphabet='#ab\n"{', max_size=4), min_size=1),
        min_size=1,
        max_size=20,
    ),
    asked=st.sets(st.integers(0, 21), max_size=6),
)
def test_a_line_of_json_is_looked_up_alike(objects: list[dict[str, str]], asked: set[int], tmp_path: Path) -> None:
    """JSON Lines, but where the first line may be hashtags."""
    path = kept(tmp_path, "".join(json.dumps(one) + "\n" for one in objects).encode())
    with small_steps():
        told = looked_up(path, asked)
    if told is None:
        assert "#" in json.dumps(objects[0])
    else:
        every = rows_of(path)
        assert told == {row: every[row] for row in asked & set(every)}


def test_an_index_is_kept_beside_a_snapshot_and_not_believed_when_damaged_or_of_others(tmp_path: Path) -> None:
    """It holds no content; any byte of it changed, cut off, or taken from another file, the row stays the right one."""
    data, other = (
        b"id,words\n" + b"".join(b"%d,%s-%d\n" % (row, word, row) for row in range(1, 4000))
        for word in (b"so", b"such")
    )
    path, strange = kept(tmp_path, data), kept(tmp_path, other)
    index, wanted = path.with_name(path.name + ".rows"), {2500: {"id": "2500", "words": "so-2500"}}
    with patch.object(rowindex, "SMALLEST", 0):
        assert looked_up(strange, {1})
        assert looked_up(path, {2500}) == wanted
        sound = index.read_bytes()
        assert not any(word in sound for word in (b"so-", b"words"))
        with patch.object(rowindex, "row_starts", side_effect=AssertionError("made once")):
            rowindex._index.cache_clear()
            assert looked_up(path, {2500}) == wanted
        wrong = [bytes([*sound[:at], sound[at] ^ 1, *sound[at + 1 :]]) for at in range(0, len(sound), 7)]
        for bad in (*wrong, sound[:-8], b"", strange.with_name(strange.name + ".rows").read_bytes()):
            index.write_bytes(bad)
            rowindex._index.cache_clear()
            assert looked_up(path, {2500}) == wanted
            assert index.read_bytes() == sound
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(
        name + end for name in (path.name, strange.name) for end in ("", ".rows")
    )


@pytest.mark.parametrize("start", [b"PK\x03\x04\0\0", b"\x1f\x8b\x08", b"a,b\n#date,#adm1\n", b"a,b\n1,2\0\n"])
def test_a_file_of_another_kind_has_no_excerpt(start: bytes, tmp_path: Path) -> None:
    """A workbook, a packed file, tags of HXL below the header, a NUL."""
    path = tmp_path / "given"
    path.write_bytes(start + b"some,cells\n" * 100_000)
    assert looked_up(path, {3}) is None


def test_a_small_file_is_read_as_it_is(tmp_path: Path) -> None:
    """No index is made for it."""
    small = kept(tmp_path, b"a,b\n1,2\n")
    assert looked_up(small, {1}) is None
    assert list(tmp_path.iterdir()) == [small]
