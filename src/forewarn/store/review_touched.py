"""What the kept queue of review no longer tells rightly: the claims that anything was put in place about since.

Owns the one question a kind of row, and the log of incidents that were put in place of others. Whatever was taken back
counts too. Where so much came in that the queue is better worked out whole, nothing is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, Select, Table, func, literal, select

from forewarn.model.review import claims_concerned
from forewarn.store import linkage_since, schema
from forewarn.store.review_reading import decisions_since, record_of

__all__ = ["MOST", "forget_touched", "incidents_beside", "last_touched", "place_now",
           "touch_claims", "touch_incidents", "touched_since"]  # fmt: skip

MOST = 20_000
"""Claims beyond which the queue is worked out whole."""

_READ = (
    "judgements", "quarantines", "origin_rulings", "casualty_records", "count_overrulings", "codings", "withdrawals",
    "review_decisions", "review_confirmations", "grades", "alert_events", "collections", "standings",
)  # fmt: skip
"""What the queue is worked out from, beside incidents: a new row in any of these may make it another."""

_PLACE = select(
    *(select(func.max(schema.metadata.tables[name].c.sequence)).scalar_subquery().label(name) for name in _READ),
    select(func.count()).select_from(schema.alerts).scalar_subquery().label("alerts"),
)


def place_now(connection: Connection) -> dict[str, int]:
    """How far the store has got in all that the queue rests on. To be taken before the queue is worked out."""
    row = connection.execute(_PLACE).one()
    return {name: int(last or 0) for name, last in row._mapping.items()}


def touch_claims(connection: Connection, claims: Sequence[str]) -> None:
    """Log claims whose incident was put anew."""
    if len(claims) > MOST:
        connection.execute(schema.review_items_state.delete())
    rows = [{"claim_id": one, "country": "", "admin1": "", "month": ""} for one in claims]
    if rows and _is_kept(connection):
        connection.execute(schema.review_touched.insert(), rows)


def touch_incidents(connection: Connection, incidents: Select[tuple[str]]) -> None:
    """Log the claims of incidents that are about to go, and where and when they lay."""
    if not _is_kept(connection):
        connection.execute(schema.review_touched.delete())
        return
    log, members, table = schema.review_touched, schema.incident_claims, schema.incidents
    names = ["claim_id", "country", "admin1", "month"]
    nothing = literal("")
    own = select(members.c.claim_id, nothing, nothing, nothing).where(members.c.incident_id.in_(incidents))
    month = func.substr(table.c.started_on, 1, 7)
    lay = select(nothing, table.c.country, table.c.admin1, month).distinct()
    lay = lay.where(table.c.incident_id.in_(incidents), table.c.country != "", table.c.started_on.is_not(None))
    for query in (own, lay):
        connection.execute(log.insert().from_select(names, query))


def forget_touched(connection: Connection, upto: int | None = None) -> None:
    """Empty the log, or the part of it up to a row: the queue was brought up from there."""
    log = schema.review_touched
    connection.execute(log.delete().where(log.c.sequence <= upto) if upto is not None else log.delete())


def last_touched(connection: Connection) -> int:
    """The last row of the log, 0 where it is empty."""
    return int(connection.execute(select(func.max(schema.review_touched.c.sequence))).scalar() or 0)


def incidents_beside(connection: Connection, claims: Sequence[str]) -> tuple[set[str], set[str]]:
    """The incidents whose items may be others now, and all that share an area and month with one, or with one gone.

    The first are those that hold any of the claims, and of each area and month the one of the others with most deaths:
    of those that nothing touched it alone can make up most of the month, before as after.
    """
    members, table = schema.incident_claims, schema.incidents
    held: set[str] = set()
    for part in _parts(claims):
        query = select(members.c.incident_id).where(members.c.claim_id.in_(part))
        held |= set(connection.execute(query).scalars())
    months = _touched_months(connection)
    lay = select(table.c.country, table.c.admin1, func.substr(table.c.started_on, 1, 7)).distinct()
    lay = lay.where(table.c.country != "", table.c.started_on.is_not(None))
    for part in _parts(sorted(held)):
        months |= {(row[0], row[1], row[2]) for row in connection.execute(lay.where(table.c.incident_id.in_(part)))}
    found, beside = set(held), set(held)
    ends = (table.c.deaths_low, table.c.deaths_best, table.c.deaths_high)
    for country, admin1, month in sorted(months):
        query = select(table.c.incident_id, *ends).where(table.c.country == country, table.c.admin1 == admin1)
        rows = connection.execute(query.where(table.c.started_on >= month, table.c.started_on < f"{month}~")).all()
        beside |= {row[0] for row in rows}
        others = [(max(end or 0 for end in row[1:]), row[0]) for row in rows if row[0] not in held]
        found |= {name for deaths, name in sorted(others)[-1:] if deaths}
    return found, beside


def _touched_months(connection: Connection) -> set[tuple[str, str, str]]:
    """Country, area and month in which incidents lay that are gone."""
    log = schema.review_touched
    rows = connection.execute(select(log.c.country, log.c.admin1, log.c.month).distinct().where(log.c.month != ""))
    return {(row[0], row[1], row[2]) for row in rows}


def touched_since(connection: Connection, before: Mapping[str, int], now: Mapping[str, int]) -> set[str] | None:
    """The claims that anything was put in place about between two places; nothing where it is more than :data:`MOST`.

    What alerts rest on is not told: whoever asks looks at all that open alerts name.
    """
    found: set[str] = set()
    for ids in _asked(connection, before, now):
        found |= set(ids)
        if len(found) > MOST:
            return None
    return found


def _asked(connection: Connection, before: Mapping[str, int], now: Mapping[str, int]) -> Iterable[Iterable[str]]:
    log = schema.review_touched
    yield connection.execute(select(log.c.claim_id).where(log.c.claim_id != "").limit(MOST + 1)).scalars()
    for name in ("collections", "standings"):
        if before[name] != now[name]:
            yield _of_reports(connection, name, before[name])
    far = {name for name in before if before[name] != now.get(name)}
    if "judgements" in far:
        for side in ("left", "right"):
            yield _after(connection, schema.judgements, side, before["judgements"])
    yield linkage_since.quarantined_since(connection, before["quarantines"])
    yield linkage_since.ruled_since(connection, before["origin_rulings"])
    yield _after(connection, schema.codings, "claim_id", before["codings"])
    yield linkage_since.counted_since(
        connection, records=before["casualty_records"], overrulings=before["count_overrulings"],
        withdrawals=before["withdrawals"],
    )  # fmt: skip
    yield (one for one in _after(connection, schema.grades, "subject", before["grades"]) if one.startswith("clm_"))
    if far & {"review_decisions", "review_confirmations"}:
        yield _decided(connection, before)


def _decided(connection: Connection, before: Mapping[str, int]) -> set[str]:
    """The claims concerned by decisions made or confirmed since, and those of incidents they are about."""
    names = decisions_since(connection, before["review_decisions"], before["review_confirmations"])
    given = record_of(connection, names).by_id
    while more := {given[one].undoes for one in names if given[one].undoes in given} - names:
        names |= more
    found = {claim for one in names for claim in claims_concerned(given[one], given)}
    subjects = {subject for one in names for subject in given[one].subjects}
    found |= {one for one in subjects if one.startswith("clm_")}
    members = schema.incident_claims
    for incident in sorted(one for one in subjects if one.startswith("inc_")):
        found |= set(connection.execute(select(members.c.claim_id).where(members.c.incident_id == incident)).scalars())
    return found


def _of_reports(connection: Connection, name: str, sequence: int) -> list[str]:
    """The claims of reports that came in or whose standing changed, and of those they supersede."""
    table, reports, claims = schema.metadata.tables[name], schema.reports, schema.claims
    since = table.c.sequence > sequence
    if name == "collections":
        new = reports.c.snapshot_id.in_(select(table.c.snapshot_id).where(since))
        named = select(reports.c.report_id).where(new).union(select(reports.c.supersedes).where(new)).subquery()
    else:
        named = select(table.c.report_id).where(since).subquery()
    query = select(claims.c.claim_id).where(claims.c.report_id.in_(select(named.c[0]))).limit(MOST + 1)
    return list(connection.execute(query).scalars())


def _after(connection: Connection, table: Table, column: str, sequence: int) -> list[str]:
    query = select(table.c[column]).where(table.c.sequence > sequence).order_by(table.c.sequence).limit(MOST + 1)
    return list(connection.execute(query).scalars())


def _is_kept(connection: Connection) -> bool:
    return connection.execute(select(schema.review_items_state.c.sequence).limit(1)).first() is not None


def _parts(names: Sequence[str]) -> Iterable[Sequence[str]]:
    return (names[start : start + 500] for start in range(0, len(names), 500))
