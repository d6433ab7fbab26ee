"""``forewarn arrangements``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson, day_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.clock import utc_now
from forewarn.operations.arrangements import arrangement_shown, arrangements_shown

app = typer.Typer(add_completion=False)


@app.command()
def _arrangements(
    name: Annotated[str | None, typer.Argument(help="An arrangement's short name: AU, ECOWAS, CICA...")] = None,
    country: Annotated[str, typer.Option("--country", help="Only those a country belongs to.")] = "",
    on: Annotated[str | None, typer.Option("--on", help="The day, YYYY-MM-DD; default today.")] = None,
    as_json: AsJson = False,
) -> None:
    """Regional arrangements: members on a day, instrument, and who watches for early warning."""
    day = day_of(on, utc_now().date())
    if name is not None:
        one = arrangement_shown(name, day)
        if as_json:
            print_json(one)
            return
        say(
            f"{one.id}: {one.name} ({one.kind})", f"Instrument: {one.instrument}", f"Early warning: {one.early_warning}"
        )
        say(
            f"Write to: {one.contact_role}",
            f"{len(one.members)} members on {day.isoformat()}: {', '.join(one.members)}",
        )
        say("From memory, to be compared with its own list before anything rests on it." if one.check != "V" else "")
        return
    found = arrangements_shown(day, country)
    if as_json:
        print_json(found)
        return
    if not found:
        say(f"None of the arrangements listed has it as a member on {day.isoformat()}.")
        return
    rows = [(one.id, one.name, len(one.members), one.early_warning) for one in found]
    print_table(f"Regional arrangements on {day.isoformat()}", ("short", "name", "members", "early warning"), rows)
