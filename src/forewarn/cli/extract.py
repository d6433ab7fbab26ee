"""``forewarn extract``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, settings_of
from forewarn.cli.output import print_json, print_table, progress, say
from forewarn.operations.extract import Extracted, Source, extract

app = typer.Typer(add_completion=False)


@app.command()
def _extract(
    path: Annotated[Path, typer.Argument(help="The table: CSV, XLSX, JSON Lines or parquet.")],
    text_column: Annotated[str, typer.Option("--text-column", help="The column that holds the narratives.")],
    out: Annotated[Path, typer.Option("--out", help="File to write: .csv or .parquet.")],
    date_column: Annotated[
        str, typer.Option("--date-column", help="Column with the day that words like 'last week' count from.")
    ] = "",
    country_column: Annotated[
        str, typer.Option("--country-column", help="Column with the country, code or name, that places are sought in.")
    ] = "",
    language: Annotated[str, typer.Option("--language", help="BCP 47 code of the narratives.")] = "",
    as_json: AsJson = False,
) -> None:
    """Read narratives of incidents into claims, one row each, with the rule and words behind every value."""
    settings_of(None)
    with progress(quiet=as_json) as report:
        source = Source(text_column, date_column, country_column, language)
        made = extract(path, out, source, progress=report)
    if as_json:
        print_json(made)
    else:
        _print(made)


def _print(made: Extracted) -> None:
    say(f"{made.claims:,} claims from {made.rows:,} rows written to {made.file} ({made.format}).")
    print_table("Told", ("what", "claims"), list(made.told.items()))
    if made.blank:
        say(f"{made.blank:,} rows have no narrative.")
    if made.faulty:
        say(f"{made.faulty:,} damaged rows were left out.")
    if made.unread_dates or made.unread_countries:
        say(f"Not read: {made.unread_dates:,} days and {made.unread_countries:,} countries of the context columns.")
    say("What a narrative does not say is left empty. Check claims against the words: 'evidence' gives their places.")
