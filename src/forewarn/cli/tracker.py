"""``forewarn tracker``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated

import typer

from forewarn.cli.document_text import undertaking_lines
from forewarn.cli.options import AsJson, By, Day, WorkspaceFolder, day_of, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.clock import day_from_text
from forewarn.ids import short
from forewarn.operations import tracker
from forewarn.operations.tracker import ItemView, TrackWish
from forewarn.operations.tracker_cases import CaseIncident, cases, record_case, truce, undo_case

app = typer.Typer(
    add_completion=False,
    help="What was undertaken, asked, mandated, agreed: owner, due date, evidence, state; case status; truces.",
)

Item = Annotated[str, typer.Argument(help="The item's id or its beginning.", metavar="ITEM")]
Owner = Annotated[str, typer.Option("--owner", help="Who is to do it; the parties of a truce parted by ';'.")]
Unit = Annotated[str, typer.Option("--unit", help="The situation: a country, or COUNTRY/AREA.")]
DueOn = Annotated[str | None, typer.Option("--due", help="Day it is due, or ends, YYYY-MM-DD.")]
Starts = Annotated[str | None, typer.Option("--starts", help="First day, YYYY-MM-DD.")]
On = Annotated[str | None, typer.Option("--on", help="The day it happened, YYYY-MM-DD.")]
Why = Annotated[str, typer.Option("--why", help="The reason, in a sentence. It is kept.")]
Source = Annotated[str, typer.Option("--source", help="Where it is known from: a symbol, a record, an address.")]
SourceOrNone = Annotated[str, typer.Option("--source", help="Where it is known from, where told.")]


@app.command("add")
def _add(
    kind: Annotated[str, typer.Argument(help="commitment, recommendation, mandate, truce...: see 'tracker kinds'.")],
    what: Annotated[str, typer.Argument(help="What is owed, in a sentence.")],
    source: Source,
    owner: Owner = "",
    unit: Unit = "",
    starts: Starts = None,
    due: DueOn = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Track something entered by hand."""
    wish = TrackWish(owner, unit, _day(starts, "--starts"), _day(due, "--due"), source)
    with workspace_of(workspace) as opened:
        item, is_new = tracker.add_item(opened, kind, what, wish, by=opened.author(by))
        view, linked = tracker.shown(opened, item.item_id)
    if not is_new and not as_json:
        say("It is tracked already:")
    _tell(view, linked, as_json)


@app.command("kinds")
def _kinds(as_json: AsJson = False) -> None:
    """What can be tracked."""
    found = tracker.kinds()
    if as_json:
        print_json(found)
        return
    print_table("Kinds", ("kind", "stands for"), list(found.items()))


@app.command("from-document")
def _from_document(
    document: Annotated[str, typer.Argument(help="A kept document, by symbol or id.", metavar="DOCUMENT")],
    take: Annotated[
        list[str] | None, typer.Option("--take", help="An undertaking to track, by its id; may be repeated.")
    ] = None,
    kind: Annotated[str, typer.Option("--kind", help="The kind of item; default as the sentence says.")] = "",
    owner: Owner = "",
    unit: Unit = "",
    due: DueOn = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """What a document undertakes or asks; what you --take becomes tracked, and nothing else does."""
    with workspace_of(workspace) as opened:
        if take:
            wish = TrackWish(owner, unit, None, _day(due, "--due"))
            made = tracker.take_up(opened, document, take, wish, by=opened.author(by), kind=kind)
            views = [tracker.shown(opened, item.item_id)[0] for item, _ in made]
            _tell_list(views, as_json)
            return
        found = tracker.candidates(opened, document)
    if as_json:
        print_json(found)
        return
    for one in found:
        tracked = f"tracked as {short(one.tracked_as)}" if one.tracked_as else f"would be a {one.would_be}"
        say(*undertaking_lines(one.undertaking), f"  {tracked}", "")
    say("Next: forewarn tracker from-document DOCUMENT --take ID" if found else "Nothing to track was found in it.")


@app.command("list")
def _list(
    kind: Annotated[str, typer.Option("--kind", help="Only this kind.")] = "",
    owner: Annotated[str, typer.Option("--owner", help="Only owners whose name holds this.")] = "",
    unit: Unit = "",
    open_only: Annotated[bool, typer.Option("--open", help="Only what is not settled.")] = False,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """What is tracked and how it stands, due first."""
    with workspace_of(workspace) as opened:
        views = tracker.listed(opened, kind=kind, owner=owner, unit=unit, open_only=open_only)
    _tell_list(views, as_json)


@app.command("show")
def _show(item: Item, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """One item: what, who, when, evidence, links, and all that was recorded."""
    with workspace_of(workspace) as opened:
        view, linked = tracker.shown(opened, item)
    _tell(view, linked, as_json)


@app.command("evidence")
def _evidence(
    item: Item,
    source: Source,
    note: Annotated[str, typer.Option("--note", help="What it shows.")] = "",
    on: On = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Record evidence that something was done."""
    with workspace_of(workspace) as opened:
        day = _day(on, "--on")
        view = tracker.record(opened, item, "evidence", source=source, note=note, on=day, by=opened.author(by))
    _tell(view, [], as_json)


@app.command("state")
def _state(
    item: Item,
    state: Annotated[str, typer.Argument(help="A state of its kind, such as in_progress.")],
    why: Why,
    source: SourceOrNone = "",
    on: On = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Record where it stands; 'done' and the like need evidence first."""
    with workspace_of(workspace) as opened:
        day = _day(on, "--on")
        view = tracker.record(opened, item, "state", state, note=why, source=source, on=day, by=opened.author(by))
    _tell(view, [], as_json)


@app.command("link")
def _link(
    item: Item,
    other: Annotated[str, typer.Argument(help="The other item: a mandate's strategy, a milestone's plan.")],
    why: Annotated[str, typer.Option("--why", help="Why the two belong together.")] = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Link two items, such as a mandate to the political strategy it serves."""
    with workspace_of(workspace) as opened:
        tracker.record(opened, item, "link", other, note=why, by=opened.author(by))
        view, linked = tracker.shown(opened, item)
    _tell(view, linked, as_json)


@app.command("report")
def _report(
    item: Item,
    source: Source,
    on: Annotated[str, typer.Option("--on", help="The day it was published, YYYY-MM-DD.")],
    note: Annotated[str, typer.Option("--note", help="What it covers; no finding, nobody's name.")] = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Record a public report by the body of an accountability process."""
    with workspace_of(workspace) as opened:
        day = _day(on, "--on")
        view = tracker.record(opened, item, "report", source=source, note=note, on=day, by=opened.author(by))
    _tell(view, [], as_json)


@app.command("set")
def _set(
    item: Item,
    why: Why,
    owner: Annotated[str, typer.Option("--owner", help="The new owner.")] = "",
    due: DueOn = None,
    mandate: Annotated[str, typer.Option("--mandate", help="Of a process: what its body is mandated to do.")] = "",
    source: SourceOrNone = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Record another owner, due date or mandate; the earlier ones stay on record."""
    if not owner and due is None and not mandate:
        raise typer.BadParameter("give --owner, --due or --mandate")
    with workspace_of(workspace) as opened:
        for kind, value in (("owner", owner), ("due", due or ""), ("mandate", mandate)):
            if value:
                tracker.record(opened, item, kind, value, note=why, source=source, by=opened.author(by))
        view, linked = tracker.shown(opened, item)
    _tell(view, linked, as_json)


@app.command("undo")
def _undo(
    entry: Annotated[str, typer.Argument(help="The entry's id or its beginning; also of a case entry (cse_...).")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take an entry back; what held before it holds again."""
    with workspace_of(workspace) as opened:
        if entry.startswith("cse_"):
            made = undo_case(opened, entry, by=opened.author(by), why=why)
            print_json({"case_id": made.case_id}) if as_json else say(f"Taken back, kept as {short(made.case_id)}.")
            return
        view = tracker.undo(opened, entry, by=opened.author(by), why=why)
    _tell(view, [], as_json)


@app.command("due")
def _due(
    within: Annotated[int, typer.Option("--within", help="Also what is due within so many days.", min=0)] = 30,
    on: Annotated[str | None, typer.Option("--on", help="As of that day; default today.")] = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """What is overdue, longest first, and what is due soon."""
    with workspace_of(workspace) as opened:
        found = tracker.due(opened, day=_day(on, "--on"), within_days=within)
    if as_json:
        print_json(found)
        return
    say(f"Overdue on {found.day}: {len(found.overdue)}")
    say(*(f"  {one.overdue_days} days, since {one.due_on}: {_line(one)}" for one in found.overdue))
    say(f"Due within {within} days: {len(found.soon)}")
    say(*(f"  {one.due_on}: {_line(one)}" for one in found.soon))
    say(f"Open without any due date: {found.without_day}")


@app.command("cases")
def _cases(
    unit: Annotated[str, typer.Argument(help="A country, by code or name, or COUNTRY/AREA.")],
    as_known_at: Day = None,
    limit: Annotated[int, typer.Option("--limit", help="Show at most so many incidents.", min=1)] = 50,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Accountability processes of a situation, and what is on public record about each incident."""
    with workspace_of(workspace) as opened:
        found = cases(opened, unit, as_known_at=day_of(as_known_at, opened.today))
    if as_json:
        print_json(found)
        return
    say(*(line for one in found.processes for line in _process_lines(one)), *([found.words] if found.words else []))
    say(*(line for one in found.incidents[:limit] for line in _case_lines(one)))
    if not found.incidents:
        say(f"No incident is known in {found.unit}; that is no finding that there was none.")
    elif len(found.incidents) > limit:
        say(f"The first {limit} of {len(found.incidents)}; --limit shows more.")


@app.command("case")
def _case(
    incident: Annotated[str, typer.Argument(help="The incident, or a claim of it, by id or its beginning.")],
    status: Annotated[str, typer.Argument(help="opened, closed, trial, judgment, or no_public_record_found...")],
    source: Annotated[str, typer.Option("--source", help="The public record, or where you looked.")],
    body: Annotated[str, typer.Option("--body", help="Whose case it is: a court, a prosecutor's office.")] = "",
    on: On = None,
    note: Annotated[str, typer.Option("--note", help="What it says; name nobody.")] = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Record what is on public record about an incident, or that you looked and found nothing."""
    with workspace_of(workspace) as opened:
        day = _day(on, "--on")
        author = opened.author(by)
        made = record_case(opened, incident, status, by=author, source=source, body=body, on=day, note=note)
    if as_json:
        print_json({**{name: getattr(made, name) for name in made.__slots__}, "case_id": made.case_id})
        return
    say(f"Recorded as {short(made.case_id)}: {status.replace('_', ' ')}, {source}.")


@app.command("truce")
def _truce(item: Item, as_known_at: Day = None, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """A truce and the incidents within its area and days, without a verdict on who broke it."""
    with workspace_of(workspace) as opened:
        found = truce(opened, item, as_known_at=day_of(as_known_at, opened.today))
    if as_json:
        print_json(found)
        return
    say(_line(found.truce), f"  {found.truce.item.unit}, {found.first} to {found.last}; {found.sight}")
    say(f"{len(found.incidents)} incidents. {found.words}")
    say(*(line for one in found.incidents for line in _case_lines(one)))


def _day(text: str | None, where: str) -> date | None:
    return None if text is None else day_from_text(text, where=where)


def _line(view: ItemView) -> str:
    owner = f"{view.owner}: " if view.owner else ""
    strategy = f"; political strategy: {view.strategy}" if view.strategy else ""
    state = f"{view.state}, its evidence taken back" if view.lacks_evidence else view.state
    return f"{short(view.item_id)} {view.item.kind.replace('_', ' ')}, {owner}{view.item.what} ({state}){strategy}"


def _tell_list(views: list[ItemView], as_json: bool) -> None:
    if as_json:
        print_json(views)
        return
    if not views:
        say(
            "Nothing is tracked yet. Next: forewarn tracker from-document DOCUMENT, or tracker add KIND WHAT --source S"
        )
    for one in views:
        day = f"due {one.due_on}" if one.due_on else "no day"
        late = f", overdue {one.overdue_days} days" if one.overdue_days else ""
        say(_line(one), f"  {day}{late}; evidence {len(one.evidence)}; {one.item.source}")


def _tell(view: ItemView, linked: list[ItemView], as_json: bool) -> None:
    if as_json:
        print_json({"view": view, "linked": linked, "entries": [one.entry_id for one in view.history]})
        return
    say(*_item_lines(view, linked))


def _item_lines(view: ItemView, linked: list[ItemView]) -> Iterator[str]:
    yield _line(view)
    day = f"due {view.due_on}" if view.due_on else "no due date"
    yield f"  {day}{f', overdue {view.overdue_days} days' if view.overdue_days else ''}; from {view.item.source}"
    if view.item.kind == "process":
        yield from list(_process_lines(view))[1:]
    if view.item.quote:
        yield f"  “{' '.join(view.item.quote.split())}”"
    for one in linked:
        yield f"  linked: {_line(one)}"
    for entry in view.history:
        said = " ".join(filter(None, (entry.value, entry.source, str(entry.on or ""), entry.note)))
        yield f"  {entry.at.date()} {entry.kind} by {entry.by}: {said} ({short(entry.entry_id)})"


def _process_lines(view: ItemView) -> Iterator[str]:
    last = view.last_report
    yield f"Process: {_line(view)}"
    yield f"  body: {view.owner or 'not said'}; stage: {view.state}; mandate: {view.mandate}"
    yield f"  last public report: {f'{last.source}, {last.on}' if last else 'none recorded'}"


def _case_lines(one: CaseIncident) -> Iterator[str]:
    where = f"{one.country}/{one.admin1}" if one.admin1 else one.country
    yield (
        f"{one.started_on or 'no day'} {where}: {one.act.replace('_', ' ') or 'act not said'}, {one.status}, "
        f"{one.independent_origins} independent origins ({short(one.incident_id)})"
    )
    yield f"  {one.case.words}"
