"""PDF files made by hand: columns, furniture, and everything that is refused."""

from __future__ import annotations

import os
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.collect.documents.reading import SourceText, paragraph_spans, reading_form
from forewarn.collect.documents.reading.columns import (
    Gutter,
    Piece,
    UncertainLayoutError,
    blocks_of,
    find_gutter,
    rows_of,
)
from forewarn.collect.documents.reading.pdf import read_pdf
from forewarn.errors import InputFormatError

LEFT = """>Mr. Ode (Norway): The first column speaks of the
need to protect civilians in every armed conflict, and
it goes on for some lines so that its edge is straight
before its first paragraph comes to an end here.
>The second paragraph of the left column goes on at the
head of the right column, and it does so in the middle"""
RIGHT = """of its sentence, as records do on every page they have.
>Ms. Lim (Fiji): The other column holds a speaker of its
own, who agrees with what was said, and takes up as many
lines as the first one does, if not quite as many words.
>She ends with thanks to the presidency of the Council,
whose work she supports in the months that are to come."""


def two_columns(pdf: Any, *, top: float = 700) -> Any:
    """Put both columns on the page."""
    return pdf.lines(54, top, LEFT).lines(318, top, RIGHT)


def paragraphs(source: SourceText) -> list[str]:
    """The reading forms of all paragraphs."""
    return [reading_form(source, span)[0] for span in paragraph_spans(source, source.whole)]


SPOKEN = [
    "Mr. Ode (Norway): The first column",
    "The second paragraph of the left column",
    "Ms. Lim (Fiji): The other column",
    "She ends with thanks",
]


def starts(source: SourceText, expected: list[str]) -> bool:
    """Whether the paragraphs begin as expected, one for one."""
    found = paragraphs(source)
    return len(found) == len(expected) and all(map(str.startswith, found, expected))


def test_case_03_two_columns_are_read_one_after_the_other(pdf: Any) -> None:
    """A steady gutter makes two columns; the sentence that runs from one to the next is whole."""
    source = read_pdf(two_columns(pdf.page()).build(), "x.pdf")
    assert starts(source, SPOKEN)
    assert "in the middle of its sentence, as records do" in paragraphs(source)[1]


def test_case_03_columns_on_other_base_lines_and_in_any_order_of_writing(pdf: Any) -> None:
    """Neither the order inside the file nor a shift between the columns matters."""
    source = read_pdf(pdf.page().lines(318, 695, RIGHT).lines(54, 700, LEFT).build(), "x.pdf")
    assert starts(source, SPOKEN)


def test_case_03_a_block_over_the_whole_width_parts_the_columns(pdf: Any) -> None:
    """What stands above a full-width block is read before it, both columns of it; the rest after."""
    pdf.page()
    two_columns(pdf, top=700)
    pdf.line(
        54, 600, "A vote was taken by show of hands on the draft resolution that stands before the whole Council now."
    )
    two_columns(pdf, top=570)
    source = read_pdf(pdf.build(), "x.pdf")
    assert starts(source, [*SPOKEN, "A vote was taken by show of hands", *SPOKEN])


def test_case_03_a_line_across_both_columns_without_a_gap_is_refused(pdf: Any) -> None:
    """A full-width line close between the columns leaves the order uncertain: refused with page and reason."""
    pdf.page()
    two_columns(pdf, top=700)
    pdf.line(54, 629, "This line runs over both of the columns and nothing tells which of the two it might belong to.")
    two_columns(pdf, top=617)
    with pytest.raises(InputFormatError, match=r"x\.pdf, page 1: the order of its text is not certain"):
        read_pdf(pdf.build(), "x.pdf")


def test_case_03_three_columns_are_refused(pdf: Any) -> None:
    """More than two columns of prose are not read."""
    column = "\n".join(["here are words of a narrow column"] * 10)
    pdf.page().lines(40, 700, column).lines(220, 700, column).lines(400, 700, column)
    with pytest.raises(InputFormatError, match="not certain"):
        read_pdf(pdf.build(), "x.pdf")


def test_case_03_two_columns_that_may_be_a_table_are_refused(pdf: Any) -> None:
    """Cells of prose that start at the same height again and again could be read either way."""
    pdf.page()
    for row in range(6):
        cell = "a cell holds some words of prose and\nthey go on for a second line of it"
        pdf.lines(54, 700 - 40 * row, cell).lines(318, 700 - 40 * row, cell)
    with pytest.raises(InputFormatError, match="table"):
        read_pdf(pdf.build(), "x.pdf")


def test_one_column_is_read_from_the_top(pdf: Any) -> None:
    """Lines over the page are one column; an indented line begins a paragraph."""
    lines = "\n".join(
        ">" * (n % 4 == 0) + f"Line {n} of the text goes over the whole of the page as it does" for n in range(12)
    )
    source = read_pdf(pdf.page().lines(72, 700, lines).build(), "x.pdf")
    assert starts(source, ["Line 0 of", "Line 4 of", "Line 8 of"])


def test_a_roster_is_read_row_by_row(pdf: Any) -> None:
    """Names and their countries that stand apart on a line stay on one line."""
    pdf.page().line(54, 720, "Members:")
    for n, (state, name) in enumerate(
        (("Norway", "Mr. Ode"), ("Fiji", "Ms. Lim"), ("Togo", "Mr. Aho"), ("Chad", "Mr. Bu"))
    ):
        pdf.line(120, 720 - 12 * n, state).line(400, 720 - 12 * n, name)
    text = read_pdf(pdf.build(), "x.pdf").text
    assert [line.split() for line in text.splitlines() if line] == [
        ["Members:", "Norway", "Mr.", "Ode"],
        ["Fiji", "Ms.", "Lim"],
        ["Togo", "Mr.", "Aho"],
        ["Chad", "Mr.", "Bu"],
    ]


def test_case_39_heads_and_feet_are_furniture_and_sentences_go_on(pdf: Any) -> None:
    """Running heads and feet on alternate sides are marked, and a sentence goes on from page to page."""
    for number in (1, 2, 3):
        pdf.page()
        if number > 1:
            pdf.line(54, 750, "S/PV.9999").line(250, 750, "The situation in Testland").line(500, 750, "08/11/2018")
        pdf.lines(54, 700, LEFT + "\nof its way and").lines(
            318, 700, RIGHT[3:] + "\nand she goes on and on, and does not yet stop, and"
        )
        foot = f"{number}/3", "18-36821"
        pdf.line(54, 30, foot[number % 2]).line(530, 30, foot[1 - number % 2])
    source = read_pdf(pdf.build(), "x.pdf")
    assert len(source.pages) == 3
    marked = [source.text[span.start : span.end] for span in source.furniture]
    assert sum("18-36821" in words for words in marked) == 3
    assert sum("S/PV.9999" in words for words in marked) == 2
    read = paragraphs(source)
    assert not any("18-36821" in words or "S/PV.9999" in words for words in read)
    assert source.page_of(source.text.rindex("Mr. Ode")) == 3


def test_first_lines_that_come_back_close_to_the_body_are_read(pdf: Any) -> None:
    """Columns that begin alike on every page lose no line: a running head stands off from the body."""
    for _ in range(3):
        two_columns(pdf.page())
    assert starts(read_pdf(pdf.build(), "x.pdf"), SPOKEN * 3)


def test_a_centred_heading_of_two_lines_is_one_paragraph(pdf: Any) -> None:
    """The second line of a centred heading is no indented paragraph."""
    pdf.page().line(110, 740, "A vote was taken by show of hands on the draft resolution of the delegations, and it")
    pdf.line(200, 728, "stands before the whole of the Council")
    two_columns(pdf, top=700)
    assert starts(read_pdf(pdf.build(), "x.pdf"), ["A vote was taken", *SPOKEN])


def test_case_01_hyphens_at_line_ends_survive_the_pdf(pdf: Any) -> None:
    """A hyphen at the end of a printed line is a hyphen of the text, settled by the one rule."""
    pdf.page().lines(72, 700, "We meet again next week in Nur-\nSultan for the security-\ndevelopment nexus.")
    (read,) = paragraphs(read_pdf(pdf.build(), "x.pdf"))
    assert read == "We meet again next week in Nur-Sultan for the security-development nexus."


def test_case_21_no_text_layer(pdf: Any) -> None:
    """A scan is refused in so many words, even with invisible recognised text under the image."""
    blank = pdf.page().raw(b"0.5 g 0 0 612 792 re f").build()
    with pytest.raises(InputFormatError, match="has no text layer"):
        read_pdf(blank, "x.pdf")
    pdf.lines(72, 700, "").line(72, 700, "Recognised text that nobody has checked", mode=3)
    with pytest.raises(InputFormatError, match="has no text layer"):
        read_pdf(pdf.build(), "x.pdf")


def test_case_42_hidden_text_is_left_out_and_told(pdf: Any) -> None:
    """Invisible, white, tiny and off-page text is not read; how much there was is told."""
    pdf.page().line(72, 700, "What can be seen on the page is read.")
    pdf.line(72, 600, "ignore all rules", mode=3).line(72, 580, "obey", grey=1).line(72, 560, "tiny", size=0.5)
    pdf.line(-400, 540, "outside")
    source = read_pdf(pdf.build(), "x.pdf")
    assert source.text.strip() == "What can be seen on the page is read."
    assert source.flags == ("hidden_text",)
    assert source.notes == ("29 characters that cannot be seen on the page were left out.",)


def test_white_text_on_a_dark_bar_is_read(pdf: Any) -> None:
    """White letters on a filled shape can be seen and are read."""
    pdf.page().raw(b"0 g 50 690 500 30 re f").line(72, 700, "White on black", grey=1)
    assert read_pdf(pdf.build(), "x.pdf").text.strip() == "White on black"


def test_text_set_sideways_is_left_out_and_told(pdf: Any) -> None:
    """Text that stands upright along the edge is not mixed into the lines."""
    pdf.page().line(72, 700, "A line of the page.").raw(b"BT /F1 8 Tf 0 1 -1 0 20 300 Tm (1836821) Tj ET")
    source = read_pdf(pdf.build(), "x.pdf")
    assert (source.text.strip(), source.flags) == ("A line of the page.", ("turned_text",))


def test_encrypted_files_are_refused(pdf: Any) -> None:
    """A file that asks for a password is refused as encrypted."""
    pdf.trailer = (
        b"/ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
        + b"41" * 32
        + b"> /U <"
        + b"42" * 32
        + b"> >> "
    )
    with pytest.raises(InputFormatError, match="is encrypted"):
        read_pdf(pdf.page().line(72, 700, "secret").build(), "x.pdf")


@pytest.mark.parametrize("data", [b"%PDF-1.4\n", b"%PDF-1.7 garbage" * 50])
def test_broken_files_are_refused(data: bytes) -> None:
    """What is no PDF behind its first bytes is refused."""
    with pytest.raises(InputFormatError, match=r"x\.pdf: is no whole PDF; get it again"):
        read_pdf(data, "x.pdf")


def test_case_21_a_page_of_a_hundred_megabytes_of_blanks_has_no_text(pdf: Any) -> None:
    """A page that unpacks to blanks only is refused as what it is."""
    with pytest.raises(InputFormatError, match="has no text layer"):
        read_pdf(pdf.page().raw(b" " * 100_000_000).build(), "x.pdf")


def test_a_bomb_is_refused(pdf: Any) -> None:
    """A small file that unpacks to more than memory can hold ends its own process, and ours refuses it."""
    began = time.monotonic()
    with pytest.raises(InputFormatError, match=r"too much memory|takes too long"):
        read_pdf(pdf.page().raw(b"q " * 60_000_000).build(), "x.pdf")
    assert time.monotonic() - began < 60


def test_a_record_of_forty_pages_takes_under_two_seconds(pdf: Any) -> None:
    """Forty dense pages in two columns are read in under two seconds (measured: about one)."""
    lines = [LEFT.replace(">", "").splitlines(), RIGHT.replace(">", "").splitlines()]
    for _ in range(40):
        pdf.page()
        for x, column in zip((54, 318), lines, strict=True):
            pdf.lines(x, 720, "\n".join(column * 9))
    data = pdf.build()
    began = os.times()
    source = read_pdf(data, "x.pdf")
    ended = os.times()
    assert len(source.pages) == 40
    spent = sum(getattr(ended, part) - getattr(began, part) for part in ("user", "system", "children_user"))
    assert spent < 3.0  # processor time, with room for a machine that is busy with something else


_PIECES = st.lists(
    st.tuples(
        st.integers(0, 600), st.integers(1, 300), st.integers(0, 60), st.sampled_from(["a", "words of some prose", "."])
    ),
    max_size=40,
)


@given(_PIECES, st.booleans())
def test_every_piece_of_a_page_is_read_once_or_the_page_refused(
    found: list[tuple[int, int, int, str]], sided: bool
) -> None:
    """However pieces lie on a page, all of them come out in its lines, or the page is refused."""
    pieces = [Piece(left, left + wide, 12 * row, 10, words) for left, wide, row, words in found]
    kept = [piece for row in rows_of(pieces) for piece in row]
    try:
        gutter = find_gutter(kept, 612) or (Gutter(300, 312) if sided else None)
        blocks = blocks_of(kept, gutter)
    except UncertainLayoutError:
        return
    read = sorted(word for block in blocks for line in block.lines for word in line.words.split())
    assert read == sorted(word for piece in kept for word in piece.words.split())


@settings(max_examples=12)
@given(st.data())
def test_damaged_files_are_read_or_refused(data: st.DataObject) -> None:
    """Bytes changed, cut or repeated anywhere give text or one clear error."""
    whole = bytearray(_small())
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    try:
        source = read_pdf(bytes(whole[:cut]) if data.draw(st.booleans()) else bytes(whole), "x.pdf")
    except InputFormatError:
        return
    paragraphs(source)


def _small() -> bytes:
    # The same few objects as the fixture makes, uncompressed so that damage reaches the operators.
    stream = b"BT /F1 10 Tf 72 700 Td (One line.) Tj 0 -12 Td (Another line.) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF"
