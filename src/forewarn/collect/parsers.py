"""Which code reads and tells which channel: the one list that ties a channel's YAML to its parser.

A parser is two functions. ``read`` turns the bytes of a snapshot into chunks of text columns (tables come with one
that reads CSV, XLSX, JSON Lines and parquet); ``tell`` says which of the columns tell what. To add a channel, write
its YAML and its ``tell``, and add a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polars as pl

from forewarn.collect.channels import (
    acled,
    cap,
    feed,
    ftm,
    gdelt,
    gdelt_files,
    geojson,
    hxl,
    hxl_files,
    insecurity_insight,
    iom_dtm,
    kobo,
    mail,
    misp,
    note,
    odk,
    reliefweb,
    stix,
    ucdp_ged,
    un_document,
    unhcr,
    webhook,
)
from forewarn.collect.channels.definition import ChannelDefinition
from forewarn.collect.channels.json_lists import list_reader
from forewarn.collect.tabular import Chunk, TableOptions, read_table
from forewarn.collect.telling import Telling
from forewarn.errors import UnknownNameError, shorten

__all__ = ["PARSERS", "Parser", "add_parser", "parser_of", "reads_by_name"]

Read = Callable[[Path, str, TableOptions | None], Iterator[Chunk]]
Tell = Callable[[pl.DataFrame], Telling]


@dataclass(frozen=True, slots=True)
class Parser:
    """How a channel without a mapping is read and told.

    ``has_csv_by_row`` says of a reader of its own that it takes a CSV as the reader of tables does, row by row.
    """

    tell: Tell
    read: Read = read_table
    has_csv_by_row: bool = False


PARSERS: Mapping[str, Parser] = MappingProxyType(
    {
        "cap": Parser(cap.tell, cap.read),
        "email": Parser(mail.tell, mail.read),
        "feed": Parser(feed.tell, feed.read),
        "ftm": Parser(ftm.tell, ftm.read),
        "geojson": Parser(geojson.tell, geojson.read),
        "kobo": Parser(kobo.tell, kobo.read),
        "misp": Parser(misp.tell, misp.read),
        "note": Parser(note.tell, note.read),
        "odk": Parser(odk.tell, odk.read),
        "reliefweb": Parser(reliefweb.tell, reliefweb.read),
        "stix": Parser(stix.tell, stix.read),
        "un-document": Parser(un_document.tell, un_document.read),
        "webhook": Parser(webhook.tell, webhook.read),
        "acled": Parser(acled.tell, acled.read, has_csv_by_row=True),
        "gdelt": Parser(gdelt.tell, gdelt_files.read),
        "hxl": Parser(hxl.tell, hxl_files.read),
        "insecurity-insight": Parser(insecurity_insight.tell, insecurity_insight.read, has_csv_by_row=True),
        "iom-dtm": Parser(iom_dtm.tell, iom_dtm.read, has_csv_by_row=True),
        "ucdp-ged": Parser(ucdp_ged.tell, list_reader("Result"), has_csv_by_row=True),
        "unhcr": Parser(unhcr.tell, unhcr.read, has_csv_by_row=True),
    }
)
"""The parser of every channel that needs no mapping, by the channel's name."""

_added: dict[str, Parser] = {}


def add_parser(name: str, parser: Parser) -> None:
    """Tie a channel from outside the package to its parser, for the life of this process."""
    _added[name] = parser


def reads_by_name(definition: ChannelDefinition) -> bool:
    """Whether any process finds the code of the channel by its name alone: all but what was added to this one."""
    return definition.needs_mapping or definition.name in PARSERS


def parser_of(name: str) -> Parser:
    """The parser of a channel.

    Raises:
        UnknownNameError: no code is tied to that channel.
    """
    found = PARSERS.get(name) or _added.get(name)
    if found is None:
        raise UnknownNameError("has no parser", where=f"channel {shorten(name)}", mend="add a line to collect.parsers")
    return found
