"""XLSX sheets are read as text, after the archive has proved its size."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from forewarn.collect.tabular import TableOptions, read_table, workbook
from forewarn.errors import InputFormatError, UnknownNameError

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def cell(value: str | float) -> str:
    """One cell of a sheet."""
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>' if value else "<c/>"
    return f"<c><v>{value}</v></c>"


def write_workbook(path: Path, sheets: dict[str, Sequence[Sequence[str | float]]]) -> None:
    """The smallest workbook that spreadsheets open."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        archive.writestr(
            "[Content_Types].xml",
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            f"{kinds}</Types>",
        )
        archive.writestr(
            "_rels/.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        named = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1))
        archive.writestr(
            "xl/workbook.xml",
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{named}</sheets></workbook>',
        )
        links = "".join(
            f'<Relationship Id="r{n}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
        )
        for n, rows in enumerate(sheets.values(), 1):
            lines = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
            archive.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>',
            )


SHEETS = {"First": [["a", "b"], ["x", 3], ["", ""], ["y", 2.5]], "Second": [["c"], ["z"]]}


def test_a_sheet_is_read_as_text(tmp_path: Path) -> None:
    """The first sheet unless one is named; whole numbers without a point; empty rows are not counted."""
    write_workbook(tmp_path / "book", SHEETS)
    (chunk,) = read_table(tmp_path / "book", "book.xlsx")
    assert chunk.frame.columns == ["a", "b"]
    assert chunk.frame.rows() == [("x", "3"), ("y", "2.5")]
    assert chunk.rows.to_list() == [1, 2]
    (chunk,) = read_table(tmp_path / "book", "book.xlsx", TableOptions(sheet="Second"))
    assert chunk.frame.rows() == [("z",)]


def test_an_unknown_sheet_is_told_with_the_nearest(tmp_path: Path) -> None:
    """A slip of the pen is answered with the name that was meant."""
    write_workbook(tmp_path / "book", SHEETS)
    with pytest.raises(UnknownNameError, match="no sheet 'Secnd'; the nearest is 'Second'"):
        list(read_table(tmp_path / "book", "book.xlsx", TableOptions(sheet="Secnd")))


@pytest.mark.parametrize("cut", [10, 400, -30])
def test_a_cut_off_workbook_is_refused(tmp_path: Path, cut: int) -> None:
    """A workbook that is not whole is one error, not a crash."""
    write_workbook(tmp_path / "book", SHEETS)
    (tmp_path / "book").write_bytes((tmp_path / "book").read_bytes()[:cut])
    with pytest.raises(InputFormatError, match="damaged or cut-off workbook"):
        list(read_table(tmp_path / "book", "book.xlsx"))


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    """A ZIP of something else is told as such."""
    with zipfile.ZipFile(tmp_path / "book", "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(InputFormatError, match="cannot be read as an XLSX"):
        list(read_table(tmp_path / "book", "book.xlsx"))


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What unpacks to far more than it is, is never given to the reader of sheets."""
    with zipfile.ZipFile(tmp_path / "book", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 30_000_000)
    monkeypatch.setattr(workbook.fastexcel, "read_excel", lambda _: pytest.fail("opened"))
    with pytest.raises(InputFormatError, match="unpacks to more than"):
        list(read_table(tmp_path / "book", "book.xlsx"))


def test_the_real_spreadsheet_is_read(shared_data: Path) -> None:
    """The publisher's workbook: 624 rows below a hashtag row."""
    chunks = list(read_table(shared_data / "feeds" / "protection_in_danger_2020_2023.xlsx", "given.xlsx"))
    assert sum(chunk.frame.height for chunk in chunks) == 624
    assert chunks[0].notes == (("hashtag row skipped", 1),)
    assert chunks[0].frame["Date"][0] == "2023-08-22 00:00:00"
