"""What the queue of review is worked out from, gathered from the store as it stands.

Only columns that a kind of item looks at are read; proposals of indicators, which need every area to be gone through,
only where they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Connection

from forewarn.assess.queue import PENDING, PROPOSED, Known
from forewarn.clock import instant_text
from forewarn.errors import shorten
from forewarn.model.review import ReviewDecision, claims_concerned
from forewarn.model.situation import standing
from forewarn.operations.situation import proposals_by_area
from forewarn.store import decisions, reading, schema, situations
from forewarn.store.casualties import read_recorded
from forewarn.store.corrections import corrections
from forewarn.store.review_reading import looking, record_of, unconfirmed
from forewarn.store.review_touched import incidents_beside
from forewarn.store.viewed_readings import incidents_of_claims

__all__ = ["alerted_now", "known_about", "known_now"]

_CLAIMS = (
    "claim_id", "country", "admin1", "started_on", "known_on", "deaths_low", "deaths_best", "deaths_high",
    "sensitivity", "text",
)  # fmt: skip
_INCIDENTS = (
    "incident_id", "country", "admin1", "started_on", "deaths_low", "deaths_best", "deaths_high", "act", "target",
    "violence", "civilian_deaths_low", "civilian_deaths_best", "independent_origins",
)  # fmt: skip
_ENDS = ("close", "after_action", "cancel")
"""The steps after which an alert is open no more."""
_PART = 5_000
"""Rows asked for by id at once."""
_SUBJECT = {"subject": pl.String, "at": pl.String}


def known_now(connection: Connection, today: date, *, with_proposals: bool = False) -> Known:
    """Everything the kinds of items look at; indicators that rules propose only ``with_proposals``."""
    return Known(
        claims=reading.read_claims(connection, columns=_CLAIMS),
        incidents=reading.read_incidents(connection, columns=_INCIDENTS),
        members=reading.incident_members(connection),
        judgements=decisions.read_judgements(connection),
        proposed=_proposed(connection, today) if with_proposals else pl.DataFrame(schema=PROPOSED),
        **_said(connection, None),
        pending=_pending(connection),
    )


def known_about(connection: Connection, touched: Iterable[str], *, most: int) -> tuple[frozenset[str], Known] | None:
    """The part of it from which all items about touched claims follow, and the claims whose items do.

    Nothing where these are more than ``most``.

    These are the touched ones with all claims of their incidents, and of the largest incidents beside them. What else
    is read stands beside these; items about it alone do not follow.
    """
    named = sorted(set(touched))
    inside, beside = incidents_beside(connection, named)
    inner = _members(connection, sorted(inside))
    about = frozenset((*named, *inner["claim_id"]))
    if len(about) > most:
        return None
    judgements = decisions.judgements_naming(connection, sorted(about))
    pending = _pending(connection)
    ends = {*judgements["left"], *judgements["right"], *pending["claims"].explode().drop_nulls()} - about
    outer = _members(connection, sorted(set(incidents_of_claims(connection, sorted(ends)).values()) - inside))
    members = pl.concat([inner, outer])
    known = Known(
        claims=_read(sorted(about | ends), schema.claims.c.claim_id, _claims_of(connection)),
        incidents=_read(
            sorted(beside.union(members["incident_id"])),
            schema.incidents.c.incident_id,
            lambda where: reading.read_incidents(connection, where=where, columns=_INCIDENTS),
        ),
        members=members,
        judgements=judgements,
        pending=pending,
        **_said(connection, {*about, *ends, *members["incident_id"]}),
    )
    return about, known


def alerted_now(connection: Connection) -> frozenset[str]:
    """The claims that the newest version of an open alert names as evidence, for or against."""
    return _alerted(connection)


def _claims_of(connection: Connection) -> Callable[[list[Any]], pl.DataFrame]:
    return lambda where: reading.read_claims(connection, columns=_CLAIMS, where=where)


def _members(connection: Connection, incidents: Sequence[str]) -> pl.DataFrame:
    parts = [incidents[start : start + _PART] for start in range(0, max(len(incidents), 1), _PART)]
    return pl.concat([reading.incident_members(connection, part) for part in parts])


def _read(names: Sequence[str], column: Any, read: Callable[[list[Any]], pl.DataFrame]) -> pl.DataFrame:
    """The rows of those ids, some at a time."""
    parts = [names[start : start + _PART] for start in range(0, max(len(names), 1), _PART)]
    return pl.concat([read([column.in_(part)]) for part in parts])


def _said(connection: Connection, names: set[str] | None) -> dict[str, Any]:
    """What people graded, coded, corrected and looked at, of claims and incidents named or all; what alerts rest on."""
    record = record_of(connection, looking(connection, names))
    looked = [
        (one.subjects[0], instant_text(one.at))
        for one in record.decisions
        if one.act == "look" and record.states[one.decision_id] == "holds"
    ]
    return {
        "grades": decisions.read_grades(connection, names),
        "alerted": _alerted(connection),
        "coded": frozenset(one.claim_id for one in read_recorded(connection).codings),
        "corrected": frozenset(corrections(connection, names).by),
        "looked": pl.DataFrame(looked, schema=_SUBJECT, orient="row"),
    }


def _pending(connection: Connection) -> pl.DataFrame:
    """The decisions that wait for a second person."""
    record = record_of(connection, unconfirmed(connection))
    waiting = (one for one in record.decisions if record.states[one.decision_id] == "pending")
    rows = [(w.decision_id, w.item, _told(w), w.by, w.why, claims_concerned(w, record.by_id)) for w in waiting]
    return pl.DataFrame(rows, schema=PENDING, orient="row")


def _told(decision: ReviewDecision) -> str:
    """What was decided, with what it would change: whoever is to agree has to know."""
    changes = ", ".join(str(one) for one in decision.changes)
    return f"{decision.verdict}: {shorten(changes, 200)}" if changes else decision.verdict


def _alerted(connection: Connection) -> frozenset[str]:
    ids, last = decisions.alert_ids(connection), decisions.last_steps(connection)
    open_ones, found = [one for one in ids if last.get(one, "") not in _ENDS], set[str]()
    for versions in decisions.read_alerts(connection, open_ones).values():
        for line in (*versions[-1].evidence_for, *versions[-1].evidence_against):
            found |= set(line.claim_ids)
    return frozenset(found)


def _proposed(connection: Connection, today: date) -> pl.DataFrame:
    """What rules propose of indicators that nobody has assessed, by area."""
    assessed = {(one.unit, one.indicator) for one in standing(situations.read_assessments(connection))}
    return pl.DataFrame(list(_open_rows(connection, today, assessed)), schema=PROPOSED, orient="row")


def _open_rows(connection: Connection, today: date, assessed: set[tuple[str, str]]) -> Iterator[tuple[Any, ...]]:
    for unit, found in proposals_by_area(connection, today).items():
        for one in found:
            if one.state in ("weak", "clear", "contested") and one.claim_ids and (unit, one.indicator) not in assessed:
                yield unit, one.indicator, one.state, one.because, one.proposal_id, list(one.claim_ids)
