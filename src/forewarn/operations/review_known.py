"""What the queue of review is worked out from, gathered from the store as it stands.

Only columns that a kind of item looks at are read; proposals of indicators, which need every area to be gone through,
only where they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Connection

from forewarn.assess.queue import PENDING, PROPOSED, Known
from forewarn.clock import instant_text
from forewarn.errors import shorten
from forewarn.model.review import ReviewDecision, claims_concerned, states_of
from forewarn.model.situation import standing
from forewarn.operations.situation import proposals_by_area
from forewarn.store import decisions, reading, reviews, situations
from forewarn.store.casualties import read_recorded
from forewarn.store.corrections import corrections

__all__ = ["known_now"]

_CLAIMS = (
    "claim_id", "country", "admin1", "started_on", "known_on", "deaths_low", "deaths_best", "deaths_high",
    "sensitivity", "text",
)  # fmt: skip
_CLOSED = ("closed", "after_action", "cancelled")
_SUBJECT = {"subject": pl.String, "at": pl.String}


def known_now(connection: Connection, today: date, *, with_proposals: bool = False) -> Known:
    """Everything the kinds of items look at; indicators that rules propose only ``with_proposals``."""
    given, confirmations = reviews.read_decisions(connection), reviews.read_confirmations(connection)
    states = states_of(given, confirmations)
    looked = [
        (one.subjects[0], instant_text(one.at))
        for one in given
        if one.act == "look" and states[one.decision_id] == "holds"
    ]
    return Known(
        claims=reading.read_claims(connection, columns=_CLAIMS),
        incidents=reading.read_incidents(connection),
        members=reading.incident_members(connection),
        judgements=decisions.read_judgements(connection),
        grades=decisions.read_grades(connection),
        alerted=_alerted(connection),
        coded=frozenset(one.claim_id for one in read_recorded(connection).codings),
        corrected=frozenset(corrections(connection).by),
        looked=pl.DataFrame(looked, schema=_SUBJECT, orient="row"),
        pending=_pending([one for one in given if states[one.decision_id] == "pending"], given),
        proposed=_proposed(connection, today) if with_proposals else pl.DataFrame(schema=PROPOSED),
    )


def _pending(waiting: Iterable[ReviewDecision], given: Iterable[ReviewDecision]) -> pl.DataFrame:
    by_id = {one.decision_id: one for one in given}
    rows = [(w.decision_id, w.item, _told(w), w.by, w.why, claims_concerned(w, by_id)) for w in waiting]
    return pl.DataFrame(rows, schema=PENDING, orient="row")


def _told(decision: ReviewDecision) -> str:
    """What was decided, with what it would change: whoever is to agree has to know."""
    changes = ", ".join(str(one) for one in decision.changes)
    return f"{decision.verdict}: {shorten(changes, 200)}" if changes else decision.verdict


def _alerted(connection: Connection) -> frozenset[str]:
    """The claims that the newest version of an open alert names as evidence, for or against."""
    found: set[str] = set()
    for alert_id in decisions.alert_ids(connection):
        if decisions.alert_events(connection, alert_id) and (
            decisions.alert_state(connection, alert_id).status in _CLOSED
        ):
            continue
        alert = decisions.read_alert(connection, alert_id)
        for line in (*alert.evidence_for, *alert.evidence_against):
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
