"""The queue of review for whoever lists it: read from what is kept where that holds, else worked out and kept.

Working it out reads every claim, incident and judgement; a page of what is kept reads that page. Kinds that are listed
only on request are not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection

from forewarn.assess.queue import kind_named, queue
from forewarn.errors import StoreError, UnknownNameError, UsageError, shorten
from forewarn.ids import short
from forewarn.operations.review_known import known_now
from forewarn.operations.workspace import Workspace
from forewarn.store import reading, review_items, schema

__all__ = ["Asked", "all_items", "page", "page_within", "said_of"]

_PART = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: a kind (all but those listed on request when empty), an area, and the item to go on behind."""

    kind: str = ""
    unit: str = ""
    after: str = ""


def page(workspace: Workspace, asked: Asked, limit: int) -> tuple[pl.DataFrame, dict[str, int]]:
    """At most ``limit`` items, what most hangs on first, and how many wait of each kind looked for.

    Raises:
        UnknownNameError: the item to go on behind waits no more.
    """
    if (items := _not_kept(workspace, asked)) is not None:
        counts = dict(items["kind"].value_counts().sort("kind").iter_rows())
        return items.slice(_start(items, asked.after), limit), counts
    with workspace.database.reading() as connection:
        after = 0
        if asked.after:
            found = review_items.items_named(connection, asked.after)
            after = review_items.place_of(connection, _one(found, asked.after))
        items = review_items.item_page(connection, kind=asked.kind, unit=asked.unit, after=after, limit=limit)
        return items, review_items.count_items(connection, kind=asked.kind, unit=asked.unit)


def page_within(
    workspace: Workspace, asked: Asked, classes: Sequence[str], *, start: int, limit: int
) -> tuple[pl.DataFrame, dict[str, int]]:
    """At most ``limit`` items from ``start`` on that are about claims of these sensitivities, and how many there are.

    Items about no claim are left out.
    """
    if (items := _not_kept(workspace, asked)) is not None:
        inside = items.filter(pl.col("sensitivity").is_in(list(classes)) & (pl.col("claims").list.len() > 0))
        return inside.slice(start, limit), dict(inside["kind"].value_counts().sort("kind").iter_rows())
    with workspace.database.reading() as connection:
        kind, unit = asked.kind, asked.unit
        found = review_items.item_page(connection, kind=kind, unit=unit, limit=limit, start=start, classes=classes)
        return found, review_items.count_items(connection, kind=kind, unit=unit, classes=classes)


def all_items(workspace: Workspace, asked: Asked) -> pl.DataFrame:
    """All of them, in their order."""
    if (items := _not_kept(workspace, asked)) is not None:
        return items
    with workspace.database.reading() as connection:
        return review_items.item_page(connection, kind=asked.kind, unit=asked.unit, after=0, limit=None)


def said_of(connection: Connection, items: pl.DataFrame) -> dict[str, str]:
    """What the claims that items are about say, in a line each; of an incident, its size."""
    named = sorted({*items["subject"], *items["other"]})
    claims = reading.claims_of(connection, [one for one in named if one.startswith("clm_")])
    words = claims.select("claim_id", told=pl.format("{} {} {}", "started_on", "place_name", "text").fill_null(""))
    found = dict(words.iter_rows())
    told = pl.format("{} {} {}, {} claims", "started_on", "place_name", "act", "claims").fill_null("")
    ids = [one for one in named if one.startswith("inc_")]
    for start in range(0, len(ids), _PART):
        where = [schema.incidents.c.incident_id.in_(ids[start : start + _PART])]
        rows = reading.read_incidents(connection, where=where).select("incident_id", told=told)
        found |= dict(rows.iter_rows())
    return found


def _not_kept(workspace: Workspace, asked: Asked) -> pl.DataFrame | None:
    """The items asked for where they are not kept, because of their kind or because somebody else is writing.

    Else nothing, and what is kept is what the store says.
    """
    with workspace.database.reading() as connection:
        if asked.kind and kind_named(asked.kind).on_request:
            return _worked_out(connection, workspace, asked)
        if review_items.holds(connection):
            return None
        stamp = review_items.stamp_of(connection)
        items = _worked_out(connection, workspace, Asked())
    try:
        with workspace.database.writing() as connection:
            review_items.put_items(connection, items, stamp)
    except StoreError:
        return _among(items, asked)
    return None


def _among(items: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    inside = pl.element().str.starts_with(f"{asked.unit}/") | (pl.element() == asked.unit)
    wanted = items.filter(pl.col("kind") == asked.kind) if asked.kind else items
    return wanted.filter(pl.col("units").list.eval(inside).list.any()) if asked.unit else wanted


def _worked_out(connection: Connection, workspace: Workspace, asked: Asked) -> pl.DataFrame:
    known = known_now(connection, workspace.today, with_proposals=asked.kind == "indicator")
    return queue(known, [asked.kind] if asked.kind else [], unit=asked.unit)


def _start(items: pl.DataFrame, after: str) -> int:
    if not after:
        return 0
    one = _one(items.filter(pl.col("item_id").str.starts_with(after)), after)
    return int(items["item_id"].index_of(one) or 0) + 1


def _one(found: pl.DataFrame, name: str) -> str:
    if found.height > 1:
        raise UsageError(f"'{shorten(name)}' begins more than one item", where="--after", mend="give more of the id")
    if not found.height:
        raise UnknownNameError(f"no item '{short(name)}' waits", where="--after", mend="list from the beginning")
    return str(found["item_id"][0])
