"""``forewarn evidence``: redacting, holding, what is due, erasing for good, and the certificate of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from forewarn.cli.evidence_terms import Item, Sharing, Why, print_entry
from forewarn.cli.options import AsJson, By, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, progress, say
from forewarn.errors import UsageError, shorten
from forewarn.ids import short
from forewarn.model.provenance import Sensitivity
from forewarn.operations import evidence_keeping, evidence_purge, evidence_redact
from forewarn.operations.evidence_redact import Box, Marks, Span

__all__ = ["add_to"]

Who = Annotated[str, typer.Option("--by", help="Who holds, or lets go: a pseudonym or role.")]
CertificateFile = Annotated[Path | None, typer.Option("--out", help="Write the certificates to this file.")]


Spans = Annotated[list[str] | None, typer.Option("--span", help="FROM:TO, characters of a text to mask; repeatable.")]
Boxes = Annotated[
    list[str] | None,
    typer.Option(
        "--box",
        help="LEFT,TOP,WIDTH,HEIGHT in pixels to mask; PAGE: before it for one page, FROM-TO: (seconds) on a film.",
    ),
]


def redact(
    name: Item,
    why: Why,
    span: Spans = None,
    box: Boxes = None,
    sharing: Sharing = "nobody",
    sensitivity: Annotated[
        Sensitivity | None, typer.Option(help="Of the derivative; default is the original's.")
    ] = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Make a derivative with parts masked, metadata stripped and sound dropped; the original stays as it is."""
    marked = Marks(tuple(_span(one) for one in span or []), tuple(_box(one) for one in box or []))
    with workspace_of(workspace) as opened, progress(quiet=as_json) as report:
        made, still = evidence_redact.redact(
            opened, name, marked, by=opened.author(by), why=why, sharing=sharing, sensitivity=sensitivity,
            progress=report,
        )  # fmt: skip
    if as_json:
        print_json({**made.record(), "still_at": still})
        return
    say(f"Sealed as {short(made.evidence_id)}: {made.method}, made from {short(made.derived_from)}.")
    say(*(f"What was masked stands unmasked at {start}:{end} of the original." for start, end in still))
    say("Look at it before it is shared: 'forewarn evidence copy'.")


def hold(name: Item, why: Why, by: Who, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Hold an item: nothing of it is purged until whoever held it lets go."""
    with workspace_of(workspace) as opened:
        print_entry(evidence_keeping.hold(opened, name, by=by, why=why), as_json=as_json)


def release_hold(name: Item, why: Why, by: Who, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Let go of one's own hold."""
    with workspace_of(workspace) as opened:
        print_entry(evidence_keeping.release_hold(opened, name, by=by, why=why), as_json=as_json)


def due(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Items whose period is over. Nothing is purged by itself."""
    with workspace_of(workspace) as opened:
        waiting = evidence_keeping.due(opened)
    if as_json:
        print_json([one.record() for one in waiting])
        return
    lines = [
        (short(o.evidence_id), o.retention, str(evidence_keeping.ends_on(o)), o.sensitivity.value) for o in waiting
    ]
    print_table(f"Due: {len(waiting)}", ("item", "class", "kept until", "sensitivity"), lines)


def purge(
    why: Why,
    names: Annotated[list[str] | None, typer.Argument(help="The items.", metavar="[ITEM]...")] = None,
    all_due: Annotated[bool, typer.Option("--due", help="All whose period is over.")] = False,
    early: Annotated[bool, typer.Option("--early", help="Although its period is not over.")] = False,
    collected: Annotated[
        bool, typer.Option("--collected", help="With what was read from the same bytes where they were collected.")
    ] = False,
    out: CertificateFile = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Erase items and what was made from them, for good, with a signed certificate of each."""
    with workspace_of(workspace) as opened:
        wanted = [*(names or []), *([one.evidence_id for one in evidence_keeping.due(opened)] if all_due else [])]
        if not wanted and not all_due:
            raise UsageError("names no item", where="purge", mend="name one, or give --due")
        made = evidence_purge.purge(
            opened, wanted, by=opened.author(by), why=why, is_early=early, with_collected=collected
        )  # fmt: skip
    _tell(made, out, as_json=as_json)


def certificate(
    name: Item, out: CertificateFile = None, workspace: WorkspaceFolder = None, as_json: AsJson = False
) -> None:
    """The certificate of an item that was purged, again."""
    with workspace_of(workspace) as opened:
        made = evidence_purge.certificate_of(opened, name)
    _tell([made], out, as_json=as_json)


def _span(given: str) -> Span:
    start, end = _numbers(given, given.split(":"), 2, "--span", "FROM:TO")
    return int(start), int(end)


def _box(given: str) -> Box:
    form = "LEFT,TOP,WIDTH,HEIGHT, with PAGE: or FROM-TO: before it"
    before, _, sides = given.rpartition(":")
    left, top, width, height = map(int, _numbers(given, sides.split(","), 4, "--box", form))
    if "-" in before:
        start, end = _numbers(given, before.split("-"), 2, "--box", form)
        return Box(left, top, width, height, from_s=start, to_s=end)
    page = int(_numbers(given, [before], 1, "--box", form)[0]) if before else 0
    return Box(left, top, width, height, page=page)


def _numbers(given: str, parts: list[str], count: int, where: str, form: str) -> list[float]:
    if len(parts) != count or not all(re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,3})?", part) for part in parts):
        raise UsageError(f"'{shorten(given, 40)}' has another form", where=where, mend=f"give {form}")
    return [float(part) for part in parts]


def _tell(made: Sequence[dict[str, Any]], out: Path | None, *, as_json: bool) -> None:
    if out is not None:
        evidence_purge.write_certificates(made, out)
    if as_json:
        print_json(made)
        return
    for one in made:
        say(f"Erased {short(one['evidence_id'])} at {one['purged_at']}: {', '.join(one['destroyed'])}.")
        say(*(f"  left before: {line}" for line in one["left_before"]))
        say(*(f"  still said, for you to settle: {line}" for line in one["still_said"]))
        say(f"  certificate {short(one['digest'])}, signed by {one['signer']} with key {one['key'][:16]}")
    say(made[0]["statement"] if made else "Nothing is due.")
    if any(line.endswith(" rows of claims") for one in made for line in one["destroyed"]):
        say("Next: forewarn assess")


def add_to(app: typer.Typer) -> None:
    """Make these commands of ``forewarn evidence``."""
    app.command("redact")(redact)
    app.command("hold")(hold)
    app.command("release-hold")(release_hold)
    app.command("due")(due)
    app.command("purge")(purge)
    app.command("certificate")(certificate)
