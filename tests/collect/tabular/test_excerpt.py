"""Rows looked up in a large table are those that a reading of all of it gives."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect.tabular import TableOptions, excerpt, read_table
from forewarn.errors import InputFormatError

CELL = st.text(alphabet="ab ,é;'#\t", max_size=6)
LINE = st.lists(CELL, min_size=1, max_size=4).map(",".join)
END = st.sampled_from(["\n", "\r\n", "\n", "\r", "\n\n"])


def whole(path: Path) -> dict[int, tuple[str | None, ...]]:
    """Every row by its number."""
    chunks = list(read_table(path, "given.csv", TableOptions()))
    names = chunks[0].frame.columns
    return {int(n): row for one in chunks for n, row in zip(one.rows, one.frame.select(names).rows(), strict=True)}


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(LINE, max_size=25),
    end=END,
    quoted=st.integers(0, 60),
    cut=st.booleans(),
    asked=st.sets(st.integers(-1, 30), max_size=6),
)
def test_an_excerpt_gives_the_rows_that_the_whole_gives(
    lines: list[str], end: str, quoted: int, cut: bool, asked: set[int], tmp_path: Path
) -> None:
    """Whatever the ends of lines, rows of other lengths and a last line without its end; else there is none."""
    lines = [line + ('"x"' if at == quoted else "") for at, line in enumerate(lines)]
    text = end.join(["one,two,three", *lines]) + ("" if cut else end)
    path = tmp_path / "given.csv"
    path.write_bytes(text.encode())
    excerpt._begins.cache_clear()
    with (
        patch.object(excerpt, "SMALLEST", 0), patch.object(excerpt, "_BLOCK", 16), patch.object(excerpt, "_STEP", 3),
        excerpt.excerpt(path, asked) as few,
    ):  # fmt: skip
        if few is None:
            assert end in ("\r", "\n\n") or '"' in text or "#" in text or "" in lines
            return
        file, numbers = few
        told = {numbers[place - 1]: row for place, row in whole(file).items() if place <= len(numbers)}
    try:
        every = whole(path)
    except InputFormatError:  # its last row is held to be cut off
        return
    assert {row: cells for row, cells in told.items() if row in every} == {
        row: every[row] for row in asked & set(every)
    }
    # Rows that do not fit are told apart, and at the end of a file with no other behind them not at all.
    assert all(lines[row - 1].count(",") != 2 for row in set(told) - set(every))


def test_a_file_of_another_kind_has_no_excerpt(tmp_path: Path) -> None:
    """A workbook, a packed file, tags of HXL below the header, and a small file."""
    for start in (b"PK\x03\x04\0\0", b"\x1f\x8b\x08", b"a,b\n#date,#adm1\n", b"\na,b\n"):
        path = tmp_path / "given"
        path.write_bytes(start + b"some,cells\n" * 200_000)
        with excerpt.excerpt(path, {3}) as few:
            assert few is None
    small = tmp_path / "small.csv"
    small.write_text("a,b\n1,2\n")
    with excerpt.excerpt(small, {1}) as few:
        assert few is None
