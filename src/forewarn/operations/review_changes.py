"""Decisions that change what is read: a claim corrected, elements of an incident coded, an indicator assessed.

Each is a decision of review like any other: with author and reason, waiting for a second person where the claims are
sensitive, and taken back exactly. The claim as it was received stays beside its correction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from forewarn.assess.crimes import propose
from forewarn.errors import RuleError, UnknownNameError, UsageError, shorten
from forewarn.ids import content_id, short
from forewarn.model.correction import corrected, plain_value
from forewarn.model.review import Change, Item, ReviewDecision
from forewarn.operations.review_record import Decided, agree, claims_need_two, pending_like, record
from forewarn.operations.workspace import Workspace
from forewarn.store import reading, schema
from forewarn.store.two_persons import beside
from forewarn.warn.titles import PLACE_TITLES
from forewarn.warn.wording import DEFAULT_RULES, WordingRules, person_name

__all__ = ["MOST_BASIS", "assess_proposed", "code_proposed", "correct", "pairs_from"]

MOST_BASIS = 50
"""Claims that a coding names as its basis at most, the first known; the rest are in the incident."""


def correct(workspace: Workspace, name: str, values: Mapping[str, str], *, by: str, why: str) -> Decided:
    """Say what a claim should read in place of what was read from its report.

    Args:
        workspace: an open workspace.
        name: the claim's id or its beginning.
        values: by column of ``CORRECTABLE``, what it is to be; empty where the report does not say.
        by: who says so.
        why: the reason.

    Raises:
        InputValueError: a value is none for its column, or no claim would come of them together.
        RuleError: the claim reads so already, or a value names a private person.
    """
    with workspace.database.writing() as connection:
        full = reading.find_id(connection, schema.claims, "claim_id", name, "claim")
        plain = {column: plain_value(column, value) for column, value in values.items()}
        _refuse_persons(plain)
        now = reading.claims_of(connection, [full]).row(0, named=True)
        after = corrected(now, plain)
        changed = {column: value for column, value in plain.items() if after[column] != now[column]}
        if not changed:
            raise RuleError("reads so already", where=short(full), mend="see 'forewarn show'")
        changes = tuple(Change("claim", full, column, value) for column, value in sorted(changed.items()))
        made = ((full,), "corrected", content_id("itm", "extraction", full, ""))
        return _decide(connection, workspace, "correct", made, changes, by=by, why=why)


def code_proposed(
    connection: Connection, workspace: Workspace, item: Item, state: str, *, by: str, why: str
) -> Decided:
    """Code every element that a rule proposes for the incident of an item, on the claims it rests on."""
    incident = reading.read_incidents(connection, where=[schema.incidents.c.incident_id == item.subject])
    if incident.is_empty():
        raise UnknownNameError("is gone since it was listed", where=short(item.subject), mend="list the items again")
    claims = _members(connection, item.subject)
    row: dict[str, Any] = incident.row(0, named=True) | {"claim_ids": claims}
    codes = [one.code for one in propose(row) if one.scheme == "element"]
    changes = tuple(Change("element", claims[0], code, state, tuple(claims[:MOST_BASIS])) for code in codes)
    if not changes:
        raise RuleError("no rule proposes an element any more", where=short(item.subject), mend="list the items again")
    made = ((item.subject, claims[0]), state, item.item_id)
    return _decide(connection, workspace, "code", made, changes, by=by, why=why)


def assess_proposed(
    connection: Connection,
    workspace: Workspace,
    item: Item,
    state: str,
    proposal: Mapping[str, Any],
    *,
    by: str,
    why: str,
) -> Decided:
    """Assess an indicator of an area on the claims and figures of the proposal, which may be answered otherwise."""
    rests_on = (*sorted(proposal["claims"]), proposal["proposal_id"])
    change = Change("indicator", item.subject, item.other, state, rests_on)
    said = f"{why} [machine proposal: {proposal['because']}]"
    made = ((item.subject, item.other), state, item.item_id)
    return _decide(connection, workspace, "assess", made, (change,), by=by, why=said[:1_900])


def pairs_from(texts: list[str]) -> dict[str, str]:
    """``COLUMN=VALUE`` as given by a person. Raises :class:`UsageError` for what is none, or a column named twice."""
    found: dict[str, str] = {}
    for text in texts:
        column, equals, value = text.partition("=")
        if not equals or column.strip() in found:
            said = "names a column twice" if equals else "is no COLUMN=VALUE"
            raise UsageError(
                f"'{shorten(text)}' {said}", where="values", mend="write deaths_best=12 started_on=2011-03-17"
            )
        found[column.strip()] = value
    if not found:
        raise UsageError("no value is given", where="values", mend="write deaths_best=12")
    return found


def _decide(
    connection: Connection,
    workspace: Workspace,
    act: str,
    made: tuple[tuple[str, ...], str, str],
    changes: tuple[Change, ...],
    *,
    by: str,
    why: str,
) -> Decided:
    """Append a decision given as act, then subjects, verdict and item, then changes."""
    subjects, verdict, item = made
    claims = {claim for change in changes for claim in change.claims}
    if act == "code":
        claims = beside(connection, claims)
    two = claims_need_two(connection, claims)
    decision = ReviewDecision(act, subjects, verdict, by, workspace.now, why, two, item=item, changes=changes)
    if waiting := pending_like(connection, decision):
        return agree(connection, workspace, waiting.decision_id, by=by, why=why)
    return record(connection, workspace, decision)


def _members(connection: Connection, incident: str) -> list[str]:
    """The claims of an incident, the first known first."""
    table, claims = schema.incident_claims, schema.claims
    joined = table.join(claims, claims.c.claim_id == table.c.claim_id)
    query = select(claims.c.claim_id).select_from(joined).where(table.c.incident_id == incident)
    return list(connection.execute(query.order_by(claims.c.known_on, claims.c.claim_id)).scalars())


def _refuse_persons(values: Mapping[str, str]) -> None:
    place = values.get("place_name", "")
    is_called_so = place.partition(" ")[0].casefold() in PLACE_TITLES
    allowed = WordingRules(allowed_names=(place,)) if is_called_so else DEFAULT_RULES
    for column, rules in (("alleged_by", DEFAULT_RULES), ("target", DEFAULT_RULES), ("place_name", allowed)):
        for finding in person_name(column, values.get(column, ""), rules=rules):
            raise RuleError(f"'{shorten(finding.words, 30)}' {finding.why}", where=column, mend=finding.mend)
