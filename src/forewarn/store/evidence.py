"""Records of evidence, custody entries and anchors: appended, and read back in the order added.

A custody entry is appended under the write lock, after the last one there is, so that the chain never forks. The rows
are read back as they are stored: proving them is not the store's work.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, select, text, update

from forewarn.clock import instant_from_text, instant_text
from forewarn.errors import LifecycleError, StoreError
from forewarn.ids import content_id, short
from forewarn.model.evidence import Consent, CustodyEntry, EvidenceItem
from forewarn.model.provenance import Sensitivity
from forewarn.store.evidence_tables import ERASED, custody_anchors, custody_erasures, custody_log, evidence_items

__all__ = [
    "Anchor",
    "add_anchor",
    "add_entry",
    "add_item",
    "entry_of",
    "erase_words",
    "erasures",
    "first_after",
    "head_of",
    "holds_any",
    "links",
    "read_anchors",
    "read_items",
    "record_of",
    "row_of",
]

_PART = 10_000


@dataclass(frozen=True, slots=True)
class Anchor:
    """A timestamp of the chain's head: at which position, over which digest, from whom, the token in base64, when."""

    position: int
    head: str
    authority: str
    token: str
    at: str

    @property
    def anchor_id(self) -> str:
        """``anc_`` and the SHA-256 over all of it."""
        return content_id("anc", self.position, self.head, self.authority, self.token, self.at)


def add_item(connection: Connection, item: EvidenceItem) -> None:
    """Append the record of an item. Raises :class:`LifecycleError` where those bytes have one."""
    if row_of(connection, item.evidence_id):
        raise LifecycleError(
            f"is on record as {short(item.evidence_id)}", where="evidence", mend="see 'forewarn evidence show'"
        )
    connection.execute(evidence_items.insert(), item.record())


def row_of(connection: Connection, evidence_id: str) -> bool:
    """Whether there is a record of that item."""
    where = evidence_items.c.evidence_id == evidence_id
    return connection.execute(select(evidence_items.c.sequence).where(where)).first() is not None


def holds_any(connection: Connection) -> bool:
    """Whether anything was ever recorded."""
    return connection.execute(select(custody_log.c.sequence).limit(1)).first() is not None


def read_items(connection: Connection, where: str = "", evidence_id: str = "") -> list[dict[str, Any]]:
    """The records as stored, in the order added; those acquired from that very place, or the one of an id."""
    columns = [column for column in evidence_items.c if column.name != "sequence"]
    query = select(*columns).order_by(evidence_items.c.sequence)
    if where:
        query = query.where(evidence_items.c.acquired_where == where)
    if evidence_id:
        query = query.where(evidence_items.c.evidence_id == evidence_id)
    return [dict(row) for row in connection.execute(query).mappings()]


def record_of(row: dict[str, Any]) -> EvidenceItem:
    """The item of a stored record. Raises :class:`~forewarn.errors.InputValueError` where it is none."""
    plain = {name: value for name, value in row.items() if name not in ("basis", "purpose", "sharing")}
    plain["acquired_at"] = instant_from_text(plain["acquired_at"])
    plain["sensitivity"] = Sensitivity(plain["sensitivity"])
    return EvidenceItem(**plain, consent=Consent(row["basis"], row["purpose"], row["sharing"]))


def head_of(connection: Connection, *, to_append: bool = False) -> tuple[int, str]:
    """How many custody entries there are and the digest of the last; with ``to_append``, nobody else may add now."""
    if to_append and connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE custody_log IN EXCLUSIVE MODE"))
    query = select(custody_log.c.sequence, custody_log.c.digest).order_by(custody_log.c.sequence.desc()).limit(1)
    found = connection.execute(query).first()
    return (int(found[0]), str(found[1])) if found else (0, "")


def first_after(connection: Connection, sequence: int) -> datetime | None:
    """When the first custody entry after that one was made; ``None`` where there is none."""
    query = select(custody_log.c.at).where(custody_log.c.sequence > sequence).order_by(custody_log.c.sequence).limit(1)
    at = connection.execute(query).scalar()
    return None if at is None else instant_from_text(at)


def add_entry(connection: Connection, entry: CustodyEntry) -> None:
    """Append a custody entry, which must follow the last one. Raises :class:`StoreError` otherwise."""
    if head_of(connection, to_append=True) != (entry.sequence - 1, entry.previous):
        raise StoreError("does not follow the last custody entry", where="custody_log", mend="run it again")
    connection.execute(
        custody_log.insert(),
        {
            "sequence": entry.sequence, "previous": entry.previous, "evidence_id": entry.evidence_id,
            "act": entry.act, "by": entry.by, "at": instant_text(entry.at), "why": entry.why,
            "detail": entry.detail_text, "digest": entry.digest,
        },
    )  # fmt: skip


def links(connection: Connection, evidence_id: str = "", *, acts: Collection[str] = ()) -> Iterator[Any]:
    """The custody entries as stored, by sequence, in the order of :data:`forewarn.account.custody.Link`.

    Args:
        connection: a connection.
        evidence_id: only of that item.
        acts: only of these acts.
    """
    query = select(*custody_log.columns).order_by(custody_log.c.sequence)
    if evidence_id:
        query = query.where(custody_log.c.evidence_id == evidence_id)
    if acts:
        query = query.where(custody_log.c.act.in_(acts))
    if connection.dialect.name == "sqlite":
        # The driver's own tuples: making rows of them takes as long as proving them.
        with connection.execute(query) as found:
            yield from cast("Iterator[Any]", found.cursor)
        return
    for part in connection.execute(query.execution_options(yield_per=_PART)).partitions():
        yield from part


def erasures(connection: Connection) -> dict[int, str]:
    """Of the custody entries whose words were put out, by sequence, the digest of their content."""
    query = select(custody_erasures.c.sequence, custody_erasures.c.content)
    return {int(sequence): str(content) for sequence, content in connection.execute(query)}


def erase_words(connection: Connection, evidence_id: str, contents: Mapping[int, str]) -> None:
    """Put out the words of an item's record, and of the entries whose content digests are given.

    The database refuses it where the log has no later purge of that item.
    """
    if contents:
        rows = [{"sequence": sequence, "content": content} for sequence, content in contents.items()]
        connection.execute(custody_erasures.insert(), rows)
        for sequence in contents:
            one = custody_log.c.sequence == sequence
            connection.execute(update(custody_log).where(one).values(why=ERASED, detail="{}"))
    words = dict.fromkeys(("acquired_where", "method", "tool", "why", "basis", "purpose"), ERASED)
    of_it = evidence_items.c.evidence_id == evidence_id
    connection.execute(update(evidence_items).where(of_it).values(**words))


def add_anchor(connection: Connection, anchor: Anchor) -> None:
    """Append a timestamp."""
    names = ("position", "head", "authority", "token", "at")
    row = {"anchor_id": anchor.anchor_id, **{name: getattr(anchor, name) for name in names}}
    connection.execute(custody_anchors.insert(), row)


def read_anchors(connection: Connection) -> list[tuple[str, Anchor]]:
    """The timestamps, each with the id it is stored under."""
    query = select(custody_anchors).order_by(custody_anchors.c.sequence)
    rows = connection.execute(query).mappings()
    return [(row["anchor_id"], Anchor(*(row[n] for n in Anchor.__slots__))) for row in rows]


def entry_of(link: Any) -> CustodyEntry:
    """The custody entry of a stored link."""
    sequence, previous, evidence_id, act, by, at, why, detail, _ = link
    return CustodyEntry(sequence, previous, evidence_id, act, by, instant_from_text(at), why, json.loads(detail))
