"""Appending decisions, and the state they lead to: judgements, grades, alerts and their events.

Nothing here updates a row. An alert event is kept only if the whole life replayed with it is allowed, inside
the same transaction, and its place in the order is unique: two writers cannot both be next.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from pydantic import TypeAdapter
from sqlalchemy import Connection, exists, literal_column, select, union

from forewarn.clock import instant_from_text, instant_text
from forewarn.errors import LifecycleError, UnknownNameError
from forewarn.ids import content_ids, short
from forewarn.model.alert import Alert
from forewarn.model.alert_life import AlertEvent, AlertState, replay
from forewarn.model.incident import Grade, Judgement, JudgementKind
from forewarn.store import schema
from forewarn.store.bulk import insert_frame
from forewarn.store.columns import listed
from forewarn.store.marks import mark_alert
from forewarn.store.two_persons import require_second

__all__ = [
    "add_alert_version",
    "add_grade",
    "add_judgements",
    "add_machine_judgements",
    "alert_events",
    "alert_ids",
    "alert_state",
    "append_alert_event",
    "events_of",
    "judgements_naming",
    "judgements_outside",
    "last_steps",
    "read_alert",
    "read_alerts",
    "read_grades",
    "read_judgements",
]

_ALERT: TypeAdapter[Alert] = TypeAdapter(Alert)


def add_judgements(connection: Connection, judgements: Iterable[Judgement], *, decision: str = "") -> int:
    """Append judgements; how many were new. The same judgement twice is kept once.

    Those of people on sensitive claims are let in only as what ``decision`` does, once a second person confirmed it;
    else :class:`SeparationError` is raised.
    """
    given = {judgement.judgement_id: judgement for judgement in judgements}
    by_people = [one for one in given.values() if one.kind is JudgementKind.HUMAN and _changes_any(connection, one)]
    require_second(connection, {claim for one in by_people for claim in (one.left, one.right)}, decision)
    rows = {name: _judgement_row(judgement) for name, judgement in given.items()}
    names = list(rows)
    for start in range(0, len(names), 500):
        column = schema.judgements.c.judgement_id
        for known in connection.execute(select(column).where(column.in_(names[start : start + 500]))).scalars():
            del rows[known]
    if rows:
        connection.execute(schema.judgements.insert(), list(rows.values()))
    return len(rows)


def add_machine_judgements(connection: Connection, judged: pl.DataFrame, *, author: str, decided_at: datetime) -> int:
    """Append what a rule says of pairs nobody has its word on yet; how many there were.

    ``judged`` has ``left``, ``right``, ``verdict``, ``score`` and ``reason``, each verdict on a pair once; made for a
    million of them. A row that is no :class:`Judgement` is refused as that says.
    """
    if not judged.height:
        return 0
    of_all = {"kind": JudgementKind.MACHINE.value, "author": author, "decided_at": instant_text(decided_at)}
    off = judged.filter(~_is_judgement().fill_null(value=False))
    for row in pl.concat([judged.head(1), off]).iter_rows(named=True):
        Judgement(kind=JudgementKind.MACHINE, author=author, decided_at=decided_at, **row)
    sides, told = ([judged[name].to_list() for name in names] for names in (("left", "right"), ("verdict", "reason")))
    said = [of_all["kind"], author, decided_at.isoformat()]
    ids = content_ids("jdg", [*sides, told[0], *said, told[1], ""])
    made = judged.with_columns(pl.Series("judgement_id", ids), withdraws=pl.lit(""))
    insert_frame(
        connection, schema.judgements, made.with_columns(**{name: pl.lit(one) for name, one in of_all.items()})
    )
    return made.height


def _is_judgement() -> pl.Expr:
    """Whether a row is plainly one; one that is not is looked at by itself."""
    sides = [pl.col(name).str.contains(r"^clm_[0-9a-f]{64}$") for name in ("left", "right")]
    in_order, scored = pl.col("left") < pl.col("right"), pl.col("score").is_between(0, 1)
    text = pl.col("reason")
    reason = (text.str.strip_chars() != "") & (text.str.len_chars() <= 2_000) & ~text.str.contains("\0", literal=True)
    return pl.all_horizontal(*sides, in_order, scored, reason, pl.col("verdict").is_in(("same", "different", "unsure")))


def read_judgements(
    connection: Connection, among: Sequence[str] | None = None, *, of_people: bool = False
) -> pl.DataFrame:
    """Every judgement ever made, in the order made; of some claims, those that name two of them; or those of people."""
    table = schema.judgements
    query = select(*table.columns).order_by(table.c.sequence)
    if of_people:
        query = query.where(table.c.kind == literal_column("'human'"))  # as the index says it, which holds only these
    if among is None:
        rows = connection.execute(query).fetchall()
    else:
        known, parts = set(among), (among[at : at + 500] for at in range(0, len(among), 500))
        found = [row for part in parts for row in connection.execute(query.where(table.c.left.in_(part)))]
        rows = sorted(row for row in found if row.right in known)
    return _judgements(rows)


def judgements_outside(
    connection: Connection, *, naming: Iterable[str] | None = None, since: str = "", limit: int | None = None
) -> list[dict[str, Any]]:
    """Judgements of people that no decision of review makes, in the order made; which are these or name these ids.

    Those since an instant, and of them the latest where there are more than ``limit``.
    """
    table, made = schema.judgements, schema.review_effects
    query = select(*table.columns).where(table.c.kind == literal_column("'human'"), table.c.decided_at >= since)
    query = query.where(~exists().where(made.c.judgement_id == table.c.judgement_id))
    if naming is not None:
        ids = select(listed(connection, sorted(set(naming))))
        sides = (table.c[name].in_(ids) for name in ("judgement_id", "left", "right"))
        named = union(*(select(table.c.sequence).where(side) for side in sides))
        query = query.where(table.c.sequence.in_(named))
    rows = connection.execute(query.order_by(table.c.decided_at.desc(), table.c.sequence.desc()).limit(limit))
    return sorted((dict(row) for row in rows.mappings()), key=lambda row: int(row["sequence"]))


def judgements_naming(connection: Connection, claims: Sequence[str]) -> pl.DataFrame:
    """Every judgement that names one of the claims, on either side, in the order made."""
    table, found = schema.judgements, dict[int, Any]()
    for side in (table.c.left, table.c.right):
        for at in range(0, len(claims), 500):
            query = select(*table.columns).where(side.in_(claims[at : at + 500]))
            found |= {row.sequence: row for row in connection.execute(query)}
    return _judgements([found[sequence] for sequence in sorted(found)])


def _judgements(rows: Sequence[Any]) -> pl.DataFrame:
    names = [column.name for column in schema.judgements.columns]
    shape = {name: pl.Float64 if name == "score" else pl.Int64 if name == "sequence" else pl.String for name in names}
    columns = zip(shape.items(), zip(*rows, strict=True), strict=True) if rows else ()
    return pl.DataFrame([pl.Series(name, values, dtype=kind) for (name, kind), values in columns], schema=shape)


def _changes_any(connection: Connection, judgement: Judgement) -> bool:
    """Whether it may change what holds: not so where it takes back what was never made, as a decision that waits."""
    table, name = schema.judgements, judgement.withdraws
    while name:
        row = connection.execute(select(table.c.withdraws).where(table.c.judgement_id == name)).first()
        if row is None:
            return False
        name = row.withdraws
    return True


def add_grade(connection: Connection, grade: Grade) -> None:
    """Append a grade."""
    since = grade.holds_from.isoformat() if grade.holds_from else ""
    row = {**_plain(grade), "grade_id": grade.grade_id, "holds_from": since}
    connection.execute(schema.grades.insert(), row)


def read_grades(connection: Connection, subjects: Iterable[str] | None = None) -> pl.DataFrame:
    """Every grade ever given, in the order given, or those of some claims and sources."""
    table = schema.grades
    shape = {column.name: pl.Int64 if column.name == "sequence" else pl.String for column in table.columns}
    query = select(*table.columns).order_by(table.c.sequence)
    if subjects is not None:
        query = query.where(table.c.subject.in_(select(listed(connection, sorted(set(subjects))))))
    rows = connection.execute(query).fetchall()
    return pl.DataFrame([tuple(row) for row in rows], schema=shape, orient="row")


def add_alert_version(connection: Connection, alert: Alert, *, written_at: str) -> None:
    """Append a version of an alert's content. Versions are counted on, without gaps.

    Raises :class:`SeparationError` where an author of it has reviewed an earlier version.
    """
    newest = _versions(connection, alert.alert_id)
    if alert.version != len(newest) + 1:
        raise LifecycleError(
            f"version {alert.version} does not follow {len(newest)}",
            where=f"alert {short(alert.alert_id)}",
            mend="read the alert again and write the next version",
        )
    if so_far := alert_events(connection, alert.alert_id):
        replay((*_all_authors(connection, alert.alert_id), *alert.authors), so_far)
    connection.execute(
        schema.alerts.insert(),
        {
            "alert_id": alert.alert_id,
            "version": alert.version,
            "unit": alert.unit,
            "level": alert.level,
            "body": _ALERT.dump_json(alert).decode(),
            "written_at": written_at,
        },
    )
    mark_alert(connection, alert, written_at=written_at)


def read_alert(connection: Connection, alert_id: str, version: int | None = None) -> Alert:
    """A version of an alert, by default the newest."""
    table = schema.alerts
    query = select(table.c.body).where(table.c.alert_id == alert_id)
    query = query.where(table.c.version == version) if version else query.order_by(table.c.version.desc())
    body = connection.execute(query.limit(1)).scalar()
    if body is None:
        raise UnknownNameError(f"no alert '{short(alert_id)}'", mend="see 'forewarn alert list'")
    return _ALERT.validate_json(body)


def read_alerts(connection: Connection, alert_ids: Sequence[str]) -> dict[str, tuple[Alert, ...]]:
    """All versions of alerts, the first one first, by id."""
    table, found = schema.alerts, defaultdict[str, list[Alert]](list)
    for start in range(0, len(alert_ids), 500):
        named = table.c.alert_id.in_(alert_ids[start : start + 500])
        query = select(table.c.alert_id, table.c.body).where(named).order_by(table.c.alert_id, table.c.version)
        for alert_id, body in connection.execute(query):
            found[alert_id].append(_ALERT.validate_json(body))
    return {alert_id: tuple(versions) for alert_id, versions in found.items()}


def events_of(connection: Connection, alert_ids: Sequence[str]) -> dict[str, tuple[AlertEvent, ...]]:
    """The lives of alerts, each in order, by id."""
    table, found = schema.alert_events, defaultdict[str, list[AlertEvent]](list)
    for start in range(0, len(alert_ids), 500):
        query = select(*table.columns).where(table.c.alert_id.in_(alert_ids[start : start + 500]))
        for row in connection.execute(query.order_by(table.c.alert_id, table.c.position)).mappings():
            found[row["alert_id"]].append(_event(dict(row)))
    return {alert_id: tuple(events) for alert_id, events in found.items()}


def last_steps(connection: Connection) -> dict[str, str]:
    """By alert, the kind of its last step that leads anywhere: reading and comments stand aside."""
    table = schema.alert_events
    query = select(table.c.alert_id, table.c.kind).where(table.c.kind.not_in(("read", "comment")))
    return {row[0]: row[1] for row in connection.execute(query.order_by(table.c.alert_id, table.c.position))}


def alert_ids(connection: Connection) -> list[str]:
    """The ids of all alerts, in the order they were first written."""
    table = schema.alerts
    query = select(table.c.alert_id).where(table.c.version == 1).order_by(table.c.written_at, table.c.alert_id)
    return list(connection.execute(query).scalars())


def alert_events(connection: Connection, alert_id: str) -> tuple[AlertEvent, ...]:
    """The life of an alert, in order."""
    table = schema.alert_events
    query = select(*table.columns).where(table.c.alert_id == alert_id).order_by(table.c.position)
    return tuple(_event(dict(row)) for row in connection.execute(query).mappings())


def alert_state(connection: Connection, alert_id: str) -> AlertState:
    """Where an alert stands now."""
    return replay(_all_authors(connection, alert_id), alert_events(connection, alert_id))


def append_alert_event(connection: Connection, event: AlertEvent) -> AlertState:
    """Append a step of an alert's life if the life so far allows it; where the alert stands then.

    Raises :class:`LifecycleError` or :class:`SeparationError` and keeps nothing where it does not.
    """
    alert = read_alert(connection, event.alert_id)
    life = (*alert_events(connection, event.alert_id), event)
    state = replay(_all_authors(connection, event.alert_id), life)
    _refuse_by_content(alert, event)
    row = {**_plain(event), "event_id": event.event_id, "position": len(life)}
    connection.execute(schema.alert_events.insert(), row)
    return state


def _refuse_by_content(alert: Alert, event: AlertEvent) -> None:
    """What the events alone cannot show: the content they concern, its empty fields, its deadline."""
    where = f"alert {short(event.alert_id)}"
    if event.version != alert.version:
        raise LifecycleError(
            f"concerns version {event.version}; the newest written is {alert.version}",
            where=where,
            mend="write the version and its event together",
        )
    if event.kind == "lapse" and event.at <= alert.decision_needed_by:
        raise LifecycleError("its deadline has not passed", where=where, mend="wait for the answer")
    if event.kind in ("review", "update") and alert.missing():
        raise LifecycleError(
            f"fields still empty: {', '.join(alert.missing())}",
            where=where,
            mend="complete them with 'forewarn alert edit'",
        )


def _all_authors(connection: Connection, alert_id: str) -> tuple[str, ...]:
    """Whoever wrote any version: none of them may review."""
    table = schema.alerts
    bodies = connection.execute(select(table.c.body).where(table.c.alert_id == alert_id)).scalars()
    return tuple(sorted({author for body in bodies for author in json.loads(body)["authors"]}))


def _versions(connection: Connection, alert_id: str) -> Sequence[int]:
    table = schema.alerts
    return list(connection.execute(select(table.c.version).where(table.c.alert_id == alert_id)).scalars())


def _judgement_row(judgement: Judgement) -> dict[str, Any]:
    return {**_plain(judgement), "judgement_id": judgement.judgement_id, "kind": JudgementKind(judgement.kind).value}


def _plain(noun: Judgement | Grade | AlertEvent) -> dict[str, Any]:
    values = {name: getattr(noun, name) for name in noun.__slots__}
    for name in ("decided_at", "graded_at", "at"):
        if name in values:
            values[name] = instant_text(values[name])
    return values


def _event(row: dict[str, Any]) -> AlertEvent:
    names = [name for name in AlertEvent.__slots__ if name != "at"]
    return AlertEvent(at=instant_from_text(row["at"]), **{name: row[name] for name in names})
