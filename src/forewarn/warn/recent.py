"""What has been happening in each unit lately, against the unit's own months before.

Owns the counting of incidents as known at a day into one :class:`RecentPicture` a unit. Ranges stay ranges:
unknown counts add nothing to the low end and are counted apart. Incidents without a day or a unit are left out
and reported, never guessed into a month.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

import polars as pl

from forewarn.model.place import UnitLevel
from forewarn.warn.inputs import TriggerInputs
from forewarn.warn.policy import RecentPolicy

__all__ = ["RecentPicture", "WindowCount", "months_before", "recent_pictures"]


@dataclass(frozen=True, slots=True)
class WindowCount:
    """Incidents of one unit in one span of days, both ends included.

    ``low``, ``best`` and ``high`` add up what the incidents give; ``uncounted`` is how many give no number.
    """

    first: date
    last: date
    incidents: int = 0
    low: int = 0
    best: int = 0
    high: int = 0
    uncounted: int = 0


@dataclass(frozen=True, slots=True)
class RecentPicture:
    """One unit's recent months, the months they are compared with, and what they rest on.

    Attributes:
        unit: the unit's id.
        recent, compared: the two windows, one ending where the other begins.
        previous: the window of the recent one's length right before it, for the direction.
        other_incidents: recent incidents of other kinds of violence.
        independent_origins: at least so many that do not go back to each other.
        contested: recent incidents whose claims contradict each other.
        claim_ids: the claims of the recent incidents, sorted.
        targets: who was harmed, in the sources' words, most often named first.
    """

    unit: str
    recent: WindowCount
    compared: WindowCount
    previous: WindowCount
    other_incidents: int = 0
    independent_origins: int = 0
    contested: int = 0
    claim_ids: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()

    def ratio(self, policy: RecentPolicy) -> float | None:
        """Deaths a month now over deaths a month before; ``None`` where the months before have none."""
        if not self.compared.best:
            return None
        return (self.recent.best / policy.months) / (self.compared.best / policy.compared_months)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month where it is shorter."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def recent_pictures(inputs: TriggerInputs, policy: RecentPolicy) -> tuple[dict[str, RecentPicture], int]:
    """The picture of each unit that has incidents, and how many incidents have no day or no unit."""
    frame = _prepared(inputs, policy)
    usable = frame.filter((pl.col("unit") != "") & pl.col("day").is_not_null())
    pictures = {
        str(unit): _picture(str(unit), rows, inputs.as_known_at, policy)
        for (unit,), rows in usable.group_by("unit", maintain_order=True)
    }
    return dict(sorted(pictures.items())), frame.height - usable.height


def _prepared(inputs: TriggerInputs, policy: RecentPolicy) -> pl.DataFrame:
    count = policy.count
    best = pl.coalesce(f"{count}_best", f"{count}_low")
    counted_kind = pl.col("violence").is_in(list(policy.violence)) if policy.violence else pl.lit(True)
    unit = pl.col("unit") if "unit" in inputs.incidents.columns else _unit_column(inputs.level)
    origins = (
        pl.col("origins").cast(pl.List(pl.String))
        if "origins" in inputs.incidents.columns
        else pl.lit(None, pl.List(pl.String))
    )
    return inputs.incidents.select(
        unit.fill_null("").alias("unit"),
        pl.col("started_on").cast(pl.String).str.to_date("%Y-%m-%d", strict=False).alias("day"),
        counted_kind.alias("counted_kind"),
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


def _picture(unit: str, rows: pl.DataFrame, today: date, policy: RecentPolicy) -> RecentPicture:
    start = months_before(today, policy.months)
    before = months_before(today, policy.months + policy.compared_months)
    counted = rows.filter(pl.col("counted_kind"))
    now = _between(counted, start, today)
    all_now = _between(rows, start, today)
    return RecentPicture(
        unit=unit,
        recent=_window(counted, start, today),
        compared=_window(counted, before, start),
        previous=_window(counted, months_before(today, 2 * policy.months), start),
        other_incidents=all_now.height - now.height,
        independent_origins=_origins(now),
        contested=int(now["contested"].sum()),
        claim_ids=_claims(now),
        targets=_targets(now),
    )


def _between(rows: pl.DataFrame, after: date, last: date) -> pl.DataFrame:
    return rows.filter((pl.col("day") > after) & (pl.col("day") <= last))


def _window(rows: pl.DataFrame, after: date, last: date) -> WindowCount:
    span = _between(rows, after, last)
    low, best, high, uncounted = (int(span[name].sum()) for name in ("low", "best", "high", "uncounted"))
    first = date.fromordinal(after.toordinal() + 1)
    return WindowCount(first, last, span.height, low, best, max(high, best), uncounted)


def _origins(rows: pl.DataFrame) -> int:
    """At least so many: names where they are given, else the most that any one incident has."""
    named = {
        " ".join(name.casefold().split())
        for names in rows["origins"].to_list()
        for name in (names or ())
        if name and name.strip()
    }
    highest = rows["independent_origins"].max()
    return max(len(named), int(highest) if isinstance(highest, int) else 0)


def _claims(rows: pl.DataFrame) -> tuple[str, ...]:
    found = {claim for claims in rows["claim_ids"].to_list() for claim in (claims or ())}
    return tuple(sorted(found))


def _targets(rows: pl.DataFrame) -> tuple[str, ...]:
    named = [" ".join(target.split())[:120] for target in rows["target"].to_list() if target.strip()]
    return tuple(sorted(set(named), key=lambda target: (-named.count(target), target)))[:5]
