"""Asking experts: questions, estimates, comments and the ends of phases, each checked against the rows so far.

No reader here gives an estimate of a round that is open, to anybody: how many have answered is all that can be read.
Each write is checked inside its transaction, and the key of the steps lets two people not both end one phase.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from forewarn.clock import instant_from_text, instant_text
from forewarn.errors import LifecycleError, UnknownNameError
from forewarn.ids import short
from forewarn.model.elicitation import (
    PHASES,
    Comment,
    Elicitation,
    Estimate,
    Kind,
    Step,
    phase_of,
    require_may_close,
    require_may_discuss,
    require_may_estimate,
    standing_estimates,
)
from forewarn.store import schema

__all__ = [
    "add_comment",
    "add_elicitation",
    "add_estimate",
    "answered",
    "close_phase",
    "closed_estimates",
    "comments",
    "elicitation_ids",
    "read_elicitation",
    "steps_of",
]


def add_elicitation(connection: Connection, asked: Elicitation) -> None:
    """Append a question."""
    if asked.elicitation_id in elicitation_ids(connection):
        raise LifecycleError("was asked in the same words just now", where="elicitation", mend="see 'elicit show'")
    row = {name: getattr(asked, name) for name in asked.__slots__}
    row |= {
        "elicitation_id": asked.elicitation_id,
        "kind": asked.kind.value,
        "opened_at": instant_text(asked.opened_at),
    }
    connection.execute(schema.elicitations.insert(), row)


def read_elicitation(connection: Connection, elicitation_id: str) -> Elicitation:
    """One question by its full id."""
    table = schema.elicitations
    row = connection.execute(select(*table.columns).where(table.c.elicitation_id == elicitation_id)).mappings().first()
    if row is None:
        raise UnknownNameError(f"no elicitation '{short(elicitation_id)}'", mend="see 'forewarn elicit show'")
    plain = {name: row[name] for name in Elicitation.__slots__}
    return Elicitation(**{**plain, "kind": Kind(row["kind"]), "opened_at": instant_from_text(row["opened_at"])})


def elicitation_ids(connection: Connection) -> list[str]:
    """The ids of all questions, in the order asked."""
    table = schema.elicitations
    return list(connection.execute(select(table.c.elicitation_id).order_by(table.c.sequence)).scalars())


def steps_of(connection: Connection, elicitation_id: str) -> list[Step]:
    """The ends of phases so far, in order."""
    table = schema.elicitation_steps
    query = select(*table.columns).where(table.c.elicitation_id == elicitation_id).order_by(table.c.position)
    rows = connection.execute(query).mappings()
    return [Step(**{**dict(row), "at": instant_from_text(row["at"])}) for row in rows]


def add_estimate(connection: Connection, new: Estimate) -> None:
    """Append an estimate, or the taking back of one; refused unless its round is open for its expert."""
    asked, steps = read_elicitation(connection, new.elicitation_id), steps_of(connection, new.elicitation_id)
    before = _all_estimates(connection, new.elicitation_id)
    require_may_estimate(asked, steps, before, new)
    if new.estimate_id in {one.estimate_id for one in before}:
        raise LifecycleError("was given in the same words just now", where="estimate", mend="nothing is to be done")
    row = {name: getattr(new, name) for name in new.__slots__ if name != "values"}
    row |= {"estimate_id": new.estimate_id, "numbers": json.dumps(new.values), "given_at": instant_text(new.given_at)}
    connection.execute(schema.estimates.insert(), row)


def closed_estimates(connection: Connection, elicitation_id: str) -> list[Estimate]:
    """Every row of the rounds that are closed, in the order given; none of a round that is open."""
    done = set(_closed_rounds(steps_of(connection, elicitation_id)))
    return [one for one in _all_estimates(connection, elicitation_id) if one.round in done]


def answered(connection: Connection, elicitation_id: str, round: int) -> int:
    """How many experts have an estimate in a round, open or not."""
    return len(standing_estimates(_all_estimates(connection, elicitation_id), round))


def add_comment(connection: Connection, said: Comment) -> None:
    """Append a comment; refused unless the discussion is open."""
    asked, steps = read_elicitation(connection, said.elicitation_id), steps_of(connection, said.elicitation_id)
    require_may_discuss(asked, steps)
    if said.comment_id in {one.comment_id for one in comments(connection, said.elicitation_id)}:
        raise LifecycleError("was said in the same words just now", where="comment", mend="nothing is to be done")
    row = {name: getattr(said, name) for name in said.__slots__}
    row |= {"comment_id": said.comment_id, "said_at": instant_text(said.said_at)}
    connection.execute(schema.elicitation_comments.insert(), row)


def comments(connection: Connection, elicitation_id: str) -> list[Comment]:
    """What was said in the discussion, in order."""
    table = schema.elicitation_comments
    query = select(*table.columns).where(table.c.elicitation_id == elicitation_id).order_by(table.c.sequence)
    rows = connection.execute(query).mappings()
    return [
        Comment(row["elicitation_id"], row["expert"], row["text"], instant_from_text(row["said_at"])) for row in rows
    ]


def close_phase(connection: Connection, step: Step) -> None:
    """Append the end of the phase that is open."""
    asked, steps = read_elicitation(connection, step.elicitation_id), steps_of(connection, step.elicitation_id)
    ends = require_may_close(asked, steps, _all_estimates(connection, step.elicitation_id))
    if step.ends != ends:
        where = f"elicitation {short(step.elicitation_id)}"
        raise LifecycleError(f"is in {ends.replace('_', ' ')}", where=where, mend="end that phase")
    row = {name: getattr(step, name) for name in step.__slots__}
    connection.execute(schema.elicitation_steps.insert(), {**row, "at": instant_text(step.at)})


def _closed_rounds(steps: Iterable[Step]) -> list[int]:
    past = PHASES[: PHASES.index(phase_of(steps))]
    return [number for number in (1, 2) if f"round_{number}" in past]


def _all_estimates(connection: Connection, elicitation_id: str) -> list[Estimate]:
    """Every row, open rounds included: for checks inside this module alone."""
    table = schema.estimates
    query = select(*table.columns).where(table.c.elicitation_id == elicitation_id).order_by(table.c.sequence)
    return [_estimate(row) for row in connection.execute(query).mappings()]


def _estimate(row: Any) -> Estimate:
    plain = {name: row[name] for name in Estimate.__slots__ if name != "values"}
    plain["given_at"] = instant_from_text(row["given_at"])
    return Estimate(**plain, values=tuple(float(one) for one in json.loads(row["numbers"])))
