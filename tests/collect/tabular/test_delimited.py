"""CSV files are read exactly, numbered from 1, and a file that is not whole is told so."""

from __future__ import annotations

import csv
import gzip
import io
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect.tabular import Chunk, TableOptions, delimited, read_table
from forewarn.errors import ForewarnError, InputEncodingError, InputFormatError

CELL = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


def read(folder: Path, data: bytes, **options: str) -> list[Chunk]:
    """The chunks of some bytes."""
    path = folder / "given"
    path.write_bytes(data)
    return list(read_table(path, "given.csv", TableOptions(**options)))


def cells(chunks: list[Chunk]) -> list[tuple[str | None, ...]]:
    """All rows of all chunks."""
    return [row for chunk in chunks for row in chunk.frame.rows()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_told_apart(tmp_path: Path, delimiter: str, end: str) -> None:
    """The delimiter is seen from the header; every usual line end, a byte-order mark and blank lines are taken."""
    text = f"id{delimiter}name{end}1{delimiter}Ana{end}{end}2{delimiter}{end}"
    (chunk,) = read(tmp_path, b"\xef\xbb\xbf" + text.encode())
    assert chunk.frame.columns == ["id", "name"]
    assert chunk.frame.rows() == [("1", "Ana"), ("2", None)]
    assert chunk.rows.to_list() == [1, 2]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8), st.sampled_from([64, 256, 32 << 20]))
def test_what_was_written_is_read(tmp_path: Path, rows: list[tuple[str, str, str]], block: int) -> None:
    """Any cells that the standard library writes come back unchanged, in blocks of any size."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b", "c"), *rows])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_BLOCK", max(block, 8 * max(len(line) for line in text.getvalue().split('"\n"'))))
        got = cells(read(tmp_path, text.getvalue().encode()))
    assert got == [tuple(cell or None for cell in row) for row in rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.binary(max_size=200) | st.text(alphabet='ab,"\n\r;\t\x00é', max_size=80).map(str.encode))
def test_no_bytes_break_the_reader(tmp_path: Path, data: bytes) -> None:
    """Whatever the bytes, they are read or refused in one of our own errors; rows are numbered without a gap."""
    try:
        chunks = read(tmp_path, data)
    except ForewarnError:
        return
    numbers = [number for chunk in chunks for number in chunk.rows]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (b"a,b,c\n1,2,3\n4,5\n", 2),
        (b"a,b,c\n1,2,3\n4,5", 2),
        (b'a,b,c\n1,2,3\n4,5,"never closed\n7,8,9\n', 2),
        (b'a,b,c\n1,2,3\n4,"never closed, 5\n', 2),
        (b'a,b,c\n"', 1),
        (b"a,b,c\n1,2,3\n4,5,6\n7", 3),
    ],
)
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, data: bytes, row: int) -> None:
    """A last row without all its cells, or a quote left open, means that the file is not whole; the row is named."""
    with pytest.raises(InputFormatError, match=rf"given.csv: is cut off in row {row}\b.*get the whole file again"):
        read(tmp_path, data)


def test_rows_that_do_not_fit_keep_their_places(tmp_path: Path) -> None:
    """A row with too few or too many cells is a fault of that row; its neighbours keep their numbers."""
    (chunk,) = read(tmp_path, b"a,b,c\n1,2\n4,5,6\n7,8,9,10\n\n11,12,13\n")
    assert chunk.rows.to_list() == [1, 2, 3, 4]
    assert chunk.frame.rows()[0] == ("1", "2", None)
    assert chunk.frame.rows()[2] == ("7", "8", "9")
    assert chunk.faults.select("row", "reason").rows() == [
        (1, "has 2 cells where the header has 3"),
        (3, "has 4 cells where the header has 3"),
    ]


def test_rows_that_do_not_fit_keep_their_places_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers stay right when faults lie in any of many blocks, whole blocks of them included."""
    monkeypatch.setattr(delimited, "_BLOCK", 300)
    monkeypatch.setattr(delimited, "HEAD_BYTES", 64)
    lines = [f"{n},x" if n % 7 == 3 or 200 < n < 400 else f"{n},x,y" for n in range(1, 1001)]
    chunks = read(tmp_path, ("a,b,c\n" + "\n".join(lines) + "\n").encode())
    assert len(chunks) > 5
    assert [(int(c), n) for chunk in chunks for c, n in zip(chunk.frame["a"], chunk.rows, strict=True)] == [
        (n, n) for n in range(1, 1001)
    ]
    found = sorted(row for chunk in chunks for row in chunk.faults["row"])
    assert found == [n for n in range(1, 1001) if n % 7 == 3 or 200 < n < 400]


def test_little_is_read_ahead_of_its_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a chunk is in use, a few more blocks are read and no more, whatever the file's length."""
    counted: list[int] = []
    own = delimited._Marked.read

    def counting(self: delimited._Marked, size: int = -1) -> bytes:
        block = own(self, size)
        counted.append(len(block))
        return block

    monkeypatch.setattr(delimited, "_BLOCK", 1000)
    monkeypatch.setattr(delimited, "HEAD_BYTES", 64)
    monkeypatch.setattr(delimited._Marked, "read", counting)
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" + "1,2\n" * 50_000)
    chunks = read_table(path, "long.csv")
    next(chunks)
    time.sleep(5 * delimited._PATIENCE_SECONDS)
    assert len(counted) < 15
    assert sum(chunk.frame.height for chunk in chunks) > 45_000
    assert len(counted) > 150


def test_a_row_longer_than_a_block_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory stays bounded: a quote that swallows megabytes is refused, with the row from which on."""
    monkeypatch.setattr(delimited, "_BLOCK", 1000)
    with pytest.raises(InputFormatError, match=r"row 2 or later: a row is longer than"):
        read(tmp_path, b'a,b\n1,2\n3,"' + b"x\n" * 5000 + b'"\n')


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"a,b\n1,caf\xe9\n", "line 2: byte 10 is not UTF-8"),
        (b"a,b\n1,2\n\n3,\xc3", "line 4: byte 12 is not UTF-8"),
        ("a,b\n1,é\n".encode("utf-16"), "is UTF-16"),
    ],
)
def test_other_encodings_are_refused_with_their_place(tmp_path: Path, data: bytes, where: str) -> None:
    """The byte and the line are named, and what to do."""
    with pytest.raises(InputEncodingError, match=where) as caught:
        read(tmp_path, data)
    assert "save" in caught.value.mend


def test_a_nul_byte_is_refused_with_its_line(tmp_path: Path) -> None:
    """A NUL means a damaged or binary file."""
    with pytest.raises(InputFormatError, match="line 3: holds a NUL byte"):
        read(tmp_path, b"a,b\n1,2\n3,\x00\n")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"a,b,a\n1,2,3\n", "the column 'a' twice"),
        (b'"a,b\n1,2\n', "quote in it is never closed"),
        (b"," * 2001 + b"\n", "2,002 columns"),
        (b"\xd0\xcf\x11\xe0 old excel", "old Excel format"),
        (b"%PDF-1.7", "is a PDF"),
    ],
)
def test_headers_that_cannot_be_used_are_refused(tmp_path: Path, data: bytes, words: str) -> None:
    """The message says what is wrong with the file as a whole."""
    with pytest.raises(InputFormatError, match=words):
        read(tmp_path, data)


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    """No row, no chunk, no error."""
    assert cells(read(tmp_path, b"a,b\n")) == []
    assert cells(read(tmp_path, b"a,b")) == []


def test_a_blank_column_name_is_numbered(tmp_path: Path) -> None:
    """The unnamed first column that R writes gets a name."""
    (chunk,) = read(tmp_path, b'"","b"\n"1","x"\n')
    assert chunk.frame.columns == ["column 1", "b"]


def test_a_declared_delimiter_wins(tmp_path: Path) -> None:
    """What is declared is not guessed."""
    (chunk,) = read(tmp_path, b"a,b|c\n1,2|3\n", delimiter="|")
    assert chunk.frame.columns == ["a,b", "c"]


def test_gzip_is_unpacked_and_guarded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gzipped CSV is read; a cut-off one and one that unpacks out of proportion are refused."""
    packed = gzip.compress(b"a,b\n" + b"1,2\n" * 5000)
    assert len(cells(read(tmp_path, packed))) == 5000
    with pytest.raises(InputFormatError, match=r"is cut off \(gzip\)"):
        read(tmp_path, packed[:-9])
    with pytest.raises(InputFormatError, match=r"damaged gzip|cut off"):
        read(tmp_path, packed[:12] + b"\xff\xff\xff" + packed[15:])
    monkeypatch.setattr("forewarn.collect.tabular.opening._SMALL", 1000)
    with pytest.raises(InputFormatError, match="unpacks to more than 200 times"):
        read(tmp_path, gzip.compress(b"a,b\n" + b"1,2\n" * 1_000_000))


def test_cells_are_never_interpreted(tmp_path: Path) -> None:
    """Leading zeros, exponents and words that look like missing values stay text."""
    (chunk,) = read(tmp_path, b"a,b,c,d\n007,1e5,NA,null\n")
    assert chunk.frame.rows() == [("007", "1e5", "NA", "null")]
    assert set(chunk.frame.dtypes) == {pl.String}


_ONE_ROW = """
import sys
from pathlib import Path
from forewarn.collect.tabular import TableOptions, delimited
delimited._BLOCK = 1 << 16
for _ in range(20):
    chunks = delimited.read_delimited(Path(sys.argv[1]), "given.csv", TableOptions())
    assert next(chunks).frame.height
    chunks.close()
"""


def test_who_stops_reading_early_waits_for_nobody(tmp_path: Path) -> None:
    """One row of a long file is looked up again and again; in a process of its own, for what hangs there cannot end."""
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" + "".join(f"{number},some words of a row\n" for number in range(100_000)))
    done = subprocess.run([sys.executable, "-c", _ONE_ROW, str(path)], timeout=120, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
