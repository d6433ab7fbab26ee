"""Submissions of forms as rows, whatever tool they come from: groups flattened with ``/``, repeats as JSON text.

Owns what is kept of a submission. What tells who reported is dropped here, at any depth, before anything else sees
it: names and numbers of the person and the telephone, the name an instance was given, and where the form was
opened. Attachments are listed by name, type and, where they came along, size and SHA-256; they are never opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl
from lxml import etree

from forewarn.collect.jsonpages import flat, json_text
from forewarn.collect.tabular import Chunk
from forewarn.collect.telling import Telling
from forewarn.collect.xml import local_name
from forewarn.errors import InputFormatError

__all__ = ["is_reporter", "json_row", "tell_submission", "without_reporter", "xml_row"]

_ENDINGS = (
    "auditlog",
    "backgroundaudio",
    "bywhom",
    "deviceid",
    "email",
    "enumerator",
    "enumeratorname",
    "instancename",
    "interviewer",
    "interviewername",
    "phonenumber",
    "simid",
    "simserial",
    "submittedby",
    "submitterid",
    "submittername",
    "subscriberid",
    "username",
)
"""How the names of dropped fields end once blanks and signs are taken off; see :func:`is_reporter`."""
_PLACES = ("startgeopoint", "startlocation")
_EXACT = frozenset(("_geolocation", "_notes", "_attachments", "meta/audit", "meta-audit"))
_SIGNS = re.compile(r"[^a-z0-9/]")

_IDS = ("_uuid", "meta/instanceID", "meta-instanceID", "instanceID", "__id", "@instanceID", "KEY", "_id")
_SENT = ("_submission_time", "__system/submissionDate", "SubmissionDate", "@submissionDate")


def is_reporter(path: str) -> bool:
    """Whether a field tells who reported, or from where the form was opened; by its name alone, however written."""
    parts = _SIGNS.sub("", path.casefold()).split("/")
    named = any(part.endswith(_ENDINGS) or any(place in part for place in _PLACES) for part in parts)
    return named or path in _EXACT


def json_row(submission: Mapping[str, Any]) -> dict[str, str | None]:
    """A submission in JSON as a row, without what tells who reported."""
    row: dict[str, str | None] = {}
    for path, value in flat(dict(submission)):
        if not is_reporter(path) and path:
            row[path] = json_text(_cleaned(value) if isinstance(value, list | dict) else value)
    files = _file_names(submission.get("_attachments"))
    if files:
        row["attachments"] = json_text(files)
    return row


def xml_row(root: etree._Element) -> dict[str, str | None]:
    """A submission in OpenRosa XML as a row: elements by their path, attributes of the root behind ``@``."""
    told: dict[str, Any] = {f"@{key.rpartition('}')[2]}": str(value) for key, value in root.attrib.items()}
    inner = _element(root)
    told |= inner if isinstance(inner, dict) else {}
    return json_row(told)


def without_reporter(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """The chunks of a table of submissions without the columns that tell who reported, saying which were dropped."""
    for chunk in chunks:
        dropped = [column for column in chunk.frame.columns if is_reporter(column)]
        if len(dropped) == chunk.frame.width:
            raise InputFormatError("holds nothing but who reported", where="header", mend="give the answers too")
        notes = tuple((f"column '{column}' dropped: it tells who reported", 0) for column in dropped)
        yield replace(chunk, frame=chunk.frame.drop(dropped), notes=(*chunk.notes, *notes))


def tell_submission(frame: pl.DataFrame) -> Telling:
    """What every submission says whatever its questions: its id, and when the server had it."""
    told = {"external_id": _first(frame, _IDS), "published_on": _first(frame, _SENT)}
    columns = {"external_id": "the submission's id", "published_on": "the submission's time"}
    made = frame.with_columns(**told).with_columns(pl.col("external_id").str.strip_prefix("uuid:"))
    return Telling(made.select(list(told)), columns)


def _first(frame: pl.DataFrame, names: Iterable[str]) -> pl.Expr:
    there = [pl.col(name).replace("", None) for name in names if name in frame.columns]
    return pl.coalesce(there) if there else pl.lit(None, pl.String)


def _cleaned(value: Any) -> Any:
    """Nested values without what tells who reported."""
    if isinstance(value, dict):
        return {key: _cleaned(inner) for key, inner in value.items() if not is_reporter(str(key))}
    return [_cleaned(inner) for inner in value] if isinstance(value, list) else value


def _file_names(listed: Any) -> list[dict[str, str]]:
    """Attachments by their bare name and type: their addresses hold the account of who sent them."""
    files = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [
        {"name": str(one.get("filename", "")).rpartition("/")[2], "type": str(one.get("mimetype", ""))} for one in files
    ]


def _element(element: etree._Element) -> str | dict[str, Any]:
    """An element as text or as its children by name; a name that stands several times gives a list."""
    if not len(element):
        return (element.text or "").strip()
    told: dict[str, Any] = {}
    repeated: set[str] = set()
    for child in element:
        name, value = local_name(child), _element(child)
        if name not in told:
            told[name] = value
        elif name in repeated:
            told[name].append(value)
        else:
            told[name] = [told[name], value]
            repeated.add(name)
    return told
