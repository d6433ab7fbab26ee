"""Symbols as files and addresses are named after them, in both directions.

Owns the spelling in which ``/`` has become ``-`` or ``_`` and the ways an address carries a symbol. A name that could
be read as two symbols is read as none.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from forewarn.collect.documents.symbols import Symbol, parse_symbol
from forewarn.errors import InputValueError

__all__ = ["file_name_of", "symbol_of_address", "symbol_of_file_name"]

_LONGEST = 300
_ENDING = re.compile(r"\.(?:pdf|html?|txt|md|docx?|xml)$", re.IGNORECASE)
_LANGUAGE = re.compile(r"[-_](?:EN|FR|ES|RU|AR|ZH|E|F)$")
_RECORD = re.compile(r"^S-PV\.(?=\d)")
_TOKEN = re.compile(r"\([^()]{1,20}\)|[^-_ ()]+")
_CHANGE = re.compile(r"(?:Add|Corr|Rev|Amend)\.\d+", re.IGNORECASE)
_NAMED = re.compile(r"part\.?(\d{1,2}|[IVX]{1,5})|resu\.(\d{1,2})", re.IGNORECASE)
_LETTERED = re.compile(r"\d+[A-Z]")


def file_name_of(symbol: Symbol) -> str:
    """The name, without ending, a file of that document is kept under: ``S-PV-4143-Resu.1``, ``S-RES-2286(2016)``.

    ``/`` becomes ``-``, spaces go, a resumption is ``Resu.``; the full stop behind ``PV`` goes in Council records
    only, as the collections of them are named. Joint symbols are named after the first; a reissue has the same name.
    """
    text = symbol.each[0].normal.replace(" (Resumption ", "/Resu.").replace(" (Part ", "/Part.")
    if "/Resu." in text or "/Part." in text:
        text = text.replace(")", "")
    text = re.sub(r" (?=[^()]*\))", "_", text).replace("_(", "(")
    return _RECORD.sub("S-PV-", text.replace("/", "-").replace(" ", ""))


def symbol_of_file_name(name: str) -> Symbol:
    """The symbol a file is named after; ending and language behind it are passed over.

    Raises:
        InputValueError: the name is no symbol's.
    """
    stem = _LANGUAGE.sub("", _ENDING.sub("", name[:_LONGEST].replace("\\", "/").rsplit("/", 1)[-1]))
    tokens = [token.replace("_", " ") for token in _TOKEN.findall(stem)]
    return parse_symbol("-".join(_slashed(_mended(each)) for each in _from_second_series(tokens)))


def _from_second_series(tokens: list[str]) -> list[list[str]]:
    """The tokens, apart where a second symbol begins: a series with a year or a long number behind it."""
    found: list[list[str]] = [[]]
    for place, token in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else ""
        joint = token in ("A", "S", "E") and len(found[-1]) > 2 and found[-1][0] != token and _opens(token, following)
        if joint:
            found.append([])
        found[-1].append(token)
    return found


def _opens(series: str, following: str) -> bool:
    return following[:1].isdigit() and (len(following) > 2 or series != "S")


def _mended(tokens: list[str]) -> list[str]:
    """Special sessions (``S`` ``17``), ranges, and ``PV`` with its number put together again."""
    found: list[str] = []
    for token in tokens:
        between = _between(found[-1], token, inside=len(found) > 1) if found else ""
        if between:
            found[-1] += between + token
        else:
            found.append(token)
    return found


def _between(last: str, token: str, *, inside: bool) -> str:
    """What stood between two tokens that belong together; empty when a slash did."""
    if re.fullmatch(r"[A-Z]", token):
        return "-" if _LETTERED.fullmatch(last) else ""
    if not token.isdigit():
        return ""
    if last.casefold() in ("pv", "sr"):
        return "."
    special = inside and last in ("S", "ES") and len(token) <= 2
    return "-" if special or _CHANGE.fullmatch(last) else ""


def _slashed(tokens: list[str]) -> str:
    text = tokens[0] if tokens else ""
    for token in tokens[1:]:
        text += _as_printed(token, after_number=text[-1:].isdigit())
    return text


def _as_printed(token: str, *, after_number: bool) -> str:
    """A token with what stands before it in the printed symbol."""
    if named := _NAMED.fullmatch(token):
        return f" (Part {named[1]})" if named[1] else f" (Resumption {named[2]})"
    if token.startswith("(") or (after_number and re.fullmatch(r"[A-Z]", token)):
        return f" {token}"
    if re.fullmatch(r"\d+[A-Z]-[A-Z]", token):
        return f"/{token[:-3]} {token[-3:]}"
    return f"/{token}"


def symbol_of_address(address: str) -> Symbol:
    """The symbol an address on the web carries, in its path, its query or the name of its file.

    Raises:
        InputValueError: it carries none.
    """
    parts = urlsplit(unquote(address[:_LONGEST]))
    pieces = [piece for piece in parts.path.split("/") if piece]
    queried = [value for pair in parts.query.split("&") if (value := pair.partition("=")[2])]
    for text in (*queried, *("/".join(pieces[place:]) for place in range(len(pieces)))):
        try:
            return parse_symbol(_ENDING.sub("", text))
        except InputValueError:
            continue
    return symbol_of_file_name(pieces[-1] if pieces else address)
