"""What has been happening in each unit lately, against the unit's own months before.

Owns the picture of each unit as known at a day: recent violence counted in deaths, early signs counted in
incidents. An early sign that gives no number of deaths is not one of the violent incidents, so no threat passes
for killing of unknown extent. Incidents without a day or a unit are left out and reported, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from forewarn.model.place import UnitLevel
from forewarn.warn.inputs import TriggerInputs
from forewarn.warn.policy import AlertPolicy, PrecursorPolicy, RecentPolicy
from forewarn.warn.windows import Reported, WindowCount, between, months_before, reported, window

__all__ = ["PrecursorPicture", "RecentPicture", "recent_pictures"]


@dataclass(frozen=True, slots=True)
class PrecursorPicture:
    """One unit's early signs, in incidents: now, in the months compared with, and right before.

    Attributes:
        recent, compared: the two windows, one ending where the other begins.
        previous: the window of the recent one's length right before it, for the direction.
        signs: what the recent ones rest on.
    """

    recent: WindowCount
    compared: WindowCount
    previous: WindowCount
    signs: Reported

    @property
    def kinds(self) -> int:
        """How many different acts the recent signs are of."""
        return len(self.signs.acts)

    def ratio(self, policy: PrecursorPolicy) -> float | None:
        """Incidents a month now over incidents a month before; ``None`` where the months before have none."""
        if not self.compared.incidents:
            return None
        return (self.recent.incidents / policy.months) / (self.compared.incidents / policy.compared_months)


@dataclass(frozen=True, slots=True)
class RecentPicture:
    """One unit's recent months, the months they are compared with, and what they rest on.

    Attributes:
        unit: the unit's id.
        recent, compared: the two windows of violence counted, one ending where the other begins.
        previous: the window of the recent one's length right before it, for the direction.
        violence: what the recent violence counted rests on.
        everything: what all recent incidents rest on, whatever their kind.
        precursors: the early signs.
        other_incidents: recent incidents that are neither violence counted nor early signs.
    """

    unit: str
    recent: WindowCount
    compared: WindowCount
    previous: WindowCount
    violence: Reported
    everything: Reported
    precursors: PrecursorPicture
    other_incidents: int = 0

    @property
    def targets(self) -> tuple[str, ...]:
        """Who was harmed or threatened, in the sources' words; five at most, those of violence first."""
        return tuple(dict.fromkeys((*self.violence.targets, *self.precursors.signs.targets)))[:5]

    def ratio(self, policy: RecentPolicy) -> float | None:
        """Deaths a month now over deaths a month before; ``None`` where the months before have none."""
        if not self.compared.best:
            return None
        return (self.recent.best / policy.months) / (self.compared.best / policy.compared_months)


def recent_pictures(inputs: TriggerInputs, policy: AlertPolicy) -> tuple[dict[str, RecentPicture], int]:
    """The picture of each unit that has incidents, and how many incidents have no day or no unit."""
    frame = _prepared(inputs, policy)
    usable = frame.filter((pl.col("unit") != "") & pl.col("day").is_not_null())
    pictures = {
        str(unit): _picture(str(unit), rows, inputs.as_known_at, policy)
        for (unit,), rows in usable.group_by("unit", maintain_order=True)
    }
    return dict(sorted(pictures.items())), frame.height - usable.height + inputs.undated


def _prepared(inputs: TriggerInputs, policy: AlertPolicy) -> pl.DataFrame:
    count = policy.recent.count
    best = pl.coalesce(f"{count}_best", f"{count}_low")
    of_kind = pl.col("violence").is_in(list(policy.recent.violence)) if policy.recent.violence else pl.lit(True)
    is_sign = pl.col("act").fill_null("").is_in(list(policy.precursors.acts))
    columns = inputs.incidents.columns
    unit = pl.col("unit") if "unit" in columns else _unit_column(inputs.level)
    origins = pl.col("origins").cast(pl.List(pl.String)) if "origins" in columns else pl.lit(None, pl.List(pl.String))
    return inputs.incidents.select(
        unit.fill_null("").alias("unit"),
        pl.col("started_on").cast(pl.String).str.to_date("%Y-%m-%d", strict=False).alias("day"),
        pl.col("act").fill_null("").replace("", "unknown"),
        is_sign.alias("is_sign"),
        (of_kind & ~(is_sign & best.is_null())).fill_null(False).alias("is_violence"),
        pl.coalesce(f"{count}_low", pl.lit(0)).alias("low"),
        best.fill_null(0).alias("best"),
        pl.coalesce(f"{count}_high", best, pl.lit(0)).alias("high"),
        best.is_null().alias("uncounted"),
        pl.col("independent_origins").fill_null(0),
        (pl.col("contested") == 1).fill_null(False).alias("contested"),
        pl.col("claim_ids"),
        pl.col("target").fill_null(""),
        origins.alias("origins"),
    )


def _unit_column(level: UnitLevel) -> pl.Expr:
    country, admin1 = pl.col("country").fill_null(""), pl.col("admin1").fill_null("")
    if level is UnitLevel.COUNTRY:
        return country
    if level is UnitLevel.CELL:
        cell = pl.col("cell").fill_null(0)
        return pl.when(cell > 0).then(cell.cast(pl.String)).otherwise(pl.lit(""))
    folded = admin1.str.strip_chars().str.replace_all(r"\s+", " ")
    has_both = (country != "") & (folded != "")
    return pl.when(has_both).then(pl.concat_str([country, folded], separator="/")).otherwise(pl.lit(""))


def _picture(unit: str, rows: pl.DataFrame, today: date, policy: AlertPolicy) -> RecentPicture:
    violent = rows.filter(pl.col("is_violence"))
    recent, compared, previous = _windows(violent, today, policy.recent)
    lately = between(rows, months_before(today, policy.recent.months), today)
    return RecentPicture(
        unit=unit,
        recent=recent,
        compared=compared,
        previous=previous,
        violence=reported(lately.filter(pl.col("is_violence"))),
        everything=reported(lately),
        precursors=_precursors(rows.filter(pl.col("is_sign")), today, policy.precursors),
        other_incidents=lately.filter(~pl.col("is_violence") & ~pl.col("is_sign")).height,
    )


def _precursors(signs: pl.DataFrame, today: date, policy: PrecursorPolicy) -> PrecursorPicture:
    recent, compared, previous = _windows(signs, today, policy)
    return PrecursorPicture(
        recent, compared, previous, reported(between(signs, months_before(today, policy.months), today))
    )


def _windows(
    rows: pl.DataFrame, today: date, policy: RecentPolicy | PrecursorPolicy
) -> tuple[WindowCount, WindowCount, WindowCount]:
    """Recent, compared and previous."""
    start = months_before(today, policy.months)
    before = months_before(today, policy.months + policy.compared_months)
    previous = months_before(today, 2 * policy.months)
    return window(rows, start, today), window(rows, before, start), window(rows, previous, start)
