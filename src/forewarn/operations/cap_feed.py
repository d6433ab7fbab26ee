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

__all__ = ["FeedMade", "write_feed"]


@dataclass(frozen=True, slots=True)
class FeedMade:
    """The files written and how many messages they hold; of the public ones, how many no longer hold."""

    folder: str
    messages: int
    left_out: int
    files: tuple[str, ...]


def write_feed(workspace: Workspace, folder: Path, *, title: str, author: str) -> FeedMade:
    """Write the feed into a folder, which is made if its parent is there."""
    with workspace.database.reading() as connection:
        kept = read_cap_messages(connection)
    holds = {name for chain in chains_of((one.known for one in kept), workspace.now) for name in chain.holds}
    public = [one for one in kept if (one.known.direction, one.known.scope, one.known.kind != "Ack")
              == ("sent", "Public", True)]  # fmt: skip
    current = [one for one in public if one.known.message_id in holds]
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made ({error.strerror})", where=folder.name, mend="name another folder") from None
    entries: list[tuple[CapMessage, str]] = []
    for one in current:
        file = f"{short(one.known.message_id)[4:]}.cap.xml"
        _write(folder / file, one.body.encode("utf-8"))
        entries.append((read_message(read_xml(one.body.encode("utf-8"), file), file), file))
    _write(folder / "alerts.atom", atom_feed(entries, title=title, author=author, now=workspace.now))
    _write(folder / "alerts.geojson", geojson_feed(entries).encode("utf-8"))
    files = ("alerts.atom", "alerts.geojson", *(file for _, file in entries))
    return FeedMade(str(folder), len(entries), len(public) - len(current), files)


def _write(path: Path, data: bytes) -> None:
    with aside(path) as name:
        name.write_bytes(data)
