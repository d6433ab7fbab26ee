"""``forewarn delay``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, Day, WorkspaceFolder, day_of, settings_of, workspace_of
from forewarn.cli.output import print_json, print_table, progress, say
from forewarn.errors import UsageError
from forewarn.model.place import UnitLevel
from forewarn.operations.delay import DelayMade, Vintages, delay_of_store, delay_of_vintages

app = typer.Typer(add_completion=False)

_COLUMNS = ("months after", "unit-months", "share known", "95 % interval", "grew", "shrank", "zero at first")


@app.command()
def _delay(
    panel: Annotated[
        Path | None, typer.Argument(help="A table with two releases as columns; without it, the workspace's own past.")
    ] = None,
    unit: Annotated[str, typer.Option("--unit", help="The unit's column.")] = "country_id",
    period: Annotated[str, typer.Option("--period", help="The period's column.")] = "month_id",
    early: Annotated[str, typer.Option("--early", help="The column of the earlier release.")] = "",
    late: Annotated[str, typer.Option("--late", help="The column of the later release.")] = "",
    through: Annotated[int, typer.Option("--through", help="The last period of the earlier release.")] = 0,
    target: Annotated[str, typer.Option("--target", help="Of the workspace: what is counted.")] = "deaths",
    level: Annotated[UnitLevel, typer.Option("--level", help="Of the workspace: the kind of unit.")] = UnitLevel.ADMIN1,
    as_known_at: Day = None,
    out: Annotated[Path | None, typer.Option("--out", help="CSV of pairs, for forecast --late-reports.")] = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """How much of a month's final count is known some months on, with intervals."""
    if panel is not None:
        settings_of(None)
        if not (early and late and through):
            raise UsageError("the releases are not named", where="delay", mend="give --early, --late and --through")
        made = delay_of_vintages(Vintages(panel, unit, period, early, late, through), out=out)
    else:
        with workspace_of(workspace) as opened, progress(quiet=as_json) as report:
            report(0, 1, "assembling what was known")
            day = day_of(as_known_at, opened.today)
            made = delay_of_store(opened, target=target, level=level, as_known_at=day, out=out)
    if as_json:
        print_json(made)
        return
    _tell(made)


def _tell(made: DelayMade) -> None:
    rows = [
        (
            row["age_months"], row["unit_months"], _per_cent(row["share_known"]),
            f"{_per_cent(row['low_95'])} to {_per_cent(row['high_95'])}", row["grew"], row["shrank"],
            row["zero_at_first"],
        )
        for row in made.rows
    ]  # fmt: skip
    print_table("Share of the final count known, by months after the month", _COLUMNS, rows)
    if not made.is_enough:
        say("This is too little to let a forecast rest on it.")
    if made.file:
        say(f"Written: {made.file}. Next: forewarn forecast --late-reports {made.file}")


def _per_cent(value: float | int | None) -> str:
    return "unknown" if value is None else f"{value:.0%}"
