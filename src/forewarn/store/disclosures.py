"""Releases to others: entries appended, and read back in the order added."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from forewarn.clock import instant_from_text, instant_text
from forewarn.errors import LifecycleError
from forewarn.model.releasing import ReleaseEntry
from forewarn.model.terms import ReleaseTerms
from forewarn.store.disclosure_tables import release_entries

__all__ = ["add_release_entry", "read_release_entries"]


def add_release_entry(connection: Connection, entry: ReleaseEntry) -> None:
    """Append an entry. Raises :class:`LifecycleError` where the same is there already."""
    table = release_entries
    if connection.execute(select(table.c.sequence).where(table.c.entry_id == entry.entry_id)).first():
        raise LifecycleError("was recorded just now", where="release", mend="see 'forewarn release list'")
    row = {name: getattr(entry, name) for name in ("release_id", "kind", "by", "digest", "content")}
    row |= {"entry_id": entry.entry_id, "at": instant_text(entry.at)}
    row |= {"terms": json.dumps(entry.terms.plain()), "removed": json.dumps(entry.removed)}
    connection.execute(table.insert(), row)


def read_release_entries(connection: Connection) -> list[ReleaseEntry]:
    """Every entry."""
    rows = connection.execute(select(*release_entries.columns).order_by(release_entries.c.sequence)).mappings()
    return [
        ReleaseEntry(
            kind=row["kind"],
            by=row["by"],
            at=instant_from_text(row["at"]),
            terms=ReleaseTerms.read(json.loads(row["terms"])),
            digest=row["digest"],
            release_id=row["release_id"],
            removed=tuple((reason, count) for reason, count in json.loads(row["removed"])),
            content=row["content"],
        )
        for row in rows
    ]
