"""Evidence for a viewer: records and custody are read; content is opened only for a reason, each time logged as read.

Items lie in no area: only who sees everywhere is shown them. A picture leaves the vault blurred beyond telling until
somebody asks to see it, and each such look stands in the custody log; other media are worked on as copies.
"""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from PIL import Image
from sqlalchemy import Connection

from forewarn.errors import InputValueError, SeparationError, UnknownNameError
from forewarn.model.access import SENSITIVE_FROM, Viewer
from forewarn.model.evidence import CustodyEntry, EvidenceItem
from forewarn.operations import evidence
from forewarn.operations.evidence_check import Checked, check
from forewarn.operations.evidence_keeping import ends_on, holds_of
from forewarn.operations.viewing import keep_sights
from forewarn.operations.workspace import Workspace
from forewarn.store import evidence as rows

__all__ = ["CHECK", "OPEN", "EvidenceRow", "ItemShown", "Opened", "Picture", "checked_for", "evidence_for", "item_for",
           "opened_for", "seen_picture_for"]  # fmt: skip

OPEN, CHECK = "evidence_open", "evidence_check"
"""The acts of opening content, and of checking everything."""

_STANDING = ("purge", "hold", "release", "read")
_PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")
_LARGEST_PICTURE = 20_000_000
_SEEN = "seen without blur"
_LEAST_WHY = 8


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """An item as a list has it: its record, who holds it, whether it was purged, how often it was read."""

    item: EvidenceItem
    holders: tuple[str, ...]
    is_purged: bool
    reads: int


@dataclass(frozen=True, slots=True)
class ItemShown:
    """An item without its content: its row, its whole custody, when its period ends, and the last anchor of the log."""

    row: EvidenceRow
    custody: list[CustodyEntry]
    ends_on: date | None
    anchored: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an item: its media type and bytes."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """An item opened: what was sealed with it, and its picture blurred; ``None`` where it is none or too large."""

    row: EvidenceRow
    described: dict[str, Any]
    blurred: Picture | None


def evidence_for(workspace: Workspace, viewer: Viewer) -> list[EvidenceRow]:
    """The items that the viewer may be shown, in the order taken in."""
    with workspace.database.reading() as connection:
        items = [rows.record_of(row) for row in rows.read_items(connection)]
        shown = _rows(connection, [one for one in items if _may_see(viewer, one)])
    _keep(workspace, viewer, [one.item for one in shown])
    return shown


def item_for(workspace: Workspace, viewer: Viewer, evidence_id: str) -> ItemShown:
    """One item. Raises :class:`UnknownNameError` where the viewer may not see it."""
    with workspace.database.reading() as connection:
        row = _row(connection, viewer, evidence_id)
        custody = evidence.entries_of(connection, evidence_id)
        anchors = rows.read_anchors(connection)
    _keep(workspace, viewer, [row.item])
    last = custody[-1].sequence if custody else 0
    after = [one.at for _, one in anchors if one.position >= last]
    return ItemShown(row, custody, ends_on(row.item), str(after[0])[:10] if after else "")


def opened_for(workspace: Workspace, viewer: Viewer, evidence_id: str, why: str) -> Opened:
    """What was sealed with an item, and its picture blurred; logged as read before anything is shown.

    Raises:
        InputValueError: no reason is given.
        SeparationError: the viewer's roles open no evidence.
        UnknownNameError: the viewer may not see it.
    """
    _require(workspace, viewer, evidence_id, why)
    shown = evidence.show(workspace, evidence_id, by=viewer.name, why=why.strip())
    with workspace.database.reading() as connection:
        row = _row(connection, viewer, evidence_id)
    kind = str(shown.described.get("media_type", ""))
    content = _content(workspace, row.item, kind) if not shown.is_purged else b""
    return Opened(row, shown.described, _blurred(content) if content else None)


def seen_picture_for(workspace: Workspace, viewer: Viewer, evidence_id: str, why: str) -> Picture:
    """The picture as it is; that it was seen without blur, by whom and why, is logged before. Raises as above."""
    _require(workspace, viewer, evidence_id, why)
    shown = evidence.show(workspace, evidence_id, by=viewer.name, why=f"{_SEEN}: {why.strip()}")
    kind = str(shown.described.get("media_type", ""))
    content = b"" if shown.is_purged else _content(workspace, shown.item, kind)
    if not content:
        raise UnknownNameError("there is no picture to see", mend="work on a copy: 'forewarn evidence copy'")
    return Picture(kind, content)


def checked_for(workspace: Workspace, viewer: Viewer) -> Checked:
    """Check the vault, the records, the chain and its anchors; it reads every byte."""
    if CHECK not in viewer.acts or "evidence" not in viewer.sights:
        raise SeparationError("your roles do not check the evidence", where=CHECK, mend="ask who may")
    return check(workspace)


def _require(workspace: Workspace, viewer: Viewer, evidence_id: str, why: str) -> None:
    with workspace.database.reading() as connection:
        row = _row(connection, viewer, evidence_id)
    if OPEN not in viewer.acts:
        raise SeparationError("your roles open no evidence", where=OPEN, mend="ask who may")
    if len(why.strip()) < _LEAST_WHY:
        raise InputValueError("is too short", where="reason", mend="say in a sentence why you need to see it")
    _keep(workspace, viewer, [row.item])


def _row(connection: Connection, viewer: Viewer, evidence_id: str) -> EvidenceRow:
    found = rows.read_items(connection, evidence_id=evidence_id) if evidence_id.startswith("evd_") else []
    items = [one for one in map(rows.record_of, found) if _may_see(viewer, one)]
    if not items:
        raise UnknownNameError("no such item", mend="see the list of evidence")
    return _rows(connection, items)[0]


def _rows(connection: Connection, items: list[EvidenceItem]) -> list[EvidenceRow]:
    told: dict[str, list[CustodyEntry]] = defaultdict(list)
    for link in rows.links(connection, items[0].evidence_id if len(items) == 1 else "", acts=_STANDING):
        entry = rows.entry_of(link)
        told[entry.evidence_id].append(entry)
    return [
        EvidenceRow(
            one, holds_of(told[one.evidence_id]), evidence.is_purged(told[one.evidence_id]),
            sum(entry.act == "read" for entry in told[one.evidence_id]),
        )
        for one in items
    ]  # fmt: skip


def _may_see(viewer: Viewer, item: EvidenceItem) -> bool:
    return viewer.may_see("evidence", "", "", item.sensitivity)


def _keep(workspace: Workspace, viewer: Viewer, items: list[EvidenceItem]) -> None:
    high = [one.evidence_id for one in items if one.sensitivity.rank >= SENSITIVE_FROM.rank]
    keep_sights(workspace, viewer, [("evidence", one) for one in high])


def _content(workspace: Workspace, item: EvidenceItem, kind: str) -> bytes:
    """The bytes of a picture that a page can show; none of anything else."""
    if kind not in _PICTURES or item.size_bytes > _LARGEST_PICTURE:
        return b""
    vault = evidence.vault_of(workspace)
    return b"".join(vault.read(item.sha256, is_derivative=bool(item.derived_from)))


def _blurred(content: bytes) -> Picture | None:
    """A picture of a few coarse spots of colour, from which nothing can be told; ``None`` where it cannot be read."""
    try:
        with Image.open(io.BytesIO(content)) as source:
            small = source.convert("RGB").resize((8, 6), Image.Resampling.BOX)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    made = io.BytesIO()
    small.save(made, "PNG")
    return Picture("image/png", made.getvalue())
