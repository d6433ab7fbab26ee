"""Erasing, with an item, what was collected from the same bytes: rows read from them, outputs that repeat them.

Outputs are made from what was collected and can be made again, so those that repeat erased words are destroyed. What
was issued (alerts, releases, packages) is not: it is named, for a person to recall or correct. Packed files cannot be
searched for words, and are named too.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from forewarn.model.evidence import EvidenceItem
from forewarn.operations.workspace import Workspace
from forewarn.store.collected import Erased, erase_collected, is_collected, still_said

__all__ = ["ErasedWith", "erase_with", "was_collected"]

_PACKED = (".parquet", ".xlsx", ".pdf", ".zip", ".gz", ".png")
_LARGEST_SEARCHED = 256 << 20


@dataclass(frozen=True, slots=True)
class ErasedWith:
    """What went with items: in words, tables to be rewritten, files to destroy, and what a person must settle."""

    told: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    still_said: tuple[str, ...] = ()


def was_collected(connection: Connection, item: EvidenceItem) -> bool:
    """Whether the bytes of an item are among the snapshots."""
    return is_collected(connection, _snapshot_id(item))


def erase_with(workspace: Workspace, connection: Connection, items: Iterable[EvidenceItem]) -> ErasedWith:
    """Erase what was read from the bytes of items, in a writing transaction; nothing where none was collected."""
    made = [erase_collected(connection, _snapshot_id(one)) for one in items if was_collected(connection, one)]
    if not made:
        return ErasedWith()
    rows: dict[str, int] = {}
    for one in made:
        rows = {name: rows.get(name, 0) + one.rows.get(name, 0) for name in {**rows, **one.rows}}
    words = tuple(word for one in made for word in one.words)
    repeating, packed = _outputs(workspace, words)
    still = [f"{count} rows of {name}" for name, count in still_said(connection, words).items()]
    return ErasedWith(
        tuple(f"{count} rows of {name}" for name, count in sorted(rows.items())),
        tuple(sorted(rows)),
        tuple(dict.fromkeys((*_rejects(workspace, made), *repeating))),
        (*still, *([f"{packed} packed files in outputs, not searched"] if packed else [])),
    )


def _snapshot_id(item: EvidenceItem) -> str:
    return f"snp_{item.sha256}"


def _rejects(workspace: Workspace, made: list[Erased]) -> list[Path]:
    root = workspace.paths.root.resolve()
    paths = [(root / name).resolve() for one in made for name in one.rejects_files]
    return [path for path in paths if path.is_relative_to(root) and path.is_file()]


def _outputs(workspace: Workspace, words: tuple[str, ...]) -> tuple[list[Path], int]:
    """The outputs that repeat one of the words, and how many could not be searched."""
    forms = {form.encode() for word in words for form in (word, html.escape(word), json.dumps(word)[1:-1])}
    repeating, packed = [], 0
    for path in workspace.paths.outputs.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        if path.suffix.lower() in _PACKED or path.stat().st_size > _LARGEST_SEARCHED:
            packed += 1
            continue
        data = path.read_bytes()
        if any(form in data for form in forms):
            repeating.append(path)
    return repeating, packed
