"""Freshness: what is late, and who has fallen silent. A report that should have come and did not is itself a signal.

Owns two questions. *Late*: nothing new has been collected through a channel for longer than its cadence. *Silent*: a
source that used to report has not, for longer than its own past rhythm explains. Neither says that something
happened; both are data that a person or an alert can use. Sources that may be persons are never told apart: of
field monitors and the like only the network is named.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Column, Connection, func, select

from forewarn.clock import day_from_text
from forewarn.collect import channel, load_mapping
from forewarn.errors import ForewarnError
from forewarn.operations.workspace import Workspace
from forewarn.store import schema

__all__ = ["NAMED_KINDS", "Freshness", "Rhythm", "SilentSource", "freshness", "last_heard", "rhythm", "silent_sources"]

NAMED_KINDS = ("armed_actor", "news_agency", "news_outlet", "ngo", "state", "un_body")
"""Kinds of source that are bodies for certain and may be named; of all others only their channel is."""

_Voice = tuple[str, str]
"""A source's id and name; both empty for those of a channel that may be persons, taken together."""

FEWEST_DAYS = 8
"""Reporting days below which a source has no rhythm to speak of."""
LOOK_BACK_DAYS = 730
"""How far before its last report a source's rhythm is taken from."""
ENDED_DAYS = 366
"""Silent for longer, a source has ended: that is the past, and no signal."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh a channel is.

    Attributes:
        channel: as reports carry it, ``table:<data set>`` included.
        last_collected_on: the last day on which bytes not seen before were read through it.
        last_looked_on: the last day on which its publisher was asked, or that day.
        cadence_days: how often it is renewed; ``None`` when at no set time.
        due_on: the day by which something new was or is due; ``None`` without a cadence.
        late_days: days since then; 0 when it is not late.
    """

    channel: str
    last_collected_on: date
    last_looked_on: date
    cadence_days: int | None = None
    due_on: date | None = None
    late_days: int = 0

    @property
    def explained(self) -> str:
        """In one sentence: late or not, and whether anybody has looked since it was due."""
        if self.due_on is None:
            return f"last collected {self.last_collected_on}; renewed at no set time"
        if not self.late_days:
            return f"last collected {self.last_collected_on}; next due {self.due_on}"
        looked = self.last_looked_on > self.due_on
        why = f"its publisher had nothing new on {self.last_looked_on}" if looked else "nobody has looked since"
        return f"late by {self.late_days} days: last collected {self.last_collected_on}, due {self.due_on}; {why}"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a source used to report: on how many days, its usual gap, and the longest that is still its own way."""

    days: int
    usual_gap_days: int
    limit_days: int


@dataclass(frozen=True, slots=True)
class SilentSource:
    """A source that used to report and has fallen silent.

    Attributes:
        name: the body, or the channel where all of it is silent.
        channel: through which its reports came.
        source_id: of the body; empty for a channel.
        last_known_on: when something of it last became known.
        looked_on: the day up to which the silence is known.
        silent_days: days between them.
        rhythm: its own way of reporting before.
        countries: where its last year of reports lay, ISO 3166 alpha-3.
        silent_voices, voices: for a channel, how many of its sources with a rhythm are silent.
    """

    name: str
    channel: str
    source_id: str
    last_known_on: date
    looked_on: date
    silent_days: int
    rhythm: Rhythm
    countries: tuple[str, ...] = ()
    silent_voices: int = 0
    voices: int = 0

    @property
    def is_beyond(self) -> bool:
        """Whether its silence is longer than its own rhythm explains."""
        return self.silent_days > self.rhythm.limit_days

    @property
    def explained(self) -> str:
        """In one sentence."""
        if self.voices > 1:
            return (
                f"{self.silent_voices} of its {self.voices} regular sources are silent, for {self.silent_days} days "
                f"or more up to {self.looked_on}"
            )
        usual = self.rhythm.usual_gap_days
        return (
            f"silent for {self.silent_days} days up to {self.looked_on}: it used to report every "
            f"{f'{usual} days' if usual > 1 else 'day'}, and hardly ever let {self.rhythm.limit_days} pass"
        )


def rhythm(days: Iterable[date]) -> Rhythm | None:
    """The rhythm of reporting days; ``None`` for fewer than :data:`FEWEST_DAYS` in the two years to the last.

    The limit is the greater of three times the median gap and one and a half times the 95th percentile (nearest
    rank) of the gaps, and not below a week. Of gaps without any rhythm (a Poisson process) about one in ninety is
    longer; of a weekly reporter's, none until three weeks have passed.
    """
    ordered = sorted(set(days))
    if ordered:
        ordered = [day for day in ordered if (ordered[-1] - day).days <= LOOK_BACK_DAYS]
    if len(ordered) < FEWEST_DAYS:
        return None
    gaps = sorted((later - earlier).days for earlier, later in itertools.pairwise(ordered))
    usual = statistics.median(gaps)
    long = gaps[math.ceil(0.95 * len(gaps)) - 1]
    return Rhythm(len(ordered), math.ceil(usual), math.ceil(max(3 * usual, 1.5 * long, 7)))


def freshness(workspace: Workspace) -> list[Freshness]:
    """How fresh each channel is through which anything was collected, by name."""
    with workspace.database.reading() as connection:
        collected = _latest(connection, schema.collections.c.collected_at)
        looked = _looked(connection, workspace.today)
        mappings = _last_mappings(connection)
    made = []
    for name, last in collected.items():
        cadence = _cadence(workspace, name, mappings.get(name, ""))
        due = last + timedelta(days=cadence) if cadence else None
        late = max((workspace.today - due).days, 0) if due else 0
        made.append(Freshness(name, last, max(last, looked.get(name, last)), cadence, due, late))
    return made


def silent_sources(workspace: Workspace, *, as_known_at: date | None = None) -> list[SilentSource]:
    """The sources that have fallen silent, the longest over their limit first.

    A silence lasts up to the day the channel was last collected or its publisher asked, for after that nobody has
    looked; one of more than :data:`ENDED_DAYS` is an end and no signal. Where most of the sources of a channel that
    have a rhythm are silent, it is the channel that is named, once. The cadence of a channel adds to every limit.
    Data sets are left to :func:`freshness`: they are silent between two releases by their nature.

    Args:
        workspace: where.
        as_known_at: leaves out what became known or was collected later.
    """
    day = min(as_known_at or workspace.today, workspace.today)
    with workspace.database.reading() as connection:
        looked = _looked(connection, day)
        mappings = _last_mappings(connection)
        found: list[SilentSource] = []
        for name, voices in _reporting_days(connection, day).items():
            cadence = _cadence(workspace, name, mappings.get(name, "")) or 0
            found += _silences(name, voices, looked.get(name, day), cadence)
        found = [replace(one, countries=_countries(connection, one)) for one in found]
    return sorted(found, key=lambda one: (one.rhythm.limit_days - one.silent_days, one.channel, one.name))


def _silences(name: str, voices: Mapping[_Voice, Sequence[date]], looked: date, cadence: int) -> Iterator[SilentSource]:
    """The silent sources of a channel; where they are most of those with a rhythm, the channel as one."""
    judged = [_judged(name, voice, days, (looked, cadence)) for voice, days in voices.items()]
    alive = [one for one in judged if one is not None and one.silent_days <= ENDED_DAYS]
    silent = [one for one in alive if one.is_beyond]
    days = [known for spoken in voices.values() for known in spoken]
    whole = _judged(name, ("", ""), days, (looked, cadence))
    if whole is None or whole.silent_days > ENDED_DAYS:
        return
    if whole.is_beyond or 2 * len(silent) > len(alive):
        last = max((one.last_known_on for one in silent), default=whole.last_known_on)
        counted = replace(whole, last_known_on=last, silent_days=(looked - last).days)
        yield replace(counted, silent_voices=len(silent), voices=len(alive))
    else:
        yield from (one for one in silent if one.source_id)


def _judged(name: str, voice: _Voice, days: Sequence[date], looked: tuple[date, int]) -> SilentSource | None:
    """How long a voice has been silent; ``None`` where it has no rhythm. The channel's cadence adds to its limit."""
    own = rhythm(days)
    if own is None:
        return None
    source_id, printed = voice
    own = replace(own, limit_days=own.limit_days + looked[1])
    return SilentSource(printed or name, name, source_id, max(days), looked[0], (looked[0] - max(days)).days, own)


def _looked(connection: Connection, until: date) -> dict[str, date]:
    """By channel, the last day on which it was collected or its publisher was asked."""
    looked = _latest(connection, schema.collections.c.collected_at, until)
    for name, asked in _latest(connection, schema.fetches.c.fetched_at, until).items():
        looked[name] = max(asked, looked.get(name, asked))
    return looked


def _latest(connection: Connection, column: Column[Any], until: date | None = None) -> dict[str, date]:
    """By channel, the day of the latest instant in the column, by name of channel."""
    named = column.table.c.channel
    query = select(named, func.max(column)).group_by(named).order_by(named)
    if until is not None:
        query = query.where(func.substr(column, 1, 10) <= until.isoformat())
    return {name: day_from_text(at) for name, at in connection.execute(query)}


def last_heard(connection: Connection) -> tuple[int, int]:
    """The latest collection and the latest asking of a publisher, by number; 0 where there is none."""
    latest = [
        connection.execute(select(func.max(table.c.sequence))).scalar()
        for table in (schema.collections, schema.fetches)
    ]
    return latest[0] or 0, latest[1] or 0


def _last_mappings(connection: Connection) -> dict[str, str]:
    """By channel, the mapping file it was last read with; channels without one are left out."""
    table = schema.collections
    query = select(table.c.channel, table.c.mapping_id).where(table.c.mapping_id != "").order_by(table.c.sequence)
    return {row.channel: row.mapping_id for row in connection.execute(query)}


def _cadence(workspace: Workspace, name: str, mapping_id: str) -> int | None:
    """The cadence that the mapping kept or else the channel declares; ``None`` where neither can be read any more."""
    try:
        if not mapping_id:
            return channel(name).cadence_days
        digest = mapping_id.removeprefix("snp_")
        return load_mapping(workspace.paths.snapshots / digest[:2] / digest).cadence_days
    except ForewarnError:
        return None


def _reporting_days(connection: Connection, until: date) -> dict[str, dict[_Voice, list[date]]]:
    """By channel and voice, the days on which it was known to speak; voices that are no bodies for certain are one.

    Data sets, and channels whose rows are happenings compiled by others, are left out.
    """
    reports, sources = schema.reports, schema.sources
    compiled = select(schema.collections.c.channel).where(schema.collections.c.row_is == "incident")
    since = until - timedelta(days=LOOK_BACK_DAYS + ENDED_DAYS)
    # Not the bare column: else SQLite goes by the index of external ids, and fetches each report for itself.
    named = func.coalesce(reports.c.channel, "")
    query = (
        select(named, sources.c.source_id, sources.c.name, sources.c.kind, reports.c.known_on)
        .join_from(reports, sources, sources.c.source_id == reports.c.source_id)
        .where(reports.c.known_on.between(since.isoformat(), until.isoformat()))
        .where(sources.c.kind != "data_set", named.not_in(compiled))
        .distinct()
    )
    found: dict[str, dict[_Voice, list[date]]] = defaultdict(lambda: defaultdict(list))
    for name, source_id, printed, kind, known_on in connection.execute(query):
        voice = (source_id, printed) if kind in NAMED_KINDS else ("", "")
        found[name][voice].append(day_from_text(known_on))
    return found


def _countries(connection: Connection, one: SilentSource) -> tuple[str, ...]:
    """Where the claims of its last year lay."""
    reports, sources, claims = schema.reports, schema.sources, schema.claims
    joined = claims.join(reports, reports.c.report_id == claims.c.report_id)
    joined = joined.join(sources, sources.c.source_id == reports.c.source_id)
    first = one.last_known_on - timedelta(days=365)
    days = reports.c.known_on.between(first.isoformat(), one.last_known_on.isoformat())
    whose = sources.c.source_id == one.source_id if one.source_id else sources.c.kind != "data_set"
    query = select(claims.c.country).select_from(joined).where(reports.c.channel == one.channel, whose, days)
    return tuple(sorted(filter(None, connection.execute(query.distinct()).scalars())))
