"""The words of a back-test: what ``SPEC.toml`` may say, validated.

Unknown keys are refused, with the nearest known one; every mistake is one line naming the key. Paths are
kept as written: whoever reads the file resolves them against its folder.
"""

from __future__ import annotations

import difflib
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from forewarn.errors import ConfigurationError, UnknownNameError, shorten
from forewarn.execution import backend_from_text
from forewarn.forecast.backtest import Window
from forewarn.forecast.models import forecaster_names

__all__ = ["BacktestSpec", "WindowSpec", "backtest_spec"]

_Name = Annotated[str, Field(min_length=1, max_length=200)]


class WindowSpec(BaseModel):
    """One ``[[windows]]``: the periods to forecast, the last known one, and where the actuals are.

    Without ``actuals`` they are the panel's own. ``actuals_column`` names the column; without it, it is the
    target or ``outcome``, whichever the file has. ``first_actuals`` and ``first_actuals_column`` name what was known
    first, where it is to be scored beside: a count that was corrected later is scored by both.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    first: int
    last: int
    data_through: int
    actuals: _Name | None = None
    actuals_column: _Name | None = None
    first_actuals: _Name | None = None
    first_actuals_column: _Name | None = None

    def window(self) -> Window:
        """The window itself."""
        return Window(self.first, self.last, self.data_through)


class BacktestSpec(BaseModel):
    """A whole back-test.

    Attributes:
        panel: path of a csv or parquet with one row per unit and period.
        unit: column of the unit's id. period: column of whole numbers (month ids, years).
        target: column forecast. kind: ``count`` of something, or ``onset`` (0 or 1).
        windows: what to forecast from where. models: names of forecasters.
        draws: per unit and period; ``seed``: of all random numbers; ``backend``: where it runs.
        covariates: for ``onset``, the columns known at the forecast period; by default every numeric
            column that is not the unit, the period or the target. Leave out what is known only later.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    panel: _Name
    unit: _Name
    period: _Name
    target: _Name
    kind: Literal["count", "onset"] = "count"
    windows: list[WindowSpec] = Field(min_length=1)
    models: list[_Name] = Field(min_length=1)
    draws: int = Field(default=1000, ge=1, le=100_000)
    seed: int = Field(default=0, ge=0)
    backend: _Name = "sequential"
    covariates: list[_Name] | None = None

    @model_validator(mode="after")
    def _columns_differ(self) -> BacktestSpec:
        if len({self.unit, self.period, self.target}) < 3:
            raise ValueError("unit, period and target must be three columns")
        if self.covariates and {self.unit, self.period, self.target} & set(self.covariates):
            raise ValueError("covariates may not hold the unit, the period or the target")
        return self


def backtest_spec(table: dict[str, Any], *, where: str) -> BacktestSpec:
    """The spec in a TOML table.

    Raises:
        ConfigurationError: naming the key that is unknown, missing or malformed.
        UnknownNameError: a model nobody knows.
        InputValueError: a window that ends before it starts, or forecasts what is known.
    """
    try:
        spec = BacktestSpec.model_validate(table)
    except ValidationError as error:
        raise _explained(error, where) from None
    labels = [window.window().label for window in spec.windows]
    for kind, names in (("models", spec.models), ("windows", labels)):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ConfigurationError(f"{shorten(twice[0])} comes twice", where=f"{where}, {kind}", mend="keep one")
    known = forecaster_names(spec.kind)
    for name in spec.models:
        if name not in known:
            raise UnknownNameError(
                f"no {spec.kind} model '{shorten(name)}'",
                where=f"{where}, models",
                mend=f"use one of {', '.join(known)}",
            )
    backend_from_text(spec.backend)
    return spec


def _explained(error: ValidationError, where: str) -> ConfigurationError:
    found = error.errors(include_url=False)
    # a misspelt key is also a missing one: the misspelling is what helps
    first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
    path = [str(part) for part in first["loc"]]
    key = ".".join(path)
    if first["type"] == "extra_forbidden":
        return ConfigurationError(
            f"unknown key '{shorten(key)}'", where=where, mend=_nearest(path[-1], in_window=len(path) > 1)
        )
    if first["type"] == "missing":
        return ConfigurationError(f"key '{key}' is missing", where=where, mend="add it")
    message = str(first["msg"]).removeprefix("Value error, ")
    return ConfigurationError(
        f"{message[:1].lower()}{message[1:]}", where=f"{where}, {key}" if key else where, mend="correct it"
    )


def _nearest(key: str, *, in_window: bool) -> str:
    known = sorted((WindowSpec if in_window else BacktestSpec).model_fields)
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else f"known keys are {', '.join(known)}"
