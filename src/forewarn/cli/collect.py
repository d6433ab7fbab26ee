"""``forewarn collect``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, progress, say
from forewarn.clock import day_from_text
from forewarn.operations.collect import Collected, ReleaseTold, collect

app = typer.Typer(add_completion=False)

_COLUMNS = ("file", "channel", "read", "accepted", "duplicates", "revised", "withdrawn", "rejected")
_MOST_ROWS = 20


@app.command()
def _collect(
    channel: Annotated[str, typer.Argument(help="The channel, as 'forewarn channels' lists them.")],
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files or https addresses; without any, the publisher is asked.", metavar="[PATH|URL...]"),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="Mapping YAML, for the channels that need or take one.")
    ] = None,
    released: Annotated[
        str | None, typer.Option("--released", help="Day the publisher released it, YYYY-MM-DD; default today.")
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="The files are parts of a data set: what they lack is not gone.")
    ] = False,
    accept_withdrawals: Annotated[
        bool, typer.Option("--accept-withdrawals", help="Even if a release withdraws more than half of what it covers.")
    ] = False,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Read files through a channel: keep the bytes, then the reports and claims in them."""
    with workspace_of(workspace) as opened, progress(quiet=as_json) as report:
        named = paths or []
        addresses = [one for one in named if one.startswith(("https://", "http://"))]
        files = [Path(one) for one in named if one not in addresses]
        day = None if released is None else day_from_text(released, where="--released")
        told = ReleaseTold(day, partial, accept_withdrawals)
        results = collect(opened, channel, files, addresses=addresses, mapping=mapping, told=told, progress=report)
    if as_json:
        print_json(results)
        return
    rows = [[getattr(one, name) for name in _COLUMNS] for one in results]
    print_table("Collected", _COLUMNS, rows if len(rows) <= _MOST_ROWS else [_summed(results)])
    _explain(results)


def _summed(results: list[Collected]) -> list[object]:
    """One row for many pages of a publisher."""
    counts = [sum(getattr(one, name) for one in results) for name in _COLUMNS[2:]]
    return [f"{len(results):,} files", results[0].channel, *counts]


def _explain(results: list[Collected]) -> None:
    for one in results:
        if one.seen_before:
            say(f"{one.file}: the same bytes had been read before; nothing changed.")
        for note, rows in one.notes.items():
            say(f"{one.file}: {note}" + (f" ({rows:,} rows)" if rows else ""))
        if one.reinstated:
            say(f"{one.file}: {one.reinstated:,} earlier versions are current again.")
        if one.coverage:
            say(f"{one.file}: {one.coverage:,} statements of who could see what.")
        if one.rejected:
            say(f"{one.file}: {one.rejected} rows refused, with reasons, in {one.rejects_file}; correct and feed back.")
    are_documents = all(one.channel == "un-document" for one in results)
    say("Next: forewarn document list" if are_documents else "Next: forewarn assess")
