"""Putting out the words of a purged item in the log and its record, so that what is left can still be proved.

The log keeps that there was an item, its digests, what was done to it, by whom and when. Of each entry put out the
digest of its content stays, by which the chain is followed; and the purge itself names a digest over all that stays, so
that no column of it can be changed unseen. Words are put out of purged items alone: the database refuses any other
change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from forewarn.account import Fault
from forewarn.ids import content_id
from forewarn.store import evidence as rows
from forewarn.store.evidence_tables import ERASED

__all__ = ["contents_of", "erasure_faults", "remains"]

_KEPT = ("size_bytes", "sha3_512", "acquired_at", "operator", "sharing", "retention", "sensitivity", "derived_from")
_WORDS = ("acquired_where", "method", "tool", "why", "basis", "purpose")


def contents_of(links: Sequence[Any]) -> dict[int, str]:
    """Of entries as stored, with their words, the digest of their content by sequence."""
    return {link[0]: content_id("act", *link[2:8]) for link in links}


def remains(record: Mapping[str, Any], links: Sequence[Any], contents: Mapping[int, str]) -> str:
    """``ers_`` and the SHA-256 over what stays of an item: its record and entries without their words."""
    kept = [part for link in links for part in (link[0], *link[2:6], contents.get(link[0], ""))]
    return content_id("ers", record["evidence_id"], *(record[name] for name in _KEPT), kept)


def erasure_faults(connection: Connection) -> Iterator[Fault]:
    """What is wrong with what was put out: of no purged item, not put out whole, or changed since."""
    erased = rows.erasures(connection)
    left = set(erased)
    for purge in list(rows.links(connection, acts=("purge",))):
        links = [link for link in rows.links(connection, purge[2]) if link[0] < purge[0]]
        left -= {link[0] for link in links}
        for record in rows.read_items(connection, evidence_id=purge[2]):
            if remains(record, links, erased) != json.loads(purge[7]).get("remains"):
                yield Fault(f"record {purge[2]}", "or an entry on it is altered: it is not what its purge left")
            has_words = any(record[name] != ERASED for name in _WORDS)
            if has_words or any((link[6], link[7]) != (ERASED, "{}") for link in links):
                yield Fault(f"record {purge[2]}", "still has words although the item was purged")
    yield from (Fault(f"custody entry {one}", "was put out, and its item was not purged") for one in sorted(left))
