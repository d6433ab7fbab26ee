"""Whom the reports speak of: incidents by alleged party with what could have been seen, by one rule for every party.

It describes the documentation and no party: one that nobody can watch has few incidents, one that is watched closely
has many. No party is ranked, weighed or left out, and who is alleged changes nothing but the name of the row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from forewarn.assess.incidents.coverage import sight_of
from forewarn.assess.linkage.prepare import spelling
from forewarn.model.aggregate import Aggregate, Tally

__all__ = ["BALANCE_CAVEAT", "PartyFigures", "party_balance"]

BALANCE_CAVEAT = (
    "This shows whom reports speak of and where anybody could look. It does not show who does what: a party that "
    "nobody can watch has few incidents."
)

_SEEN = ("observed", "not_observed", "unknown")


@dataclass(frozen=True, slots=True)
class PartyFigures:
    """How one party stands in the documentation; the empty name stands for incidents that allege nobody.

    Attributes:
        alleged_by: as claims name it.
        incidents: how many allege it, each once.
        corroborated: of them, with two or more independent origins.
        contested: of them, with counts that contradict each other.
        origins: independent origins that tell them, each once.
        in_observed, in_not_observed, in_unknown: of them, in an area and month that somebody could see, that nobody
            could, or of which nobody said anything; ``in_unknown`` takes those without a place or day as well.
        deaths: by status, never added up across.
    """

    alleged_by: str
    incidents: int
    corroborated: int
    contested: int
    origins: int
    in_observed: int
    in_not_observed: int
    in_unknown: int
    deaths: tuple[Tally, ...]


def party_balance(
    incidents: pl.DataFrame,
    covered: pl.DataFrame,
    deaths: Mapping[str, tuple[Tally, ...]],
    *,
    as_known_at: date,
) -> Aggregate[tuple[PartyFigures, ...]]:
    """Incidents by alleged party, most incidents first, with the sight of the whole area and period.

    Args:
        incidents: with ``unit``, ``month`` and the list ``origins`` beside the columns of an incident.
        covered: the frame of :func:`~forewarn.assess.coverage` for all units and months in question.
        deaths: by party, spelled as :func:`party_keys` does, its tallies.
        as_known_at: the day.

    One rule for all: each incident counts once for the one name its claims give, spellings taken together.
    """
    states = covered.select("unit", "month", "state")
    seen = incidents.join(states, on=["unit", "month"], how="left", maintain_order="left")
    state = pl.col("state").fill_null("unknown")
    counted = (
        seen.with_columns(party_keys().alias("_party"))
        .group_by("_party")
        .agg(
            alleged_by=pl.col("alleged_by").sort().first(),
            incidents=pl.len(),
            corroborated=(pl.col("status") == "corroborated").sum(),
            contested=pl.col("contested").sum(),
            origins=pl.col("origins").explode().drop_nulls().n_unique(),
            **{f"in_{name}": (state == name).sum() for name in _SEEN},
        )
        .sort("incidents", "alleged_by", descending=[True, False])
    )
    rows = (
        PartyFigures(**{name: row[name] for name in counted.columns[1:]}, deaths=deaths.get(row["_party"], ()))
        for row in counted.iter_rows(named=True)
    )
    return Aggregate(tuple(rows), sight_of(covered), as_known_at)


def party_keys() -> pl.Expr:
    """The name by which spellings of one party are taken together; empty for nobody."""
    return spelling(pl.col("alleged_by")).fill_null("")
