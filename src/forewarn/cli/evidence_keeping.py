"""``forewarn evidence``: holding, what is due, erasing for good, and the certificate of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from forewarn.cli.evidence_terms import Item, Why, print_entry
from forewarn.cli.options import AsJson, By, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.errors import UsageError
from forewarn.ids import short
from forewarn.operations import evidence_keeping, evidence_purge

__all__ = ["add_to"]

Who = Annotated[str, typer.Option("--by", help="Who holds, or lets go: a pseudonym or role.")]
CertificateFile = Annotated[Path | None, typer.Option("--out", help="Write the certificates to this file.")]


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
        made = evidence_purge.purge(opened, wanted, by=opened.author(by), why=why, is_early=early) if wanted else []
    _tell(made, out, as_json=as_json)


def certificate(
    name: Item, out: CertificateFile = None, workspace: WorkspaceFolder = None, as_json: AsJson = False
) -> None:
    """The certificate of an item that was purged, again."""
    with workspace_of(workspace) as opened:
        made = evidence_purge.certificate_of(opened, name)
    _tell([made], out, as_json=as_json)


def _tell(made: Sequence[dict[str, Any]], out: Path | None, *, as_json: bool) -> None:
    if out is not None:
        evidence_purge.write_certificates(made, out)
    if as_json:
        print_json(made)
        return
    for one in made:
        say(f"Erased {short(one['evidence_id'])} at {one['purged_at']}: {', '.join(one['destroyed'])}.")
        say(*(f"  left before: {line}" for line in one["left_before"]))
        say(f"  certificate {short(one['digest'])}, signed by {one['signer']} with key {one['key'][:16]}")
    say(made[0]["statement"] if made else "Nothing is due.")


def add_to(app: typer.Typer) -> None:
    """Make these commands of ``forewarn evidence``."""
    app.command("hold")(hold)
    app.command("release-hold")(release_hold)
    app.command("due")(due)
    app.command("purge")(purge)
    app.command("certificate")(certificate)
