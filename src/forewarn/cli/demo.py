"""``forewarn demo``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, settings_of, workspace_of
from forewarn.cli.output import print_json, print_table, progress, say
from forewarn.cli.serve import open_door
from forewarn.ids import short
from forewarn.operations.alert_text import share_words
from forewarn.operations.demo import Demonstration, demo, free_folder
from forewarn.operations.drafting import Drafted

app = typer.Typer(add_completion=False)


@app.command()
def _demo(
    workspace: Annotated[
        Path | None, typer.Option("--workspace", help="A new folder; default is the next free exercise-workspace.")
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Then open the workspace in the browser, until stopped with Ctrl-C.")
    ] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="With --serve: the port to listen on.")] = 8400,
    as_json: AsJson = False,
) -> None:
    """Run the whole loop on the fictional exercise: reports in, a decided alert and a brief out."""
    with progress(quiet=as_json) as report:
        made = demo(settings_of(workspace or free_folder(Path())), progress=report)
    if as_json:
        print_json(made)
    else:
        _tell(made)
    if serve:
        with workspace_of(Path(made.workspace)) as opened:
            open_door(opened, port, as_json=as_json)


def _tell(made: Demonstration) -> None:
    say(made.notice, "")
    columns = ("file", "read", "accepted", "duplicates", "revised", "rejected")
    rows = [[getattr(one, name) for name in columns] for one in (*made.collected, made.revised)]
    print_table("1. Collected", columns, rows)
    one = made.assessed
    say(
        "",
        f"2. Assessed: {one.claims:,} claims make {one.incidents:,} incidents,",
        f"   {one.corroborated:,} with two or more independent origins, {one.contested:,} with counts that contradict",
        f"   each other; {one.to_review:,} pairs wait for a person.",
    )
    unknown = ", ".join(made.forecast.unknown_units) or "none"
    say(
        "",
        f"3. Forecast as known on {made.forecast.as_known_at} with {made.forecast.model}: {made.forecast.units} areas;",
        f"   not forecast, because too little is known of them: {unknown}",
    )
    _tell_draft(made.drafted)
    say("", "5. Its life, with a deadline that was missed", *(f"   {line}" for line in made.life))
    say("", "6. Briefs, every figure traceable to its report", *(f"   {one.file}" for one in made.briefs))
    say(
        "",
        "Try next:",
        f"   export FOREWARN_WORKSPACE={made.workspace}",
        f"   forewarn alert show {short(made.drafted.alert_id)}",
        "   forewarn review list",
        f"   forewarn brief '{made.drafted.unit}' --format md",
        "   forewarn export incidents --out incidents.geojson",
    )


def _tell_draft(drafted: Drafted) -> None:
    rate = share_words(drafted.base_rate)
    chance = "" if drafted.probability is None else f"{drafted.likelihood} ({share_words(drafted.probability)}), "
    say("", f"4. Drafted: {drafted.level} {drafted.unit}, {chance}base rate {rate}, confidence {drafted.confidence}")
    sides = (("for", drafted.reasons_for), ("against", drafted.reasons_against), ("not known", drafted.gaps))
    say(*(f"   {side}: {text}" for side, texts in sides for text in texts))
