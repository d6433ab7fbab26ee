"""Tracked items, their entries, and case entries: appended once each, and read back whole in the order added."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from forewarn.clock import day_from_text, instant_from_text, instant_text
from forewarn.errors import LifecycleError, UnknownNameError
from forewarn.ids import short
from forewarn.model.tracked import CaseEntry, TrackedEntry, TrackedItem
from forewarn.store.tracker_tables import case_entries, tracked_entries, tracked_items

__all__ = ["add_case", "add_tracked_entry", "add_tracked_item", "read_cases", "read_entries", "read_items"]


def add_tracked_item(connection: Connection, item: TrackedItem) -> bool:
    """Append an item; ``False`` where the same is tracked already."""
    return _add(connection, tracked_items, "item_id", item.item_id, item)


def add_tracked_entry(connection: Connection, entry: TrackedEntry) -> None:
    """Append an entry.

    Raises:
        UnknownNameError: the item, what it is linked to or what it takes back is not there.
        LifecycleError: the same was recorded just now.
    """
    _require(connection, tracked_items, "item_id", entry.item_id, "item")
    if entry.kind == "link":
        _require(connection, tracked_items, "item_id", entry.value, "item")
    if entry.kind == "undo":
        _require(connection, tracked_entries, "entry_id", entry.value, "entry")
    if not _add(connection, tracked_entries, "entry_id", entry.entry_id, entry):
        raise LifecycleError("was recorded in the same words just now", where="entry", mend="see 'tracker show'")


def add_case(connection: Connection, entry: CaseEntry) -> None:
    """Append a case entry; errors as of :func:`add_tracked_entry`."""
    if entry.undoes:
        _require(connection, case_entries, "case_id", entry.undoes, "case entry")
    if not _add(connection, case_entries, "case_id", entry.case_id, entry):
        raise LifecycleError("was recorded in the same words just now", where="case", mend="see 'tracker cases'")


def read_items(connection: Connection) -> list[TrackedItem]:
    """All items."""
    return [_noun(TrackedItem, row) for row in _rows(connection, tracked_items)]


def read_entries(connection: Connection) -> list[TrackedEntry]:
    """All entries."""
    return [_noun(TrackedEntry, row) for row in _rows(connection, tracked_entries)]


def read_cases(connection: Connection) -> list[CaseEntry]:
    """All case entries."""
    return [_noun(CaseEntry, row) for row in _rows(connection, case_entries)]


def _rows(connection: Connection, table: Table) -> Any:
    return connection.execute(select(*table.columns).order_by(table.c.sequence)).mappings()


def _add(connection: Connection, table: Table, key: str, value: str, noun: Any) -> bool:
    if connection.execute(select(table.c.sequence).where(table.c[key] == value)).first():
        return False
    plain = {name: _text(getattr(noun, name)) for name in noun.__slots__}
    connection.execute(table.insert(), {key: value, **plain})
    return True


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value or ""


def _noun(kind: Any, row: Any) -> Any:
    plain = {name: row[name] for name in kind.__slots__}
    for name in ("starts_on", "due_on", "on"):
        if name in plain:
            plain[name] = day_from_text(plain[name]) if plain[name] else None
    plain["at"] = instant_from_text(plain["at"])
    return kind(**plain)


def _require(connection: Connection, table: Table, key: str, value: str, noun: str) -> None:
    if connection.execute(select(table.c.sequence).where(table.c[key] == value)).first() is None:
        raise UnknownNameError(f"no {noun} '{short(value)}'", mend="see 'forewarn tracker list'")
