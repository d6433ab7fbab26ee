"""The queue of review for whoever lists it: read from what is kept, which is first brought up to what the store says.

What people decide, and what an assessment puts in place, touches some claims: the items about them and what stands
beside them are worked out anew and put among the others, in the same order. All of it is worked out at first, once all
incidents were put anew, or so much came in that it is quicker. Kinds listed only on request are not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from sqlalchemy import Connection

from forewarn.assess.queue import Known, kind_named, places, queue
from forewarn.errors import StoreError, UnknownNameError, UsageError, shorten
from forewarn.ids import short
from forewarn.model.access import Sight
from forewarn.model.provenance import Sensitivity
from forewarn.operations.review_known import alerted_now, known_about, known_now
from forewarn.operations.workspace import Workspace
from forewarn.store import reading, review_items, review_touched, schema
from forewarn.store.corrections import corrections

__all__ = [
    "Asked", "bring_up", "brought_up", "is_too_large", "keep_up", "page", "page_seen", "page_within", "said_of",
    "waiting_named",
]  # fmt: skip

_PART = 500
_MOST_ABOUT = 100_000
"""Claims beyond which the queue is worked out whole."""
_LITTLE = 1_000
"""Claims that are looked at while a viewer waits."""
_LARGE = 20_000
"""A store of so many claims takes too long to be gone through while a viewer waits."""


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
        after = ""
        if asked.after:
            found = review_items.items_named(connection, asked.after)
            after = review_items.place_of(connection, _one(found, asked.after))
        items = review_items.item_page(connection, kind=asked.kind, unit=asked.unit, after=after, limit=limit)
        return items, review_items.count_items(connection, kind=asked.kind, unit=asked.unit)


def page_within(
    workspace: Workspace, asked: Asked, classes: Sequence[str], *, start: int, limit: int
) -> tuple[pl.DataFrame, dict[str, int]]:
    """At most ``limit`` items from ``start`` on that are about claims of these sensitivities, and how many there are.

    Items about no claim are left out. Of kinds that are kept it is what is kept, see :func:`keep_up`.
    """
    if (items := _on_request(workspace, asked)) is not None:
        inside = items.filter(pl.col("sensitivity").is_in(list(classes)) & (pl.col("claims").list.len() > 0))
        return inside.slice(start, limit), dict(inside["kind"].value_counts().sort("kind").iter_rows())
    with workspace.database.reading() as connection:
        kind, unit = asked.kind, asked.unit
        found = review_items.item_page(connection, kind=kind, unit=unit, limit=limit, start=start, classes=classes)
        return found, review_items.count_items(connection, kind=kind, unit=unit, classes=classes)


def page_seen(
    workspace: Workspace, asked: Asked, sights: Sequence[Sight], *, start: int, limit: int
) -> tuple[pl.DataFrame, dict[str, int]]:
    """The same of items of which every claim lies within one of the sights, as received and as it reads now."""
    if (items := _on_request(workspace, asked)) is not None:
        with workspace.database.reading() as connection:
            inside = _within(_facts(connection, items), items, sights)
        return inside.slice(start, limit), dict(inside["kind"].value_counts().sort("kind").iter_rows())
    with workspace.database.reading() as connection:
        kind, unit = asked.kind, asked.unit
        found = review_items.item_page(connection, kind=kind, unit=unit, limit=limit, start=start, sights=sights)
        return found, review_items.count_items(connection, kind=kind, unit=unit, sights=sights)


def bring_up(workspace: Workspace) -> bool:
    """Bring what is kept up to what the store says; whether it could be, which it cannot while somebody else writes."""
    with workspace.database.reading() as connection:
        if review_items.holds(connection):
            return True
    try:
        with workspace.database.writing() as connection:
            if brought_up(connection):
                return True
        return _put_whole(workspace)
    except StoreError:
        return False


def keep_up(workspace: Workspace) -> int | None:
    """Bring what is kept up for a viewer, who must not wait: not while somebody else writes, and of a large store only
    where little changed.

    Returns:
        How many claims anything was put in place about that is not in the list yet, 0 where it is what the store says;
        nothing (``None``) where more changed than is counted, or the list was never worked out.
    """
    with workspace.database.reading() as connection:
        if review_items.holds(connection):
            return 0
        touched, is_small = _touched(connection), not is_too_large(connection)
    behind = None if touched is None else len(touched)
    if not is_small and (behind is None or behind > _LITTLE):
        return behind
    try:
        with workspace.database.writing(at_once=True) as connection:
            if brought_up(connection, most=_MOST_ABOUT if is_small else _LITTLE):
                return 0
        return 0 if is_small and _put_whole(workspace) else behind
    except StoreError:
        return behind


def is_too_large(connection: Connection) -> bool:
    """Whether the store is too large to be gone through while a viewer waits."""
    return reading.is_large(connection, _LARGE)


def waiting_named(connection: Connection, name: str) -> pl.DataFrame:
    """The items of kinds that are kept which wait under an id or its beginning.

    Where what is kept is behind, what it has of that name is worked out anew with what stands beside it; an item that
    it does not have is not found then.
    """
    found = review_items.items_named(connection, name)
    if not found.height or review_items.holds(connection):
        return found
    part = known_about(connection, found["claims"].explode().drop_nulls(), most=_MOST_ABOUT)
    return queue(part[1]).filter(pl.col("item_id").str.starts_with(name)) if part else found.clear()


def _touched(connection: Connection) -> set[str] | None:
    """The claims that anything was put in place about since the items were brought up; nothing where too many."""
    before, now = review_items.kept_place(connection), review_touched.place_now(connection)
    touched = review_touched.touched_since(connection, before, now) if before else None
    if touched is None or before is None:
        return None
    if (before["alert_events"], before["alerts"]) != (now["alert_events"], now["alerts"]):
        touched |= review_items.claims_in_alerts(connection) | alerted_now(connection)
    return touched


def brought_up(connection: Connection, *, most: int = _MOST_ABOUT) -> bool:
    """Within a transaction, bring the items about touched claims up; false where all must be worked out instead.

    So it is where they are more than ``most`` with what stands in their incidents.
    """
    if review_items.holds(connection):
        return True
    stamp, touched = review_items.stamp_of(connection), _touched(connection)
    part = known_about(connection, touched, most=most) if touched is not None else None
    if part is None:
        return False
    about, known = part
    items = queue(known)
    named = pl.Series("claims", sorted(about), dtype=pl.String).implode()
    concerned = items.select("item_id", "claims").explode("claims").filter(pl.col("claims").is_in(named))
    items = items.filter((pl.col("kind") == "confirmation") | pl.col("item_id").is_in(concerned["item_id"].implode()))
    facts = _facts(connection, items, known)
    review_items.replace_items(connection, sorted(about), items.with_columns(places(items)), facts, stamp)
    review_touched.forget_touched(connection)
    return True


def said_of(connection: Connection, items: pl.DataFrame) -> dict[str, str]:
    """What the claims that items are about say, in a line each; of an incident, its size."""
    named = sorted({*items["subject"], *items["other"]})
    claims = reading.claims_of(connection, [one for one in named if one.startswith("clm_")])
    words = claims.select("claim_id", told=pl.format("{} {} {}", "started_on", "place_name", "text").fill_null(""))
    found = dict(words.iter_rows())
    size = pl.when(pl.col("claims") == 1).then(pl.lit("1 claim")).otherwise(pl.format("{} claims", "claims"))
    act = pl.col("act").str.replace_all("_", " ")
    told = pl.concat_str(
        "started_on", pl.col("place_name").replace("", None), act, size, separator=", ", ignore_nulls=True
    )
    ids = [one for one in named if one.startswith("inc_")]
    for start in range(0, len(ids), _PART):
        where = [schema.incidents.c.incident_id.in_(ids[start : start + _PART])]
        rows = reading.read_incidents(connection, where=where).select("incident_id", told=told)
        found |= dict(rows.iter_rows())
    return found


def _on_request(workspace: Workspace, asked: Asked) -> pl.DataFrame | None:
    """The items asked for of a kind that is not kept."""
    if not asked.kind or not kind_named(asked.kind).on_request:
        return None
    with workspace.database.reading() as connection:
        return _worked_out(connection, workspace.today, asked)


def _not_kept(workspace: Workspace, asked: Asked) -> pl.DataFrame | None:
    """The items asked for where they are not kept, because of their kind or because somebody else is writing.

    Else nothing, and what is kept is what the store says.
    """
    found = _on_request(workspace, asked)
    if found is None and not bring_up(workspace):
        with workspace.database.reading() as connection:
            return _worked_out(connection, workspace.today, asked)
    return found


def _put_whole(workspace: Workspace) -> bool:
    """Work all of it out while others may write, and keep it as of when that began."""
    with workspace.database.reading() as connection:
        stamp, far = review_items.stamp_of(connection), review_touched.last_touched(connection)
        known = known_now(connection, workspace.today)
        items = queue(known)
        facts = _facts(connection, items, known)
    with workspace.database.writing() as connection:
        review_items.put_items(connection, items.with_columns(places(items)), facts, stamp)
        review_touched.forget_touched(connection, far)
    return True


def _facts(connection: Connection, items: pl.DataFrame, known: Known | None = None) -> pl.DataFrame:
    """The claims of items as rows of ``review_item_claims``; one that is not there is as sensitive as can be."""
    each = items.select("item_id", claim_id="claims").explode("claim_id").drop_nulls().unique()
    columns = ("claim_id", "country", "admin1", "sensitivity")
    read = known.claims.select(columns) if known else pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    missing = each.join(read, on="claim_id", how="anti")["claim_id"].unique().to_list()
    read = pl.concat([read, reading.claims_of(connection, missing).select(columns)])
    held = corrections(connection)
    own = list(held.rows)
    first = pl.DataFrame(list(held.received.values()) or None, schema=read.schema) if own else read.clear()
    first = first.filter(pl.col("claim_id").is_in(own))
    told = pl.concat([read.with_columns(corrected=pl.col("claim_id").is_in(own)),
                      first.with_columns(corrected=pl.lit(value=False))])  # fmt: skip
    severe = pl.col("sensitivity").fill_null(Sensitivity.SEVERE.value)
    return each.join(told, on="claim_id", how="left").with_columns(
        severe, pl.col("country", "admin1").fill_null(""), pl.col("corrected").fill_null(value=False).cast(pl.Int64)
    )


def _within(facts: pl.DataFrame, items: pl.DataFrame, sights: Sequence[Sight]) -> pl.DataFrame:
    """Those of the items of which every claim lies within one of the sights."""
    hidden = [
        item
        for item, country, admin1, said in facts.select("item_id", "country", "admin1", "sensitivity").iter_rows()
        if not any(one.covers(country, admin1, Sensitivity.kept(said)) for one in sights)
    ]
    return items.filter(~pl.col("item_id").is_in(hidden) & (pl.col("claims").list.len() > 0))


def _worked_out(connection: Connection, today: date, asked: Asked) -> pl.DataFrame:
    known = known_now(connection, today, with_proposals=asked.kind == "indicator")
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
