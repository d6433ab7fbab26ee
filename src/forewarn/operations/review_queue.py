"""The queue of review as people read it: what waits, one item in full, and the record of what was decided.

Claims stand side by side with the original text and the words the claim rests on marked in it. No grade is shown
here: reliability and credibility are entered blind of each other. Nothing of it is made to be passed on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from forewarn.assess.queue import KINDS, PROPOSED, kind_named, queue
from forewarn.errors import UnknownNameError, UsageError, shorten
from forewarn.ids import is_id, short
from forewarn.model.review import Item, claims_concerned
from forewarn.operations.review_history import Entry, entries_about, latest
from forewarn.operations.review_items import Asked, is_too_large, page, said_of, waiting_named
from forewarn.operations.review_known import known_now
from forewarn.operations.trace import trace_claims
from forewarn.operations.workspace import Workspace
from forewarn.store import reading, schema
from forewarn.store.corrections import corrections
from forewarn.store.review_reading import answering, record_of

__all__ = [
    "Entry", "ItemShown", "Listed", "Original", "Waiting", "concerned", "find_item", "history", "listed_of",
    "show_item", "shown_of", "waiting",
]  # fmt: skip

_BLIND = "Grades are not shown: reliability and credibility are entered blind of each other."


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item of the queue with what its claims say; of an item about one thing, the right side is empty.

    ``left``, ``right``, ``score``, ``reason``, ``deaths`` and the texts are those of a pair of claims.
    """

    left: str
    right: str
    score: float | None
    reason: str
    deaths: int | None
    left_text: str
    right_text: str
    item: str = ""
    kind: str = "link"
    asked: str = ""
    verdicts: tuple[str, ...] = ()
    command: str = ""
    in_alert: bool = False
    sensitivity: str = ""
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Original:
    """The text a claim was read from: the cell as received, and the half-open span of the words the claim rests on.

    ``column`` and ``text`` are empty where the bytes are gone or hold the words in no one cell.
    """

    claim_id: str
    report_id: str
    source: str
    row: int
    column: str = ""
    text: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One item in full.

    Attributes:
        item: what is asked and what hangs on it; of an incident or a decision that asks nothing, missing.
        claims: the claims concerned, the first known first, at most as many as asked for.
        more: how many further claims there are.
        originals: where each of them was read from.
        history: what people have decided about them.
        note: what is not shown, and why.
        corrected: by claim, column, value as received and value as corrected.
    """

    item: Item | None
    claims: list[dict[str, Any]]
    more: int
    originals: list[Original] = field(default_factory=list)
    history: list[Entry] = field(default_factory=list)
    note: str = _BLIND
    corrected: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """The head of the queue, and ``counts``: how many wait of each kind that was looked for.

    ``behind`` is how many claims changed that the list does not say yet; missing where it was never worked out, or
    more changed than is counted. ``later`` says that the kind is not worked out while somebody waits.
    """

    items: list[Waiting]
    counts: dict[str, int]
    behind: int | None = 0
    later: bool = False

    @property
    def total(self) -> int:
        """How many wait."""
        return sum(self.counts.values())


def waiting(workspace: Workspace, *, limit: int = 20, kind: str = "", unit: str = "", after: str = "") -> Listed:
    """The items that wait, what most hangs on first, at most ``limit``; and how many there are of each kind.

    Args:
        workspace: an open workspace.
        limit: how many to give.
        kind: only this kind; without it all but those listed on request.
        unit: only what lies in this country or first-level area.
        after: the item that the last page ended with, its id or the beginning of it.
    """
    items, counts = page(workspace, Asked(kind, unit, after), limit)
    with workspace.database.reading() as connection:
        return listed_of(connection, items, counts)


def find_item(connection: Connection, name: str, today: date) -> Item:
    """The item that waits under an id or its beginning. Raises :class:`UnknownNameError` where none does."""
    return find_with_proposal(connection, name, today)[0]


def find_with_proposal(
    connection: Connection, name: str, today: date, *, patient: bool = True
) -> tuple[Item, dict[str, Any]]:
    """The same, with the row of the proposal that an indicator's item is about, else empty.

    Where a viewer waits, who is not ``patient``, a large store is not gone through for what is not kept.
    """
    proposed = pl.DataFrame(schema=PROPOSED)
    found = waiting_named(connection, name)
    is_done = found.height > 0 or not name.startswith("itm_") or (not patient and is_too_large(connection))
    for with_proposals in () if is_done else (False, True):  # proposals take their time: they are looked through last
        if found.height:
            break
        known = known_now(connection, today, with_proposals=with_proposals)
        kinds = [kind.name for kind in KINDS if (kind.name == "indicator") == with_proposals]
        found = queue(known, kinds).filter(pl.col("item_id").str.starts_with(name))
        proposed = known.proposed
    if found.height > 1:
        raise UsageError(f"'{shorten(name)}' begins more than one item", mend="give more of the id")
    if not found.height or not name.startswith("itm_"):
        raise UnknownNameError(
            f"no item '{shorten(name)}' waits", mend="see 'forewarn review list', or 'forewarn review history'"
        )
    item = _item(found.row(0, named=True))
    rows = proposed.filter((pl.col("unit") == item.subject) & (pl.col("indicator") == item.other))
    return item, rows.row(0, named=True) if rows.height else {}


def show_item(workspace: Workspace, name: str, *, limit: int = 10) -> ItemShown:
    """An item, an incident or a decision, with at most ``limit`` of its claims down to their originals."""
    with workspace.database.reading() as connection:
        return shown_of(workspace, connection, concerned(connection, name, workspace.today), limit=limit)


def shown_of(
    workspace: Workspace, connection: Connection, found: tuple[Item | None, list[str], set[str]], *, limit: int
) -> ItemShown:
    """The same for what :func:`concerned` found."""
    item, claim_ids, about = found
    frame = reading.claims_of(connection, claim_ids).sort("known_on", "claim_id")
    shown = frame.head(limit)
    below = trace_claims(workspace, connection, shown["claim_id"].to_list())
    originals = [_original(claim, below.reports, below.rows) for claim in shown.iter_rows(named=True)]
    told = entries_about(connection, {*about, *(claim_ids if len(claim_ids) <= limit else ())})
    held = corrections(connection, shown["claim_id"])
    claims = [_plain_claim(row) for row in shown.iter_rows(named=True)]
    fixed = {claim: said for claim in shown["claim_id"] if (said := held.told(claim))}
    return ItemShown(item, claims, frame.height - shown.height, originals, told, corrected=fixed)


def history(workspace: Workspace, name: str = "", *, limit: int = 20) -> list[Entry]:
    """What people decided in review, the latest first; only what concerns an id where one is given."""
    with workspace.database.reading() as connection:
        if not name:
            return latest(connection, limit)
        _, claim_ids, about = concerned(connection, name, workspace.today)
        return entries_about(connection, about | set(claim_ids))[:limit]


def listed_of(connection: Connection, items: pl.DataFrame, counts: dict[str, int]) -> Listed:
    """The items with what their claims say, and the counts given."""
    said = said_of(connection, items)
    return Listed([_waiting(row, said) for row in items.iter_rows(named=True)], counts)


def _waiting(row: Mapping[str, Any], said: Mapping[str, str]) -> Waiting:
    item = _item(row)
    return Waiting(
        left=item.subject,
        right=item.other,
        score=item.score,
        reason=item.reason,
        deaths=item.deaths_high,
        left_text=said.get(item.subject, ""),
        right_text=said.get(item.other, ""),
        item=item.item_id,
        kind=item.kind,
        asked=item.asked,
        verdicts=item.verdicts,
        command=item.command,
        in_alert=item.in_alert,
        sensitivity=item.sensitivity,
        units=item.units,
    )


def _item(row: Mapping[str, Any]) -> Item:
    kind = kind_named(row["kind"])
    return Item(
        item_id=row["item_id"],
        kind=kind.name,
        subject=row["subject"],
        other=row["other"],
        asked=kind.asked,
        reason=row["reason"] or "",
        verdicts=kind.verdicts,
        deaths_high=row["deaths_high"],
        in_alert=row["in_alert"],
        sensitivity=row["sensitivity"],
        units=tuple(row["units"]),
        score=row["score"],
        command=kind.command.format(subject=short(row["subject"]) if is_id(row["subject"]) else row["subject"]),
    )


def concerned(
    connection: Connection, name: str, today: date, *, patient: bool = True
) -> tuple[Item | None, list[str], set[str]]:
    """The item of that name if it waits, the claims concerned, and every id its history may name."""
    if name.startswith("inc_"):
        full = reading.find_id(connection, schema.incidents, "incident_id", name, "incident")
        return None, _claims_in(connection, full), {full}
    if name.startswith("clm_"):
        full = reading.find_id(connection, schema.claims, "claim_id", name, "claim")
        return None, [full], {full}
    if name.startswith("dec_"):
        full = reading.find_id(connection, schema.review_decisions, "decision_id", name, "decision")
        given = record_of(connection, [full]).by_id
        return None, claims_concerned(given[full], given), {full}
    try:
        item, proposal = find_with_proposal(connection, name, today, patient=patient)
    except UnknownNameError:
        record = record_of(connection, answering(connection, name) if name.startswith("itm_") else ())
        decided = [one for one in record.decisions if one.item and one.item.startswith(name)]
        if not decided:
            raise
        return None, claims_concerned(decided[-1], record.by_id), {one.decision_id for one in decided}
    about = {item.item_id, item.subject, item.other} - {""}
    if item.kind == "confirmation":
        _, claims, more = concerned(connection, item.subject, today)
        return item, claims, about | more
    claims = _claims_in(connection, item.subject) if item.subject.startswith("inc_") else proposal.get("claims", [])
    return item, sorted(claims) or [one for one in (item.subject, item.other) if one], about


def _claims_in(connection: Connection, incident: str) -> list[str]:
    table = schema.incident_claims
    return sorted(connection.execute(select(table.c.claim_id).where(table.c.incident_id == incident)).scalars())


def _original(
    claim: Mapping[str, Any], reports: Mapping[str, dict[str, Any]], rows: Mapping[str, dict[str, str]]
) -> Original:
    report = reports.get(claim["report_id"], {})
    known = (claim["claim_id"], claim["report_id"], str(report.get("source_name", "")), int(report.get("row", 0)))
    words = claim["text"].strip()
    if words:
        for column, cell in rows.get(claim["report_id"], {}).items():
            if (start := cell.find(words)) >= 0:
                return Original(*known, column, cell, start, start + len(words))
    return Original(*known)


def _plain_claim(row: Mapping[str, Any]) -> dict[str, Any]:
    """A claim as it is compared: lists as lists."""
    lists = {name: json.loads(row[name] or "[]") for name in ("parties", "origins")}
    return {**row, **lists}
