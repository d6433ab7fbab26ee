"""What a recording or an office document says of itself: length, tracks and tags; title, author and days.

Read within bounds and never believed: tags are set by whoever made or changed the file. Sound and pictures are not
decoded. Where the library for recordings is not installed, the index says so.
"""

from __future__ import annotations

import html
import re
import zipfile
from typing import Any, BinaryIO

from forewarn.account.redaction_film import film_library
from forewarn.errors import MissingExtraError, shorten

__all__ = ["office_facts", "recording"]

_MOST_TAGS = 60
_MOST_TRACKS = 30
_LARGEST_PROPERTIES = 1 << 20
_PROPERTY = re.compile(r"<(?:dc|dcterms|cp):([A-Za-z]{1,30})\b[^>]{0,200}>([^<]{1,2000})</")
_PROPERTIES = ("docProps/core.xml", "meta.xml")


def recording(source: BinaryIO) -> dict[str, Any]:
    """Seconds, tracks with their kind, codec and size, and the tags of a recording."""
    try:
        library = film_library()
    except MissingExtraError:
        return {"unreadable": "needs forewarn[media]"}
    try:
        with library.open(source) as opened:
            tracks = [_track(one) for one in list(opened.streams)[:_MOST_TRACKS]]
            seconds = round(opened.duration / 1_000_000, 3) if opened.duration else None
            tags = {**opened.metadata, **{k: v for one in opened.streams for k, v in one.metadata.items()}}
    except library.FFmpegError as error:
        return {"unreadable": shorten(type(error).__name__, 60)}
    told = {shorten(name, 60): shorten(value, 300) for name, value in list(tags.items())[:_MOST_TAGS]}
    return {"seconds": seconds, "tracks": tracks, "told": told}


def _track(stream: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": str(stream.type), "codec": str(getattr(stream.codec_context, "name", ""))}
    if stream.type == "video":
        found |= {"width": stream.codec_context.width, "height": stream.codec_context.height}
    return found


def office_facts(archive: zipfile.ZipFile) -> dict[str, str]:
    """What an office document (OOXML or OpenDocument) says of itself; nothing where it is none."""
    found: dict[str, str] = {}
    for name in _PROPERTIES:
        if name in archive.NameToInfo:
            with archive.open(name) as part:
                text = part.read(_LARGEST_PROPERTIES).decode("utf-8", "replace")
            # A pattern, not a parser: there are no entities to expand and nothing to resolve.
            found |= {
                key.lower(): shorten(html.unescape(value), 300) for key, value in _PROPERTY.findall(text)[:_MOST_TAGS]
            }
    return found
