"""What publishers' answers must look like: pages of rows, listings of files, catalogues of data sets, tokens.

Owns the reading of just as much of an answer as is needed to go on to the next. Refuses, naming the field, every
answer that lacks what the channel's YAML says is there: a changed interface is an issue report, never a guess.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forewarn.collect.channels.fetch import Catalogue, Listing, Paging
from forewarn.errors import InputFormatError, shorten

__all__ = ["LARGEST_PAGE", "ListedFile", "Page", "catalogue_files", "listed_files", "page_of", "token_of"]

LARGEST_PAGE = 64_000_000
"""Bytes a page, listing or catalogue may have: it is read into memory as a whole."""

_MEND = "the publisher has changed what it gives; report it, with the address"
_LINE = re.compile(r"(\d{1,12}) ([0-9a-f]{32}) (https?://\S{1,1500})")


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of many: how many rows it holds, the next address, and the totals it states (-1 where none)."""

    rows: int
    next: str
    total: int
    pages: int


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file a listing or catalogue names; size and MD5 are -1 and empty where it says nothing of them."""

    address: str
    size_bytes: int = -1
    md5: str = ""


def page_of(path: Path, where: str, paging: Paging) -> Page:
    """What a page says of itself.

    Raises:
        InputFormatError: it is no JSON object, lacks a field, or contradicts itself.
    """
    told = _object(path, where)
    if paging.success and _field(told, paging.success, where) is not True:
        raise InputFormatError("the publisher says that it failed", where=where, mend="look at the address")
    rows = _field(told, paging.rows, where)
    if not isinstance(rows, list):
        raise InputFormatError(f"the field '{paging.rows}' is no list", where=where, mend=_MEND)
    if paging.count and _whole(told, paging.count, where) != len(rows):
        stated = _whole(told, paging.count, where)
        raise InputFormatError(f"says {stated} rows and holds {len(rows)}", where=where, mend="fetch it again")
    following = (_field(told, paging.next, where) or "") if paging.next else ""
    if not isinstance(following, str):
        raise InputFormatError(f"the field '{paging.next}' is no address", where=where, mend=_MEND)
    total = _whole(told, paging.total, where) if paging.total else -1
    return Page(len(rows), following, total, _whole(told, paging.pages, where) if paging.pages else -1)


def listed_files(path: Path, where: str, listing: Listing) -> list[ListedFile]:
    """The files a listing names, those with the endings wanted.

    Raises:
        InputFormatError: a line is not size, MD5 and address, or no file has one of the endings.
    """
    found = []
    for number, line in enumerate(_text(path, where).split("\n"), start=1):
        if not line.strip():
            continue
        parts = _LINE.fullmatch(line.strip())
        if parts is None:
            raise InputFormatError("is not size, MD5 and address", where=f"{where}, line {number}", mend=_MEND)
        found.append(ListedFile(parts[3], int(parts[1]), parts[2]))
    wanted = [one for one in found if one.address.endswith(listing.endings)]
    if not wanted:
        raise InputFormatError(f"names no file that ends in {listing.endings[0]}", where=where, mend=_MEND)
    return wanted


def catalogue_files(path: Path, where: str, catalogue: Catalogue) -> list[ListedFile]:
    """The files of a CKAN data set (``package_show``) in the formats wanted.

    Raises:
        InputFormatError: it lacks a field, or has no file in one of the formats.
    """
    told = _object(path, where)
    if _field(told, "success", where) is not True:
        raise InputFormatError("the publisher says that it failed", where=where, mend="look at the address")
    data_set = _field(told, "result", where)
    resources = _field(data_set, "resources", where) if isinstance(data_set, dict) else None
    if not isinstance(resources, list) or not all(isinstance(one, dict) for one in resources):
        raise InputFormatError("the field 'result.resources' is no list of objects", where=where, mend=_MEND)
    formats = {name.casefold() for name in catalogue.formats}
    wanted = [one for one in resources if str(_field(one, "format", where)).casefold() in formats]
    addresses = [one.get("download_url") or _field(one, "url", where) for one in wanted]
    if not addresses or not all(isinstance(address, str) for address in addresses):
        raise InputFormatError(f"has no file in {' or '.join(catalogue.formats)}", where=where, mend=_MEND)
    return [ListedFile(address) for address in addresses]


def token_of(path: Path, where: str, field: str) -> str:
    """The token in the answer to signing in.

    Raises:
        InputFormatError: there is none.
    """
    token = _field(_object(path, where), field, where)
    if not (isinstance(token, str) and re.fullmatch(r"[\x21-\x7e]{8,8000}", token)):
        raise InputFormatError(f"the field '{field}' is no token", where=where, mend=_MEND)
    return token


def _object(path: Path, where: str) -> dict[str, Any]:
    try:
        told = json.loads(_text(path, where))
    except (ValueError, RecursionError):
        raise InputFormatError("is not JSON", where=where, mend=_MEND) from None
    if not isinstance(told, dict):
        raise InputFormatError("is no JSON object", where=where, mend=_MEND)
    return told


def _text(path: Path, where: str) -> str:
    if path.stat().st_size > LARGEST_PAGE:
        raise InputFormatError(f"is larger than {LARGEST_PAGE:,} bytes", where=where, mend=_MEND)
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputFormatError("is not UTF-8", where=where, mend=_MEND) from None


def _field(told: dict[str, Any], name: str, where: str) -> Any:
    if name not in told:
        raise InputFormatError(f"lacks the field '{shorten(name)}'", where=where, mend=_MEND)
    return told[name]


def _whole(told: dict[str, Any], name: str, where: str) -> int:
    value = _field(told, name, where)
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,12}", text):
        raise InputFormatError(f"the field '{name}' is no whole number", where=where, mend=_MEND)
    return int(text)
