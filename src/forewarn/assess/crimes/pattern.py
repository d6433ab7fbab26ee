"""Ethnic cleansing as a pattern: over an area and a period, how many incidents show each listed indicator.

The indicators are the working elements and the acts the list maps to. What people coded and what the machine proposes
are counted apart. There is no sum, share or threshold, and nothing is concluded: policy and intent are locked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from forewarn.assess.crimes.proposals import propose, wording
from forewarn.assess.crimes.sheet import current_codings
from forewarn.model.aggregate import Aggregate, Sight
from forewarn.model.coding import Coding
from forewarn.taxonomy import crime, crimes

__all__ = ["CLOSING", "IndicatorCount", "Pattern", "ethnic_cleansing_pattern"]

CLOSING = (
    "Counted and shown, never concluded. Whether there was a policy to make the area homogeneous (E3), and any intent, "
    "is not for software; machine proposals are no codings."
)


@dataclass(frozen=True, slots=True)
class IndicatorCount:
    """How many incidents show one indicator.

    Attributes:
        scheme, code, wording: the indicator.
        coded: incidents for which the latest coding by a person says coded.
        not_coded: for which it says not coded: somebody looked.
        unknown: for which nobody coded, or the latest says unknown.
        proposed: of ``unknown``, those for which the machine proposes it. Never added to ``coded``.
        months: months with a coded incident.
        incident_ids: the coded ones.
    """

    scheme: str
    code: str
    wording: str
    coded: int
    not_coded: int
    unknown: int
    proposed: int
    months: tuple[int, ...]
    incident_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """The indicators of an area and period, and what was left out of them and why."""

    title: str
    incidents: int
    indicators: tuple[IndicatorCount, ...]
    not_counted: tuple[str, ...]
    closing: str = CLOSING


def ethnic_cleansing_pattern(
    incidents: Sequence[Mapping[str, Any]],
    codings: Mapping[str, Iterable[Coding]],
    sight: Sight,
    *,
    as_known_at: date,
) -> Aggregate[Pattern]:
    """Count the listed indicators over incidents.

    Args:
        incidents: rows with the columns of an incident, ``month`` and ``claim_ids``.
        codings: by incident id, the codings that hold, in the order made.
        sight: what could have been seen there and then.
        as_known_at: the day.
    """
    listed = crime("ethnic_cleansing")
    known = {one.code for each in crimes() for one in each.acts}
    wanted = [("element", one.id) for one in listed.elements if not one.is_inferential]
    wanted += [("act", code) for code in listed.maps_to if code in known]
    locked = [f"{one.id}: {one.text}" for one in listed.locked]
    rest = tuple(locked + [f"{code}: depends on what is locked" for code in listed.maps_to if code not in known])
    held = {incident: current_codings(made) for incident, made in codings.items()}
    offered = {row["incident_id"]: {(one.scheme, one.code) for one in propose(row)} for row in incidents}
    counts = tuple(_count(key, incidents, held, offered) for key in wanted)
    title = "Indicators relevant to ethnic cleansing, counted over incidents"
    return Aggregate(Pattern(title, len(incidents), counts, rest), sight, as_known_at)


def _count(
    key: tuple[str, str],
    incidents: Sequence[Mapping[str, Any]],
    held: Mapping[str, Mapping[tuple[str, str], tuple[Coding, ...]]],
    offered: Mapping[str, Collection[tuple[str, str]]],
) -> IndicatorCount:
    coded, not_coded, proposed = [], 0, 0
    for row in incidents:
        said = held.get(row["incident_id"], {}).get(key, ())
        state = said[0].state if said else "unknown"
        if state == "coded":
            coded.append(row)
        elif state == "not_coded":
            not_coded += 1
        else:
            proposed += key in offered[row["incident_id"]]
    return IndicatorCount(
        scheme=key[0],
        code=key[1],
        wording=wording(*key),
        coded=len(coded),
        not_coded=not_coded,
        unknown=len(incidents) - len(coded) - not_coded,
        proposed=proposed,
        months=tuple(sorted({row["month"] for row in coded if row["month"] is not None})),
        incident_ids=tuple(sorted(row["incident_id"] for row in coded)),
    )
