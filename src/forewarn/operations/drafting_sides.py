"""What enters the two sides and the gaps of a draft besides forecasts and incidents: assessments, and silences.

What people assessed stands as evidence, for or against, and by itself reaches no level. A source that has fallen
silent is a gap: it is counted by channel and never named, for a draft travels further than the store. Words of an
indicator that an alert may not use are left out, its number stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import Connection

from forewarn.assess.situations import situation
from forewarn.model.alert import Alert, EvidenceLine
from forewarn.model.situation import IndicatorAssessment
from forewarn.operations.freshness import SilentSource, last_heard, silent_sources
from forewarn.operations.workspace import Workspace
from forewarn.store import situations
from forewarn.taxonomy import indicator
from forewarn.warn.wording import check_text

__all__ = ["assessed_sides", "silences", "with_assessed"]

_FOR = ("weak", "clear", "contested")
_AGAINST = "observed_absent"


@dataclass(frozen=True, slots=True)
class _Looked:
    """What decides what is said of silences: they change only when something is collected or a publisher is asked."""

    store: str
    day: date
    today: date
    heard: tuple[int, int]
    workspace: Workspace = field(compare=False)


def silences(workspace: Workspace, day: date) -> Mapping[str, tuple[str, ...]]:
    """By country, one sentence a channel on the sources of it that used to report there and have fallen silent.

    Kept in memory until something more is collected, for every report of three years is looked at.
    """
    with workspace.database.reading() as connection:
        heard = last_heard(connection)
    return _silences(_Looked(str(workspace.database.engine.url), day, workspace.today, heard, workspace))


@lru_cache(maxsize=16)
def _silences(looked: _Looked) -> Mapping[str, tuple[str, ...]]:
    found: dict[tuple[str, str], list[SilentSource]] = defaultdict(list)
    for one in silent_sources(looked.workspace, as_known_at=looked.day):
        for country in one.countries:
            found[country, one.channel].append(one)
    said: dict[str, list[str]] = defaultdict(list)
    for (country, channel), own in sorted(found.items()):
        longest = max(own, key=lambda one: one.silent_days)
        counted = longest.silent_voices if longest.silent_voices else len(own)
        those = "1 regular source" if counted == 1 else f"{counted:,} regular sources"
        said[country].append(
            f"Fallen silent beyond their own rhythm by {longest.looked_on}: {those} of the channel '{channel}' that "
            f"reported on {country}, the longest for {longest.silent_days} days; silence is not calm."
        )
    return MappingProxyType({country: tuple(sentences) for country, sentences in said.items()})


def assessed_sides(
    connection: Connection, unit: str, day: date
) -> tuple[tuple[EvidenceLine, ...], tuple[EvidenceLine, ...]]:
    """What people hold of the unit and its country on the day, for and against; ``not_observed`` is on neither side."""
    sides: tuple[list[EvidenceLine], list[EvidenceLine]] = ([], [])
    for area in dict.fromkeys((unit, unit.partition("/")[0])):
        for one in _held(connection, area, day):
            if one.state in _FOR:
                sides[0].append(_line(one))
            elif one.state == _AGAINST:
                sides[1].append(_line(one))
    return tuple(sides[0]), tuple(sides[1])


def with_assessed(alert: Alert, sides: Iterable[tuple[EvidenceLine, ...]]) -> Alert:
    """The draft with those lines after its own."""
    for_it, against = sides
    because = "" if against else alert.no_evidence_against_because
    return replace(
        alert,
        evidence_for=(*alert.evidence_for, *for_it),
        evidence_against=(*alert.evidence_against, *against),
        no_evidence_against_because=because,
    )


def _held(connection: Connection, area: str, day: date) -> Iterable[IndicatorAssessment]:
    made = situations.read_assessments(connection, area, as_known_at=day)
    for factor in situation(area, made).factors:
        yield from (view.held for view in factor.indicators if view.held is not None)


def _line(one: IndicatorAssessment) -> EvidenceLine:
    states: Mapping[str, str] = {_AGAINST: "observed to be absent"}
    text = indicator(one.indicator).text
    named = "" if check_text("indicator", text) else f" ({text})"
    rests = "" if one.claim_ids else "; it cites no claim"
    said = (
        f"A person assessed indicator {one.indicator} of the UN Framework of Analysis{named} for {one.unit} on "
        f"{one.assessed_at.date().isoformat()}: {states.get(one.state, one.state)}{rests}."
    )
    if one.claim_ids:
        return EvidenceLine(said, one.claim_ids)
    return EvidenceLine(said, basis=f"assessment:{one.assessment_id}")
