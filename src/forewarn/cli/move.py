"""``forewarn move``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, progress, say
from forewarn.operations.move import move

app = typer.Typer(add_completion=False)


@app.command()
def _move(
    to: Annotated[
        str,
        typer.Option(
            "--to",
            help="The empty database: postgresql://user@host/name or sqlite:///FILE; - reads it from standard input.",
        ),
    ],
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Copy the store to another database, SQLite to PostgreSQL or back, and check every table."""
    address = sys.stdin.readline().strip() if to == "-" else to
    with workspace_of(workspace) as opened, progress(quiet=as_json) as report:
        moved = move(opened, address, on_command_line=to != "-", progress=report)
    if as_json:
        print_json(moved)
        return
    rows = [(one.table, one.rows, one.sha256[:16]) for one in moved.tables if one.rows]
    print_table(f"Copied and checked: {moved.source} to {moved.target}", ("table", "rows", "SHA-256 of both"), rows)
    say(
        f"{moved.rows:,} rows. {moved.source} is as it was, and in use until the settings name the other:",
        f"  database_url = '{moved.address}'",
        "in forewarn.toml, or FOREWARN_DATABASE_URL. Stop whatever serves or collects first: what it writes to the old",
        "database from now on is not in the new one. Snapshots, evidence and keys stay where they are.",
    )
