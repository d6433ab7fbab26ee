"""A part of what was known on a day: one country from some day on, as far as a page shows it, and no more.

Its law: every incident of that country that began on or after the day is there, exactly as in the whole knowledge,
for the claims of those days are followed to all that they hang together with. Other incidents are there only by the
way, and nothing may be counted from them: whoever asks looks at the days asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl
from sqlalchemy import Connection

from forewarn.assess.linkage.reach import beyond
from forewarn.collect.places import Atlas
from forewarn.operations.knowledge import Knowledge, assembled, claims_with_rules
from forewarn.store import decisions, reading, schema
from forewarn.store.corrections import corrections

__all__ = ["knowledge_since"]

_PART = 5_000
"""Claims asked for at once."""


def knowledge_since(
    connection: Connection,
    as_known_at: date,
    area: str,
    since: date,
    *,
    also: Iterable[str] = (),
    atlas: Atlas | None = None,
) -> Knowledge:
    """What the store knew of a country at the end of a day, of incidents that began on or after ``since``.

    Args:
        connection: a reading connection.
        as_known_at: the day of knowledge.
        area: the country, or an area of it; the whole country is read, for an incident may lie where one claim says.
        since: the first day that will be looked at.
        also: claims that are looked at whatever their day.
        atlas: the boundaries to read it by, where they are needed.
    """
    country, first = area.partition("/")[0], since.isoformat()
    seeds = set(also) | set(reading.claims_begun(connection, country, since=first, known_by=as_known_at.isoformat()))
    seeds |= {
        name
        for name, row in corrections(connection).rows.items()
        if row["country"] == country and (row["started_on"] or "") >= first
    }
    claims, judged = _closed(connection, pl.Series("claim_id", sorted(seeds), dtype=pl.String), as_known_at)
    return assembled(connection, claims, judged, as_known_at, atlas=atlas)


def _closed(connection: Connection, seeds: pl.Series, day: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The claims that must be clustered with the seeds, as known on the day, and the judgements on them."""
    named = fresh = seeds
    claims, judged = _claims(connection, seeds, day), decisions.judgements_naming(connection, seeds.to_list())
    while named.len() and (fresh := beyond(named, judged, claims)).len():
        named = pl.concat([named, fresh.alias("claim_id")])
        claims = pl.concat([claims, _claims(connection, fresh, day)])
        more = decisions.judgements_naming(connection, fresh.to_list())
        judged = pl.concat([judged, more]).unique("sequence", maintain_order=True)
    return claims.sort("claim_id"), judged.sort("sequence")


def _claims(connection: Connection, ids: pl.Series, day: date) -> pl.DataFrame:
    names = ids.to_list()
    column = schema.claims.c.claim_id
    parts = [
        reading.read_claims(connection, as_known_at=day, where=[column.in_(names[start : start + _PART])])
        for start in range(0, max(len(names), 1), _PART)
    ]
    return claims_with_rules(connection, pl.concat(parts))
