"""Finding items by what is sealed with them: names, addresses of captured pages, parts of containers, tags.

The index is sealed, so each item's is opened to look; that an item was found by it is logged as a read of that item.
What an item itself says is not searched, and nothing is ranked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from forewarn.errors import UsageError
from forewarn.model.evidence import EvidenceItem
from forewarn.operations.evidence import append, vault_of
from forewarn.operations.tracker import refuse_names
from forewarn.operations.workspace import Progress, Workspace, no_progress
from forewarn.store import evidence as rows

__all__ = ["Hit", "find_sealed"]

_MOST_PLACES = 20
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """An item, and where in what is sealed with it the words stand: at most twenty places, as path and text."""

    item: EvidenceItem
    places: tuple[tuple[str, str], ...]


def find_sealed(
    workspace: Workspace, words: str, *, by: str, why: str, progress: Progress = no_progress
) -> list[Hit]:  # fmt: skip
    """The items whose sealed name or index holds the words, in whatever case, in the order taken in.

    Raises:
        UsageError: fewer than three characters.
        TamperedError: what is sealed with an item is altered.
    """
    wanted = words.strip().casefold()
    if len(wanted) < _SHORTEST:
        raise UsageError("is too short", where="WORDS", mend=f"give at least {_SHORTEST} characters")
    refuse_names(why=why)
    vault, found = vault_of(workspace), []
    with workspace.database.reading() as connection:
        purged = {link[2] for link in rows.links(connection, acts=("purge",))}
        records = [rows.record_of(row) for row in rows.read_items(connection) if row["evidence_id"] not in purged]
    for number, item in enumerate(records, start=1):
        progress(number, len(records), "looking through what is sealed")
        places = [(path, text) for path, text in _texts(vault.description(item.sha256)) if wanted in text.casefold()]
        if places:
            found.append(Hit(item, tuple(places[:_MOST_PLACES])))
    with workspace.database.writing() as connection:
        for hit in found:
            append(workspace, connection, vault.key, hit.item.evidence_id, "read", by=by, why=why)
    return found


def _texts(told: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in nested facts, with its path."""
    if isinstance(told, dict):
        for name, value in told.items():
            yield from _texts(value, f"{path}.{name}" if path else str(name))
    elif isinstance(told, list):
        for number, value in enumerate(told):
            yield from _texts(value, f"{path}[{number}]")
    elif isinstance(told, str):
        yield path, told
