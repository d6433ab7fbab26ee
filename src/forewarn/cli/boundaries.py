"""``forewarn boundaries``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.clock import day_from_text
from forewarn.ids import short
from forewarn.operations import boundaries

app = typer.Typer(add_completion=False, help="Add official boundaries and P-codes; match the names that claims use.")


@app.command("add")
def _add(
    file: Annotated[Path, typer.Argument(help="GeoJSON or TopoJSON of areas, or a table of P-codes.")],
    title: Annotated[str, typer.Option("--title", help="What it is.")],
    publisher: Annotated[str, typer.Option("--publisher", help="Who publishes it.")],
    licence: Annotated[str, typer.Option("--licence", help="Under which terms.")],
    level: Annotated[
        str, typer.Option("--level", help="What its features are: country, admin1 or admin2; pcodes for a table.")
    ] = "",
    country: Annotated[str, typer.Option("--country", help="The country of all features, code or name.")] = "",
    name_property: Annotated[
        str, typer.Option("--name-property", help="The property with an area's name; id is the feature's own id.")
    ] = "name",
    country_property: Annotated[
        str, typer.Option("--country-property", help="The property with an area's country, without --country.")
    ] = "",
    valid_on: Annotated[str | None, typer.Option("--valid-on", help="The day whose borders it shows.")] = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Keep a file of boundaries or P-codes, check it, and use it from now on."""
    wish = boundaries.BoundaryWish(
        title=title,
        publisher=publisher,
        licence=licence,
        level=level,
        country=country,
        name_property=name_property,
        country_property=country_property,
        valid_on=day_from_text(valid_on, where="--valid-on").isoformat() if valid_on else "",
    )
    with workspace_of(workspace) as opened:
        made = boundaries.add(opened, file, wish)
    if as_json:
        print_json(made)
        return
    before = " (added before; nothing changed)" if made.seen_before else ""
    say(f"{made.title}: {made.features:,} areas at level {made.level} of {len(made.countries)} countries{before}")
    say(*(f"  {count:,} {note}" for note, count in made.notes.items()))
    say("Next: forewarn boundaries match, to see which names of your claims it knows")


@app.command("list")
def _list(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """The boundaries and tables that were added, in order."""
    with workspace_of(workspace) as opened:
        rows = boundaries.boundary_list(opened)
    if as_json:
        print_json(rows)
        return
    if not rows:
        say("None was added, and none is shipped: forewarn boundaries add FILE")
        return
    shown = [(short(r.boundary_id), r.title, r.publisher, r.licence, r.level, r.features, r.valid_on) for r in rows]
    print_table("Boundaries", ("id", "title", "publisher", "licence", "level", "areas", "valid on"), shown)


@app.command("match")
def _match(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Which P-code and which added area each first-level name of the claims means."""
    with workspace_of(workspace) as opened:
        made = boundaries.match_names(opened)
    if as_json:
        print_json(made)
        return
    rows = [
        (one.country, one.name, one.claims, one.pcode or one.pcode_how, one.area or one.area_how) for one in made.names
    ]
    print_table("First-level names of claims", ("country", "name", "claims", "P-code", "area"), rows)
    say("A name that fits two has none, and one that fits none is unknown: neither is guessed.")


@app.command("lookup")
def _lookup(
    wanted: Annotated[str, typer.Argument(help="A P-code; with --country, a name.")],
    country: Annotated[str, typer.Option("--country", help="Where to look a name up, code or name.")] = "",
    level: Annotated[int, typer.Option("--level", min=1, max=4, help="At which level to look a name up.")] = 1,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """The area of a P-code, or the P-code of a name."""
    with workspace_of(workspace) as opened:
        found = boundaries.lookup(opened, wanted, country=country, level=level)
    if as_json:
        print_json(found)
        return
    say(*(f"{name}: {value}" for name, value in found.items() if value))
