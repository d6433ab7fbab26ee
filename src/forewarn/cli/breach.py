"""``forewarn breach``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, By, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.clock import instant_text
from forewarn.ids import short
from forewarn.operations import breaches
from forewarn.operations.breaches import Breach

app = typer.Typer(
    add_completion=False, help="When something went wrong with data: notify, classify, treat, close, learn."
)

Name = Annotated[str, typer.Argument(help="The breach, by the beginning of its id.", metavar="BREACH")]


@app.command("notify")
def _notify(
    what: Annotated[str, typer.Argument(help="What was noticed; nobody's name, and none of the data.")],
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say at once that something went wrong; until it is classified it counts as severe."""
    with workspace_of(workspace) as opened:
        made = breaches.notify(opened, what, by=opened.author(by))
    _tell(made, as_json)


@app.command("classify")
def _classify(
    name: Name,
    source: Annotated[str, typer.Option("--threat-source", help="own_mistake, partner, outsider, unknown...")],
    threat: Annotated[str, typer.Option("--threat-event", help="seen_by_others, lost, published, unknown...")],
    vulnerability: Annotated[str, typer.Option("--vulnerability", help="What made it possible.")],
    impact: Annotated[str, typer.Option("--impact", help="low, moderate, high or severe.")],
    people: Annotated[str, typer.Option("--people", help="Whether people can be harmed: yes, no or unknown.")],
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say what it was, how it came about and how bad it is."""
    said = {
        "threat_source": source, "threat_event": threat, "vulnerability": vulnerability, "impact": impact,
        "people": people,
    }  # fmt: skip
    _take(workspace, name, "classify", said, by, as_json)


@app.command("treat")
def _treat(
    name: Name,
    done: Annotated[str, typer.Option("--done", help="What was done.")],
    told: Annotated[str, typer.Option("--told", help="Who was told, the people concerned among them; or why nobody.")],
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say what was done about it, and who was told."""
    _take(workspace, name, "treat", {"done": done, "told": told}, by, as_json)


@app.command("close")
def _close(
    name: Name,
    why: Annotated[str, typer.Option("--why", help="Why nothing more has to be done.")],
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Close it; not by whoever alone treated it."""
    _take(workspace, name, "close", {"why": why}, by, as_json)


@app.command("learn")
def _learn(
    name: Name,
    lesson: Annotated[str, typer.Option("--lesson", help="What was learnt.")],
    change: Annotated[str, typer.Option("--change", help="What is different from now on, and who sees to it.")],
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say what is different from now on."""
    _take(workspace, name, "learn", {"lesson": lesson, "change": change}, by, as_json)


@app.command("list")
def _list(
    open_only: Annotated[bool, typer.Option("--open", help="Only those with a step to take.")] = False,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """All there were, and what each waits for."""
    with workspace_of(workspace) as opened:
        found = breaches.listed(opened, open_only=open_only)
    if as_json:
        print_json(found)
        return
    columns = ("breach", "noticed", "impact", "has come to", "next", "open hours")
    lines = [
        (short(o.breach_id), instant_text(o.noticed_at), o.impact, o.step, o.next_step, o.open_hours) for o in found
    ]
    print_table(f"Breaches: {len(found)}", columns, lines)


@app.command("show")
def _show(name: Name, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """One of them, step by step."""
    with workspace_of(workspace) as opened:
        found = breaches.shown(opened, name)
    _tell(found, as_json)


def _take(folder: Path | None, name: str, step: str, said: dict[str, str], by: str | None, as_json: bool) -> None:
    with workspace_of(folder) as opened:
        made = breaches.take_step(opened, name, step, said, by=opened.author(by))
    _tell(made, as_json)


def _tell(found: Breach, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    say(f"{short(found.breach_id)}: {found.impact}, noticed {instant_text(found.noticed_at)}")
    for one in found.history:
        said = "; ".join(f"{key.replace('_', ' ')}: {value}" for key, value in one.said.items())
        say(f"  {instant_text(one.at)} {one.step} by {one.by}: {said}")
    say(f"Next: forewarn breach {found.next_step} {short(found.breach_id)}" if found.next_step else "Nothing is left.")
