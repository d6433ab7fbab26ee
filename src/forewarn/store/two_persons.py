"""Two persons for sensitive claims, looked at where rows are written, so that no way in goes round it.

Whatever people put in place about a claim (a judgement, a correction, a coding, a count, a record, an indicator, or the
taking back of one) is let through here: alone where the claims allow it, else only as what a confirmed decision does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from forewarn.errors import SeparationError
from forewarn.model.review import needs_two
from forewarn.store.review_tables import review_confirmations
from forewarn.store.schema import claims as claims_table
from forewarn.store.schema import incident_claims

__all__ = ["beside", "need_two", "require_second", "sensitivities"]

_PART = 500


def sensitivities(connection: Connection, claims: Iterable[str]) -> dict[str, str]:
    """By claim, its sensitivity; claims that are not there are left out."""
    table, names = claims_table, sorted(set(claims))
    found: dict[str, str] = {}
    for part in _parts(names):
        rows = connection.execute(select(table.c.claim_id, table.c.sensitivity).where(table.c.claim_id.in_(part)))
        found |= {row.claim_id: row.sensitivity for row in rows}
    return found


def beside(connection: Connection, claims: Iterable[str]) -> set[str]:
    """The claims with all that stand in one incident with them now: what is said of one is said of its incident."""
    table, names = incident_claims, sorted(set(claims))
    found = set(names)
    for part in _parts(names):
        incidents = select(table.c.incident_id).where(table.c.claim_id.in_(part))
        found |= set(connection.execute(select(table.c.claim_id).where(table.c.incident_id.in_(incidents))).scalars())
    return found


def need_two(connection: Connection, claims: Iterable[str]) -> bool:
    """Whether any of the claims is too sensitive for one person to decide about."""
    return needs_two(sensitivities(connection, claims).values())


def require_second(connection: Connection, claims: Iterable[str], decision: str = "") -> None:
    """Let a row about these claims be written, because one person may or because ``decision`` has been confirmed.

    Raises:
        SeparationError: the claims ask for two persons, and no second one has confirmed that decision.
    """
    if not need_two(connection, claims):
        return
    column = review_confirmations.c.decision_id
    if decision and connection.execute(select(column).where(column == decision)).first():
        return
    raise SeparationError(
        "these claims are too sensitive for one person to decide",
        where="decision",
        mend="let it wait for a second person",
    )


def _parts(names: Sequence[str]) -> list[Sequence[str]]:
    return [names[start : start + _PART] for start in range(0, len(names), _PART)]
