"""``forewarn review``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from forewarn.cli.entered import say_pending
from forewarn.cli.options import AsJson, By, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, say
from forewarn.errors import UsageError
from forewarn.ids import is_id, short
from forewarn.operations import review

app = typer.Typer(
    add_completion=False, help="Judge what the rule was unsure of; take a judgement back; grade sources and claims."
)

Why = Annotated[str, typer.Option("--why", help="The reason, in a sentence. It is kept.")]
_BESIDE = ("act", "started_on", "ended_on", "place_name", "admin1", "country", "parties", "alleged_by", "target")
_COUNTS = ("deaths", "civilian_deaths", "injured", "abducted", "detained", "displaced")


@app.command("list")
def _list(
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many items to show.")] = 20,
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            help="Only this kind: confirmation, link, apart, grew, grade, extraction, element; "
            "indicator and machine-link are listed only so.",
        ),
    ] = "",
    unit: Annotated[
        str, typer.Option("--unit", help="Only what lies in this country, or first-level area as XAA/Area.")
    ] = "",
    after: Annotated[str, typer.Option("--after", help="Go on behind this item, the last of the page before.")] = "",
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """What waits for a person, what most hangs on first."""
    with workspace_of(workspace) as opened:
        listed = review.waiting(opened, limit=limit, kind=kind, unit=unit, after=after)
    if as_json:
        print_json(listed.items)
        return
    if not listed.items and after:
        say("Nothing waits behind it.", "Next: forewarn review list")
        return
    if not listed.items:
        say("Nothing waits for review.", "Next: forewarn assess, once more has been collected")
        return
    for item in listed.items:
        say(*_listed(item), "")
    say(
        f"{len(listed.items):,} of {listed.total:,} shown, what most hangs on first: {_counted(listed.counts)}.",
        f"Further: forewarn review list --after {short(listed.items[-1].item)}",
        "Next: forewarn review show ITEM, then forewarn review decide ITEM --verdict ... --why '...'",
    )


@app.command("show")
def _show(
    name: Annotated[str, typer.Argument(help="An item, incident, claim or decision: its id or the beginning.")],
    limit: Annotated[int, typer.Option("--claims", min=1, help="How many of its claims to show.")] = 10,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """An item in full: claims side by side, the original text, what was decided before."""
    with workspace_of(workspace) as opened:
        shown = review.show_item(opened, name, limit=limit)
    if as_json:
        print_json(shown)
        return
    say(*_full(shown))


@app.command("decide")
def _decide(
    first: Annotated[str, typer.Argument(help="An item, or a claim: its id or the beginning.")],
    second: Annotated[str, typer.Argument(help="With a claim: another.")] = "",
    verdict: Annotated[str, typer.Argument(help="With two claims: same, different or unsure.")] = "",
    *,
    why: Why,
    answer: Annotated[str, typer.Option("--verdict", help="With an item: one of the verdicts it is listed with.")] = "",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Answer an item, or record whether two claims speak of one happening."""
    said = answer or verdict
    if not said or (answer and verdict):
        raise UsageError("no one verdict is given", where="--verdict", mend="give it once")
    with workspace_of(workspace) as opened:
        who = opened.author(by)
        if second:
            made = review.decide(opened, first, second, said, by=who, why=why)
        else:
            made = review.decide_item(opened, first, said, by=who, why=why)
    _tell(made, as_json)


@app.command("correct")
def _correct(
    claim: Annotated[str, typer.Argument(help="The claim's id, or its beginning.")],
    values: Annotated[
        list[str],
        typer.Argument(
            help="COLUMN=VALUE, such as deaths_best=12; nothing behind the sign where the report is silent."
        ),
    ],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say what a claim should read where it was read wrongly; the claim as received stays beside it."""
    with workspace_of(workspace) as opened:
        made = review.correct(opened, claim, review.pairs_from(values), by=opened.author(by), why=why)
    _tell(made, as_json)


@app.command("confirm")
def _confirm(
    decision: Annotated[str, typer.Argument(help="The decision's id, or its beginning.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Confirm what another person decided on sensitive claims; from then on it holds."""
    with workspace_of(workspace) as opened:
        made = review.confirm(opened, decision, by=opened.author(by), why=why)
    _tell(made, as_json)


@app.command("split")
def _split(
    incident: Annotated[str, typer.Argument(help="The incident's id, or its beginning.")],
    claims: Annotated[list[str], typer.Argument(help="The claims to take out of it.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take claims out of an incident: they become one of their own."""
    with workspace_of(workspace) as opened:
        made = review.split(opened, incident, claims, by=opened.author(by), why=why)
    _tell(made, as_json)


@app.command("move")
def _move(
    claim: Annotated[str, typer.Argument(help="The claim's id, or its beginning.")],
    incident: Annotated[str, typer.Argument(help="The incident it belongs to.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take a claim out of its incident and put it into another."""
    with workspace_of(workspace) as opened:
        made = review.move(opened, claim, incident, by=opened.author(by), why=why)
    _tell(made, as_json)


@app.command("merge")
def _merge(
    first: Annotated[str, typer.Argument(help="An incident's id, or its beginning.")],
    second: Annotated[str, typer.Argument(help="Another.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Make two incidents one."""
    with workspace_of(workspace) as opened:
        made = review.merge(opened, first, second, by=opened.author(by), why=why)
    _tell(made, as_json)


@app.command("undo")
def _undo(
    judgement: Annotated[str, typer.Argument(help="The judgement's or decision's id, or its beginning.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take a judgement or a decision back; what held before it holds again."""
    with workspace_of(workspace) as opened:
        made = review.undo(opened, judgement, by=opened.author(by), why=why)
    _tell(made, as_json)


@app.command("history")
def _history(
    name: Annotated[str, typer.Argument(help="Only what concerns this item, incident, claim or decision.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many decisions to show.")] = 20,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """What people decided, who confirmed it, and what was taken back; the latest first."""
    with workspace_of(workspace) as opened:
        entries = review.history(opened, name, limit=limit)
    if as_json:
        print_json(entries)
        return
    if not entries:
        say("Nobody has decided anything yet.", "Next: forewarn review list")
    for entry in entries:
        say(*_entry(entry))


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
    if made.state == "pending":
        say_pending(made.decision)
        return
    if not made.decision:
        say(f"Graded; kept as {short(made.id)}.")
        return
    say(f"Kept as {short(made.id)}; there are {made.incidents:,} incidents now.")
    if made.changes:
        values = "value" if made.changes == 1 else "values"
        say(f"It changes {made.changes:,} {values}; 'forewarn review history {short(made.decision)}' lists them.")
    if made.judgements > 1:
        say(f"It makes {made.judgements:,} judgements, undone as one.")
    if made.touched:
        named = ", ".join(short(one) for one in made.touched[:6])
        say(f"The claims are in {named}{' ...' if len(made.touched) > 6 else ''}.")


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in counts.items())


def _listed(item: Any) -> Iterator[str]:
    names = " and ".join(short(one) if is_id(one) else one for one in (item.left, item.right) if one)
    yield f"{short(item.item)} [{item.kind}] {names}: {item.reason}"
    weight = [f"up to {item.deaths:,} deaths told" if item.deaths is not None else "deaths unknown"]
    weight += ["an open alert rests on it"] if item.in_alert else []
    weight += [f"sensitivity {item.sensitivity}", *item.units]
    yield f"  {'; '.join(weight)}"
    yield from (f"  {text}" for text in (item.left_text, item.right_text) if text)
    yield f"  {item.asked} {_answers(item)}"


def _answers(item: Any) -> str:
    """What may be said to an item: its verdicts, the command that says more, or both."""
    return ", or: ".join(filter(None, (" | ".join(item.verdicts), item.command)))


def _full(shown: Any) -> Iterator[str]:
    if (item := shown.item) is not None:
        yield f"{short(item.item_id)} [{item.kind}] {item.asked}"
        yield f"  {item.reason}"
        score = "" if item.score is None else f"; the machine's score {item.score:.2f}"
        yield f"  sensitivity {item.sensitivity}; {', '.join(item.units) or 'place not said'}{score}"
        yield f"  answer: {_answers(item)}"
    yield from ("", *_beside(shown.claims), "")
    if shown.more:
        yield f"and {shown.more:,} more claims; --claims N shows more of them"
    for claim, columns in shown.corrected.items():
        yield from (f"{short(claim)} corrected: {name} was {before or 'not told'}" for name, before, _ in columns)
    for original in shown.originals:
        yield f"{short(original.claim_id)}: {original.source}, row {original.row}"
        yield f"  {_marked(original)}"
    yield from ("", shown.note)
    for entry in shown.history:
        yield from _entry(entry)


def _beside(claims: list[dict[str, Any]]) -> Iterator[str]:
    """The claims side by side, a line a field, differences marked; below one another where there are more than two."""
    rows = [("", *(short(claim["claim_id"]) for claim in claims))]
    rows += [(name, *(_value(claim[name]) for claim in claims)) for name in _BESIDE]
    rows += [(name, *(_range(claim, name) for claim in claims)) for name in _COUNTS]
    rows = [row for row in rows if any(row[1:])]
    if len(claims) > 2:
        for position in range(1, len(claims) + 1):
            said = (f"{row[0]}: {row[position]}" for row in rows[1:] if row[position])
            yield f"{rows[0][position]}  {'; '.join(said)}"
        return
    width = max((len(row[1]) for row in rows), default=0)
    for name, *values in rows:
        mark = "|" if len(set(values)) < 2 or not name else "#"
        yield f"  {name:<16}{values[0]:<{min(width, 60)}}{f' {mark} {values[1]}' if len(values) > 1 else ''}"


def _value(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value or "")


def _range(claim: dict[str, Any], name: str) -> str:
    ends = [claim[f"{name}_{end}"] for end in ("low", "best", "high")]
    known = sorted({end for end in ends if end is not None})
    return "-".join(f"{end:,}" for end in (known[:1] + known[-1:] if len(known) > 1 else known))


def _marked(original: Any) -> str:
    """The cell as received with the words the claim rests on between marks."""
    if not original.column:
        return "(the words stand in no one cell of the original, or its bytes are gone: see 'forewarn show')"
    text, start, end = original.text, original.start, original.end
    return f"{original.column}: {text[:start]}>>{text[start:end]}<<{text[end:]}"


def _entry(entry: Any) -> Iterator[str]:
    about = " and ".join(short(one) if is_id(one) else one for one in entry.subjects[:2]) + (
        " ..." if len(entry.subjects) > 2 else ""
    )
    second = f", confirmed by {entry.confirmed_by}" if entry.confirmed_by else ""
    yield f"{entry.at} {short(entry.decision)} {entry.verdict}: {about}; by {entry.by}{second}: {entry.why}"
    took = f"; takes back {short(entry.undoes)}" if entry.undoes else ""
    if entry.changes:
        yield f"  {', '.join(entry.changes[:8])}{' ...' if len(entry.changes) > 8 else ''}"
    yield f"  {entry.state}{' (waits for a second person)' if entry.state == 'pending' else ''}{took}"
