"""Run a back-test from its spec: read the panel, forecast each window with each model, score, write.

Owns the files: everything is written beside its place and moved there at the end, so a run that fails or is
stopped leaves nothing. Scores travel with their provenance: the SHA-256 of each input, the seed, the version
of the code.
"""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

import forewarn
from forewarn.errors import (
    ConfigurationError,
    ForecastError,
    InputEncodingError,
    InputNotFoundError,
    StoreFullError,
    UsageError,
)
from forewarn.execution import backend_from_text
from forewarn.forecast.backtest import CountCase, CountResult, CountRun, OnsetCase, OnsetResult, run_counts, run_onsets
from forewarn.forecast.cases import (
    OnsetTable,
    Unmatched,
    count_case,
    counted_onset_case,
    onset_case,
    onset_columns,
    onset_table,
    with_joined,
)
from forewarn.forecast.comparison import (
    Row,
    count_differences,
    count_rows,
    onset_differences,
    onset_rows,
)
from forewarn.forecast.evaluation import CountScores
from forewarn.forecast.joins import Joined, joined_columns
from forewarn.forecast.spec import BacktestSpec, JoinSpec, WindowSpec, backtest_spec
from forewarn.forecast.tables import CountTable, count_table, read_table
from forewarn.forecast.vintages import vintage_rows
from forewarn.operations.calibration import Calibrator
from forewarn.operations.calibration_page import calibration_page

__all__ = ["BacktestReport", "Progress", "Row", "backtest"]

Progress = Callable[[int, int, str], None]
"""Told of each step done: how many, of how many, and which."""


@dataclass(frozen=True, slots=True)
class BacktestReport:
    """What a back-test found.

    ``scores`` has a row per model and window and one over all windows (``mean`` for a count, ``all`` for an
    onset); ``differences`` rows per model and baseline with a 95 % interval from resampling units (of a count:
    a row per score, with and without the unit that weighs most or those the spec names);
    ``unmatched`` says per window what could not be scored; ``files`` are those written. ``calibration`` has for each
    model of a count the groups of :class:`~forewarn.forecast.calibration.GroupCalibration`, the whole first;
    ``vintages`` a row per model and window with a first vintage: scored by it and by the latest, on the same pairs.
    """

    kind: str
    scores: list[Row]
    differences: list[Row]
    unmatched: dict[str, dict[str, int]]
    provenance: dict[str, Any]
    files: list[str] = field(default_factory=list)
    calibration: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    vintages: list[Row] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The report as ``--json`` prints it and ``scores.json`` keeps it."""
        return asdict(self)


def backtest(spec_path: Path, *, out: Path | None = None, progress: Progress | None = None) -> BacktestReport:
    """Run the back-test of a ``SPEC.toml``; with ``out``, write forecasts and scores into that folder.

    Paths in the spec are relative to its own folder. In ``out`` each window and model gets
    ``MODEL_FIRST-LAST.parquet`` with the columns ``month_id``, the unit's, ``draw``, ``outcome`` (for an
    onset: the unit's, the period's, ``probability``), and there are ``scores.csv``, ``differences.csv`` and
    ``scores.json`` and, for a count, ``calibration.html``.
    """
    spec = _read_spec(spec_path)
    run = _Run(spec, spec_path.parent, progress or _silent)
    with _staging(out) as folder:
        report = run.counts(folder) if spec.kind == "count" else run.onsets(folder)
        if folder is not None:
            _write_report(report, folder)
            report.files.extend(sorted(str(out / one.name) for one in folder.iterdir()) if out else [])
    return report


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of a spec whose paths start at ``home``."""

    spec: BacktestSpec
    home: Path
    progress: Progress

    def counts(self, folder: Path | None) -> BacktestReport:
        """The back-test of a count."""
        spec = self.spec
        table = self._count_table(self._panel_path, spec.target)
        cases, unmatched = [], {}
        for window in spec.windows:
            case, lacking = count_case(table, window.window(), self._count_actuals(window))
            cases.append(case)
            unmatched[case.window.label] = lacking
        scored: dict[str, dict[str, CountScores]] = {model: {} for model in spec.models}
        plan = CountRun(tuple(spec.models), spec.draws, spec.seed)
        results = run_counts(cases, plan, backend=backend_from_text(spec.backend))
        by_window = {case.window.label: case for case in cases}
        calibrator = Calibrator(spec.unit, spec.period, spec.draws, spec.seed)
        first = {window.window().label: self._first_actuals(table, window) for window in spec.windows}
        vintages: list[Row] = []
        for done, result in enumerate(results, 1):
            vintages += vintage_rows(result, by_window[result.window.label], first[result.window.label], seed=spec.seed)
            scored[result.model][result.window.label] = result.scores
            calibrator.add(result, by_window[result.window.label])
            if folder is not None:
                _write_draws(result, folder, spec, table, self._vintage)
            self.progress(done, len(cases) * len(spec.models), f"{result.model} {result.window.label}")
        self.progress(done, done, "calibration and skill")
        differences = count_differences(scored, seed=spec.seed, without=spec.without)
        report = self._report(count_rows(scored), differences, _as_counts(unmatched), _forecast(cases))
        groups = calibrator.report()
        if folder is not None:
            told = f"{Path(spec.panel).name}, target {spec.target}, {len(cases)} windows, seed {spec.seed}"
            text = calibration_page(groups, title="Calibration and skill", meta=told)
            (folder / "calibration.html").write_text(text, encoding="utf-8")
        calibrated = {model: [one.as_dict() for one in found] for model, found in groups.items()}
        return replace(report, calibration=calibrated, vintages=vintages)

    def onsets(self, folder: Path | None) -> BacktestReport:
        """The back-test of an onset."""
        spec = self.spec
        made, is_number, more = self._counted_onset_cases() if spec.onset else self._onset_cases()
        cases = [case for case, _ in made]
        results: list[OnsetResult] = []
        for result in run_onsets(cases, spec.models, backend=backend_from_text(spec.backend)):
            results.append(result)
            if folder is not None:
                _write_probabilities(result, folder, spec, is_number=is_number)
            self.progress(len(results), len(cases) * len(spec.models), f"{result.model} {result.window.label}")
        if all(np.isnan(result.actual).all() for result in results):
            raise ForecastError("no row to forecast has an actual", mend="name an actuals file")
        unmatched = {case.window.label: lacking for case, lacking in made}
        differences = onset_differences(results, seed=spec.seed)
        return self._report(onset_rows(results), differences, _as_counts(unmatched), more)

    def _onset_cases(self) -> tuple[list[tuple[OnsetCase, Unmatched]], bool, dict[str, Any]]:
        """The cases of a panel of onsets, whether its units are numbers, and what the report says of it."""
        spec, path = self.spec, self._panel_path
        frame = read_table(path)
        _require_columns(frame, spec, path)
        covariates = onset_columns(frame, spec)
        table = onset_table(frame, spec, target=spec.target, covariates=covariates, where=path.name)
        joined = [self._joined(table, join) for join in spec.join]
        table = with_joined(table, [one.values for one in joined])
        made = [
            onset_case(table, window.window(), self._onset_actuals(window), seed=spec.seed) for window in spec.windows
        ]
        more: dict[str, Any] = {"covariates": list(covariates)}
        if joined:
            pairs = zip(spec.join, joined, strict=True)
            without = {f"{join.file} {join.unit}": list(one.units_without) for join, one in pairs}
            more["units_without_join"] = without
        return made, frame[spec.unit].dtype.is_numeric(), more

    def _joined(self, table: OnsetTable, join: JoinSpec) -> Joined:
        path = self.home / join.file
        rows = read_table(path, [join.unit, join.period, *join.columns])
        return joined_columns(table.units, table.periods, rows, join, where=path.name)

    def _counted_onset_cases(self) -> tuple[list[tuple[OnsetCase, Unmatched]], bool, dict[str, Any]]:
        """The same of a panel of counts, whose onsets follow from ``[onset]``."""
        spec = self.spec
        table = self._count_table(self._panel_path, spec.target)
        others = [self._count_table(self._panel_path, column) for column in spec.covariates or ()]
        made = [
            counted_onset_case(table, others, window.window(), self._count_actuals(window), spec)
            for window in spec.windows
        ]
        return made, table.is_number, {"covariates": list(spec.covariates or ())}

    def _report(
        self, scores: list[Row], differences: list[Row], unmatched: dict[str, dict[str, int]], more: dict[str, Any]
    ) -> BacktestReport:
        spec = self.spec
        named = {spec.panel, *(join.file for join in spec.join)}
        named |= {name for window in spec.windows for name in (window.actuals, window.first_actuals) if name}
        provenance = {
            "spec": spec.model_dump(exclude_none=True),
            "inputs_sha256": {name: _file_sha256(self.home / name) for name in sorted(named)},
            "seed": spec.seed,
            "models": list(spec.models),
            "code_version": forewarn.__version__,
            **more,
        }
        return BacktestReport(spec.kind, scores, differences, unmatched, provenance)

    @property
    def _vintage(self) -> str:
        """Which state of knowledge the forecasts rest on: the panel's name and hash."""
        return f"{self._panel_path.name} sha256:{_file_sha256(self._panel_path)[:16]}"

    @property
    def _panel_path(self) -> Path:
        return self.home / self.spec.panel

    def _count_table(self, path: Path, column: str) -> CountTable:
        unit, period = self.spec.unit, self.spec.period
        frame = read_table(path, [unit, period, column])
        return count_table(frame, unit=unit, period=period, value=column, where=path.name)

    def _count_actuals(self, window: WindowSpec) -> CountTable | None:
        if window.actuals is None:
            return self._own_actuals(window)
        path = self.home / window.actuals
        return self._count_table(path, self._actuals_column(window, path))

    def _first_actuals(self, table: CountTable, window: WindowSpec) -> CountCase | None:
        """The same window with what was known first, where the spec names it."""
        if window.first_actuals is None and window.first_actuals_column is None:
            return None
        path = self.home / (window.first_actuals or self.spec.panel)
        first = window.model_copy(update={"actuals_column": window.first_actuals_column})
        case, _ = count_case(table, window.window(), self._count_table(path, self._actuals_column(first, path)))
        return case

    def _own_actuals(self, window: WindowSpec) -> CountTable | None:
        """Another column of the panel, where one is named."""
        column = window.actuals_column
        return self._count_table(self._panel_path, column) if column else None

    def _onset_actuals(self, window: WindowSpec) -> OnsetTable | None:
        if window.actuals is None and window.actuals_column is None:
            return None
        path = self.home / (window.actuals or self.spec.panel)
        column = self._actuals_column(window, path)
        frame = read_table(path, [self.spec.unit, self.spec.period, column])
        return onset_table(frame, self.spec, target=column, covariates=(), where=path.name)

    def _actuals_column(self, window: WindowSpec, path: Path) -> str:
        if window.actuals_column is not None:
            return window.actuals_column
        present = read_table(path).columns
        return self.spec.target if self.spec.target in present or "outcome" not in present else "outcome"


def _silent(_done: int, _total: int, _text: str) -> None:
    """Nobody wants to know."""


def _read_spec(path: Path) -> BacktestSpec:
    if not path.is_file():
        raise InputNotFoundError("no such spec", where=str(path), mend="check the path")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise InputEncodingError("is not UTF-8 text", where=str(path), mend="save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"is not TOML ({error})", where=str(path), mend="correct it") from None
    return backtest_spec(table, where=path.name)


def _require_columns(frame: pl.DataFrame, spec: BacktestSpec, path: Path) -> None:
    for name in (spec.unit, spec.period, spec.target, *(spec.covariates or ()), *spec.rule):
        if name not in frame.columns:
            raise ConfigurationError(
                f"{path.name} has no column '{name}'", where="spec", mend=f"it has {', '.join(frame.columns[:30])}"
            )


def _as_counts(unmatched: dict[str, Unmatched]) -> dict[str, dict[str, int]]:
    return {label: asdict(lacking) for label, lacking in unmatched.items()}


def _forecast(cases: list[CountCase]) -> dict[str, Any]:
    return {"units_forecast": {case.window.label: len(case.history.units) for case in cases}}


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _staging(out: Path | None) -> Iterator[Path | None]:
    """A folder beside the files to be; what is in it moves to ``out`` when all went well."""
    if out is None:
        yield None
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".backtest-", dir=out))
        try:
            yield folder
            for file in sorted(folder.iterdir()):
                file.replace(out / file.name)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StoreFullError("no space left", where=str(out), mend="free some and run again") from None
        raise UsageError(f"cannot be written ({error.strerror})", where=str(out), mend="choose another") from None


def _write_draws(result: CountResult, folder: Path, spec: BacktestSpec, table: CountTable, vintage: str) -> None:
    units, periods, draws = result.draws.shape
    ids = np.array(result.units)
    values = result.draws.ravel()
    frame = pl.DataFrame(
        {
            "month_id": np.tile(np.repeat(np.asarray(result.window.periods, dtype=np.int32), draws), units),
            spec.unit: np.repeat(ids.astype(np.int64) if table.is_number else ids, periods * draws),
            "draw": np.tile(np.arange(draws, dtype=np.int32), units * periods),
            "outcome": values.astype(np.int32) if table.is_whole else values,
        }
    )
    told = {
        "model": result.model,
        "data_vintage": f"{vintage}, through {result.window.data_through}",
        "seed": str(spec.seed),
        "code_version": forewarn.__version__,
    }
    frame.write_parquet(folder / f"{result.model}_{result.window.label}.parquet", metadata=told)


def _write_probabilities(result: OnsetResult, folder: Path, spec: BacktestSpec, *, is_number: bool) -> None:
    frame = pl.DataFrame(
        {
            spec.unit: result.units.astype(np.int64) if is_number else result.units,
            spec.period: result.periods,
            "probability": result.probability,
        }
    )
    frame.write_parquet(folder / f"{result.model}_{result.window.label}.parquet")


def _write_report(report: BacktestReport, folder: Path) -> None:
    pl.DataFrame(report.scores, infer_schema_length=None).write_csv(folder / "scores.csv")
    if report.vintages:
        pl.DataFrame(report.vintages, infer_schema_length=None).write_csv(folder / "vintages.csv")
    if report.differences:
        pl.DataFrame(report.differences, infer_schema_length=None).write_csv(folder / "differences.csv")
    text = json.dumps(report.as_dict() | {"files": []}, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / "scores.json").write_text(text + "\n", encoding="utf-8")
