"""What is told beside the numbers of a forecast: its look back group by group, each unit's status and own past, notes.

Kept as a JSON file beside the draws when the forecast is made, and bound to its id; a file that is gone or of another
forecast tells nothing. A forecast is drawn only for units of whose status skill was shown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from forewarn.forecast.calibration import GroupCalibration
from forewarn.forecast.skill import VERDICTS, Skill
from forewarn.operations.workspace import Workspace
from forewarn.store.forecasts import ForecastRun

__all__ = ["ForecastTold", "calibration_from", "keep_told", "kept_told", "told_of", "told_path"]

SHOWN = VERDICTS[0]
_LARGEST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class ForecastTold:
    """What was found when the forecast was made.

    Attributes:
        groups: the calibration of the model on the panel's own past, the whole first; empty where not tested.
        status: by unit, the status its history gives it.
        base_rates: by unit and number, the share of its own past spans of the horizon's length with as many.
        notes: sentences for the reader.
    """

    groups: tuple[GroupCalibration, ...] = ()
    status: dict[str, str] = field(default_factory=dict)
    base_rates: dict[str, dict[int, float]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def is_drawn(self, unit: str) -> bool:
        """Whether a picture of the unit's forecast may be drawn: skill was shown for units of its status."""
        wanted = self.status.get(unit, "")
        return any(one.by == "status" and one.group == wanted and one.verdict == SHOWN for one in self.groups)


def told_path(draws: Path) -> Path:
    """The file beside a file of draws."""
    return draws.with_suffix(".told.json")


def keep_told(draws: Path, forecast_id: str, told: ForecastTold) -> None:
    """Write what is told beside the draws."""
    path = told_path(draws)
    plain: dict[str, Any] = {"forecast_id": forecast_id, "groups": [one.as_dict() for one in told.groups]}
    plain |= {"status": told.status, "base_rates": told.base_rates, "notes": list(told.notes)}
    aside = path.with_name(f".{path.name}.writing")
    try:
        aside.write_text(json.dumps(plain), encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def kept_told(draws: Path, forecast_id: str) -> ForecastTold:
    """What is told of a forecast; empty where nothing is kept, or of another forecast."""
    path = told_path(draws)
    try:
        state = path.stat()
        if state.st_size > _LARGEST_BYTES:
            return ForecastTold()
        return _read(path, state.st_mtime_ns, forecast_id)
    except (OSError, ValueError, KeyError, TypeError):
        return ForecastTold()


def told_of(workspace: Workspace, forecast_id: str, run: ForecastRun) -> ForecastTold:
    """The same, of a run."""
    return kept_told(workspace.paths.root / Path(run.file), forecast_id) if run.file else ForecastTold()


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int, forecast_id: str) -> ForecastTold:
    plain = json.loads(path.read_text(encoding="utf-8"))
    if plain["forecast_id"] != forecast_id:
        return ForecastTold()
    rates = {unit: {int(n): float(share) for n, share in one.items()} for unit, one in plain["base_rates"].items()}
    return ForecastTold(
        tuple(map(calibration_from, plain["groups"])), dict(plain["status"]), rates, tuple(plain["notes"])
    )


def calibration_from(plain: dict[str, Any]) -> GroupCalibration:
    """A group as its ``as_dict`` went through JSON."""
    return GroupCalibration(**{**plain, "skill": tuple(Skill(**each) for each in plain["skill"])})
