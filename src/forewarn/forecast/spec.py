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
from forewarn.forecast.onsets_from_counts import OnsetDefinition

__all__ = ["BacktestSpec", "JoinSpec", "OnsetSpec", "WindowSpec", "backtest_spec"]

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


class OnsetSpec(BaseModel):
    """``[onset]``: the target is a count, and its onset is forecast (``at_least`` after ``quiet`` periods of fewer)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    at_least: float = 25.0
    quiet: int = 12

    def definition(self) -> OnsetDefinition:
        """The definition itself."""
        return OnsetDefinition(self.at_least, self.quiet)


class JoinSpec(BaseModel):
    """One ``[[join]]``: more covariates for ours, the models that read what is made of covariates, from a file.

    Attributes:
        file: csv or parquet. unit, period: its columns. columns: amounts, added up per unit and period.
        match: ``same`` where units are written as in the panel, ``country`` where both name countries.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    file: _Name
    unit: _Name
    period: _Name
    columns: list[_Name] = Field(min_length=1, max_length=50)
    match: Literal["same", "country"] = "same"

    @model_validator(mode="after")
    def _columns_differ(self) -> JoinSpec:
        named = [self.unit, self.period, *self.columns]
        if len(set(named)) < len(named):
            raise ValueError("unit, period and columns must be different columns")
        return self


class BacktestSpec(BaseModel):
    """A whole back-test.

    Attributes:
        panel: path of a csv or parquet with one row per unit and period.
        unit: column of the unit's id. period: column of whole numbers (month ids, years).
        target: column forecast. kind: ``count`` of something, or ``onset`` (0 or 1).
        windows: what to forecast from where. models: names of forecasters.
        draws: per unit and period; ``seed``: of all random numbers; ``backend``: where it runs.
        covariates: for ``onset``, the columns known at the forecast period; by default every numeric
            column that is not the unit, the period or the target, names no unit and is no part of the outcome.
            Leave out what is known only later. With ``[onset]``, other columns of counts.
        onset: how an onset follows from the target, where that is a count; see :class:`OnsetSpec`.
        join: for ``onset``, further tables; see :class:`JoinSpec`.
        rule: for model ``rule``, columns whose sum is a rule of thumb: the more, the likelier.
        without: ids of units; models of a count are compared with baselines once with and once without them. By default
            the unit that weighs most.
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
    onset: OnsetSpec | None = None
    join: list[JoinSpec] = Field(default_factory=list, max_length=20)
    rule: list[_Name] = Field(default_factory=list)
    without: list[_Name] = Field(default_factory=list)

    @model_validator(mode="after")
    def _columns_differ(self) -> BacktestSpec:
        if len({self.unit, self.period, self.target}) < 3:
            raise ValueError("unit, period and target must be three columns")
        if self.covariates and {self.unit, self.period, self.target} & set(self.covariates):
            raise ValueError("covariates may not hold the unit, the period or the target")
        if self.covariates and len(set(self.covariates)) < len(self.covariates):
            raise ValueError("covariates hold a column twice")
        return self

    @model_validator(mode="after")
    def _parts_fit(self) -> BacktestSpec:
        if self.kind == "count" and (self.onset or self.rule or self.covariates):
            raise ValueError('onset, rule and covariates are for kind = "onset"')
        if ("rule" in self.models) != bool(self.rule):
            raise ValueError("model 'rule' and key 'rule', which names its columns, go together")
        if self.onset and (self.rule or self.join):
            raise ValueError("keys join and rule need a panel of onsets, not [onset] of a count")
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
    if spec.onset is not None:
        spec.onset.definition()
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
            f"unknown key '{shorten(key)}'",
            where=where,
            mend=_nearest(path[-1], path[0] if len(path) > 1 else ""),
        )
    if first["type"] == "missing":
        return ConfigurationError(f"key '{key}' is missing", where=where, mend="add it")
    message = str(first["msg"]).removeprefix("Value error, ")
    return ConfigurationError(
        f"{message[:1].lower()}{message[1:]}", where=f"{where}, {key}" if key else where, mend="correct it"
    )


_TABLES: dict[str, type[BaseModel]] = {"": BacktestSpec, "windows": WindowSpec, "onset": OnsetSpec, "join": JoinSpec}


def _nearest(key: str, table: str) -> str:
    known = sorted(_TABLES[table].model_fields)
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else f"known keys are {', '.join(known)}"
