"""A message of ours as CAP 1.2 XML in UTF-8: the elements in the order of the schema, UTC written as ``-00:00``.

Owns the writing. Characters that XML has no place for become U+FFFD. What is written passes the check of this room; a
test holds it to that.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from forewarn.model.cap import CapArea, CapInfo, CapMessage, CapReference
from forewarn.taxonomy.cap import cap_schema

__all__ = ["cap_instant", "write_message"]

_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def cap_instant(instant: datetime) -> str:
    """An instant as CAP writes it in UTC: ``2024-05-01T16:49:00-00:00``."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def write_message(message: CapMessage) -> bytes:
    """The message as a whole XML file."""
    root = etree.Element(_tag("alert"), nsmap={None: cap_schema().namespace})
    _add(root, "identifier", message.reference.identifier)
    _add(root, "sender", message.reference.sender)
    _add(root, "sent", cap_instant(message.reference.sent))
    _add(root, "status", message.status)
    _add(root, "msgType", message.kind)
    _add(root, "scope", message.scope)
    _add(root, "restriction", message.restriction)
    _add(root, "addresses", " ".join(_quoted(one) for one in message.addresses))
    _add(root, "note", message.note)
    _add(root, "references", " ".join(_triple(one) for one in message.references))
    for info in message.infos:
        _info(etree.SubElement(root, _tag("info")), info)
    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _info(element: Any, info: CapInfo) -> None:
    _add(element, "language", info.language)
    _add(element, "category", info.category)
    _add(element, "event", info.event)
    _add(element, "responseType", info.response)
    _add(element, "urgency", info.urgency)
    _add(element, "severity", info.severity)
    _add(element, "certainty", info.certainty)
    _add(element, "audience", info.audience)
    _add(element, "effective", cap_instant(info.effective) if info.effective else "")
    _add(element, "expires", cap_instant(info.expires))
    _add(element, "senderName", info.sender_name)
    _add(element, "headline", info.headline)
    _add(element, "description", info.description)
    _add(element, "instruction", info.instruction)
    for name, value in info.parameters:
        _pair(element, "parameter", name, value)
    for area in info.areas:
        _area(etree.SubElement(element, _tag("area")), area)


def _area(element: Any, area: CapArea) -> None:
    _add(element, "areaDesc", area.words)
    for ring in area.polygons:
        _add(
            element, "polygon", " ".join(f"{_degrees(latitude)},{_degrees(longitude)}" for latitude, longitude in ring)
        )
    for name, value in area.codes:
        _pair(element, "geocode", name, value)


def _pair(element: Any, name: str, key: str, value: str) -> None:
    pair = etree.SubElement(element, _tag(name))
    _add(pair, "valueName", key)
    _add(pair, "value", value)


def _add(element: Any, name: str, text: str) -> None:
    if text.strip():
        etree.SubElement(element, _tag(name)).text = _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)


def _degrees(value: float) -> str:
    """At most six decimals, without zeros at the end."""
    return f"{value:.6f}".rstrip("0").rstrip(".") if value else "0"


def _triple(one: CapReference) -> str:
    return f"{one.sender},{one.identifier},{cap_instant(one.sent)}"


def _quoted(address: str) -> str:
    return f'"{address}"' if any(sign.isspace() for sign in address) else address


def _tag(name: str) -> str:
    return f"{{{cap_schema().namespace}}}{name}"
