"""``forewarn backtest``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.calibration import tell_calibration
from forewarn.cli.options import AsJson, settings_of
from forewarn.cli.output import print_json, print_table, progress, say
from forewarn.operations.backtest import BacktestReport, Row, backtest

app = typer.Typer(add_completion=False)


@app.command()
def _backtest(
    spec: Annotated[Path, typer.Argument(help="The spec: panel, target, windows and models.", metavar="SPEC.toml")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder for forecasts and scores.")] = None,
    as_json: AsJson = False,
) -> None:
    """Evaluate models on any panel file, by rolling origins, against baselines."""
    settings_of(None)
    with progress(quiet=as_json) as report:
        made = backtest(spec, out=out, progress=report)
    if as_json:
        print_json(made.as_dict())
        return
    _tell(made)


def _tell(made: BacktestReport) -> None:
    names = list(made.scores[0]) if made.scores else []
    print_table("Scores", names, ([_short(row.get(name)) for name in names] for row in made.scores))
    shown = _of_learning_models(made.differences)
    columns = list(shown[0]) if shown else []
    if columns:
        rows = ([_short(row[name]) for name in columns] for row in shown)
        print_table("Differences, with 95 % intervals over units (below zero: better than the baseline)", columns, rows)
    if made.vintages:
        heads = list(made.vintages[0])
        rows = ([_short(row[name]) for name in heads] for row in made.vintages)
        print_table("Scored by the first vintage and by the latest", heads, rows)
    tell_calibration(made.calibration)
    for window, counts in made.unmatched.items():
        left = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in counts.items() if number)
        if left:
            say(f"Not scored in {window}: {left}")
    say(*(f"Written: {name}" for name in made.files))


def _of_learning_models(differences: Sequence[Row]) -> Sequence[Row]:
    """Without those of baselines among themselves, where there are others; the files hold them all."""
    baselines = {row["baseline"] for row in differences}
    return [row for row in differences if row["model"] not in baselines] or differences


def _short(value: object) -> object:
    return f"{value:.4g}" if isinstance(value, float) else "" if value is None else value
