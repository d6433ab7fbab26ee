"""Explaining a kept forecast: the model is asked again about altered pasts, and every month leads to its claims.

The panel is built as the forecast's own day knew it; where judgements since have changed it, that is said. Words and
picture hold the same figures. An explanation says what moved the model, never why anything happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from sqlalchemy import Connection

from forewarn.clock import day_from_text, last_complete_month, month_label, month_of
from forewarn.errors import ForecastError, UnknownNameError, UsageError, shorten
from forewarn.forecast import count_forecaster
from forewarn.forecast.explanation import THRESHOLD, Answer, Explanation, explain
from forewarn.forecast.make import heard_of
from forewarn.forecast.models import History, Task
from forewarn.model.place import UnitLevel, unit_name
from forewarn.operations.boundaries import atlas_of
from forewarn.operations.brief_pictures import fan_of, series_of
from forewarn.operations.drafting import base_rates, skill_by_unit
from forewarn.operations.explanation_page import explanation_page
from forewarn.operations.forecast import input_digest
from forewarn.operations.knowledge import Knowledge, knowledge
from forewarn.operations.panels import panel_of
from forewarn.operations.workspace import Progress, Workspace, no_progress, relative_to
from forewarn.respond import Fan, Series
from forewarn.store.forecasts import ForecastRun, forecast_run, latest_forecast

__all__ = ["ExplainWish", "Explained", "explain_forecast"]

_LATE = "+late_reports"
_SERIES_MONTHS = 36


@dataclass(frozen=True, slots=True)
class ExplainWish:
    """Which unit of which forecast: an id, or the latest of a level and target where given."""

    unit: str
    forecast_id: str = ""
    level: UnitLevel | None = None
    target: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation with what it rests on.

    ``sentences`` say it in words; ``claims`` lead from each month named, as ``2017-08``, to the claims counted in it;
    ``caveats`` are what the reader must know; ``file`` is the page with the pictures.
    """

    unit: str
    forecast_id: str
    target: str
    model: str
    explanation: Explanation
    exceedance: dict[str, float]
    base_rate: dict[int, float]
    skill: str
    sentences: list[str]
    caveats: list[str]
    claims: dict[str, list[str]] = field(default_factory=dict)
    file: str = ""


def explain_forecast(
    workspace: Workspace, wish: ExplainWish, *, out: Path | None = None, progress: Progress = no_progress
) -> Explained:
    """Explain a kept forecast for one unit, and write the page."""
    with workspace.database.reading() as connection:
        forecast_id, run = _run(connection, wish)
        progress(0, 3, "assembling what was known")
        known = knowledge(connection, day_from_text(run.as_known_at), atlas=atlas_of(workspace, connection))
        made = panel_of(known, UnitLevel(run.level), run.target)
        unit = _unit(wish.unit, made.panel.units)
        rates = base_rates(made.panel, run.target, run.horizon).get(unit, {})
        skill = skill_by_unit(connection, forecast_id, made.panel, run.target).get(unit)
        fan = fan_of(connection, forecast_id, unit, rates)
    if fan is None:
        raise ForecastError(f"'{shorten(unit)}' was not forecast", where="explain", mend="treat its risk as unknown")
    progress(1, 3, f"asking {run.model} again")
    history = heard_of(History.of_panel(made.panel, run.target))
    task = Task(tuple(range(1, run.horizon + 1)), run.draws, run.seed)
    found = explain(count_forecaster(run.model.removesuffix(_LATE)), history, task, unit=unit)
    progress(2, 3, "writing")
    caveats = _caveats(run, is_same=input_digest(made.panel) == run.input_sha256)
    incidents = known.incidents(UnitLevel(run.level)).filter(pl.col("unit") == unit)
    explained = Explained(
        unit=unit,
        forecast_id=forecast_id,
        target=run.target,
        model=run.model,
        explanation=found,
        exceedance={str(one.number): one.chance for one in fan.exceedances},
        base_rate=rates,
        skill=skill.sentence if skill else "Skill was not tested: do not draw alerts from it.",
        sentences=sentences(found, run.target, rates, noise=_noise(run)),
        caveats=caveats,
        claims=_claims(incidents, found),
        file=relative_to(workspace.paths.root, _target(workspace, out, unit, run)),
    )
    _write(explained, _series(known, unit, incidents), fan, _target(workspace, out, unit, run))
    return explained


def sentences(found: Explanation, target: str, rates: dict[int, float], *, noise: float) -> list[str]:
    """What moved it, what it resembles and what would change it, in words; a change below ``noise`` is chance."""
    noun, number = target.replace("_", " "), int(THRESHOLD)
    usual = f"; {rates[number]:.0%} of its own past spans of that length had as many" if number in rates else ""
    said = [
        f"{unit_name(found.unit)}: a chance of {found.chance:.0%} of at least {number} {noun} over {found.horizon} "
        f"months{usual}."
    ]
    for one in sorted(found.moved, key=lambda a: -abs(a.change or 0)):
        if one.change is not None and one.chance is not None:
            said.append(f"What was known of {_span(one.months)} ({one.words} in all) {_moved(one, noise)}")
    for one in found.would_change:
        if one.chance is not None:
            said.append(
                f"One more month, {one.words}: {found.chance:.0%} would become {one.chance:.0%} for the "
                f"{found.horizon} months after it."
            )
    if found.weights:
        heavy = ", ".join(f"{month_label(w.month)} ({w.count:,.0f}; {w.share:.0%})" for w in found.weights)
        said.append(f"Months that carry it, with their count and their share of the draws: {heavy}.")
    if found.members:
        parts = ", ".join(f"{m.name} {m.share:.0%} (a month of {number}: {m.says:.0%})" for m in found.members)
        said.append(f"Shares of the members of the pool, and the chance each gives: {parts}.")
    if found.features:
        parts = ", ".join(f"{f.name} {f.share:+.2f}" for f in found.features)
        said.append(f"What moved the upper tenth of log(1 + count) of the boosted part: {parts}.")
    for a in found.analogues:
        said.append(
            f"It resembles {unit_name(a.unit)} in {month_label(a.month)} ({a.before:,.0f} in the year before): "
            f"{a.followed:,.0f} followed in {found.horizon} months."
        )
    return said


def _span(months: tuple[int, int]) -> str:
    first, last = (month_label(month) for month in months)
    return first if first == last else f"{first} to {last}"


def _run(connection: Connection, wish: ExplainWish) -> tuple[str, ForecastRun]:
    if wish.forecast_id:
        return wish.forecast_id, forecast_run(connection, wish.forecast_id)
    return latest_forecast(connection, level=wish.level, target=wish.target or None)


def _unit(wanted: str, units: tuple[str, ...]) -> str:
    found = [unit for unit in units if wanted.casefold() in (unit.casefold(), unit_name(unit).casefold())]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"'{shorten(wanted)}' names {len(found)} units", mend=f"write one of {', '.join(found[:5])}")
    raise UnknownNameError(
        f"no unit '{shorten(wanted)}' in the forecast", where="explain", mend="name one as forecast, COUNTRY/Name"
    )


def _moved(one: Answer, noise: float) -> str:
    change, without = one.change or 0.0, f"without, {one.chance or 0.0:.0%}."
    if abs(change) < noise:
        return f"made no difference beyond chance: {without}"
    return f"{'raised' if change < 0 else 'lowered'} it: {without}"


def _noise(run: ForecastRun) -> float:
    """Two standard errors of a chance of a half."""
    return float((1.0 / run.draws) ** 0.5)


def _caveats(run: ForecastRun, *, is_same: bool) -> list[str]:
    said = [
        f"Each answer is drawn anew: differences below about {_noise(run):.0%} are chance.",
        "It says what moved the model, not why anything happened; months taken as unknown are a question, not a fact.",
    ]
    if run.model.endswith(_LATE):
        said.append("The forecast reckons with late reports; the explanation takes the months as they stand.")
    if not is_same:
        said.append("The panel of that day is not what it was: judgements made since have changed it.")
    return said


def _claims(incidents: pl.DataFrame, found: Explanation) -> dict[str, list[str]]:
    """By month, the claims behind it, for the last year and the months that carry weight."""
    wanted = {*range(found.last_month - 11, found.last_month + 1), *(w.month for w in found.weights)}
    made: dict[str, list[str]] = {}
    for row in incidents.filter(pl.col("started_on").is_not_null()).iter_rows(named=True):
        month = month_of(day_from_text(row["started_on"]))
        if month in wanted:
            made.setdefault(month_label(month), []).extend(row["claim_ids"])
    return {month: sorted(made[month]) for month in sorted(made)}


def _series(known: Knowledge, unit: str, incidents: pl.DataFrame) -> Series:
    last = last_complete_month(known.as_known_at)
    months = range(last - _SERIES_MONTHS + 1, last + 1)
    return series_of(known, unit, incidents, months, sentence="Months nobody observed are hatched.")


def _target(workspace: Workspace, out: Path | None, unit: str, run: ForecastRun) -> Path:
    safe = "".join(c if c.isalnum() else "-" for c in unit.casefold())
    return workspace.output(out, f"explanation-{safe}-{run.target}-{run.as_known_at}.html")


def _write(explained: Explained, series: Series, fan: Fan, path: Path) -> None:
    text = explanation_page(explained, series, fan)
    aside = path.with_name(f".{path.name}.writing")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        raise UsageError(f"cannot be written ({error.strerror})", where=str(path), mend="choose another") from None
    finally:
        aside.unlink(missing_ok=True)
