"""The queue of review as last brought up, kept in its order: pages, counts and single items by index.

It is derived. It holds as long as its stamp is that of the store and nothing was touched since; whoever puts all
incidents anew throws the stamp away. Nothing here works the queue out. With the sights of a viewer only items are
given of which every claim lies within one of them, both as received and as it reads now.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Connection, Select, exists, func, not_, or_, select

from forewarn.model.access import EVERYWHERE, Sight
from forewarn.store import schema
from forewarn.store.bulk import insert_frame
from forewarn.store.review_touched import place_now
from forewarn.store.sighted import area_condition, within

__all__ = [
    "claims_in_alerts", "count_items", "holds", "item_page", "items_named", "kept_place", "place_of", "put_items",
    "replace_items", "stamp_of",
]  # fmt: skip

_LISTS = ("claims", "units")
_PART = 500
_SHAPE: dict[str, Any] = {
    **dict.fromkeys(("item_id", "kind", "subject", "other"), pl.String),
    "claims": pl.List(pl.String),
    "deaths_high": pl.Int64,
    "score": pl.Float64,
    "reason": pl.String,
    "in_alert": pl.Boolean,
    "sensitivity": pl.String,
    "units": pl.List(pl.String),
}


def stamp_of(connection: Connection) -> str:
    """How far the store has got in all that the queue rests on. To be taken before the queue is worked out."""
    return json.dumps(place_now(connection))


def kept_place(connection: Connection) -> dict[str, int] | None:
    """How far it had got when the items were brought up; nothing where none are kept that could be."""
    kept = connection.execute(select(schema.review_items_state.c.stamp)).scalars().all()
    found = json.loads(kept[0]) if len(kept) == 1 else None
    return found if isinstance(found, dict) and set(found) == set(place_now(connection)) else None


def holds(connection: Connection) -> bool:
    """Whether the kept items are what the store says now."""
    if connection.execute(select(schema.review_touched.c.sequence).limit(1)).first():
        return False
    return kept_place(connection) == place_now(connection)


def put_items(connection: Connection, items: pl.DataFrame, claims: pl.DataFrame, stamp: str) -> None:
    """Keep the items, with ``place``, in place of all before, and their claims: rows of ``review_item_claims``."""
    for table in (schema.review_items, schema.review_item_claims):
        connection.execute(table.delete())
    _put(connection, items, claims, stamp)


def replace_items(
    connection: Connection, about: Sequence[str], items: pl.DataFrame, claims: pl.DataFrame, stamp: str
) -> None:
    """The same in place of those about any of some claims, and of all that wait for a second person."""
    table, own = schema.review_items, schema.review_item_claims
    gone = set(connection.execute(select(table.c.item_id).where(table.c.kind == "confirmation")).scalars())
    for part in _parts(about):
        gone |= set(connection.execute(select(own.c.item_id).where(own.c.claim_id.in_(part)).distinct()).scalars())
    for part in _parts(sorted(gone)):
        for one in (table, own):
            connection.execute(one.delete().where(one.c.item_id.in_(part)))
    _put(connection, items, claims, stamp)


def claims_in_alerts(connection: Connection) -> set[str]:
    """The claims of kept items on which an open alert rested."""
    table, own = schema.review_items, schema.review_item_claims
    joined = own.join(table, table.c.item_id == own.c.item_id)
    return set(connection.execute(select(own.c.claim_id).select_from(joined).where(table.c.in_alert == 1)).scalars())


def item_page(
    connection: Connection, *, kind: str, unit: str, after: str = "", limit: int | None, start: int = 0,
    classes: Sequence[str] | None = None, sights: Sequence[Sight] | None = None,
) -> pl.DataFrame:  # fmt: skip
    """The items behind a place, from ``start`` on, at most ``limit``, those of a kind and area where one is given.

    With ``classes`` only those about claims of these sensitivities at most, and with ``sights`` those of which every
    claim may be seen; then none that is about no claim.
    """
    table = schema.review_items
    query = _asked(select(*(table.c[name] for name in _SHAPE)), kind, unit).where(table.c.place > after)
    if classes is not None:
        said = func.coalesce(table.c.sensitivity, "")  # so that the order is kept, and no index by class is sorted anew
        query = query.where(said.in_(classes), table.c.claims != "[]")
    if sights is not None:
        query = query.where(*_seen(sights))
    return _frame(connection.execute(query.order_by(table.c.place).limit(limit).offset(start)))


def count_items(
    connection: Connection, *, kind: str, unit: str, classes: Sequence[str] | None = None,
    sights: Sequence[Sight] | None = None,
) -> dict[str, int]:  # fmt: skip
    """How many wait, by kind; with ``classes`` those of these sensitivities, with ``sights`` those that are seen."""
    table = schema.review_items
    query = _asked(select(table.c.sensitivity, table.c.kind, func.count()), kind, unit)
    if classes is not None:
        query = query.where(table.c.sensitivity.in_(classes))
    if sights is not None:
        query = query.where(*_seen(sights))
    found: Counter[str] = Counter()
    for _, name, count in connection.execute(query.group_by(table.c.sensitivity, table.c.kind)):  # as an index has them
        found[name] += int(count)
    return dict(sorted(found.items()))


def items_named(connection: Connection, prefix: str) -> pl.DataFrame:
    """The items whose id begins so, two at most."""
    table = schema.review_items
    query = select(*(table.c[name] for name in _SHAPE)).where(table.c.item_id.between(prefix, f"{prefix}g"))
    query = query.where(table.c.item_id.startswith(prefix, autoescape=True))  # ids are hexadecimal: none begins with g
    return _frame(connection.execute(query.order_by(table.c.item_id).limit(2)))


def place_of(connection: Connection, item_id: str) -> str:
    """The place of an item, empty where it does not wait."""
    table = schema.review_items
    return str(connection.execute(select(table.c.place).where(table.c.item_id == item_id)).scalar() or "")


def _seen(sights: Sequence[Sight]) -> list[ColumnElement[bool]]:
    """That an item is about claims, and all of them lie within the sights."""
    table, own = schema.review_items, schema.review_item_claims
    hidden = exists().where(own.c.item_id == table.c.item_id, not_(within(sights, own.c)))
    areas = [area for one in sights for area in one.areas]
    asked = [table.c.claims != "[]", ~hidden]
    if EVERYWHERE not in areas:  # by index: few of all items lie there
        asked.append(table.c.item_id.in_(select(own.c.item_id).where(area_condition(areas, own.c))))
    return asked


def _put(connection: Connection, items: pl.DataFrame, claims: pl.DataFrame, stamp: str) -> None:
    rows = items.with_columns(
        pl.col("reason", "other").fill_null(""),
        pl.col("in_alert").cast(pl.Int64),
        *(_as_json(items[name]) for name in _LISTS),
    )
    insert_frame(connection, schema.review_items, rows)
    insert_frame(connection, schema.review_item_claims, claims)
    connection.execute(schema.review_items_state.delete())
    connection.execute(schema.review_items_state.insert(), {"stamp": stamp})


def _as_json(lists: pl.Series) -> pl.Series:
    """Lists of texts as JSON, each written once: many items lie in one area."""
    written: dict[tuple[str, ...], str] = {}
    found = []
    for one in lists.to_list():
        key = tuple(one or ())
        if key not in written:
            written[key] = json.dumps(key)
        found.append(written[key])
    return pl.Series(lists.name, found, dtype=pl.String)


def _parts(names: Sequence[str]) -> Iterable[Sequence[str]]:
    return (names[start : start + _PART] for start in range(0, len(names), _PART))


def _asked(query: Select[Any], kind: str, unit: str) -> Select[Any]:
    table = schema.review_items
    if kind:
        query = query.where(table.c.kind == kind)
    if unit:
        said = json.dumps(unit)[:-1]
        exact, inside = (table.c.units.contains(said + end, autoescape=True) for end in ('"', "/"))
        query = query.where(or_(exact, inside))
    return query


def _frame(rows: Iterable[Any]) -> pl.DataFrame:
    found = [
        {**row._mapping, "in_alert": bool(row.in_alert), **{name: json.loads(getattr(row, name)) for name in _LISTS}}
        for row in rows
    ]
    return pl.DataFrame(found, schema=_SHAPE)
