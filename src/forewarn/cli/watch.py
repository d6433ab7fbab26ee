"""``forewarn watch``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, WorkspaceFolder, settings_of, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.clock import instant_text
from forewarn.operations.watch import Ran, recorded_runs, watch, watch_once

app = typer.Typer(add_completion=False)

_COLUMNS = ("job", "started", "finished", "state", "counts", "message")


@app.command()
def _watch(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and end.")] = False,
    every: Annotated[int, typer.Option("--every", min=1, max=10_080, help="Minutes between two looks.")] = 15,
    runs: Annotated[bool, typer.Option("--runs", help="Show the last runs, and do nothing.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many runs to show.")] = 20,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Do what is due, now and on schedule: collect what has arrived, assess what is new."""
    if runs:
        _show_runs(workspace, limit, as_json)
        return
    settings = settings_of(workspace)
    if not once:
        if not as_json:
            say(f"Watching; looks every {every} minutes. Ctrl-C ends it.")
        watch(settings, _print if as_json else _say, every=timedelta(minutes=every))
        if not as_json:
            say("Stopped; nothing half-done was kept.")
        return
    ended: list[Ran] = []
    well = watch_once(settings, ended.append if as_json else _say)
    if as_json:
        print_json([one.run for one in ended])
    elif not ended:
        say("Nothing is due.")
    if not well:
        raise typer.Exit(1)


def _show_runs(workspace: WorkspaceFolder, limit: int, as_json: bool) -> None:
    with workspace_of(workspace) as opened:
        found = recorded_runs(opened, limit)
    if as_json:
        print_json(found)
        return
    rows = [(r.job, r.started_at, r.finished_at, r.state, _counted(r.counts), r.message) for r in found]
    print_table("Last runs", _COLUMNS, rows)


def _print(ran: Ran) -> None:
    print_json(ran.run)


def _say(ran: Ran) -> None:
    run = ran.run
    said = f"{run.finished_at} {run.job}: {run.state}"
    if ran.error is not None:
        said += f": {ran.error}"
    elif run.counts:
        said += f" ({_counted(run.counts)})"
    say(said)
    if ran.error is not None and ran.again_at is not None:
        say(f"  tried again from {instant_text(ran.again_at)} on")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in counts.items())
