"""``forewarn channels``: what there is, and the beginning of a new one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, WorkspaceFolder, settings_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.errors import WorkspaceError
from forewarn.operations.channels import ChannelUse, channel_list, channel_uses
from forewarn.operations.new_channel import new_channel
from forewarn.operations.workspace import opened

app = typer.Typer(add_completion=False)


@app.callback(invoke_without_command=True)
def _channels(context: typer.Context, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """What can be collected, from where, under which licence."""
    if context.invoked_subcommand is None:
        _list(workspace, as_json=as_json)


@app.command("new")
def _new(
    name: Annotated[str, typer.Argument(help="The new channel: small letters, digits, hyphens.", metavar="NAME")],
    folder: Annotated[Path, typer.Option("--folder", help="Where to write its files; made if need be.")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Write a YAML, a parser, a sample and a test of a new channel, which run as they are."""
    made = new_channel(name, folder)
    if as_json:
        print_json(made)
        return
    say(f"Written to {made.folder}: {', '.join(made.files)}")
    say(f"Next: put your own columns in, run the test, then set FOREWARN_CHANNELS_FOLDER={made.folder}")


def _list(workspace: Path | None, *, as_json: bool) -> None:
    settings = settings_of(workspace)
    known = channel_list(settings.channels_folder)
    uses: list[ChannelUse] = []
    try:
        with opened(settings) as there:
            uses = channel_uses(there)
    except WorkspaceError:
        pass  # channels can be read about before there is a workspace
    if as_json:
        print_json({"channels": [one.model_dump(mode="json") for one in known], "collected": uses})
        return
    for one in known:
        say(f"{one.name}: {one.title}", f"  publisher: {one.publisher}; licence: {one.licence}")
        say(f"  kept: {one.kept}", f"  not kept: {one.not_kept}")
        say(f"  sees: {one.coverage.areas}; {one.coverage.periods}; {one.coverage.languages}")
        say(f"  blind to: {one.coverage.blind_to}", "")
    if uses:
        rows = [
            (u.channel, u.files, u.accepted, u.rejected, u.last_collected_at, u.due_on or "", _late(u)) for u in uses
        ]
        print_table("Collected here", ("channel", "files", "reports", "rejected", "last", "due", "late by"), rows)


def _late(use: ChannelUse) -> str:
    return f"{use.late_days} days" if use.late_days else ""
