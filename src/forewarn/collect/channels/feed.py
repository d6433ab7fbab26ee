"""News feeds: RSS 2.0, RSS 1.0 and Atom, one row per entry.

Owns where each of the three puts title, day, link, id and words. Markup is taken off the words; authors, who are
private persons as often as not, are not read. Links are kept and never followed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from lxml import etree

from forewarn.collect.gathering import chunks_of, corrected_rejects
from forewarn.collect.instants import instant_as_text
from forewarn.collect.markup import plain_text
from forewarn.collect.tabular import Chunk, TableOptions
from forewarn.collect.telling import Telling
from forewarn.collect.xml import children, local_name, read_xml_file, text_of
from forewarn.errors import InputFormatError

__all__ = ["COLUMNS", "read", "tell"]

COLUMNS = ("id", "title", "link", "published", "updated", "summary", "language", "feed")
_FIELDS = {
    "external_id": "id",
    "title": "title",
    "published_on": "published",
    "language": "language",
    "source_name": "feed",
    "text": "summary",
}
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_LONGEST_ID = 300


def tell(frame: pl.DataFrame) -> Telling:
    """What entries say: a statement of the feed on the day it was published, or at least changed."""
    told = {field: pl.col(column) for field, column in _FIELDS.items()}
    told["published_on"] = pl.coalesce(pl.col("published", "updated").replace("", None))
    return Telling(frame.select(**told), _FIELDS)


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The entries of a feed as rows.

    Raises:
        InputFormatError: it is no feed of the three sorts, not well-formed, or made to harm.
    """
    return corrected_rejects(path, name) or _read(path, name)


def _read(path: Path, name: str) -> Iterator[Chunk]:
    root = read_xml_file(path, name)
    match local_name(root).casefold():
        case "rss":
            channel = next(children(root, "channel"), root)
            entries = [*children(channel, "item")]
        case "rdf":
            channel = next(children(root, "channel"), root)
            entries = [*children(root, "item")]
        case "feed":
            channel, entries = root, [*children(root, "entry")]
        case other:
            raise InputFormatError(f"is XML '{other[:40]}', not a feed", where=name, mend="give RSS or Atom")
    shared = (_words(channel, "title")[:300], _language(channel))
    return chunks_of((_entry(one, *shared) for one in entries), name, columns=COLUMNS)


def _entry(entry: etree._Element, feed: str, language: str) -> dict[str, str | None]:
    link = _link(entry)
    about = next((str(value) for key, value in entry.attrib.items() if key.endswith("}about")), "")
    return {
        "id": _short_id(text_of(entry, "guid", "id") or about or link),
        "title": _words(entry, "title"),
        "link": link,
        "published": instant_as_text(text_of(entry, "pubDate", "published", "issued", "date")),
        "updated": instant_as_text(text_of(entry, "updated", "modified")),
        "summary": _words(entry, "description", "summary", "encoded", "content"),
        "language": _language(entry) or language,
        "feed": feed,
    }


def _words(entry: etree._Element, *names: str) -> str:
    return plain_text(text_of(entry, *names))


def _language(element: etree._Element) -> str:
    return (text_of(element, "language") or str(element.get(_LANGUAGE, ""))).strip()[:35]


def _link(entry: etree._Element) -> str:
    """The address of the entry itself: the text of ``link``, or of Atom's links the one that is the entry."""
    links = [*children(entry, "link")]
    own = [one for one in links if one.get("rel", "alternate") == "alternate" and one.get("href")]
    return str(own[0].get("href")).strip() if own else text_of(entry, "link")


def _short_id(text: str) -> str:
    """An id as it is, or its SHA-256 where it is too long to be kept."""
    return text if len(text) <= _LONGEST_ID else f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
