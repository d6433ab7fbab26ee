"""``forewarn score``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from forewarn.cli.calibration import tell_calibration
from forewarn.cli.options import AsJson, settings_of
from forewarn.cli.output import print_json, print_table, progress
from forewarn.errors import UsageError
from forewarn.operations.calibration import Past
from forewarn.operations.score import score

app = typer.Typer(add_completion=False)


@app.command()
def _score(
    forecast: Annotated[Path, typer.Option("--forecast", help="File with draws or probabilities, csv or parquet.")],
    actuals: Annotated[Path, typer.Option("--actuals", help="File with what happened.")],
    unit: Annotated[str | None, typer.Option("--unit", help="The unit's column.")] = None,
    period: Annotated[str | None, typer.Option("--period", help="The period's column.")] = None,
    column: Annotated[str | None, typer.Option("--column", help="The actuals' column with the value.")] = None,
    history: Annotated[
        Path | None, typer.Option("--history", help="File with the past: tests skill, and groups by status.")
    ] = None,
    history_column: Annotated[str, typer.Option("--history-column", help="The past's column with the value.")] = "",
    data_through: Annotated[
        int | None,
        typer.Option("--data-through", help="The last period of the past; default is just before the first."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="HTML page of the calibration to write.")] = None,
    as_json: AsJson = False,
) -> None:
    """Score anybody's forecast file against what happened."""
    settings_of(None)
    with progress(quiet=as_json) as report:
        past = _past(history, history_column, data_through)
        made = score(forecast, actuals, unit=unit, period=period, column=column, past=past, out=out, progress=report)
    if as_json:
        print_json(made)
        return
    groups = made.pop("calibration", None)
    print_table("Scores", ("what", "value"), _flat(made))
    if groups:
        tell_calibration({forecast.name: groups})


def _past(history: Path | None, column: str, data_through: int | None) -> Past | None:
    if history is None:
        return None
    if not column:
        raise UsageError("the column of the count is not named", where="--history", mend="give --history-column")
    return Past(history, column, data_through)


def _flat(made: dict[str, Any], before: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in made.items():
        label = f"{before}{name}"
        if isinstance(value, dict):
            rows += _flat(value, f"{label}.")
        elif isinstance(value, list):
            for number, item in enumerate(value):
                rows += _flat(item, f"{label}.{number}.") if isinstance(item, dict) else [(label, _text(item))]
        else:
            rows.append((label, _text(value)))
    return rows


def _text(value: object) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value)
