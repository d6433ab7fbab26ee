"""Reading situations for a viewer: a reading of an indicator is as sensitive as what it rests on, and never low.

Owns the class of a reading (moderate, or that of its most sensitive claim), and the way from claims to the incidents
they are in. A class that is none of the four, and a claim that is gone, count as severe.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from forewarn.model.access import Viewer
from forewarn.model.provenance import Sensitivity
from forewarn.model.situation import IndicatorAssessment
from forewarn.store import schema
from forewarn.store.two_persons import sensitivities

__all__ = ["incidents_of_claims", "may_open", "seen_readings"]

_AT_ONCE = 500


def may_open(viewer: Viewer, unit: str) -> bool:
    """Whether the viewer may be shown that an area was assessed at all."""
    country, _, admin1 = unit.partition("/")
    return viewer.may_see("situation", country, admin1, Sensitivity.MODERATE)


def seen_readings(
    connection: Connection, viewer: Viewer, made: Iterable[IndicatorAssessment]
) -> dict[str, Sensitivity]:
    """By id, the readings that the viewer may be shown, each with its class."""
    given = list(made)
    known = {one.value: one for one in Sensitivity}
    classes = sensitivities(connection, {claim for one in given for claim in one.claim_ids})
    found = {}
    for one in given:
        country, _, admin1 = one.unit.partition("/")
        own = [known.get(classes.get(claim, ""), Sensitivity.SEVERE) for claim in one.claim_ids]
        highest = max([Sensitivity.MODERATE, *own], key=lambda each: each.rank)
        if viewer.may_see("situation", country, admin1, highest):
            found[one.assessment_id] = highest
    return found


def incidents_of_claims(connection: Connection, claim_ids: Sequence[str]) -> dict[str, str]:
    """By claim, the incident it is in; a claim that is in none is missing."""
    table = schema.incident_claims
    found: dict[str, str] = {}
    for start in range(0, len(claim_ids), _AT_ONCE):
        query = select(table.c.claim_id, table.c.incident_id)
        rows = connection.execute(query.where(table.c.claim_id.in_(claim_ids[start : start + _AT_ONCE])))
        found |= {row.claim_id: row.incident_id for row in rows}
    return found
