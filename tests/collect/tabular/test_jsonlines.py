"""JSON Lines are read line by line; one bad line costs one row."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect.tabular import Chunk, jsonlines, read_table
from forewarn.errors import ForewarnError, InputFormatError


def read(folder: Path, data: bytes) -> list[Chunk]:
    """The chunks of some bytes."""
    (folder / "given").write_bytes(data)
    return list(read_table(folder / "given", "given.jsonl"))


def test_values_stay_as_written(tmp_path: Path) -> None:
    """Numbers keep their digits, truth values their words, nested values their JSON; null and blank are missing."""
    (chunk,) = read(tmp_path, b'{"a": 23.690225000, "b": true, "c": [1, {"d": 2}], "e": null, "f": ""}\n')
    assert chunk.frame.rows() == [("23.690225000", "true", '["1",{"d":"2"}]', None, None)]


def test_keys_may_come_and_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row without a key has a missing cell; a key once seen stays a column."""
    monkeypatch.setattr(jsonlines, "_ROWS", 2)
    chunks = read(tmp_path, b'{"a": 1}\n{"b": 2}\n\n{"a": 3}\n')
    assert [chunk.frame.columns for chunk in chunks] == [["a", "b"], ["a", "b"]]
    assert chunks[1].frame.rows() == [("3", None)]
    assert chunks[1].rows.to_list() == [3]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"[1]", "is not a JSON object"),
        (b'{"a": NaN}', "holds NaN"),
        (b'{"a": 1', "is not valid JSON"),
        (b'{"a": "\\u0000"}', "NUL or half a character"),
        (b'{"a": "\\ud800"}', "NUL or half a character"),
        (b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}", "is nested more than 32 deep"),
    ],
)
def test_a_bad_line_is_a_fault_of_its_row(tmp_path: Path, line: bytes, reason: str) -> None:
    """Its number and the reason are told, and the other rows are read."""
    (chunk,) = read(tmp_path, b'{"a": "x"}\n' + line + b'\n{"a": "y"}\n')
    assert chunk.frame["a"].to_list() == ["x", None, "y"]
    ((row, told),) = chunk.faults.select("row", "reason").rows()
    assert (row, reason in told) == (2, True)


def test_a_file_that_breaks_off_is_refused(tmp_path: Path) -> None:
    """A last line that is no whole object, without a line end, means that the file is cut off."""
    with pytest.raises(InputFormatError, match="cut off in row 2"):
        read(tmp_path, b'{"a": 1}\n{"a": "b')


def test_a_json_list_is_refused_with_the_mend(tmp_path: Path) -> None:
    """One JSON document is not JSON Lines."""
    with pytest.raises(InputFormatError, match="one object a line"):
        read(tmp_path, b'[{"a": 1}]')


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(st.text(alphabet='{}[]":,ab1\\n\\u ', max_size=60).map(lambda text: ("{" + text).encode()))
def test_no_text_breaks_the_reader(tmp_path: Path, data: bytes) -> None:
    """Whatever stands there, it is read or refused in one of our own errors."""
    try:
        chunks = read(tmp_path, data)
    except ForewarnError:
        return
    assert sum(chunk.frame.height for chunk in chunks) >= 1
