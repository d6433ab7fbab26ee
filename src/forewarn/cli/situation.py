"""``forewarn situation``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated

import typer

from forewarn.cli.entered import tell_entered
from forewarn.cli.options import AsJson, By, Day, WorkspaceFolder, day_of, workspace_of
from forewarn.cli.output import print_json, say
from forewarn.clock import day_from_text
from forewarn.ids import short
from forewarn.model.situation import IndicatorAssessment
from forewarn.operations import situation
from forewarn.operations.review_keep import Entered
from forewarn.operations.situation import Change

app = typer.Typer(
    add_completion=False, help="Assess an area against the risk factors; what changed; what the data propose."
)

Unit = Annotated[str, typer.Argument(help="A country, by code or name, or COUNTRY/AREA.")]
Since = Annotated[
    str | None, typer.Option("--since", help="Compare with the end of that day; default is the last time.")
]
Why = Annotated[str, typer.Option("--why", help="The reason, in a sentence. It is kept.")]


@app.command("assess")
def _assess(
    unit: Unit,
    indicator: Annotated[str, typer.Argument(help="Its number, such as 7.14.")],
    state: Annotated[
        str, typer.Option("--state", help="clear, weak, contested, observed_absent (somebody looked) or not_observed.")
    ],
    why: Why,
    claim: Annotated[list[str] | None, typer.Option("--claim", help="A claim it rests on; may be repeated.")] = None,
    undertaking: Annotated[
        list[str] | None, typer.Option("--undertaking", help="An undertaking of a kept document; may be repeated.")
    ] = None,
    quote: Annotated[
        list[str] | None, typer.Option("--quote", help="A passage, DOCUMENT:START-END; may be repeated.")
    ] = None,
    proposal: Annotated[
        str, typer.Option("--proposal", help="A proposal it takes up; its claims are taken over.")
    ] = "",
    trend: Annotated[str, typer.Option("--trend", help="rising, steady, falling or unknown.")] = "unknown",
    confidence: Annotated[
        str, typer.Option("--confidence", help="In the evidence: low, moderate, high or unknown.")
    ] = "unknown",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Record your reading of one indicator for an area, with its evidence."""
    evidence = situation.Evidence(tuple(claim or ()), tuple(undertaking or ()), tuple(quote or ()), proposal)
    read = situation.Reading(indicator, state, why, trend, confidence)
    with workspace_of(workspace) as opened:
        made = situation.assess_indicator(opened, unit, read, evidence, by=opened.author(by))
    _tell(*made, as_json)


@app.command("withdraw")
def _withdraw(
    assessment: Annotated[str, typer.Argument(help="The assessment's id, or its beginning.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take an assessment back; what held before it holds again."""
    with workspace_of(workspace) as opened:
        made = situation.withdraw(opened, assessment, by=opened.author(by), why=why)
    _tell(*made, as_json)


@app.command("show")
def _show(
    unit: Unit,
    since: Since = None,
    as_known_at: Day = None,
    every: Annotated[bool, typer.Option("--all", help="Also print the indicators that nobody assessed.")] = False,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """An area as assessed: what changed first, then factor by factor, with evidence, grades, author and day."""
    with workspace_of(workspace) as opened:
        day = day_of(as_known_at, opened.today)
        found = situation.show_situation(opened, unit, as_known_at=day, since=_day(since))
    if as_json:
        print_json(found)
        return
    if not any(view.held for factor in found.situation.factors for view in factor.indicators):
        say(f"Nobody has assessed {found.situation.unit} yet. Next: forewarn situation propose {found.situation.unit}")
        return
    say(*_change_lines(found.situation.changes), "")
    say(*_factor_lines(found, every=every))


@app.command("changes")
def _changes(
    since: Since = None, as_known_at: Day = None, workspace: WorkspaceFolder = None, as_json: AsJson = False
) -> None:
    """What changed in every area that has been assessed, in the order of their names."""
    with workspace_of(workspace) as opened:
        found = situation.changes(opened, as_known_at=day_of(as_known_at, opened.today), since=_day(since))
    if as_json:
        print_json(found)
        return
    if not found:
        say("Nothing has been assessed yet. Next: forewarn situation propose UNIT")
    for unit, changed in found.items():
        say(f"{unit}:", *(f"  {line}" for line in _change_lines(changed)))


@app.command("propose")
def _propose(unit: Unit, as_known_at: Day = None, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """What incident data propose, each with its rule and figures. A machine's proposal; only you assess."""
    with workspace_of(workspace) as opened:
        found = situation.propose_for(opened, unit, as_known_at=day_of(as_known_at, opened.today))
    if as_json:
        print_json({**_plain(found), "proposals": [{**_plain(p), "id": p.proposal_id} for p in found.proposals]})
        return
    silent = [one.indicator for one in found.proposals if one.state == "not_observed" and not one.found]
    if silent:
        say(f"Nothing was told, and not all months could be seen, of {', '.join(silent)}: nothing can be proposed.")
    for one in found.proposals:
        if one.indicator in silent:
            continue
        say(
            f"{one.indicator} machine proposal: {one.state.replace('_', ' ')}, {one.trend}  ({short(one.proposal_id)})",
            f"  {one.because}",
            f"  rule: {one.rule}",
        )
    for factor, passages in found.passages.items():
        say(f"{factor}: documents that speak of it and name the area")
        say(*(f"  {p.symbol or short(p.document_id)}:{p.start}-{p.end} {p.speaker}: {p.snippet}" for p in passages))
    say("", f"Next: forewarn situation assess {found.unit} INDICATOR --state S --why '...' --proposal ID")


def _plain(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__slots__}  # type: ignore[attr-defined]


def _day(text: str | None) -> date | None:
    return None if text is None else day_from_text(text, where="--since")


def _tell(made: IndicatorAssessment, entered: Entered, as_json: bool) -> None:
    if as_json:
        state = {"state_of_entry": entered.state, "decision": entered.decision}
        print_json({**_plain(made), "assessment_id": made.assessment_id, **state})
        return
    if entered.decision:
        tell_entered(entered, as_json)
        return
    what = f"taken back {short(made.withdraws)}" if made.withdraws else made.state.replace("_", " ")
    say(f"{made.unit} {made.indicator}: {what}, kept as {short(made.assessment_id)}.")
    say(f"Next: forewarn situation show {made.unit}")


def _change_lines(changes: Iterable[Change]) -> Iterator[str]:
    is_empty = True
    for one in changes:
        is_empty = False
        before, after = (state.replace("_", " ") for state in (one.state_before, one.state_after))
        by = f", by {one.after.author} on {one.after.assessed_at.date()}" if one.after else ""
        trend = f"; trend {one.trend_before} to {one.trend_after}" if one.trend_before != one.trend_after else ""
        yield f"{one.indicator} {before} → {after}{trend}{by}: {one.text}"
    if is_empty:
        yield "Nothing has changed since the last time."


def _factor_lines(found: situation.Shown, *, every: bool) -> Iterator[str]:
    for factor in found.situation.factors:
        yield f"{factor.id} {factor.name}"
        for view in factor.indicators:
            if view.held is None:
                if every:
                    yield f"  {view.id} not assessed: {view.text}"
                continue
            yield f"  {view.id} {view.state.replace('_', ' ')}, {view.held.trend}: {view.text}"
            yield f"      {_who(view.held)}, confidence {view.held.confidence}: {view.held.basis}"
            yield from _evidence_lines(view.held, found)
            for other in view.beside:
                yield f"      beside it, {_who(other)}: {other.state.replace('_', ' ')}: {other.basis}"


def _who(one: IndicatorAssessment) -> str:
    return f"{one.author}, {one.assessed_at.date()}"


def _evidence_lines(held: IndicatorAssessment, found: situation.Shown) -> Iterator[str]:
    for claim in held.claim_ids[:8]:
        one = found.grades[claim]
        grades = f"source {one.reliability}, claim {one.credibility}"
        yield f"      {short(claim)} {one.started_on} {one.act}, {one.source} ({grades})"
    if len(held.claim_ids) > 8:
        yield f"      and {len(held.claim_ids) - 8} claims more, see --json"
    for quoted in held.quotations:
        yield f"      {short(quoted.document_id)}:{quoted.start}-{quoted.end} “{quoted.words}”"
