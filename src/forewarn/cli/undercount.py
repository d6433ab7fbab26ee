"""``forewarn undercount``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from forewarn.cli.options import AsJson, Day, WorkspaceFolder, settings_of, workspace_of
from forewarn.cli.output import print_json, print_table, progress, say
from forewarn.errors import UsageError
from forewarn.operations.undercount import (
    Gathering,
    Plan,
    day_or_none,
    lists_from_text,
    undercount_of_file,
    undercount_of_incidents,
)

app = typer.Typer(add_completion=False)


@app.command()
def _undercount(
    file: Annotated[
        Path | None,
        typer.Argument(help="CSV: a column of 0 and 1 per list, and the number of cases; or a row per case."),
    ] = None,
    incidents: Annotated[
        bool, typer.Option("--incidents", help="Take the workspace's incidents as cases, its channels as lists.")
    ] = False,
    by: Annotated[
        str, typer.Option("--by", help="With --incidents: what makes a list, channel or source.")
    ] = "channel",
    lists: Annotated[
        list[str] | None,
        typer.Option(
            "--list", help="NAME=one,two joins lists; may be repeated. With --incidents the rest are left out."
        ),
    ] = None,
    country: Annotated[str, typer.Option("--country", help="With --incidents: only this country.")] = "",
    since: Annotated[str | None, typer.Option("--since", help="With --incidents: first day, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="With --incidents: last day, YYYY-MM-DD.")] = None,
    as_known_at: Day = None,
    assume_independent: Annotated[
        bool, typer.Option("--assume-independent", help="Vouch that two lists are independent; needed for just two.")
    ] = False,
    replicates: Annotated[int, typer.Option("--replicates", help="Resampled tables behind each interval.")] = 1000,
    level: Annotated[float, typer.Option("--level", help="Share of intervals that should hold the truth.")] = 0.95,
    order: Annotated[int, typer.Option("--order", help="Most lists in one term of the averaged models.")] = 2,
    threshold: Annotated[
        float, typer.Option("--threshold", help="The p below which the stepwise way holds two lists dependent.")
    ] = Plan().threshold,
    seed: Annotated[int, typer.Option("--seed", help="Of the resampling.")] = 1,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Estimate how many cases no list holds, from how lists overlap; or refuse, and say why."""
    if (file is None) != incidents:
        raise UsageError("takes either a file or --incidents", where="undercount", mend="give one of them")
    plan = Plan(replicates, level, seed, threshold, order, assume_independent)
    joins = lists_from_text(lists or ())
    first, last = day_or_none(since, "--since"), day_or_none(until, "--until")
    gathering = Gathering(by, joins, country, first, last, day_or_none(as_known_at, "--as-known-at"))
    with progress(quiet=as_json) as report:
        if file is not None:
            settings_of(workspace)
            made = undercount_of_file(file, plan, joins=joins, progress=report)
        else:
            with workspace_of(workspace) as opened:
                made = undercount_of_incidents(opened, gathering, plan, progress=report)
    if as_json:
        print_json(made)
    else:
        _tell(made)


def _tell(made: dict[str, Any]) -> None:
    say(made["headline"])
    if made.get("reading"):
        say("The table was read so:", *(f"  - {line}" for line in made["reading"]))
    print_table(
        "Cases estimated to be on no list",
        ("way", "estimate", "from", "to", "with the recorded", "from ", "to ", "lists held dependent"),
        [
            (
                one["method"],
                *(_rounded(one[f"unreported{end}"]) for end in ("", "_low", "_high")),
                *(_rounded(one[f"total{end}"]) for end in ("", "_low", "_high")),
                ", ".join(f"{pair} {weight:.0%}" for pair, weight in one["dependent"].items()) or "none",
            )
            for one in made["estimates"]
        ],
    )
    print_table(
        "How the lists overlap",
        ("lists", "shared", "if independent", "p", "odds ratio within third lists"),
        [
            (
                f"{pair['first']} + {pair['second']}",
                pair["shared"],
                f"{pair['expected']:,.1f}",
                f"{pair['p']:.2g}",
                _odds(pair),
            )
            for pair in made["dependence"]
        ],
    )
    say("This assumes:", *(f"  - {line}" for line in made["assumptions"]))
    if "coverage" in made:
        say(made["coverage"])
    if made["warnings"]:
        say("Against leaning on it:", *(f"  - {line}" for line in made["warnings"]))


def _rounded(value: float | None) -> str:
    return "no limit" if value is None else f"{float(f'{value:.3g}'):,.0f}"


def _odds(pair: dict[str, Any]) -> str:
    if pair["odds_ratio"] is None:
        return "cannot be told"
    return f"{pair['odds_ratio']:.2g} ({pair['odds_low']:.2g} to {pair['odds_high']:.2g})"
