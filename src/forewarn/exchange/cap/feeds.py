"""Feeds of messages that were released to the public: Atom (RFC 4287) and GeoJSON (RFC 7946).

Owns the two forms. They hold what stands in the messages and nothing beside; a message that has expired or been
replaced is not for a feed. Each entry names the file of its message, beside the feed. Nothing in the texts is markup.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from lxml import etree

from forewarn.exchange.cap.write import cap_instant
from forewarn.model.cap import CapMessage

__all__ = ["ATOM", "atom_feed", "geojson_feed"]

ATOM = "http://www.w3.org/2005/Atom"
_FEED = uuid.UUID("0d0a4f36-7d0c-5f9c-8f5e-5a6b0f3f4c21")
_MEDIA_TYPE = "application/cap+xml"


def atom_feed(messages: Sequence[tuple[CapMessage, str]], *, title: str, author: str, now: datetime) -> bytes:
    """The feed as a whole XML file; each message with the name of its file, newest first.

    Args:
        messages: public messages, each with the name of its file.
        title, author: of the feed; the author is a body.
        now: when it is made, UTC; the feed's own time where it has no entry.
    """
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    ordered = sorted(messages, key=lambda one: (one[0].reference.sent, one[0].reference.identifier), reverse=True)
    updated = ordered[0][0].reference.sent if ordered else now
    _add(root, "id", f"urn:uuid:{uuid.uuid5(_FEED, author)}")
    _add(root, "title", title)
    _add(root, "updated", _instant(updated))
    _add(etree.SubElement(root, f"{{{ATOM}}}author"), "name", author)
    for message, file in ordered:
        _entry(etree.SubElement(root, f"{{{ATOM}}}entry"), message, file)
    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def geojson_feed(messages: Iterable[tuple[CapMessage, str]]) -> str:
    """The feed as a FeatureCollection: a feature for each message; without an outline it has no geometry."""
    features = [_feature(message, file) for message, file in messages]
    made = {"type": "FeatureCollection", "features": sorted(features, key=lambda one: str(one["id"]))}
    return json.dumps(made, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _entry(entry: Any, message: CapMessage, file: str) -> None:
    info = message.infos[0]
    _add(entry, "id", message.reference.identifier)
    _add(entry, "title", info.headline or info.event)
    _add(entry, "updated", _instant(message.reference.sent))
    _add(entry, "summary", info.description)
    category = etree.SubElement(entry, f"{{{ATOM}}}category")
    category.set("term", message.status)
    link = etree.SubElement(entry, f"{{{ATOM}}}link")
    link.set("rel", "alternate")
    link.set("type", _MEDIA_TYPE)
    link.set("href", file)


def _feature(message: CapMessage, file: str) -> dict[str, Any]:
    info = message.infos[0]
    rings = [ring for area in info.areas for ring in area.polygons]
    polygons = [[[[longitude, latitude] for latitude, longitude in _counter_clockwise(ring)]] for ring in rings]
    return {
        "type": "Feature",
        "id": message.reference.identifier,
        "geometry": {"type": "MultiPolygon", "coordinates": polygons} if polygons else None,
        "properties": {
            "status": message.status,
            "msgType": message.kind,
            "event": info.event,
            "headline": info.headline,
            "description": info.description,
            "area": "; ".join(area.words for area in info.areas),
            "urgency": info.urgency,
            "severity": info.severity,
            "certainty": info.certainty,
            "sent": cap_instant(message.reference.sent),
            "expires": cap_instant(info.expires),
            "references": [one.identifier for one in message.references],
            "file": file,
            **dict(info.parameters),
        },
    }


def _counter_clockwise(ring: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    """The outer ring as GeoJSON wants it."""
    doubled = sum(a[1] * b[0] - b[1] * a[0] for a, b in pairwise(ring))
    return ring if doubled > 0 else ring[::-1]


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add(element: Any, name: str, text: str) -> None:
    etree.SubElement(element, f"{{{ATOM}}}{name}").text = text
