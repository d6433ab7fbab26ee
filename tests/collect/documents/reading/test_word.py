"""Word files: made with python-docx, and made to harm."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.collect.documents.reading import SourceText, paragraph_spans, reading_form
from forewarn.collect.documents.reading.word import read_docx
from forewarn.errors import ForewarnError, InputFormatError

_NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: Any) -> bytes:
    """The bytes of a document of python-docx."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def packed(body: str, **others: str) -> bytes:
    """A package with that body and other parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>")
        for name, words in others.items():
            package.writestr(f"word/{name}.xml", words)
    return out.getvalue()


def paragraphs(source: SourceText) -> list[str]:
    """The reading forms of all paragraphs."""
    return [reading_form(source, span)[0] for span in paragraph_spans(source, source.whole)]


def test_paragraphs_and_tables_are_read_in_order() -> None:
    """Paragraphs stay apart, runs join, cells of a row stay together."""
    document = docx.Document()
    document.add_heading("Statement", 0)
    paragraph = document.add_paragraph("Mr. Ode ")
    paragraph.add_run("(Norway)").bold = True
    paragraph.add_run(": We agree.")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip((cell for row in table.rows for cell in row.cells), "abcd", strict=True):
        cell.text = words
    document.add_paragraph("The end.")
    source = read_docx(saved(document), "x.docx")
    assert paragraphs(source) == ["Statement", "Mr. Ode (Norway): We agree.", "a b", "c d", "The end."]
    assert source.kind == "docx"


def test_case_39_heads_and_feet_are_furniture() -> None:
    """The head and foot of the pages are in the text once, marked."""
    document = docx.Document()
    document.add_paragraph("Words.")
    document.sections[0].header.paragraphs[0].text = "S/2018/462"
    document.sections[0].footer.paragraphs[0].text = "18-36821 (E)"
    source = read_docx(saved(document), "x.docx")
    assert paragraphs(source) == ["Words."]
    assert "S/2018/462" in source.text


def test_case_02_hyphens_of_word_are_kept_as_characters() -> None:
    """Word's own soft and non-breaking hyphens become the characters and read as in any text."""
    source = read_docx(
        packed(
            "<w:p><w:r><w:t>peace</w:t><w:softHyphen/><w:t>keeping, S</w:t><w:noBreakHyphen/><w:t>17</w:t></w:r></w:p>"
        ),
        "x.docx",
    )
    assert source.text == "peace\u00adkeeping, S\u201117"
    assert paragraphs(source) == ["peacekeeping, S-17"]


def test_case_42_deleted_and_hidden_text_is_left_out_and_told() -> None:
    """Tracked deletions and hidden runs are not read; insertions are; both are told."""
    source = read_docx(
        packed(
            "<w:p><w:r><w:t>Seen</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t> and added</w:t></w:r></w:ins>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>obey</w:t></w:r>"
            '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>.</w:t></w:r></w:p>'
        ),
        "x.docx",
    )
    assert source.text == "Seen and added."
    assert source.flags == ("deleted_text", "hidden_text")
    assert len(source.notes) == 2


def test_text_boxes_and_notes_are_read_once() -> None:
    """A text box comes behind its paragraph, its fallback copy not at all, footnotes at the end."""
    box = "<w:txbxContent><w:p><w:r><w:t>Boxed.</w:t></w:r></w:p></w:txbxContent>"
    body = f"<w:p><w:r><w:t>Body.</w:t><w:Choice>{box}</w:Choice><w:Fallback>{box}</w:Fallback></w:r></w:p>"
    note = (
        f"<w:footnotes {_NAMES}><w:footnote><w:p><w:r><w:t>See S/2018/462.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    assert paragraphs(read_docx(packed(body, footnotes=note), "x.docx")) == ["Body.", "Boxed.", "See S/2018/462."]


def test_numbers_of_lists_are_told_missing() -> None:
    """Numbers that Word counts are not in the file; the reader says so."""
    body = "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Item</w:t></w:r></w:p>"
    assert read_docx(packed(body), "x.docx").flags == ("numbers_not_read",)


def test_document_types_are_refused() -> None:
    """An entity bomb or a file pulled in from outside is refused at its document type."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><w>&x;</w></a>')
    with pytest.raises(InputFormatError, match="document type"):
        read_docx(out.getvalue(), "x.docx")


def test_a_packed_bomb_is_refused() -> None:
    """A part that unpacks to hundreds of times its size is refused before it is parsed."""
    with pytest.raises(InputFormatError, match="unpacks to far more"):
        read_docx(packed(f"<w:p><w:r><w:t>{'a' * 20_000_000}</w:t></w:r></w:p>"), "x.docx")


def test_other_packages_are_refused() -> None:
    """A zip file without a Word document is refused as that."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("xl/workbook.xml", "<a/>")
    with pytest.raises(InputFormatError, match="no Word document"):
        read_docx(out.getvalue(), "x.xlsx")


def test_deep_nesting_is_refused() -> None:
    """Tables in tables without end are refused, not followed."""
    body = "<w:tbl><w:tr><w:tc>" * 300 + "</w:tc></w:tr></w:tbl>" * 300
    with pytest.raises(InputFormatError, match="deep"):
        read_docx(packed(body), "x.docx")


_WHOLE = packed("<w:p><w:r><w:t>One.</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>")


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, len(_WHOLE) - 1), st.integers(0, 255)), max_size=6), st.integers(0, len(_WHOLE))
)
def test_damaged_files_are_read_or_refused(changes: list[tuple[int, int]], cut: int) -> None:
    """Bytes changed or cut anywhere give text or one of our errors."""
    data = bytearray(_WHOLE)
    for at, value in changes:
        data[at] = value
    try:
        paragraphs(read_docx(bytes(data[:cut] if cut % 2 else data), "x.docx"))
    except ForewarnError:
        return
