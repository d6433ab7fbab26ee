"""``forewarn toolkit``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson, By, Out, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, say
from forewarn.clock import day_from_text
from forewarn.ids import short
from forewarn.operations import toolkit

app = typer.Typer(add_completion=False, help="A State's self-assessment as a guided checklist, with a gap report.")

Assessment = Annotated[str, typer.Argument(help="Its id, its beginning, or 'latest'.", metavar="ASSESSMENT")]
Checklist = Annotated[str, typer.Argument(help="The checklist, as 'toolkit list' names it.", metavar="TOOLKIT")]


@app.command("list")
def _list(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """The checklists there are, shipped and your own, and the assessments begun."""
    with workspace_of(workspace) as opened:
        found, begun = toolkit.toolkits(opened), toolkit.begun(opened)
    if as_json:
        checklists = [{"id": o.id, "version": o.version, "title": o.title, "questions": len(o.questions)}
                      for o in found.values()]  # fmt: skip
        print_json({"checklists": checklists, "assessments": begun})
        return
    for one in found.values():
        say(f"{one.id} {one.version}: {one.title}, {len(one.questions)} questions")
    say(*(f"{short(one.assessment_id)} {one.toolkit}, {one.unit}, begun {one.on} by {one.by}" for one in begun))
    say("Next: forewarn toolkit start TOOLKIT COUNTRY" if not begun else "Next: forewarn toolkit report latest")


@app.command("show")
def _show(name: Checklist, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """The questions of a checklist, what to look for, and the instruments they follow from."""
    with workspace_of(workspace) as opened:
        found = toolkit.checklist(opened, name)
    if as_json:
        print_json(found)
        return
    say(f"{found.title} ({found.version})", found.purpose)
    for section in found.sections:
        say("", section.title, *([f"“{section.words}” ({section.file})"] if section.words else []))
        say(*(f"  {one.id} {one.ask}\n     look for: {one.look_for} ({one.basis})" for one in section.questions))


@app.command("start")
def _start(
    name: Checklist,
    unit: Annotated[str, typer.Argument(help="A country, by code or name, or COUNTRY/AREA.")],
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Begin a self-assessment."""
    with workspace_of(workspace) as opened:
        made = toolkit.begin(opened, name, unit, by=opened.author(by))
    if as_json:
        print_json({"assessment_id": made.assessment_id, "toolkit": made.toolkit, "unit": made.unit})
        return
    say(f"Begun as {short(made.assessment_id)}: {made.toolkit} for {made.unit}. Nothing is assessed yet.")
    say(f"Next: forewarn toolkit show {made.toolkit}; forewarn toolkit answer latest QUESTION ANSWER --evidence E")


@app.command("answer")
def _answer(
    assessment: Assessment,
    question: Annotated[str, typer.Argument(help="The question's id, such as A3.")],
    answer: Annotated[str, typer.Argument(help="yes, partly, no, does_not_apply; not_assessed takes yours back.")],
    evidence: Annotated[str, typer.Option("--evidence", help="Where it can be seen; yes and partly need it.")] = "",
    note: Annotated[str, typer.Option("--note", help="What is missing, or why it does not apply.")] = "",
    on: Annotated[str | None, typer.Option("--on", help="The day it was so, YYYY-MM-DD.")] = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question; others' answers stand beside yours."""
    day = None if on is None else day_from_text(on, where="--on")
    with workspace_of(workspace) as opened:
        author = opened.author(by)
        made = toolkit.answer(opened, assessment, question, answer, by=author, evidence=evidence, note=note, on=day)
    if as_json:
        print_json({"answer_id": made.answer_id, "question": made.question, "answer": made.answer})
        return
    say(f"{made.question}: {made.answer.replace('_', ' ')}, kept as {short(made.answer_id)}.")


@app.command("report")
def _report(
    assessment: Assessment, out: Out = None, workspace: WorkspaceFolder = None, as_json: AsJson = False
) -> None:
    """The gaps, what nobody has looked at, and every answer. No score; --out FILE.html writes a page."""
    with workspace_of(workspace) as opened:
        made = toolkit.report(opened, assessment)
    if out is not None:
        toolkit.write_report(made, out)
    if as_json:
        print_json(made)
    elif out is not None:
        say(f"{len(made.gaps)} gaps named, {len(made.not_assessed)} questions not assessed; written to {out}.")
    else:
        say(*toolkit.report_lines(made))
