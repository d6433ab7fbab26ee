"""``forewarn elicit``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, By, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, say
from forewarn.ids import short
from forewarn.operations import elicitation

app = typer.Typer(
    add_completion=False, help="Ask experts: independent estimates first, then discussion, then a second round."
)

Id = Annotated[str, typer.Argument(help="The question's id, or its beginning.")]
Expert = Annotated[str, typer.Option("--expert", help="The expert's pseudonym: one word, such as heron.")]
Why = Annotated[str, typer.Option("--why", help="The reason. It is kept and shown once the round is closed.")]


@app.command("open")
def _open(
    question: Annotated[str, typer.Argument(help="What, where and until when, so that the answer will be known.")],
    unit: Annotated[str, typer.Option("--unit", help="A country, by code or name, or COUNTRY/AREA.")],
    kind: Annotated[str, typer.Option("--kind", help="probability or quantiles.")] = "probability",
    noun: Annotated[str, typer.Option("--noun", help="For quantiles: what is counted, such as deaths.")] = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Put a question; its first, blind round is open at once."""
    with workspace_of(workspace) as opened:
        asked = elicitation.open_question(opened, question, unit=unit, kind=kind, noun=noun, by=opened.author(by))
    if as_json:
        print_json({"elicitation_id": asked.elicitation_id, "phase": "round_1"})
        return
    wanted = "0.2" if kind == "probability" else "LOW MEDIAN HIGH"
    say(f"Asked as {short(asked.elicitation_id)}; the first round is open and blind.")
    say(f"Next: forewarn elicit estimate {short(asked.elicitation_id)} {wanted} --expert heron --why '...'")


@app.command("estimate")
def _estimate(
    question: Id,
    values: Annotated[list[float], typer.Argument(help="One probability from 0 to 1; or 5 %, 50 % and 95 %.")],
    expert: Expert,
    why: Why,
    dissent: Annotated[str, typer.Option("--dissent", help="Second round: why you do not go along.")] = "",
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Give an estimate in the round that is open. The latest of an expert holds."""
    said = elicitation.Said(values, why, dissent)
    with workspace_of(workspace) as opened:
        made = elicitation.estimate(opened, question, said, expert=expert)
    if as_json:
        print_json({"estimate_id": made.estimate_id, "round": made.round, "values": made.values})
        return
    say(f"Kept for round {made.round} as", made.estimate_id, "Nobody is shown it before the round is closed.")


@app.command("withdraw")
def _withdraw(
    question: Id,
    estimate: Annotated[str, typer.Argument(help="The whole id, as printed when the estimate was given.")],
    expert: Expert,
    why: Why,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take back your own estimate while its round is open; what you gave before it holds again."""
    with workspace_of(workspace) as opened:
        made = elicitation.take_back(opened, question, estimate, expert=expert, why=why)
    if as_json:
        print_json({"estimate_id": made.estimate_id, "withdraws": made.withdraws})
        return
    say(f"Taken back; kept as {short(made.estimate_id)}.")


@app.command("discuss")
def _discuss(
    question: Id,
    text: Annotated[str, typer.Argument(help="What you want to say to the others.")],
    expert: Expert,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say something between the rounds."""
    with workspace_of(workspace) as opened:
        made = elicitation.discuss(opened, question, text, expert=expert)
    if as_json:
        print_json({"comment_id": made.comment_id})
        return
    say(f"Kept as {short(made.comment_id)}.")


@app.command("close")
def _close(question: Id, by: By = None, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """End the phase that is open: the first round, the discussion, the second round."""
    with workspace_of(workspace) as opened:
        phase = elicitation.close(opened, question, by=opened.author(by))
    if as_json:
        print_json({"phase": phase})
        return
    say(f"Now: {phase.replace('_', ' ')}. Next: {_NEXT[phase]}")


@app.command("show")
def _show(
    question: Annotated[str, typer.Argument(help="The question's id, or its beginning; without it, all.")] = "",
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """What may be seen: how many have answered; of closed rounds, every member beside the median and the pool."""
    with workspace_of(workspace) as opened:
        found = [elicitation.show(opened, question)] if question else elicitation.listed(opened)
    if as_json:
        print_json(found[0] if question else found)
        return
    if not found:
        say("No question has been asked. Next: forewarn elicit open 'QUESTION' --unit UNIT")
    for one in found:
        say(*_lines(one), "")


_NEXT = {
    "round_1": "forewarn elicit estimate ID VALUES --expert NAME --why '...'",
    "discussion": "forewarn elicit discuss ID TEXT --expert NAME; then forewarn elicit close ID",
    "round_2": "forewarn elicit estimate ID VALUES --expert NAME --why '...' --dissent '...'",
    "closed": "forewarn elicit show ID",
}


def _lines(one: elicitation.ElicitationShown) -> Iterator[str]:
    asked = one.asked
    yield f"{short(one.elicitation_id)} {asked.unit}: {asked.question}"
    yield f"  asked by {asked.opened_by} on {asked.opened_at.date()}; {asked.kind.value} {asked.noun}".rstrip()
    counted = ", ".join(f"{number} in {name.replace('_', ' ')}" for name, number in one.answered.items())
    yield f"  {one.phase.replace('_', ' ')}; estimates: {counted}"
    for pooled in one.pools:
        yield f"  round {pooled.round}: median {_said(pooled.median)}; linear pool {_said(pooled.linear)}"
        yield f"    from {_said(pooled.lowest)} to {_said(pooled.highest)}"
        yield f"    {pooled.how}"
        for member in pooled.members:
            stands = " (stands by round 1)" if member.round < pooled.round else ""
            yield f"    {member.expert}: {_said(member.values)}{stands}: {member.reason}"
            if member.dissent:
                yield f"      dissents: {member.dissent}"
    for comment in one.comments:
        yield f"  {comment.expert}: {comment.text}"


def _said(values: tuple[float, ...]) -> str:
    return " / ".join(f"{value:g}" for value in values) or "none"
