"""The queue of review as last worked out, kept in its order: pages, counts and single items by index.

It is derived. It holds as long as its stamp is that of the store, and whoever puts incidents in place throws the stamp
away; nothing here works the queue out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl
from sqlalchemy import Connection, Select, func, or_, select

from forewarn.store import schema
from forewarn.store.bulk import insert_frame

__all__ = ["count_items", "holds", "item_page", "items_named", "place_of", "put_items", "stamp_of"]

_READ = (
    "judgements", "quarantines", "origin_rulings", "casualty_records", "count_overrulings", "codings", "withdrawals",
    "review_decisions", "review_confirmations", "grades", "alert_events", "collections", "standings",
)  # fmt: skip
"""What the queue is worked out from, beside incidents: a new row in any of these makes it another."""
_LISTS = ("claims", "units")
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
    tables = [schema.metadata.tables[name] for name in _READ]
    last = [connection.execute(select(func.max(table.c.sequence))).scalar() or 0 for table in tables]
    alerts = connection.execute(select(func.count()).select_from(schema.alerts)).scalar()
    return json.dumps([*last, alerts])


def holds(connection: Connection) -> bool:
    """Whether the kept items are what the store says now."""
    kept = connection.execute(select(schema.review_items_state.c.stamp)).scalars().all()
    return kept == [stamp_of(connection)]


def put_items(connection: Connection, items: pl.DataFrame, stamp: str) -> None:
    """Keep the items, in their order, in place of those before."""
    table, state = schema.review_items, schema.review_items_state
    connection.execute(table.delete())
    connection.execute(state.delete())
    rows = items.with_row_index("position", offset=1).with_columns(
        pl.col("reason", "other").fill_null(""),
        pl.col("position", "in_alert").cast(pl.Int64),
        *(
            pl.Series(name, [json.dumps(one or []) for one in items[name].to_list()], dtype=pl.String)
            for name in _LISTS
        ),
    )
    insert_frame(connection, table, rows)
    connection.execute(state.insert(), {"stamp": stamp})


def item_page(
    connection: Connection, *, kind: str, unit: str, after: int = 0, limit: int | None, start: int = 0,
    classes: Sequence[str] | None = None,
) -> pl.DataFrame:  # fmt: skip
    """The items behind a position, from ``start`` on, at most ``limit``, those of a kind and area where one is given.

    With ``classes`` only those about claims of these sensitivities at most, and none that is about no claim.
    """
    table = schema.review_items
    query = _asked(select(*(table.c[name] for name in _SHAPE)), kind, unit).where(table.c.position > after)
    if classes is not None:
        said = func.coalesce(table.c.sensitivity, "")  # so that the order is kept, and no index by class is sorted anew
        query = query.where(said.in_(classes), table.c.claims != "[]")
    return _frame(connection.execute(query.order_by(table.c.position).limit(limit).offset(start)))


def count_items(
    connection: Connection, *, kind: str, unit: str, classes: Sequence[str] | None = None
) -> dict[str, int]:
    """How many wait, by kind; with ``classes`` those of these sensitivities, by index."""
    table = schema.review_items
    query = _asked(select(table.c.kind, func.count()), kind, unit)
    if classes is not None:
        query = query.where(table.c.sensitivity.in_(classes))
    rows = connection.execute(query.group_by(table.c.kind).order_by(table.c.kind))
    return {name: int(count) for name, count in rows}


def items_named(connection: Connection, prefix: str) -> pl.DataFrame:
    """The items whose id begins so, two at most."""
    table = schema.review_items
    query = select(*(table.c[name] for name in _SHAPE)).where(table.c.item_id >= prefix)
    query = query.where(table.c.item_id.startswith(prefix, autoescape=True))
    return _frame(connection.execute(query.order_by(table.c.item_id).limit(2)))


def place_of(connection: Connection, item_id: str) -> int:
    """The position of an item, 0 where it does not wait."""
    table = schema.review_items
    return int(connection.execute(select(table.c.position).where(table.c.item_id == item_id)).scalar() or 0)


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
