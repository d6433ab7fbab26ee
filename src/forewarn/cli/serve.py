"""``forewarn serve``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, say
from forewarn.clock import utc_now
from forewarn.operations.accounts import first_link
from forewarn.operations.workspace import Workspace
from forewarn.web.server import HOST, bound, serve

__all__ = ["app", "open_door"]

app = typer.Typer(add_completion=False)


@app.command()
def _serve(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65_535, help="Port to listen on; 0 is any free one.")
    ] = 8400,
    processes: Annotated[
        int,
        typer.Option("--processes", min=1, max=16, help="How many processes answer; more for many programs at once."),
    ] = 1,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Pages for the browser on 127.0.0.1, behind a sign-in, until stopped with Ctrl-C."""
    with workspace_of(workspace) as opened:
        open_door(opened, port, processes=processes, as_json=as_json)


def open_door(opened: Workspace, port: int, *, processes: int = 1, as_json: bool = False) -> None:
    """Say where the pages are and how the first person comes in, then answer until stopped."""
    with bound(port, processes=processes) as listening:
        address = f"http://{HOST}:{listening.getsockname()[1]}"
        token = first_link(opened, at=utc_now())
        first = f"{address}/join/{token}" if token else ""
        if as_json:
            print_json({"address": address, "first_link": first})
        else:
            say(f"Serving {opened.paths.root.name} on {address}, for this machine alone. Stop with Ctrl-C.")
            if first:
                say(
                    "Nobody can sign in yet. Make the administrator with this link, once, within the hour:",
                    f"  {first}",
                )
        try:
            serve(opened, listening, processes=processes)
        except KeyboardInterrupt:
            say("Stopped.") if not as_json else None
