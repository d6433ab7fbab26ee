"""The tracker: what was undertaken, asked, mandated or agreed, by whom until when, and what became of it.

Only a person's act makes an item, also of what a document says. Nobody's name is taken into a text entered by hand.
What stands is worked out anew from the entries each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from forewarn.clock import day_from_text
from forewarn.errors import DisclosureError, UnknownNameError, UsageError, shorten
from forewarn.ids import short
from forewarn.model.tracked import TrackedEntry, TrackedItem
from forewarn.operations.situation import area_named
from forewarn.operations.workspace import Workspace
from forewarn.respond.tracker import ItemView, due_items, item_views, refuse_state
from forewarn.store import reading
from forewarn.store.documents import find_document
from forewarn.store.statements import list_undertakings
from forewarn.store.tracker import (
    add_tracked_entry,
    add_tracked_item,
    read_entries,
    read_items,
)
from forewarn.store.tracker_tables import tracked_entries, tracked_items
from forewarn.taxonomy.tracker import kind_from_undertaking, tracker_kinds
from forewarn.warn.wording import person_name, verdict

__all__ = [
    "Candidate",
    "DueList",
    "ItemView",
    "TrackWish",
    "add_item",
    "candidates",
    "due",
    "kinds",
    "listed",
    "record",
    "refuse_names",
    "refuse_verdicts",
    "shown",
    "take_up",
    "undo",
    "views_of",
]

_MOST_UNDERTAKINGS = 20_000
"""Of one document: more than the longest has."""


@dataclass(frozen=True, slots=True)
class TrackWish:
    """What a person says of an item: whose, about which situation, from when, until when, known from where."""

    owner: str = ""
    unit: str = ""
    starts_on: date | None = None
    due_on: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An undertaking in a document that could be tracked, and the item it is tracked as; empty while it is not."""

    undertaking: dict[str, Any]
    would_be: str
    tracked_as: str


@dataclass(frozen=True, slots=True)
class DueList:
    """What is owed on a day: overdue, longest first; due soon; and how many open items have no day at all."""

    day: date
    overdue: list[ItemView] = field(default_factory=list)
    soon: list[ItemView] = field(default_factory=list)
    without_day: int = 0


def kinds() -> dict[str, str]:
    """The kinds of item and what each is."""
    return {name: kind.label for name, kind in tracker_kinds().items()}


def add_item(workspace: Workspace, kind: str, what: str, wish: TrackWish, *, by: str) -> tuple[TrackedItem, bool]:
    """Track something entered by hand; the item, and whether it is new.

    Raises:
        UsageError: the kind is none there is.
        DisclosureError: a text names a person.
    """
    _refuse_kind(kind)
    refuse_names(what=what, owner=wish.owner)
    if kind == "process":
        refuse_verdicts(what=what)
    item = TrackedItem(
        kind=kind,
        what=what,
        source=wish.source,
        by=by,
        at=workspace.now,
        owner=wish.owner,
        unit=area_named(wish.unit) if wish.unit else "",
        starts_on=wish.starts_on,
        due_on=wish.due_on,
    )
    with workspace.database.writing() as connection:
        return item, add_tracked_item(connection, item)


def candidates(workspace: Workspace, document: str) -> list[Candidate]:
    """The undertakings of a kept document that could be tracked, in the order of the text; nothing is tracked by it."""
    with workspace.database.reading() as connection:
        found = _undertakings(connection, find_document(connection, document))
        tracked = {item.undertaking_id: item.item_id for item in read_items(connection) if item.undertaking_id}
    wanted = kind_from_undertaking()
    return [
        Candidate(one, wanted[one["kind"]], tracked.get(one["undertaking_id"], ""))
        for one in found
        if one["kind"] in wanted and not one["negated"]
    ]


def take_up(
    workspace: Workspace, document: str, names: Sequence[str], wish: TrackWish, *, by: str, kind: str = ""
) -> list[tuple[TrackedItem, bool]]:
    """Track undertakings of a document, each named by its id or its beginning; each item, and whether it is new."""
    if kind:
        _refuse_kind(kind)
    made = []
    with workspace.database.writing() as connection:
        found = _undertakings(connection, find_document(connection, document))
        for name in names:
            item = _item_of(_named(found, name), wish, by, workspace, kind)
            made.append((item, add_tracked_item(connection, item)))
    return made


def listed(
    workspace: Workspace, *, kind: str = "", owner: str = "", unit: str = "", open_only: bool = False
) -> list[ItemView]:
    """The items as they stand today, by kind, owner (any part of its name), situation; those due first come first."""
    area = area_named(unit) if unit else ""
    with workspace.database.reading() as connection:
        views = views_of(connection, workspace.today)
    return [
        view
        for view in views
        if kind in ("", view.item.kind)
        and owner.casefold() in view.owner.casefold()
        and (not area or view.item.unit == area or view.item.unit.startswith(f"{area}/"))
        and not (open_only and view.is_settled)
    ]


def shown(workspace: Workspace, name: str) -> tuple[ItemView, list[ItemView]]:
    """One item as it stands, and the items it is linked to."""
    with workspace.database.reading() as connection:
        item_id = _find(connection, name)
        views = {view.item_id: view for view in views_of(connection, workspace.today)}
    view = views[item_id]
    return view, [views[one] for one in view.links if one in views]


def due(workspace: Workspace, *, day: date | None = None, within_days: int = 30) -> DueList:
    """What is overdue and what is due soon, on a day."""
    today = day or workspace.today
    with workspace.database.reading() as connection:
        views = views_of(connection, today)
    overdue, soon = due_items(views, today, within_days)
    open_without = sum(view.due_on is None and not view.is_settled for view in views)
    return DueList(today, overdue, soon, open_without)


def record(workspace: Workspace, name: str, kind: str, value: str = "", **more: Any) -> ItemView:
    """Record something about an item, and how it stands then.

    Args:
        workspace: a workspace.
        name: the item's id or its beginning.
        kind: ``state``, ``evidence``, ``link``, ``owner`` or ``due``; of a process also ``mandate`` and ``report``.
        value: the state, the other item, the owner, the day, the mandate.
        more: ``by``, and where they are told ``source``, ``on`` and ``note``.

    Raises:
        RuleError: the state is none of its kind, or rests on no evidence.
        DisclosureError: a text names a person, or about a process reads as a verdict.
    """
    refuse_names(note=more.get("note", ""), value=value if kind in ("owner", "mandate") else "")
    with workspace.database.writing() as connection:
        item_id = _find(connection, name)
        if _view_of(connection, item_id, workspace.today).item.kind == "process":
            refuse_verdicts(note=more.get("note", ""), value=value)
        elif kind in ("mandate", "report"):
            raise UsageError("is no accountability process", where=short(item_id), mend="name a process")
        if kind == "state":
            refuse_state(_view_of(connection, item_id, workspace.today), value)
        if kind == "link":
            value = _find(connection, value)
            if value == item_id:
                raise UsageError("is the item itself", where="link", mend="name another item")
        if kind == "due":
            value = day_from_text(value, where="due").isoformat()
        add_tracked_entry(connection, TrackedEntry(item_id, kind, at=workspace.now, value=value, **more))
        return _view_of(connection, item_id, workspace.today)


def undo(workspace: Workspace, entry: str, *, by: str, why: str) -> ItemView:
    """Take an entry back; what held before it holds again."""
    with workspace.database.writing() as connection:
        full = reading.find_id(connection, tracked_entries, "entry_id", _prefixed(entry, "tre"), "entry")
        taken = next(one for one in read_entries(connection) if one.entry_id == full)
        if taken.kind == "undo":
            raise UsageError("takes another back already", where=short(full), mend="record what holds anew")
        made = TrackedEntry(taken.item_id, "undo", by, workspace.now, value=full, note=why)
        add_tracked_entry(connection, made)
        return _view_of(connection, taken.item_id, workspace.today)


def views_of(connection: Connection, day: date) -> list[ItemView]:
    """All items as they stand on a day."""
    return item_views(read_items(connection), read_entries(connection), day)


def refuse_names(**texts: str) -> None:
    """Refuse texts that name a private person, as far as the wording rules can tell."""
    for where, text in texts.items():
        found = next(person_name(where, text), None)
        if found:
            raise DisclosureError(f"'{shorten(found.words, 60)}' {found.why}", where=where, mend=found.mend)


def refuse_verdicts(**texts: str) -> None:
    """Refuse texts that read as a verdict on a person, a party or a crime: what a court said, its record says."""
    for where, text in texts.items():
        found = next(verdict(where, text), None)
        if found:
            raise DisclosureError(f"'{shorten(found.words, 60)}' {found.why}", where=where, mend=found.mend)


def _view_of(connection: Connection, item_id: str, day: date) -> ItemView:
    return next(view for view in views_of(connection, day) if view.item_id == item_id)


def _find(connection: Connection, name: str) -> str:
    return reading.find_id(connection, tracked_items, "item_id", _prefixed(name, "trk"), "item")


def _prefixed(name: str, kind: str) -> str:
    return name if name.startswith(f"{kind}_") else f"{kind}_{name}"


def _refuse_kind(kind: str) -> None:
    if kind not in tracker_kinds():
        raise UsageError(f"'{shorten(kind)}' is no kind", where="kind", mend=f"use {', '.join(tracker_kinds())}")


def _undertakings(connection: Connection, document_id: str) -> list[dict[str, Any]]:
    return list_undertakings(connection, document_id=document_id, limit=_MOST_UNDERTAKINGS)


def _named(found: list[dict[str, Any]], name: str) -> dict[str, Any]:
    hits = [one for one in found if one["undertaking_id"].removeprefix("und_").startswith(name.removeprefix("und_"))]
    if len(hits) != 1:
        what = f"'{shorten(name)}' begins {len(hits)} undertakings of the document" if hits else f"no '{shorten(name)}'"
        raise UnknownNameError(what, where="undertaking", mend="see 'forewarn tracker from-document DOCUMENT'")
    return hits[0]


def _item_of(one: dict[str, Any], wish: TrackWish, by: str, workspace: Workspace, kind: str) -> TrackedItem:
    made = kind or kind_from_undertaking().get(one["kind"], "")
    if not made:
        raise UsageError(f"'{one['kind']}' tells no kind of item", where="--kind", mend="give --kind")
    where = f"{one['symbol'] or short(one['document_id'])}, {one['paragraph_id']}"
    return TrackedItem(
        kind=made,
        what=shorten(" ".join(one["what"].split()) or one["quote"], 2_000),
        source=wish.source or where,
        by=by,
        at=workspace.now,
        owner=wish.owner or (one["actor"] if one["kind"] != "calls_for" else one["addressee"]) or "",
        unit=area_named(wish.unit) if wish.unit else "",
        starts_on=wish.starts_on,
        due_on=wish.due_on,
        undertaking_id=one["undertaking_id"],
        document_id=one["document_id"],
        quote=one["quote"],
    )
