"""Symbols: every pattern of the grammar, one normal form, both file-name directions, and nothing that is no symbol."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.collect.documents.characters import matching_form
from forewarn.collect.documents.symbol_names import file_name_of, symbol_of_address, symbol_of_file_name
from forewarn.collect.documents.symbols import (
    SYMBOL_CLASSES,
    Symbol,
    changed,
    find_symbols,
    parse_symbol,
    same_document,
)
from forewarn.errors import InputValueError

GRAMMAR = [
    ("S/PV.8091", "Security Council", "verbatim_record", "", None),
    ("S/PV.4143 (Resumption 1)", "Security Council", "verbatim_record", "", None),
    ("S/PV.4143 (Resumption 1)/Corr.1", "Security Council", "verbatim_record", "", None),
    ("S/PV.8144 (Part II)", "Security Council", "verbatim_record", "", None),
    ("A/63/PV.98", "General Assembly", "verbatim_record", "63", None),
    ("A/ES-10/PV.39", "General Assembly", "verbatim_record", "ES-10", None),
    ("A/C.1/70/PV.3", "First Committee", "verbatim_record", "70", None),
    ("A/BUR/63/SR.1", "General Committee of the General Assembly", "summary_record", "63", None),
    ("S/2018/462", "Security Council", "unknown", "", 2018),
    ("S/25704", "Security Council", "unknown", "", None),
    ("S/25704/Add.1", "Security Council", "unknown", "", None),
    ("S/RES/2286 (2016)", "Security Council", "resolution", "", 2016),
    ("S/PRST/2016/1", "Security Council", "presidential_statement", "", 2016),
    ("A/RES/60/1", "General Assembly", "resolution", "60", None),
    ("A/RES/377 (V)", "General Assembly", "resolution", "V", None),
    ("A/RES/ES-10/19", "General Assembly", "resolution", "ES-10", None),
    ("A/RES/48/103 A", "General Assembly", "resolution", "48", None),
    ("A/RES/48/103 A-C", "General Assembly", "resolution", "48", None),
    ("A/RES/217 A (III)", "General Assembly", "resolution", "III", None),
    ("A/RES/217 (III A)", "General Assembly", "resolution", "III", None),
    ("A/63/677", "General Assembly", "unknown", "63", None),
    ("A/HRC/39/64", "Human Rights Council", "unknown", "39", None),
    ("A/HRC/39/CRP.2", "Human Rights Council", "working_paper", "39", None),
    ("A/HRC/RES/S-17/1", "Human Rights Council", "resolution", "S-17", None),
    ("A/HRC/50/L.11", "Human Rights Council", "draft", "50", None),
    ("A/63/L.80/Rev.1", "General Assembly", "draft", "63", None),
    ("A/63/49 (Vol. I)", "General Assembly", "unknown", "63", None),
    ("A/64/1/Add.1-3", "General Assembly", "unknown", "64", None),
    ("A/CONF.183/9", "General Assembly", "conference", "", None),
    ("A/66/551-S/2011/701", "General Assembly", "unknown", "66", None),
    (
        "E/CN.4/Sub.2/AC.2/1987/WP.4/Add.1",
        "Sub-Commission on the Promotion and Protection of Human Rights",
        "working_paper",
        "",
        1987,
    ),
    (
        "HR/PUB/19/1",
        "Office of the United Nations High Commissioner for Human Rights",
        "publication",
        "",
        None,
    ),
    ("CCPR/C/21/Rev.1/Add.13", "Human Rights Committee", "unknown", "", None),
    ("CRC/C/GC/14", "Committee on the Rights of the Child", "unknown", "", None),
    ("ST/SGB/2003/13", "Secretariat", "unknown", "", 2003),
]
NO_SYMBOLS = [
    "A/C",
    "A/C.3",
    "A/HRC",
    "E/CN.4",
    "and/or",
    "S/he",
    "s/he 123",
    "A/H1N1",
    "08/11/2018",
    "3/16",
    "18-36821 (E)",
    "*1836821*",
    "",
    "S/",
    "/S/2018/462",
    "TCP/IP 4",
    "S/2018/462 (2018)",
    "S/٢٠١٨/462",
]


def found(text: str) -> list[str]:
    """Normal forms of the symbols a text prints."""
    return [symbol.normal for *_, symbol in find_symbols(matching_form(text).text)]


@pytest.mark.parametrize(("text", "organ", "cls", "session", "year"), GRAMMAR, ids=[row[0] for row in GRAMMAR])
def test_every_pattern_of_the_grammar_is_read(text: str, organ: str, cls: str, session: str, year: int | None) -> None:
    """Organ, class, session and year are what the symbol tells, and the normal form is its own."""
    symbol = parse_symbol(text)
    assert (text, organ, cls, session, year) == (symbol.normal, symbol.organ, symbol.cls, symbol.session, symbol.year)
    assert symbol == parse_symbol(symbol.normal)


@pytest.mark.parametrize("text", [row[0] for row in GRAMMAR])
def test_every_pattern_is_found_in_running_text(text: str) -> None:
    """A symbol in prose is found whole, and once, before a comma, a bracket and a full stop."""
    for before, after in ((" see ", ", which"), ("(", ")"), ("", "."), ("", "\n")):
        assert [text] == found(before + text + after)


@pytest.mark.parametrize("text", NO_SYMBOLS)
def test_what_is_no_symbol_is_none(text: str) -> None:
    """Abbreviations, dates, page and job numbers and names of bodies are refused."""
    with pytest.raises(InputValueError):
        parse_symbol(text)


def test_ordinary_prose_holds_no_symbols() -> None:
    """Slashes in prose find nothing."""
    prose = (
        "Each side and/or its allies, s/he or S/he, the A/C unit, influenza A/H1N1, on 08/11/2018, page 3/16, "
        "paper A/4, the Commission (E/CN.4), AC/DC/2000, 24/7, passport ID/1234, http://example.org/S/2018/462."
    )
    assert found(prose) == []


def test_case_02_hyphens_dashes_and_soft_hyphens_in_symbols() -> None:
    """Soft hyphens go; hyphens and dashes of every sort join as one does; the brackets get one space before them."""
    for joined in "-‑–":
        assert parse_symbol(f"A/66/551{joined}S/2011/701").normal == "A/66/551-S/2011/701"
    assert parse_symbol("A/HRC/RES/S‑17/1").normal == "A/HRC/RES/S-17/1"
    assert parse_symbol("S/PV.80\u00ad91").normal == "S/PV.8091"
    assert parse_symbol("S/RES/1970(2011)").normal == "S/RES/1970 (2011)"
    assert found("in S/PV.80\u00ad91 and A/66/551–\nS/2011/701") == ["S/PV.8091", "A/66/551-S/2011/701"]


def test_case_34_changes_are_laid_on_their_document() -> None:
    """A corrigendum is one of the document; a second addendum stands beside the first, not on it."""
    assert changed(parse_symbol("A/63/677"), "Corr.1").normal == "A/63/677/Corr.1"
    assert changed(parse_symbol("A/63/677/Add.1"), "Add.2").normal == "A/63/677/Add.2"
    assert changed(parse_symbol("A/63/L.80/Rev.1"), "Add.1").normal == "A/63/L.80/Rev.1/Add.1"


def test_case_34_reissue_star_is_kept_apart() -> None:
    """The star is a field, not part of the normal form."""
    symbol = parse_symbol("A/63/L.80/Rev.1*")
    assert symbol.reissue
    assert symbol.normal == "A/63/L.80/Rev.1"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("S/2019/373", "S/2019/373*", True),
        ("A/66/551–S/2011/701", "S/2011/701", True),
        ("A/66/551–S/2011/701", "S/2011/701-A/66/551", True),
        ("s/pv.8091", "S/PV.8091.", True),
        ("A/RES/217 (III A)", "A/RES/217 A (III)", True),
        ("S/25704", "S/25704/Add.1", False),
        ("S/PV.4143", "S/PV.4143 (Resumption 1)", False),
        ("A/63/677", "A/64/677", False),
    ],
)
def test_case_40_duplicates_share_a_key(first: str, second: str, same: bool) -> None:
    """Reissues and joint printings are one document; addenda and resumptions are others; order does not matter."""
    assert same is same_document(first, second)
    assert same is same_document(parse_symbol(second), parse_symbol(first))


def test_case_40_two_addresses_of_one_symbol() -> None:
    """Two addresses that carry one symbol name one document."""
    addresses = [
        "https://docs.example.org/en/S/2018/462",
        "https://docs.example.org/search?l=E&FinalSymbol=S%2F2018%2F462",
        "https://files.example.org/2018/S-2018-462.pdf",
        "https://files.example.org/S_2018_462-EN.pdf",
    ]
    assert {"S/2018/462"} == {symbol_of_address(address).key for address in addresses}
    with pytest.raises(InputValueError):
        symbol_of_address("https://files.example.org/annual-report.pdf")


@pytest.mark.parametrize("text", [row[0] for row in GRAMMAR if "-S/" not in row[0]])
def test_file_names_lead_back_to_their_symbols(text: str) -> None:
    """The name a symbol's file is given has no slash or space, and is read as that symbol again."""
    name = file_name_of(parse_symbol(text))
    assert not set("/ ") & set(name)
    assert text == symbol_of_file_name(f"{name}.pdf").normal


def test_file_names_as_collections_spell_them() -> None:
    """The spellings seen in collections are read, and the resumed record is written like theirs."""
    assert file_name_of(parse_symbol("S/PV.4143 (Resumption 1)")) == "S-PV-4143-Resu.1"
    assert symbol_of_file_name("S-PV.7606.html").normal == "S/PV.7606"
    assert symbol_of_file_name("A-66-551-S-2011-701").normal == "A/66/551-S/2011/701"
    assert symbol_of_file_name("S_RES_2286(2016)-EN.pdf").normal == "S/RES/2286 (2016)"


@pytest.mark.parametrize(("text", "doubts"), [("A/12/3", 1), ("S/1990/4", 1), ("E/1970/4", 1), ("A/31/1", 0)])
def test_a_year_or_session_before_the_series_bore_one_is_doubtful(text: str, doubts: int) -> None:
    """Assembly documents bear a session from the thirty-first, Council documents a year from 1994."""
    assert doubts == len(parse_symbol(text).doubts)


def test_classes_are_of_the_list_and_reports_stay_unknown() -> None:
    """A Council document may be a report, a letter or a draft: the cover page tells, the symbol does not."""
    assert {row[2] for row in GRAMMAR} <= set(SYMBOL_CLASSES)
    assert parse_symbol("S/2018/462").document_class == "unknown"
    assert parse_symbol("S/PV.8091").document_class == "verbatim_record"


PIECES = st.sampled_from(
    ["A", "S", "E", "/", "PV.", "RES", "L.", "C.", "63", "2018", "677", "(", ")", " ", "-", "–", "*", "Add.", "1", "V"]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_any_string_is_a_symbol_or_refused(text: str) -> None:
    """Whatever is put together from the grammar's pieces is refused, or has a normal form that reads as itself."""
    try:
        symbol = parse_symbol(text)
    except InputValueError:
        return
    assert isinstance(symbol, Symbol)
    assert symbol.normal == parse_symbol(symbol.normal).normal
    assert same_document(symbol, symbol)


@given(st.text(max_size=60))
def test_any_name_is_a_symbols_or_refused(text: str) -> None:
    """No name or address of a file crashes the reader."""
    for read in (symbol_of_file_name, symbol_of_address):
        try:
            assert isinstance(read(text), Symbol)
        except InputValueError:
            continue


@pytest.mark.parametrize(
    "unit", ["A/", "A/1", "A/63/677-", "S/PV.", "/1", "A/1 (", "S/1-S/1–", "E/CN.4/Sub.2/", "*", "A/63/677 A"]
)
def test_hostile_lines_finish(unit: str) -> None:
    """A hundred thousand characters of near-symbols are read to their end."""
    text = unit * (100_000 // len(unit))
    assert len(list(find_symbols(text))) <= len(text)
