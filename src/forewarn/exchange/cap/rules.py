"""What the elements of a CAP message ask of each other, by the standard and by our stricter profile.

Owns one small function a rule, each giving findings of the kind it breaks. The profile asks beyond the standard: every
warning ends (``expires``), says something (an ``info`` block), and is drawn soundly. Findings of shape and order are
the structure's; here a part that is malformed is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from forewarn.errors import shorten
from forewarn.exchange.cap.findings import CapFinding
from forewarn.exchange.cap.forms import instant_of, references_of
from forewarn.exchange.cap.language import matches_declared
from forewarn.exchange.cap.shapes import crossing_flaw, polygon_flaw
from forewarn.exchange.cap.structure import parts_of, text_in

__all__ = ["rule_findings"]

DEFAULT_LANGUAGE = "en-US"
"""What an info block is in when it does not say, by the standard."""

_REFERRING = ("Update", "Cancel", "Ack", "Error")
_OID_OR_URN = re.compile(r"(?:urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:\S+|[0-2](?:\.(?:0|[1-9]\d*))+)")
_TEXTS = ("event", "headline", "description", "instruction", "audience")
_LONG_HEADLINE = 160
_MOST_POINTS = 20_000
"""Beyond this, a border made to cross itself often takes seconds to look through."""
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")


def rule_findings(root: Any) -> Iterator[CapFinding]:
    """All findings on what elements ask of each other."""
    for rule in _RULES:
        yield from rule(root)
    for number, info in enumerate(parts_of(root, "info"), start=1):
        for info_rule in _INFO_RULES:
            yield from info_rule(root, info, f"info[{number}]")


def _scope(root: Any) -> Iterator[CapFinding]:
    scope, restriction = text_in(root, "scope"), text_in(root, "restriction")
    if scope == "Restricted" and not restriction:
        yield CapFinding("error", "restriction", "is missing, with the scope Restricted", "say who may have it")
    if scope in ("Public", "Private") and restriction:
        yield CapFinding("error", "restriction", f"stands with the scope {scope}", "remove it, or write Restricted")
    if scope == "Private" and not text_in(root, "addresses"):
        yield CapFinding("error", "addresses", "are missing, with the scope Private", "name the receivers")


def _references(root: Any) -> Iterator[CapFinding]:
    kind, said = text_in(root, "msgType"), text_in(root, "references")
    if kind in _REFERRING and not said:
        yield CapFinding("error", "references", f"are missing, with the type {kind}", "name what it is about")
    if kind == "Alert" and said:
        yield CapFinding("advice", "references", "stand in a first Alert", "write Update, if it replaces another")
    own = text_in(root, "sender"), text_in(root, "identifier")
    if any((sender, identifier) == own for sender, identifier, _ in references_of(said)):
        yield CapFinding("error", "references", "name the message itself", "give each message its own identifier")
    named = [one[:2] for one in references_of(said)]
    if len(set(named)) < len(named):
        yield CapFinding("advice", "references", "name a message twice", "name it once")


def _times_of_references(root: Any) -> Iterator[CapFinding]:
    sent = instant_of(text_in(root, "sent"))
    for _, identifier, said in references_of(text_in(root, "references")):
        earlier = instant_of(said)
        if sent and earlier and earlier > sent:
            yield CapFinding("error", "references", f"'{shorten(identifier, 60)}' was sent later", "correct the time")


def _identifier(root: Any) -> Iterator[CapFinding]:
    said = text_in(root, "identifier")
    if said and not _OID_OR_URN.fullmatch(said):
        yield CapFinding(
            "advice", "identifier", "is no OID or URN", "write urn:oid:... or urn:uuid:..., unique for good"
        )


def _utc(root: Any) -> Iterator[CapFinding]:
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name in ("sent", "effective", "onset", "expires") and (element.text or "").strip().endswith("+00:00"):
            yield CapFinding("advice", name, "ends in +00:00", "write -00:00 where UTC is meant")


def _content(root: Any) -> Iterator[CapFinding]:
    kind = text_in(root, "msgType")
    if kind in ("Alert", "Update") and not parts_of(root, "info"):
        yield CapFinding("profile", "", f"is of the type {kind} and says nothing", "add an info block")
    if kind == "Error" and not text_in(root, "note"):
        yield CapFinding("advice", "note", "is missing, with the type Error", "say what was wrong")
    if text_in(root, "status") == "Exercise" and not text_in(root, "note"):
        yield CapFinding("advice", "note", "is missing, with the status Exercise", "name the exercise")


def _expiry(root: Any, info: Any, where: str) -> Iterator[CapFinding]:
    expires = text_in(info, "expires")
    if not expires:
        if text_in(root, "msgType") not in ("Ack", "Error"):
            yield CapFinding("profile", where, "has no 'expires'", "say when the warning ends")
        return
    end = instant_of(expires)
    starts = [("sent", text_in(root, "sent")), *((one, text_in(info, one)) for one in ("effective", "onset"))]
    for name, said in starts:
        start = instant_of(said)
        if end and start and end <= start:
            yield CapFinding("profile", f"{where}/expires", f"is not after '{name}'", "correct one of the two")


def _language(_root: Any, info: Any, where: str) -> Iterator[CapFinding]:
    declared = text_in(info, "language")
    text = "\n".join(filter(None, (text_in(info, one) for one in _TEXTS)))
    matches, seen = matches_declared(declared or DEFAULT_LANGUAGE, text)
    named = f"'{shorten(declared, 20)}'" if declared else f"{DEFAULT_LANGUAGE} by default"
    if matches is False:
        codes = " or ".join(seen.codes[:3]) or f"{seen.script.lower()} writing"
        what = f"is declared {named}, and the text is in {codes} ({seen.by})"
        yield CapFinding("error", f"{where}/language", what, "declare the language of the text")
    elif matches is None:
        yield CapFinding("unsure", f"{where}/language", f"is declared {named}: not told from the text ({seen.by})")


def _area(_root: Any, info: Any, where: str) -> Iterator[CapFinding]:
    for number, area in enumerate(parts_of(info, "area"), start=1):
        path = f"{where}/area[{number}]"
        if text_in(area, "ceiling") and not text_in(area, "altitude"):
            yield CapFinding("error", f"{path}/ceiling", "stands without 'altitude'", "add the altitude")
        for place, drawn in enumerate(parts_of(area, "polygon"), start=1):
            said = drawn.text or ""
            if said.strip() and polygon_flaw(said) is None:
                yield from _drawn(said, f"{path}/polygon[{place}]")
    if not parts_of(info, "area"):
        yield CapFinding("advice", where, "has no 'area'", "say where, in words at least")


def _drawn(said: str, where: str) -> Iterator[CapFinding]:
    if said.count(",") > _MOST_POINTS:
        yield CapFinding(
            "unsure", where, f"has more than {_MOST_POINTS:,} points: not looked whether it crosses itself"
        )
        return
    flaw = crossing_flaw(said)
    if flaw:
        yield CapFinding("profile", where, *flaw)


def _words(_root: Any, info: Any, where: str) -> Iterator[CapFinding]:
    headline = text_in(info, "headline")
    if len(headline) > _LONG_HEADLINE:
        yield CapFinding("advice", f"{where}/headline", f"has {len(headline)} characters", "160 fit small screens")
    for name in ("headline", "description", "instruction"):
        if _TAG.search(text_in(info, name)):
            yield CapFinding("advice", f"{where}/{name}", "holds markup", "write plain text")


_RULES: tuple[Callable[[Any], Iterator[CapFinding]], ...] = (
    _scope,
    _references,
    _times_of_references,
    _identifier,
    _utc,
    _content,
)
_INFO_RULES: tuple[Callable[[Any, Any, str], Iterator[CapFinding]], ...] = (_expiry, _language, _area, _words)
