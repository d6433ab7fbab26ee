"""Incidents taken apart and put together by people: split, move, merge.

Each is one decision that makes as many judgements as it needs, and is undone as one. What came of it is compared with
what was asked for before anything is kept; an arrangement that the claims do not allow is refused whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import polars as pl
from sqlalchemy import Connection, select

from forewarn.assess.queue import Arrangement, Stamp, arranged, web_of
from forewarn.clock import instant_from_text
from forewarn.errors import RuleError, UsageError, shorten
from forewarn.ids import short
from forewarn.model.review import Effect, ReviewDecision
from forewarn.operations.knowledge import claims_with_rules
from forewarn.operations.review_record import Decided, agree, claims_need_two, pending_like, record
from forewarn.operations.workspace import Workspace
from forewarn.store import linkage, reading, schema

__all__ = ["incidents_of", "merge", "merged", "move", "split"]

_STEPS = 12
_MOST_FOLLOWED = 5_000
"""Links are followed for so many steps and to so many claims before all judgements are read."""
_LAST = "9999-12-31T23:59:59Z"
"""When the judgements tried out are dated: after every other."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What somebody wants done, and how it is to be written down."""

    act: str
    subjects: tuple[str, ...]
    arrangement: Arrangement
    by: str
    why: str
    item: str = ""


def split(workspace: Workspace, incident: str, claims: Sequence[str], *, by: str, why: str) -> Decided:
    """Take claims out of an incident: they become one of their own.

    Raises:
        UsageError: no claim named, one that is not in it, or all of them.
    """
    with workspace.database.writing() as connection:
        full = _incident(connection, incident)
        members = _in_order(connection, full)
        out = [_claim(connection, name) for name in claims]
        _require_among(out, members, full)
        gone = [claim for claim in members if claim in set(out)]
        rest = [claim for claim in members if claim not in set(out)]
        if not gone or not rest:
            raise UsageError("takes out none or all of its claims", where=short(full), mend="name some of its claims")
        arrangement = Arrangement((tuple(rest), tuple(gone)), tuple(gone), ((rest[0], gone[0]),))
        return _arrange(connection, workspace, _Wish("split", (full, *gone), arrangement, by, why))


def move(workspace: Workspace, claim: str, incident: str, *, by: str, why: str) -> Decided:
    """Take a claim out of its incident and put it into another."""
    with workspace.database.writing() as connection:
        full, target = _claim(connection, claim), _incident(connection, incident)
        source = incidents_of(connection, [full]).get(full, "")
        if source == target:
            raise UsageError("is in that incident already", where=short(full), mend="name another incident")
        rest = tuple(one for one in _in_order(connection, source) if one != full) if source else ()
        held = (*_in_order(connection, target), full)
        groups = (held, rest) if rest else (held,)
        apart = ((full, rest[0]),) if rest else ()
        arrangement = Arrangement(groups, (full,), apart)
        return _arrange(connection, workspace, _Wish("move", (full, target), arrangement, by, why))


def merge(workspace: Workspace, first: str, second: str, *, by: str, why: str) -> Decided:
    """Make two incidents one."""
    with workspace.database.writing() as connection:
        names = [_incident(connection, one) for one in (first, second)]
        return merged(connection, workspace, names, by=by, why=why)


def merged(
    connection: Connection, workspace: Workspace, incidents: Sequence[str], *, by: str, why: str, item: str = ""
) -> Decided:
    """The same within a transaction, by full ids; as the answer to an item where one is named."""
    one, other = sorted(incidents)
    if one == other:
        raise UsageError("both are one incident", where=short(one), mend="name two incidents")
    groups = [_in_order(connection, name) for name in (one, other)]
    arrangement = Arrangement(((*groups[0], *groups[1]),), (groups[1][0],))
    return _arrange(connection, workspace, _Wish("merge", (one, other), arrangement, by, why, item))


def incidents_of(connection: Connection, claims: Sequence[str]) -> dict[str, str]:
    """The incident of each claim that is in one."""
    table = schema.incident_claims
    found: dict[str, str] = {}
    for start in range(0, len(claims), 500):
        query = select(table.c.claim_id, table.c.incident_id).where(table.c.claim_id.in_(claims[start : start + 500]))
        found |= {row.claim_id: row.incident_id for row in connection.execute(query)}
    return found


def _arrange(connection: Connection, workspace: Workspace, wish: _Wish) -> Decided:
    inside, near = _web(connection, [claim for group in wish.arrangement.groups for claim in group])
    claims = claims_with_rules(connection, _claims_among(connection, workspace, inside))
    told = arranged(wish.arrangement, claims, near, Stamp(wish.by, _LAST))
    words = near.filter((pl.col("kind") == "human") & (pl.col("verdict") != "withdrawn"))["decided_at"]
    latest = [instant_from_text(str(words.max())) + timedelta(seconds=1)] if words.len() else []
    decision = ReviewDecision(
        act=wish.act,
        subjects=wish.subjects,
        verdict=wish.act,
        by=wish.by,
        at=max([workspace.now, *latest]),
        why=wish.why,
        two=claims_need_two(connection, [claim for group in wish.arrangement.groups for claim in group]),
        effects=tuple(Effect(*one) for one in told),
        item=wish.item,
    )
    if waiting := pending_like(connection, decision):
        return agree(connection, workspace, waiting.decision_id, by=wish.by, why=wish.why)
    made = record(connection, workspace, decision)
    if made.state == "holds":
        _require_as_asked(connection, wish.arrangement)
    return made


def _web(connection: Connection, claims: Sequence[str]) -> tuple[list[str], pl.DataFrame]:
    """The claims that hang together with these by judgements, these included, and all judgements among them.

    The links are followed from claim to claim; where they lead far, all judgements are read at once.
    """
    found = pl.Series("claim_id", sorted(set(claims)), dtype=pl.String)
    fresh, parts = found, []
    for _ in range(_STEPS):
        parts.append(linkage.judgements_about(connection, fresh))
        ends = pl.concat([parts[-1]["left"], parts[-1]["right"]]).unique().alias("claim_id")
        fresh = ends.filter(~ends.is_in(found.implode()))
        found = pl.concat([found, fresh])
        if not fresh.len():
            return found.sort().to_list(), pl.concat(parts).unique("judgement_id", maintain_order=True)
        if found.len() > _MOST_FOLLOWED:
            break
    judged = linkage.all_judgements(connection)
    inside = web_of(claims, judged)
    return inside, judged.filter(pl.col("left").is_in(inside) & pl.col("right").is_in(inside))


def _require_as_asked(connection: Connection, arrangement: Arrangement) -> None:
    placed = incidents_of(connection, [claim for group in arrangement.groups for claim in group])
    found = [{placed.get(claim) for claim in group} for group in arrangement.groups]
    if any(len(one) != 1 for one in found) or len(set.union(*found)) != len(found):
        raise RuleError(
            "the claims do not come to lie as asked; nothing is kept",
            where=", ".join(short(group[0]) for group in arrangement.groups),
            mend="see 'forewarn review show' for what joins and parts them",
        )


def _in_order(connection: Connection, incident: str) -> list[str]:
    """The claims of an incident, the first known first: it gives the incident its id."""
    table = schema.incident_claims
    members = connection.execute(select(table.c.claim_id).where(table.c.incident_id == incident)).scalars()
    known = reading.claims_of(connection, sorted(members))
    return known.sort("known_on", "claim_id")["claim_id"].to_list()


def _claims_among(connection: Connection, workspace: Workspace, ids: Sequence[str]) -> pl.DataFrame:
    column, day = schema.claims.c.claim_id, workspace.today
    parts = [ids[start : start + 500] for start in range(0, len(ids), 500)] or [[]]
    return pl.concat(reading.read_claims(connection, as_known_at=day, where=[column.in_(list(part))]) for part in parts)


def _require_among(claims: Iterable[str], members: Iterable[str], incident: str) -> None:
    held = set(members)
    for claim in claims:
        if claim not in held:
            raise UsageError(f"{shorten(short(claim))} is not in it", where=short(incident), mend="name its claims")


def _incident(connection: Connection, name: str) -> str:
    return reading.find_id(connection, schema.incidents, "incident_id", name, "incident")


def _claim(connection: Connection, name: str) -> str:
    return reading.find_id(connection, schema.claims, "claim_id", name, "claim")
