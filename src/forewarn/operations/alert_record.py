"""How alerts were answered and what they turned out to be: due and overdue, the product's own figures, the ledger.

Lead time is counted from issue to the first day after it on which people were killed in the alert's area by one-sided
violence, as far as is known today; an alert after which nothing is known has none. The ledger holds no words and no
place below a country, so that it can be shown; months of grave harm that no alert stood over are listed as misses of
the system, worked out by one stated rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
from sqlalchemy import func, select

from forewarn.clock import day_from_text, month_label, month_of
from forewarn.errors import InputValueError
from forewarn.model.place import UnitLevel
from forewarn.operations.alert import alert_life, clock_of
from forewarn.operations.knowledge import Knowledge, knowledge
from forewarn.operations.workspace import Workspace
from forewarn.respond import ResponseClock, ResponseMetrics, due, overdue, response_metrics
from forewarn.store import decisions, schema
from forewarn.warn import AlertLife

__all__ = [
    "GRAVE_DEATHS",
    "LOOKS_BACK_MONTHS",
    "Answers",
    "Ledger",
    "LedgerLine",
    "Missed",
    "answers",
    "ledger",
    "metrics",
]

GRAVE_DEATHS = 25
"""Deaths by one-sided violence in a country and month from which a month without an alert is listed as missed."""
LOOKS_BACK_MONTHS = 12
"""How long before the month an alert on the country may have been issued."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Decisions that are due within the time asked for, soonest first, and those overdue, longest first."""

    due: tuple[ResponseClock, ...]
    overdue: tuple[ResponseClock, ...]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """An issued alert as the public may see it: country, months and classes; no words, no place below the country."""

    country: str
    level: str
    issued: str
    decision: str
    in_time: bool | None
    outcome: str
    fictional: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """A country and month with grave harm over which no alert stood, as far as is known today."""

    country: str
    month: str
    deaths_at_least: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """All issued alerts, how many came to which outcome, and the months missed by the stated rule."""

    alerts: tuple[LedgerLine, ...]
    outcomes: dict[str, int]
    missed: tuple[Missed, ...]
    rule: str


def answers(workspace: Workspace, *, within: timedelta) -> Answers:
    """What is due and what is late."""
    if within < timedelta(0):
        raise InputValueError("is below zero", where="within", mend="give a number of days from 0 on")
    clocks = [clock for _, clock in _clocks(workspace)]
    return Answers(due(clocks, within), overdue(clocks))


def metrics(workspace: Workspace) -> ResponseMetrics:
    """Time to read and to decide, share decided, lead time; over all issued alerts."""
    lives = _clocks(workspace)
    harms = _first_harms(workspace, [life for life, clock in lives if clock.issued_at])
    return response_metrics([clock for _, clock in lives], harms)


def ledger(workspace: Workspace) -> Ledger:
    """The ledger of hits, false alarms and misses, as known today."""
    issued = [(life, clock) for life, clock in _clocks(workspace) if clock.issued_at]
    lines = tuple(_line(life, clock) for life, clock in issued)
    counted: dict[str, int] = {}
    for one in lines:
        counted[one.outcome] = counted.get(one.outcome, 0) + 1
    rule = (
        f"missed: {GRAVE_DEATHS} or more deaths by one-sided violence known in a country and month, and no alert on "
        f"the country or an area of it issued in the {LOOKS_BACK_MONTHS} months before its first day; months before "
        "the first forecast or draft are left out"
    )
    return Ledger(lines, dict(sorted(counted.items())), _missed(workspace, [life for life, _ in issued]), rule)


def _clocks(workspace: Workspace) -> list[tuple[AlertLife, ResponseClock]]:
    with workspace.database.reading() as connection:
        lives = [alert_life(connection, name) for name in decisions.alert_ids(connection)]
    return [(one, clock_of(one, workspace.now)) for one in lives]


def _line(life: AlertLife, clock: ResponseClock) -> LedgerLine:
    issued = clock.issued_at.date().isoformat()[:7] if clock.issued_at else ""
    ended = clock.status in ("closed", "after_action", "cancelled")
    decided = clock.first_decided_at
    in_time = decided <= clock.deadline if decided else (False if clock.is_overdue or ended else None)
    outcome = next((event.outcome for event in reversed(life.events) if event.outcome), "open")
    standing = clock.decision or ("no_answer_after_deadline" if clock.lapsed_at else "none yet")
    return LedgerLine(_country(life), clock.level, issued, standing, in_time, outcome, life.alert.fictional)


def _country(life: AlertLife) -> str:
    return life.alert.unit.partition("/")[0][:3]


def _known(workspace: Workspace) -> Knowledge:
    with workspace.database.reading() as connection:
        return knowledge(connection, workspace.today)


def _one_sided(known: Knowledge, level: UnitLevel) -> pl.DataFrame:
    """Incidents of one-sided violence with a day, a unit and at least one death known, by ``least`` deaths."""
    least = pl.coalesce("deaths_low", "deaths_best").fill_null(0)
    frame = known.incidents(level).with_columns(least=least)
    wanted = (pl.col("violence") == "one_sided") & (pl.col("least") >= 1)
    return frame.filter(wanted & pl.col("unit").is_not_null() & pl.col("started_on").is_not_null())


def _first_harms(workspace: Workspace, lives: list[AlertLife]) -> dict[str, date]:
    found: dict[str, date] = {}
    if not lives:
        return found
    known = _known(workspace)
    frames = {level: _one_sided(known, level) for level in (UnitLevel.COUNTRY, UnitLevel.ADMIN1)}
    for life in lives:
        issued = next(event.at for event in life.events if event.kind == "issue").date()
        frame = frames[UnitLevel.ADMIN1 if "/" in life.alert.unit else UnitLevel.COUNTRY]
        own = frame.filter((pl.col("unit") == life.alert.unit) & (pl.col("started_on") >= issued.isoformat()))
        if own.height:
            found[life.alert.alert_id] = date.fromisoformat(str(own["started_on"].min())[:10])
    return found


def _in_use_since(workspace: Workspace) -> int | None:
    """The month of the first forecast's day of knowledge or the first draft, whichever came first."""
    with workspace.database.reading() as connection:
        first = connection.execute(select(func.min(schema.forecasts.c.as_known_at))).scalar()
        drafted = connection.execute(select(func.min(schema.alert_events.c.at))).scalar()
    days = [day_from_text(text) for text in (first, drafted) if text]
    return month_of(min(days)) if days else None


def _missed(workspace: Workspace, lives: list[AlertLife]) -> tuple[Missed, ...]:
    begun = _in_use_since(workspace)
    if begun is None:
        return ()
    frame = _one_sided(_known(workspace), UnitLevel.COUNTRY)
    year, month = (pl.col("started_on").str.slice(*part).cast(pl.Int64) for part in ((0, 4), (5, 2)))
    summed = frame.group_by("unit", ((year - 1980) * 12 + month).alias("month")).agg(pl.col("least").sum())
    summed = summed.filter((pl.col("least") >= GRAVE_DEATHS) & (pl.col("month") >= begun))
    stood: dict[str, list[int]] = {}
    for life in lives:
        at = next(event.at for event in life.events if event.kind == "issue")
        stood.setdefault(_country(life), []).append(month_of(at.date()))
    found = []
    for unit, number, least in summed.sort("month", "unit").iter_rows():
        if not any(number - LOOKS_BACK_MONTHS <= issued < number for issued in stood.get(unit, [])):
            found.append(Missed(unit, month_label(number), int(least)))
    return tuple(found)
