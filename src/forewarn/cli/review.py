"""``forewarn review``."""

from __future__ import annotations

from typing import Annotated

import typer

from forewarn.cli.options import AsJson, By, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, say
from forewarn.ids import short
from forewarn.operations import review

app = typer.Typer(
    add_completion=False, help="Judge what the rule was unsure of; take a judgement back; grade sources and claims."
)

Why = Annotated[str, typer.Option("--why", help="The reason, in a sentence. It is kept.")]


@app.command("list")
def _list(
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many pairs to show.")] = 20,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """The pairs of claims that wait for a person, those with most deaths first."""
    with workspace_of(workspace) as opened:
        queue = review.waiting(opened, limit=limit)
    if as_json:
        print_json(queue)
        return
    if not queue:
        say("Nothing waits for review.")
    for pair in queue:
        say(
            f"{short(pair.left)} and {short(pair.right)}: {pair.reason}",
            f"  {pair.left_text}",
            f"  {pair.right_text}",
            "",
        )
    if queue:
        say("Next: forewarn review decide FIRST SECOND same|different --why '...'")


@app.command("decide")
def _decide(
    first: Annotated[str, typer.Argument(help="A claim id, or its beginning.")],
    second: Annotated[str, typer.Argument(help="Another.")],
    verdict: Annotated[str, typer.Argument(help="same, different or unsure.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Record whether two claims speak of one happening."""
    with workspace_of(workspace) as opened:
        made = review.decide(opened, first, second, verdict, by=opened.author(by), why=why)
    _tell(made, as_json)


@app.command("undo")
def _undo(
    judgement: Annotated[str, typer.Argument(help="The judgement's id, or its beginning.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take a judgement back; what held before it holds again."""
    with workspace_of(workspace) as opened:
        made = review.undo(opened, judgement, by=opened.author(by), why=why)
    _tell(made, as_json)


@app.command("grade")
def _grade(
    subject: Annotated[str, typer.Argument(help="A claim id, a source id, or a source's name.")],
    value: Annotated[str, typer.Argument(help="1 to 6 for a claim, A to F for a source.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Grade a source's reliability or a claim's credibility."""
    with workspace_of(workspace) as opened:
        made = review.grade(opened, subject, value, by=opened.author(by), why=why)
    if as_json:
        print_json(made)
        return
    say(f"{made.axis} of {short(made.subject)} graded {made.value} by {made.author}.")


def _tell(made: review.Decided, as_json: bool) -> None:
    if as_json:
        print_json(made)
        return
    say(f"Kept as {short(made.id)}; there are {made.incidents:,} incidents now.")
