"""Rulings on origins, quarantine and sights of grades: appended, and read back as what holds.

What holds is a pure function of the rows. A ruling or quarantine stands until a row names it as withdrawn or released;
withdrawing a withdrawal is not offered: say it again instead. On sensitive claims, rulings and releases need two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection, Table, case, func, select

from forewarn.clock import instant_text
from forewarn.model.grading import GradeSight, OriginRuling, Quarantine
from forewarn.model.provenance import Sensitivity
from forewarn.model.review import needs_two
from forewarn.store import schema
from forewarn.store.two_persons import require_second

__all__ = [
    "Reach", "add_quarantine", "add_ruling", "add_sight", "claims_counted_again", "has_seen", "reach_of",
    "read_quarantines", "read_rulings",
]  # fmt: skip

_MOST_NAMED = 50
"""So many sensitive claims of a source are named by the decision that counts it again."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How much a source told: its ``claims``, how many ``incidents`` hold one, and how many of these rest on it alone.

    Claims that are kept out already stand in no incident.
    """

    claims: int
    incidents: int
    alone: int


def reach_of(connection: Connection, source_id: str) -> Reach:
    """What keeping a source out of the counts, or counting it again, touches."""
    claims, reports, members, made = schema.claims, schema.reports, schema.incident_claims, schema.incidents
    told = claims.join(reports, reports.c.report_id == claims.c.report_id)
    of_it = reports.c.source_id == source_id
    count = connection.execute(select(func.count()).select_from(told).where(of_it)).scalar() or 0
    joined = told.join(members, members.c.claim_id == claims.c.claim_id)
    own = select(members.c.incident_id, func.count().label("own")).select_from(joined).where(of_it)
    each = own.group_by(members.c.incident_id).subquery()
    alone = func.sum(case((each.c.own >= made.c.claims, 1), else_=0))
    query = select(func.count(), alone).select_from(each.join(made, made.c.incident_id == each.c.incident_id))
    incidents, sole = connection.execute(query).one()
    return Reach(int(count), int(incidents), int(sole or 0))


def add_ruling(connection: Connection, ruling: OriginRuling, *, decision: str = "") -> None:
    """Append a ruling, or the withdrawal of one; on sensitive claims, as what ``decision`` does.

    Raises:
        SeparationError: the claims ask for two persons, and nobody has confirmed that decision.
    """
    require_second(connection, (ruling.left, ruling.right), decision)
    row = _plain(ruling, "ruled_at") | {"ruling_id": ruling.ruling_id}
    connection.execute(schema.origin_rulings.insert(), row)


def read_rulings(connection: Connection) -> pl.DataFrame:
    """Every ruling ever made, in the order made."""
    return _all(connection, schema.origin_rulings)


def add_quarantine(connection: Connection, quarantine: Quarantine, *, decision: str = "") -> None:
    """Append a quarantine, or a release; a release of what is sensitive, as what ``decision`` does.

    One person may keep something out of the counts at once; to count it again, sensitive claims ask for two.

    Raises:
        SeparationError: nobody has confirmed that decision.
    """
    if quarantine.releases:
        require_second(connection, claims_counted_again(connection, quarantine.subject), decision)
    row = _plain(quarantine, "decided_at") | {"quarantine_id": quarantine.quarantine_id}
    connection.execute(schema.quarantines.insert(), row)


def read_quarantines(connection: Connection) -> pl.DataFrame:
    """Every quarantine and release, in the order made."""
    return _all(connection, schema.quarantines)


def claims_counted_again(connection: Connection, subject: str) -> tuple[str, ...]:
    """The claims for whose sake a release is weighed: the claim itself; of a source its sensitive ones, the first few.

    A class that is none of the four counts as sensitive.
    """
    if not subject.startswith("src_"):
        return (subject,)
    claims, reports = schema.claims, schema.reports
    calm = [one.value for one in Sensitivity if not needs_two([one.value])]
    joined = claims.join(reports, reports.c.report_id == claims.c.report_id)
    query = select(claims.c.claim_id).select_from(joined)
    query = query.where(reports.c.source_id == subject, claims.c.sensitivity.not_in(calm))
    return tuple(connection.execute(query.order_by(claims.c.claim_id).limit(_MOST_NAMED)).scalars())


def add_sight(connection: Connection, sight: GradeSight) -> None:
    """Append that a person was shown the grades on something; once is enough."""
    if not has_seen(connection, sight.subject, sight.person):
        connection.execute(schema.grade_sights.insert(), _plain(sight, "seen_at"))


def has_seen(connection: Connection, subject: str, person: str) -> bool:
    """Whether the person was ever shown the grades on it."""
    table = schema.grade_sights
    query = select(table.c.sequence).where(table.c.subject == subject, table.c.person == person)
    return connection.execute(query.limit(1)).first() is not None


def _plain(noun: OriginRuling | Quarantine | GradeSight, stamp: str) -> dict[str, Any]:
    values = {name: getattr(noun, name) for name in noun.__slots__}
    return values | {stamp: instant_text(values[stamp])}


def _all(connection: Connection, table: Table) -> pl.DataFrame:
    shape = {column.name: pl.Int64 if column.name == "sequence" else pl.String for column in table.columns}
    rows = connection.execute(select(*table.columns).order_by(table.c.sequence)).fetchall()
    return pl.DataFrame([tuple(row) for row in rows], schema=shape, orient="row")
