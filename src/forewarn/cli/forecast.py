"""``forewarn forecast``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson, Day, Out, WorkspaceFolder, day_of, workspace_of
from forewarn.cli.output import print_json, print_table, progress, say
from forewarn.model.place import UnitLevel
from forewarn.operations.forecast import (
    DEFAULT_MODEL,
    DEFAULT_ONSET_MODEL,
    ONSETS,
    TARGETS,
    ForecastMade,
    ForecastWish,
    backend_named,
    forecast,
)

app = typer.Typer(add_completion=False)


@app.command()
def _forecast(
    target: Annotated[str, typer.Option("--target", help=f"What to forecast: {', '.join(sorted(TARGETS))}.")],
    level: Annotated[UnitLevel, typer.Option("--level", help="The kind of unit.")] = UnitLevel.ADMIN1,
    as_known_at: Day = None,
    horizon: Annotated[int, typer.Option("--horizon", help="Months ahead, 1 to 36.")] = 6,
    model: Annotated[
        str,
        typer.Option(
            "--model",
            help=f"The forecaster; without it {DEFAULT_MODEL}, which takes what suits the panel, for an onset "
            f"{DEFAULT_ONSET_MODEL}; grid_hurdle is for cells.",
        ),
    ] = "",
    draws: Annotated[int, typer.Option("--draws", help="Draws per unit and month.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="What random numbers come from.")] = 0,
    columns: Annotated[str, typer.Option("--columns", help="Columns of the file: views or hubverse.")] = "views",
    look_back: Annotated[
        bool, typer.Option("--look-back/--no-look-back", help="Test the model on the panel's own past.")
    ] = True,
    late_reports: Annotated[
        str,
        typer.Option("--late-reports", help="Reckon with reports still to come: 'store', or a CSV by forewarn delay."),
    ] = "",
    backend: Annotated[
        str,
        typer.Option("--backend", help="Where the work runs: loky, threading, sequential, dask, spark."),
    ] = "",
    scheduler: Annotated[str, typer.Option("--scheduler", help="Dask's scheduler, tcp://HOST:PORT.")] = "",
    out: Out = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Forecast a target per unit and month, as known at a date."""
    with workspace_of(workspace) as opened, progress(quiet=as_json) as report:
        wish = ForecastWish(
            target,
            level,
            day_of(as_known_at, opened.today),
            horizon,
            model,
            draws,
            seed,
            columns,
            look_back,
            late_reports,
            backend_named(backend, scheduler),
        )
        made = forecast(opened, wish, out=out, progress=report)
    if as_json:
        print_json(made)
        return
    _tell(made)


def _tell(made: ForecastMade) -> None:
    span = f"{made.months[0]} to {made.months[-1]}"
    say(
        f"{made.target} for {made.units} units ({made.level}), {span}, with {made.model}, from {made.incidents:,} "
        f"incidents known on {made.as_known_at}, data through {made.data_through}."
    )
    if made.model_reason:
        say(f"Model {made.model}: {made.model_reason}.")
    if made.target in ONSETS:
        _table_of_chances(made)
    else:
        _table_of_counts(made)
        _tell_skill(made)
        if made.late:
            say(made.late.sentence)
    if made.unknown_units:
        say(f"Not forecast, because too little is known of them (unknown, not safe): {', '.join(made.unknown_units)}")
    if not made.coverage_stated:
        say("Nobody has stated who could see what: months without reports were counted as zero.")
    if made.unplaced or made.uncounted:
        say(f"Left out: {made.unplaced:,} incidents without date or place, {made.uncounted:,} without a figure.")
    if made.target in ONSETS:
        say(f"Chances written to {made.file}.")
    else:
        say(f"Draws written to {made.file}, pictures to {made.page}. Next: forewarn explain UNIT, forewarn alert draft")


def _table_of_chances(made: ForecastMade) -> None:
    what = ONSETS[made.target]
    print_table(
        f"An onset ({what.at_least:g} or more in a month, after {what.quiet} months of fewer) within "
        f"{len(made.months)} months: units with a chance of 5 % or more, by name",
        ("unit", "chance"),
        [(one["unit"], f"{float(one['probability']):.0%}") for one in made.notable],
    )


def _table_of_counts(made: ForecastMade) -> None:
    columns = ("unit", "mean", "5 %", "half", "95 %", "1 or more", "25 or more", "100 or more", "1000 or more")
    rows = [
        (one["unit"], *(f"{float(one[k]):.0f}" for k in ("mean", "q05", "q50", "q95")),
         *(f"{float(one[k]):.0%}" for k in ("p1", "p25", "p100", "p1000")))
        for one in made.notable
    ]  # fmt: skip
    print_table(
        f"Over the {len(made.months)} months: units with a chance of 5 % or more of 25 or more, by name", columns, rows
    )


def _tell_skill(made: ForecastMade) -> None:
    """What the look back says, and that without it no alert is drawn from the forecast."""
    if not made.skill:
        say("Skill was not tested on this panel: no alert is drawn from this forecast.")
        return
    say("Skill on this panel's own past, by the status of the unit (alerts are drawn only where it is shown):")
    say(*(f"  {row['name']}: {row['sentence']}" for row in made.skill))
