"""How late reports come: from two releases of a table, or from the store's own past; and what is still to come.

Writes pairs that ``forecast --late-reports`` reads. Where there is too little to learn from, that is the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from forewarn.errors import ForecastError, UsageError
from forewarn.forecast.delay import (
    OLDEST_AGE,
    RevisionPairs,
    completed,
    delay_rows,
    pairs_of_arrays,
    pairs_of_table,
    pairs_of_vintages,
)
from forewarn.forecast.models import model_generator
from forewarn.forecast.tables import count_table, read_table
from forewarn.model.panel import Panel
from forewarn.model.place import UnitLevel
from forewarn.operations.boundaries import atlas_of
from forewarn.operations.knowledge import knowledge
from forewarn.operations.panels import PanelMade, panel_of
from forewarn.operations.workspace import Workspace

__all__ = [
    "STORE",
    "DelayMade",
    "StillToCome",
    "Vintages",
    "delay_of_store",
    "delay_of_vintages",
    "late_pairs",
    "still_to_come",
]

STORE = "store"
"""The word that asks for the store's own past instead of a file."""

_WAYS = 200


@dataclass(frozen=True, slots=True)
class Vintages:
    """Two releases in one table: its columns, and the last period of the earlier one."""

    panel: Path
    unit: str
    period: str
    early: str
    late: str
    through: int


@dataclass(frozen=True, slots=True)
class DelayMade:
    """What was found, by age in months; ``is_enough`` says whether a forecast may rest on it."""

    source: str
    pairs: int
    is_enough: bool
    rows: list[dict[str, float | int | None]]
    file: str = ""


@dataclass(frozen=True, slots=True)
class StillToCome:
    """What the last months of a panel are expected to gain or lose once all is known.

    ``known`` is their sum now; ``low``, ``mean`` and ``high`` (5 to 95 %) that of the final sums; ``months`` how many.
    Empty figures where there is too little to learn from, with the reason.
    """

    months: int
    known: float
    low: float | None = None
    mean: float | None = None
    high: float | None = None
    used: bool = False
    pairs: int = 0
    reason: str = ""
    by_age: list[dict[str, float | int | None]] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """It in words, and whether a forecast reckons with it."""
        if self.mean is None or self.low is None or self.high is None:
            return f"Reports still to come: unknown ({self.reason})."
        use = "The forecast reckons with it." if self.used else "The forecast takes the months as they stand."
        return (
            f"Reports still to come: the last {self.months} months stand at {self.known:,.0f} and are expected to end "
            f"between {self.low:,.0f} and {self.high:,.0f} (mean {self.mean:,.0f}), from {self.pairs:,} settled "
            f"unit-months. {use}"
        )


def delay_of_vintages(wish: Vintages, *, out: Path | None = None) -> DelayMade:
    """The delay between two columns of a table."""
    frame = read_table(wish.panel, [wish.unit, wish.period, wish.early, wish.late])
    early, late = (
        count_table(frame, unit=wish.unit, period=wish.period, value=column, where=wish.panel.name)
        for column in (wish.early, wish.late)
    )
    if not early.first_period <= wish.through <= early.last_period:
        raise UsageError(
            f"{wish.through} is outside the table's {early.first_period}..{early.last_period}", where="--through",
            mend="name the last period of the earlier release",
        )  # fmt: skip
    return _made(pairs_of_vintages(early, late, through=wish.through), wish.panel.name, out)


def delay_of_store(
    workspace: Workspace, *, target: str, level: UnitLevel, as_known_at: date, out: Path | None = None
) -> DelayMade:
    """The delay with which the store's own incidents became known."""
    with workspace.database.reading() as connection:
        known = knowledge(connection, as_known_at, atlas=atlas_of(workspace, connection))
    made = panel_of(known, level, target)
    return _made(pairs_of_arrays(made.source.arrays, made.panel, target), STORE, out)


def late_pairs(made: PanelMade, target: str, source: str) -> RevisionPairs:
    """Pairs from the store's own past, or from a file of them."""
    if source == STORE:
        return pairs_of_arrays(made.source.arrays, made.panel, target)
    path = Path(source)
    return pairs_of_table(read_table(path), where=path.name)


def still_to_come(panel: Panel, target: str, pairs: RevisionPairs, *, used: bool, seed: int) -> StillToCome:
    """What the last twelve months may still become, over all units."""
    values = panel.feature(target).astype(np.float64)
    recent = values[:, -OLDEST_AGE:]
    known = float(np.nansum(recent))
    if not pairs.is_enough:
        reason = "too few settled months to learn how late reports come"
        return StillToCome(recent.shape[1], known, pairs=len(pairs), reason=reason)
    random = model_generator("still_to_come", last_month=panel.last_month, seed=seed)
    history = values[:, -2 * OLDEST_AGE :]
    sums = [float(np.nansum(completed(history, pairs, random)[:, -recent.shape[1] :])) for _ in range(_WAYS)]
    low, high = np.quantile(sums, [0.05, 0.95])
    return StillToCome(
        recent.shape[1], known, float(low), float(np.mean(sums)), float(high), used, len(pairs),
        by_age=delay_rows(pairs),
    )  # fmt: skip


def _made(pairs: RevisionPairs, source: str, out: Path | None) -> DelayMade:
    if not len(pairs):
        raise ForecastError("the past is too short: not one settled month", where=source, mend="collect more")
    if out is not None:
        if out.suffix.lower() != ".csv":
            raise UsageError("is not a .csv", where=out.name, mend="end the name with .csv")
        aside = out.with_name(f".{out.name}.writing")
        try:
            pairs.table().write_csv(aside)
            aside.replace(out)
        except OSError as error:
            raise UsageError(f"cannot be written ({error.strerror})", where=str(out), mend="choose another") from None
        finally:
            aside.unlink(missing_ok=True)
    return DelayMade(source, len(pairs), pairs.is_enough, delay_rows(pairs), str(out or ""))
