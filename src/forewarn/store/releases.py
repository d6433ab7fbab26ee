"""Releases of one data set, one after the other: which version of an item is current, and what is gone.

Versions of an item form one chain by ``supersedes``, in the order in which they came. Where the current version is
not the last of the chain, *standings* say so: ``withdrawn`` or ``reinstated``, each with the day it was known. The
rule: a version with a standing follows its latest one; without, it is current unless a successor is known. Nothing
is ever changed or deleted, so a reader of an earlier day sees what was current then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

import polars as pl
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
)

from forewarn.errors import InputError
from forewarn.store import schema
from forewarn.store.bulk import indexed, insert_frame, temporary

__all__ = [
    "LARGEST_SHARE",
    "Arrival",
    "Settled",
    "Version",
    "current_among",
    "is_current",
    "is_older",
    "settle",
    "standings_of",
]

LARGEST_SHARE = 0.5
"""A release that would withdraw a larger share of what it covers is refused unless somebody accepts it."""

_PART = 20_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """A release that is being read.

    Attributes:
        channel: the channel its reports carry.
        snapshot_id: its bytes.
        released_on: ISO day on which it was released, the day of receipt where nobody says.
        recorded_at: the present instant.
        is_declared: whether somebody said the day of release.
        is_complete: whether what it covers and does not hold is gone.
        accepts_withdrawals: whether more than :data:`LARGEST_SHARE` may go.
    """

    channel: str
    snapshot_id: str
    released_on: str
    recorded_at: str
    is_declared: bool = False
    is_complete: bool = False
    accepts_withdrawals: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """What a release changed beyond adding: reports no longer in it, and earlier versions current again."""

    withdrawn: int = 0
    reinstated: int = 0


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an item: its latest standing with its day (both empty without one), and whether it is new."""

    report_id: str
    known_on: str
    supersedes: str
    standing: str
    standing_on: str
    is_new: bool


def is_current(connection: Connection, report: ColumnElement[str], on: date | None = None) -> ColumnElement[bool]:
    """Whether the report of that id is the current version of its item, as known on the day, or now."""
    has_standings = connection.execute(_ANY_STANDING).first() is not None
    return _is_current(report, on, has_standings=has_standings)


def current_among(connection: Connection, report_ids: Iterable[str]) -> set[str]:
    """Those of a few reports that are the current version of their item now."""
    has_standings = connection.execute(_ANY_STANDING).first() is not None
    asked = _among(has_standings=has_standings)
    return set(connection.execute(asked, {"report_ids": sorted(set(report_ids))}).scalars())


_ANY_STANDING = select(schema.standings.c.sequence).limit(1)


@cache
def _among(*, has_standings: bool) -> Select[Any]:
    """Asked with every page of reports or claims, so it is put together once."""
    report = schema.reports.c.report_id
    named = report.in_(bindparam("report_ids", expanding=True))
    return select(report).where(named, _is_current(report, None, has_standings=has_standings))


def _is_current(report: ColumnElement[str], on: date | None, *, has_standings: bool) -> ColumnElement[bool]:
    newer = schema.reports.alias("newer")
    # The second condition is what lets the engines use the index, which leaves out the many that supersede nothing.
    successor = [newer.c.supersedes == report, schema.revises(newer)]
    if on is not None:
        successor.append(newer.c.known_on <= on.isoformat())
    is_last = ~exists().where(and_(*successor))
    if not has_standings:
        return is_last
    latest = func.coalesce(_latest(report, "standing", on), "")  # null would make the opposite null, not true
    return or_(latest == "reinstated", and_(latest == "", is_last))


def is_older(connection: Connection, arrival: Arrival) -> bool:
    """Whether a newer release of the channel has been read.

    Releases are in order of the day of release; on one day, in the order in which their bytes first came. Bytes
    that came before keep their place unless somebody declares a later day.
    """
    table = schema.collections
    same = table.c.channel == arrival.channel
    if connection.execute(select(table.c.sequence).where(same, table.c.released_on > arrival.released_on)).first():
        return True
    if arrival.is_declared:
        return False
    first = select(func.min(table.c.sequence)).where(same, table.c.snapshot_id == arrival.snapshot_id)
    since = select(table.c.sequence).where(
        same, table.c.snapshot_id != arrival.snapshot_id, table.c.sequence > first.scalar_subquery()
    )
    return connection.execute(since.limit(1)).first() is not None


def settle(connection: Connection, arrival: Arrival, echoes: Table, scopes: pl.DataFrame | None) -> Settled:
    """Make the versions of the release current, and withdraw what it covers and does not hold.

    Args:
        connection: of the transaction the rows were added in.
        arrival: the release.
        echoes: its rows whose item was already in the store: ``external_id``, ``report_id`` (empty for a row that
            was refused), ``position``, ``is_new`` (1 where the row made a new version).
        scopes: ``country``, ``year``, ``violence`` of its rows where what is missing is to be withdrawn. Outside
            these nothing is ever withdrawn.

    Raises:
        InputError: more than :data:`LARGEST_SHARE` of what is current there would be withdrawn.
    """
    older = is_older(connection, arrival)
    reinstated = _order_versions(connection, arrival, echoes, older)
    if older or scopes is None:
        return Settled(0, reinstated)
    return Settled(_withdraw(connection, arrival, echoes, scopes), reinstated)


def standings_of(versions: Sequence[Version], last: str, released_on: str) -> list[tuple[str, str, str]]:
    """The standings (report, standing, day known) that make one version of an item current; pure.

    ``last`` is the version that a newer release holds; empty for an older release, which leaves current what was.
    On every day exactly one version is current, as far as versions became known in the order of the chain.
    """
    floor = max(version.standing_on for version in versions)
    current = _current_of(versions)
    if last:
        wanted = last
        known = next(version.known_on for version in versions if version.report_id == last)
        day = max(floor, known if wanted in current else released_on)
        days = dict.fromkeys((version.report_id for version in versions), day)
    else:
        wanted = next(iter(_current_of([version for version in versions if not version.is_new])), "")
        day = max(floor, min(version.known_on for version in versions if version.is_new))
        days = {version.report_id: max(day, version.known_on if version.is_new else "") for version in versions}
    made = [(report, "withdrawn", days[report]) for report in current if report != wanted]
    return made + ([(wanted, "reinstated", day)] if wanted and wanted not in current else [])


def _current_of(versions: Iterable[Version]) -> list[str]:
    versions = list(versions)
    superseded = {version.supersedes for version in versions}
    return [
        version.report_id
        for version in versions
        if version.standing == "reinstated" or (not version.standing and version.report_id not in superseded)
    ]


def _latest(report: ColumnElement[str], field: str, on: date | None = None) -> ColumnElement[Any]:
    """A field of the latest standing of a report, null where it has none."""
    table = schema.standings.alias("latest")
    query = select(table.c[field]).where(table.c.report_id == report)
    if on is not None:
        query = query.where(table.c.known_on <= on.isoformat())
    return query.order_by(table.c.sequence.desc()).limit(1).scalar_subquery()


def _order_versions(connection: Connection, arrival: Arrival, echoes: Table, older: bool) -> int:
    """Append the standings the echoes call for; how many versions are current again."""
    with temporary(connection, "affected", external_id=Text, last=Text) as affected:
        query = _new_versions(echoes) if older else _out_of_order(connection, arrival, echoes)
        connection.execute(insert(affected).from_select(["external_id", "last"], query))
        reinstated = 0
        for part in _parts(_standings(connection, arrival, echoes, affected)):
            _append(connection, arrival, part)
            reinstated += sum(standing == "reinstated" for _, standing, _ in part)
    return reinstated


def _new_versions(echoes: Table) -> Any:
    """The items of which an older release made versions; none of them is to become current."""
    return select(echoes.c.external_id, literal("")).where(echoes.c.is_new == 1).distinct()


def _out_of_order(connection: Connection, arrival: Arrival, echoes: Table) -> Any:
    """The items whose last row is not current, or not alone in it."""
    rows = select(echoes.c.external_id, func.max(echoes.c.position).label("position"))
    at = rows.where(echoes.c.report_id != "").group_by(echoes.c.external_id).subquery("at")
    last = echoes.alias("last")
    found = select(last.c.external_id, last.c.report_id).join(
        at, and_(at.c.external_id == last.c.external_id, at.c.position == last.c.position)
    )
    settled, version = schema.standings.alias("settled"), schema.reports.alias("version")
    has_standing = exists().where(
        version.c.channel == arrival.channel,
        version.c.external_id == last.c.external_id,
        settled.c.report_id == version.c.report_id,
    )
    return found.where(or_(~is_current(connection, last.c.report_id), and_(last.c.is_new == 1, has_standing)))


def _standings(
    connection: Connection, arrival: Arrival, echoes: Table, affected: Table
) -> Iterator[tuple[str, str, str]]:
    table = schema.reports
    new = select(func.max(echoes.c.is_new)).where(
        echoes.c.external_id == table.c.external_id, echoes.c.report_id == table.c.report_id
    )
    query = (
        select(
            affected.c.external_id,
            affected.c.last,
            table.c.report_id,
            table.c.known_on,
            table.c.supersedes,
            func.coalesce(_latest(table.c.report_id, "standing"), ""),
            func.coalesce(_latest(table.c.report_id, "known_on"), ""),
            func.coalesce(new.scalar_subquery(), 0),
        )
        .join(table, and_(table.c.channel == arrival.channel, table.c.external_id == affected.c.external_id))
        .order_by(affected.c.external_id, table.c.report_id)
    )
    rows = connection.execute(query.execution_options(yield_per=_PART))
    for (_, last), group in groupby(rows, key=lambda row: (row[0], row[1])):
        versions = [Version(*row[2:7], bool(row[7])) for row in group]
        yield from standings_of(versions, last, arrival.released_on)


def _parts(rows: Iterator[tuple[str, str, str]]) -> Iterator[list[tuple[str, str, str]]]:
    part: list[tuple[str, str, str]] = []
    for row in rows:
        part.append(row)
        if len(part) == _PART:
            yield part
            part = []
    if part:
        yield part


def _append(connection: Connection, arrival: Arrival, rows: Sequence[tuple[str, str, str]]) -> None:
    frame = pl.DataFrame(rows, schema=["report_id", "standing", "known_on"], orient="row")
    said = {"snapshot_id": arrival.snapshot_id, "recorded_at": arrival.recorded_at}
    insert_frame(connection, schema.standings, frame.with_columns(**{k: pl.lit(v) for k, v in said.items()}))


def _withdraw(connection: Connection, arrival: Arrival, echoes: Table, scopes: pl.DataFrame) -> int:
    """Withdraw the current reports within the scopes that the release does not hold; how many."""
    with temporary(connection, "scopes", country=Text, year=Text, violence=Text) as held:
        insert_frame(connection, held, scopes)
        indexed(connection, held, "country", "year", "violence")
        table, claims = schema.reports, schema.claims
        covered = exists().where(
            held.c.country == claims.c.country,
            held.c.year == func.substr(claims.c.started_on, 1, 4),
            held.c.violence == claims.c.violence,
        )
        gone = ~exists().where(echoes.c.external_id == table.c.external_id)
        query = (
            select(table.c.report_id, func.max(case((gone, 1), else_=0)).label("gone"))
            .join(claims, claims.c.report_id == table.c.report_id)
            .where(table.c.channel == arrival.channel, table.c.external_id != "", covered)
            .where(table.c.snapshot_id != arrival.snapshot_id, is_current(connection, table.c.report_id))
            .group_by(table.c.report_id)
        )
        with temporary(connection, "missing", report_id=Text, gone=BigInteger) as missing:
            connection.execute(insert(missing).from_select(["report_id", "gone"], query))
            count, total = _counted(connection, missing)
            _require_accepted(arrival, count, total)
            says = [literal(one) for one in ("withdrawn", arrival.snapshot_id, arrival.released_on)]
            rows = select(missing.c.report_id, *says, literal(arrival.recorded_at)).where(missing.c.gone == 1)
            names = ["report_id", "standing", "snapshot_id", "known_on", "recorded_at"]
            connection.execute(insert(schema.standings).from_select(names, rows.order_by(missing.c.report_id)))
    return count


def _counted(connection: Connection, missing: Table) -> tuple[int, int]:
    row = connection.execute(select(func.coalesce(func.sum(missing.c.gone), 0), func.count())).one()
    return int(row[0]), int(row[1])


def _require_accepted(arrival: Arrival, count: int, total: int) -> None:
    if count > LARGEST_SHARE * total and not arrival.accepts_withdrawals:
        raise InputError(
            f"lacks {count:,} of {total:,} rows that earlier releases have in the countries and years it covers",
            where=f"channel {arrival.channel}",
            mend="give --partial if the file is a part of the data set, or --accept-withdrawals if they are gone",
        )
