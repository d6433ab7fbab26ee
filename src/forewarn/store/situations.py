"""Assessments of situations: appended, and read back whole. What holds of them is worked out by the model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select

from forewarn.clock import instant_from_text, instant_text
from forewarn.errors import LifecycleError, UnknownNameError
from forewarn.ids import short
from forewarn.model.situation import IndicatorAssessment, Quotation
from forewarn.store import schema
from forewarn.store.two_persons import require_second

__all__ = ["add_assessment", "assessed_units", "claims_behind", "read_assessment", "read_assessments"]


def add_assessment(connection: Connection, made: IndicatorAssessment, *, decision: str = "") -> None:
    """Append an assessment, or the taking back of one; resting on sensitive claims, as what ``decision`` does.

    Raises:
        SeparationError: the claims ask for two persons, and nobody has confirmed that decision.
        UnknownNameError: a claim or document it rests on is not in the store.
        LifecycleError: what it takes back is no assessment of that indicator and area, or it was said already.
    """
    _require_known(connection, schema.claims.c.claim_id, made.claim_ids, "claim")
    documents = sorted({one.document_id for one in made.quotations})
    _require_known(connection, schema.documents.c.document_id, documents, "document")
    if made.withdraws:
        taken = read_assessment(connection, made.withdraws)
        if (taken.unit, taken.indicator) != (made.unit, made.indicator):
            where = f"assessment {short(made.withdraws)}"
            raise LifecycleError("is of another indicator or area", where=where, mend="name one of the same")
    require_second(connection, claims_behind(connection, made), decision)
    table = schema.assessments
    known = connection.execute(select(table.c.sequence).where(table.c.assessment_id == made.assessment_id)).first()
    if known:
        raise LifecycleError("was said in the same words just now", where="assessment", mend="see 'situation show'")
    connection.execute(table.insert(), _row(made))


def read_assessments(
    connection: Connection, unit: str = "", *, as_known_at: date | None = None
) -> list[IndicatorAssessment]:
    """The assessments of an area, or all, made up to the end of the day, in the order they were added."""
    table = schema.assessments
    query = select(*table.columns).order_by(table.c.sequence)
    if unit:
        query = query.where(table.c.unit == unit)
    found = [_assessment(tuple(row)) for row in connection.execute(query).all()]
    return [one for one in found if as_known_at is None or one.assessed_at.date() <= as_known_at]


def read_assessment(connection: Connection, assessment_id: str) -> IndicatorAssessment:
    """One assessment by its full id."""
    table = schema.assessments
    row = connection.execute(select(*table.columns).where(table.c.assessment_id == assessment_id)).first()
    if row is None:
        raise UnknownNameError(f"no assessment '{short(assessment_id)}'", mend="see 'forewarn situation show'")
    return _assessment(tuple(row))


def claims_behind(connection: Connection, made: IndicatorAssessment) -> tuple[str, ...]:
    """The claims an assessment rests on; of a taking back, those of what it takes back, through any chain."""
    while made.withdraws:
        made = read_assessment(connection, made.withdraws)
    return made.claim_ids


def assessed_units(connection: Connection) -> list[str]:
    """The areas that have been assessed, by name."""
    table = schema.assessments
    return list(connection.execute(select(table.c.unit).distinct().order_by(table.c.unit)).scalars())


def _require_known(connection: Connection, column: Any, names: Sequence[str], noun: str) -> None:
    for start in range(0, len(names), 500):
        part = names[start : start + 500]
        known = set(connection.execute(select(column).where(column.in_(part))).scalars())
        for name in part:
            if name not in known:
                raise UnknownNameError(
                    f"no {noun} '{short(name)}'", where="evidence", mend=f"name a {noun} that is kept"
                )


def _row(made: IndicatorAssessment) -> dict[str, Any]:
    quoted = [[one.document_id, one.start, one.end, one.words] for one in made.quotations]
    return {
        **{name: getattr(made, name) for name in made.__slots__},
        "assessment_id": made.assessment_id,
        "assessed_at": instant_text(made.assessed_at),
        "claim_ids": json.dumps(made.claim_ids),
        "quotations": json.dumps(quoted, ensure_ascii=False),
    }


_COLUMNS = tuple(column.name for column in schema.assessments.columns)


@lru_cache(maxsize=20_000)
def _assessment(values: tuple[Any, ...]) -> IndicatorAssessment:
    """What a row says; rows never change, and lists read all of them each time."""
    row = dict(zip(_COLUMNS, values, strict=True))
    plain = {name: row[name] for name in IndicatorAssessment.__slots__}
    plain["assessed_at"] = instant_from_text(row["assessed_at"])
    plain["claim_ids"] = tuple(json.loads(row["claim_ids"]))
    plain["quotations"] = tuple(Quotation(*one) for one in json.loads(row["quotations"]))
    return IndicatorAssessment(**plain)
