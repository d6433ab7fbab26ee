"""``forewarn alert``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from forewarn.cli.options import AsJson, By, Day, WorkspaceFolder, day_of, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.clock import instant_text
from forewarn.ids import short
from forewarn.model.alert_life import DECISIONS, AlertState
from forewarn.model.place import UnitLevel
from forewarn.operations import alert as alerts
from forewarn.operations import alert_record, alert_updating
from forewarn.operations.alert_text import alert_lines, fields_of, share_words, show_alert
from forewarn.operations.drafting import Drafted, DraftWish, draft_alerts
from forewarn.operations.workspace import Workspace

app = typer.Typer(add_completion=False, help="Draft, review, issue, read, decide, act on, update and close alerts.")

Name = Annotated[str, typer.Argument(help="The alert's id, its beginning, or 'latest'.", metavar="ALERT")]
Note = Annotated[str, typer.Option("--note", help="Why, or what was done. It is kept.")]
Set = Annotated[list[str] | None, typer.Option("--set", help="A field and its text: --set harm_check='...'.")]
Fields = Annotated[Path | None, typer.Option("--from", help="YAML file with the fields to write.")]


@app.command("draft")
def _draft(
    unit: Annotated[str, typer.Option("--unit", help="Only this unit.")] = "",
    level: Annotated[UnitLevel, typer.Option("--level", help="The kind of unit.")] = UnitLevel.ADMIN1,
    as_known_at: Day = None,
    least: Annotated[str, typer.Option("--least", help="Lowest alert level to draft, W0 to W4.")] = "W1",
    addressee: Annotated[str, typer.Option("--addressee", help="Who is asked to decide.")] = "",
    decision: Annotated[str, typer.Option("--decision-asked", help="What they are asked to decide.")] = "",
    duty_holder: Annotated[str, typer.Option("--duty-holder", help="Who bears the primary duty to protect.")] = "",
    propose_only: Annotated[bool, typer.Option("--propose-only", help="Show the proposals, draft nothing.")] = False,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Draft alerts from the latest forecast and recent incidents, with reasons for and against."""
    with workspace_of(workspace) as opened:
        author = opened.settings.author or by or "" if propose_only else opened.author(by)
        day = day_of(as_known_at, opened.today) if as_known_at else None
        wish = DraftWish(
            (author,), unit, level, day, least, addressee, decision, duty_holder, propose_only=propose_only
        )
        made = draft_alerts(opened, wish)
    if as_json:
        print_json(made)
        return
    say(f"As known on {made.as_known_at}, policy {made.policy}: {len(made.drafted)} proposed.")
    for one in made.drafted:
        _tell_draft(one)
    if not made.drafted:
        say("The policy proposes none: that is not a sign of safety. Draft for a unit all the same with --unit.")


def _tell_draft(one: Drafted) -> None:
    rate = share_words(one.base_rate)
    chance = "" if one.probability is None else f", {one.likelihood} ({share_words(one.probability)}; base rate {rate})"
    say("", f"{one.level} {one.unit}{chance}; confidence {one.confidence}")
    say(*(f"  for: {text}" for text in one.reasons_for), *(f"  against: {text}" for text in one.reasons_against))
    say(*(f"  gap: {text}" for text in one.gaps))
    if one.alert_id:
        say(f"  drafted as {short(one.alert_id)}; a person must write: {', '.join(one.missing) or 'nothing more'}")
    elif one.reason:
        say(f"  not drafted: {one.reason}")


@app.command("list")
def _list(
    status: Annotated[str | None, typer.Option("--status", help="Only alerts that stand there.")] = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Every alert: where it stands, and what may follow."""
    with workspace_of(workspace) as opened:
        rows = alerts.listed(opened, status=status)
    if as_json:
        print_json(rows)
        return
    if not rows:
        say("No alert yet. Next: forewarn forecast; forewarn alert draft")
        return
    columns = ("alert", "level", "unit", "status", "decision needed by", "overdue", "may follow")
    body = [
        (
            short(row.alert_id),
            row.level,
            row.unit,
            row.decision or row.status,
            instant_text(row.decision_needed_by),
            "yes" if row.overdue else "",
            ", ".join(row.may),
        )
        for row in rows
    ]
    print_table("Alerts", columns, body)


@app.command("show")
def _show(alert: Name, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """An alert in full: content, life, clock, and what stands between it and its review."""
    with workspace_of(workspace) as opened:
        shown = show_alert(opened, alert)
    if as_json:
        print_json(shown)
        return
    say(*alert_lines(shown))


@app.command("edit")
def _edit(
    alert: Name,
    changes: Set = None,
    source: Fields = None,
    note: Note = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write fields of a draft: a new version, to be reviewed anew."""
    with workspace_of(workspace) as opened:
        state = alerts.edit(opened, alert, fields_of(changes or [], source), by=opened.author(by), note=note)
    _tell(state, as_json)


@app.command("update")
def _update(
    alert: Name,
    second: Annotated[
        str, typer.Option("--reviewer", help="Who has reviewed the new version; without, it waits for 'alert agree'.")
    ] = "",
    changes: Set = None,
    source: Fields = None,
    note: Note = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write the next version of an issued alert; once a second person agrees, its decision is asked for anew."""
    with workspace_of(workspace) as opened:
        fields, author = fields_of(changes or [], source), opened.author(by)
        if second:
            _tell(alerts.update(opened, alert, fields, by=author, second=second), as_json)
            return
        made = alert_updating.write_update(opened, alert, fields, by=author, note=note)
    if as_json:
        print_json(made)
        return
    say(
        f"Version {made.content.version} waits for a second person.",
        f"Next: forewarn alert agree {short(alert)} --by NAME",
    )


@app.command("agree")
def _agree(alert: Name, by: By = None, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Agree with the update that waits, as somebody who wrote none of it; from then on it holds."""
    with workspace_of(workspace) as opened:
        state = alert_updating.agree_update(opened, alert, by=opened.author(by))
    _tell(state, as_json)


@app.command("take-back")
def _take_back(
    alert: Name, note: Note, by: By = None, workspace: WorkspaceFolder = None, as_json: AsJson = False
) -> None:
    """Take back the update that waits; the alert stands as it was issued."""
    with workspace_of(workspace) as opened:
        made = alert_updating.drop_update(opened, alert, by=opened.author(by), why=note)
    if as_json:
        print_json(made)
        return
    say(f"Version {made.content.version} waits no longer.")


@app.command("review")
def _review(
    alert: Name, note: Note = "", by: By = None, workspace: WorkspaceFolder = None, as_json: AsJson = False
) -> None:
    """Stand behind a draft somebody else wrote."""
    _take(workspace, alert, "review", as_json, by=by, note=note)


@app.command("issue")
def _issue(
    alert: Name, note: Note = "", by: By = None, workspace: WorkspaceFolder = None, as_json: AsJson = False
) -> None:
    """Send a reviewed alert to its addressee; the clock starts."""
    _take(workspace, alert, "issue", as_json, by=by, note=note)


@app.command("read")
def _read(
    alert: Name, note: Note = "", by: By = None, workspace: WorkspaceFolder = None, as_json: AsJson = False
) -> None:
    """Record that the addressee has read it."""
    _take(workspace, alert, "read", as_json, by=by, note=note)


@app.command("decide")
def _decide(
    alert: Name,
    decision: Annotated[str, typer.Argument(help=", ".join(DECISIONS[:-1]))],
    note: Note = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Record the decision, 'we decline, because' included."""
    _take(workspace, alert, "decide", as_json, by=by, note=note, decision=decision)


@app.command("lapse")
def _lapse(alert: Name, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Record, for the clock, that the deadline passed without an answer."""
    _take(workspace, alert, "lapse", as_json, by="clock")


@app.command("act")
def _act(alert: Name, note: Note, by: By = None, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Record what was done on the decision."""
    _take(workspace, alert, "act", as_json, by=by, note=note)


@app.command("comment")
def _comment(
    alert: Name, note: Note, by: By = None, workspace: WorkspaceFolder = None, as_json: AsJson = False
) -> None:
    """Record what the State concerned, or anybody who dissents, says of it; nothing is suppressed."""
    _take(workspace, alert, "comment", as_json, by=by, note=note)


@app.command("cancel")
def _cancel(alert: Name, note: Note, by: By = None, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Take an alert back, with the reason; what was issued stays on record."""
    _take(workspace, alert, "cancel", as_json, by=by, note=note)


@app.command("close")
def _close(alert: Name, note: Note, by: By = None, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Close an alert whose decision is recorded."""
    _take(workspace, alert, "close", as_json, by=by, note=note)


@app.command("after-action")
def _after_action(
    alert: Name,
    outcome: Annotated[str, typer.Argument(help="hit, false_alarm, miss, correct_quiet, prevented_or_unknown")],
    note: Note = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Record what a closed alert turned out to be."""
    _take(workspace, alert, "after_action", as_json, by=by, note=note, outcome=outcome)


@app.command("due")
def _due(
    within: Annotated[int, typer.Option("--within", min=0, max=3_650, help="Days ahead.")] = 7,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Decisions that are due soon, and those overdue."""
    with workspace_of(workspace) as opened:
        found = alert_record.answers(opened, within=timedelta(days=within))
    if as_json:
        print_json(found)
        return
    for title, clocks in (("Overdue", found.overdue), (f"Due within {within} days", found.due)):
        say(f"{title}: {len(clocks)}")
        say(*(f"  {short(one.alert_id)} {one.level} {one.addressee}: {one.words}" for one in clocks))


@app.command("metrics")
def _metrics(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """How alerts were answered: time to read and to decide, share decided, lead time."""
    with workspace_of(workspace) as opened:
        found = alert_record.metrics(opened)
    if as_json:
        print_json(found)
        return
    if not found.issued:
        say("No alert was issued yet: there is nothing to measure.")
        return
    share = found.share_with_recorded_decision
    say(f"{found.issued} issued, {found.read} read, {found.decided} decided by a person, {found.lapsed} lapsed.")
    shown = "unknown" if share is None else f"{share:.0%}"
    say(f"Overdue now: {found.overdue}. Share with a recorded decision: {shown}.")
    say(f"Median hours to read: {_number(found.hours_to_read)}; to decision: {_number(found.hours_to_decision)}.")
    say(f"Median days of lead: {_number(found.lead_days)}, known of {found.lead_known} of {found.issued} alerts.")


@app.command("ledger")
def _ledger(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Hits, false alarms and misses, without words or places below a country: what may be shown."""
    with workspace_of(workspace) as opened:
        found = alert_record.ledger(opened)
    if as_json:
        print_json(found)
        return
    columns = ("country", "level", "issued", "decision", "in time", "outcome")
    print_table(
        "Issued alerts",
        columns,
        [
            (
                one.country,
                one.level,
                one.issued,
                one.decision,
                {True: "yes", False: "no", None: "open"}[one.in_time],
                one.outcome,
            )
            for one in found.alerts
        ],
    )
    say(f"{found.rule[0].upper()}{found.rule[1:]}: {len(found.missed)}.")
    say(*(f"  {one.country} {one.month}: at least {one.deaths_at_least}" for one in found.missed[-20:]))


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.1f}"


def _take(folder: Path | None, name: str, kind: str, as_json: bool, **more: Any) -> None:
    with workspace_of(folder) as opened:
        _tell(alerts.step(opened, name, _step(opened, kind, more)), as_json)


def _step(workspace: Workspace, kind: str, more: dict[str, Any]) -> alerts.Step:
    by = "clock" if kind == "lapse" else workspace.author(more.pop("by"))
    more.pop("by", None)
    return alerts.Step(kind, by, **more)


def _tell(state: AlertState, as_json: bool) -> None:
    if as_json:
        print_json(state)
        return
    follows = ", ".join(state.may()) or "nothing: its life has ended"
    say(f"{short(state.alert_id)} version {state.version} is {state.status}. May follow: {follows}.")
