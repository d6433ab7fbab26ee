"""``forewarn measures``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson, Day, WorkspaceFolder, day_of, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.operations.measures import PillarOptions, options_for, options_of

app = typer.Typer(add_completion=False)


@app.command()
def _measures(
    unit: Annotated[str | None, typer.Argument(help="A country or CODE/area: say what calls each to mind.")] = None,
    family: Annotated[list[str] | None, typer.Option("--family", help="Only measures of this family.")] = None,
    months: Annotated[int | None, typer.Option("--months", min=0, help="Time left: note what may come late.")] = None,
    notes: Annotated[bool, typer.Option("--notes", help="Also what to check first.")] = False,
    as_known_at: Day = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """The options of response by pillar, least coercive first."""
    if unit is None:
        pillars = options_of(tuple(family or ()), months)
    else:
        with workspace_of(workspace) as opened:
            day = day_of(as_known_at, opened.today)
            pillars = options_for(opened, unit, tuple(family or ()), months, as_known_at=day)
    if as_json:
        print_json(pillars)
        return
    for pillar in pillars:
        _show(pillar, only_called=unit is not None)
        if notes:
            _say_notes(pillar, only_called=unit is not None)
    if unit is not None and not any(option.because for pillar in pillars for option in pillar.proposed):
        say("No sign is assessed or proposed there. That is no sign of safety: see 'forewarn situation propose'.")
    _say_checklist(pillars)
    say("The pillars run at the same time. Order is by coercion; nothing here is recommended.")


def _say_checklist(pillars: tuple[PillarOptions, ...]) -> None:
    """Where measures on arms are listed, the questions to put before a transfer."""
    listed = (option for pillar in pillars for option in (*pillar.proposed, *pillar.on_selection))
    if any(option.measure.family == "arms" for option in listed):
        say(
            "Before a transfer of arms, the questions of the Arms Trade Treaty, articles 6, 7 and 11: "
            "forewarn toolkit start arms-transfer COUNTRY"
        )


def _show(pillar: PillarOptions, *, only_called: bool) -> None:
    shown = [option for option in pillar.proposed if option.because or not only_called]
    rows = [(o.measure.id, o.measure.name, o.measure.coercion, o.measure.basis, o.measure.horizon) for o in shown]
    print_table(f"Pillar {pillar.pillar}: {pillar.name}", ("id", "measure", "coercion", "basis", "months"), rows)
    for option in shown:
        say(*(f"  {option.measure.id} because {reason}" for reason in option.because))
    if only_called and (others := len(pillar.proposed) - len(shown)):
        say(f"  {others} more that no sign calls to mind: forewarn measures")
    if pillar.on_selection and not only_called:
        say("  Only on a person's selection, citing the deciding body:")
        say(*(f"  {option.measure.id} {option.measure.name} ({option.reason})" for option in pillar.on_selection))


def _say_notes(pillar: PillarOptions, *, only_called: bool) -> None:
    for option in (*pillar.proposed, *pillar.on_selection):
        if option.because or not only_called:
            one = option.measure
            say(f"  {one.id} check first: {one.harm}; women, peace and security: {one.wps}")
