"""Feeds of what was released to the public: the messages themselves, an Atom feed and a GeoJSON file in a folder.

Only messages a person has written with the scope Public enter, and of these what holds now: not expired, replaced or
cancelled. The folder is for whoever serves it; nothing is sent from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from forewarn.collect.xml import read_xml
from forewarn.errors import InputError
from forewarn.exchange.cap import atom_feed, chains_of, geojson_feed, read_message
from forewarn.exchange.files import aside
from forewarn.ids import short
from forewarn.model.cap import CapMessage
from forewarn.operations.workspace import Workspace
from forewarn.store.cap import read_cap_messages

__all__ = ["Feed", "FeedMade", "feed_of", "write_feed"]

ATOM_FILE, GEOJSON_FILE = "alerts.atom", "alerts.geojson"


@dataclass(frozen=True, slots=True)
class Feed:
    """The files of a feed by name, the feed's own two first; of the public messages, how many no longer hold."""

    files: dict[str, bytes]
    left_out: int


@dataclass(frozen=True, slots=True)
class FeedMade:
    """The files written and how many messages they hold; of the public ones, how many no longer hold."""

    folder: str
    messages: int
    left_out: int
    files: tuple[str, ...]


def feed_of(workspace: Workspace, *, title: str, author: str) -> Feed:
    """What was released to the public and holds now."""
    with workspace.database.reading() as connection:
        kept = read_cap_messages(connection)
    holds = {name for chain in chains_of((one.known for one in kept), workspace.now) for name in chain.holds}
    public = [one for one in kept if (one.known.direction, one.known.scope, one.known.kind != "Ack")
              == ("sent", "Public", True)]  # fmt: skip
    current = [one for one in public if one.known.message_id in holds]
    entries: list[tuple[CapMessage, str]] = []
    messages: dict[str, bytes] = {}
    for one in current:
        file = f"{short(one.known.message_id)[4:]}.cap.xml"
        messages[file] = one.body.encode("utf-8")
        entries.append((read_message(read_xml(messages[file], file), file), file))
    atom = atom_feed(entries, title=title, author=author, now=workspace.now)
    files = {ATOM_FILE: atom, GEOJSON_FILE: geojson_feed(entries).encode("utf-8"), **messages}
    return Feed(files, len(public) - len(current))


def write_feed(workspace: Workspace, folder: Path, *, title: str, author: str) -> FeedMade:
    """Write the feed into a folder, which is made if its parent is there."""
    feed = feed_of(workspace, title=title, author=author)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made ({error.strerror})", where=folder.name, mend="name another folder") from None
    for file, data in feed.files.items():
        _write(folder / file, data)
    return FeedMade(str(folder), len(feed.files) - 2, feed.left_out, tuple(feed.files))


def _write(path: Path, data: bytes) -> None:
    with aside(path) as name:
        name.write_bytes(data)
