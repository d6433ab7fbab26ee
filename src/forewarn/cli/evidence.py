"""``forewarn evidence``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli import evidence_keeping, evidence_terms
from forewarn.cli.options import AsJson, By, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, progress, say
from forewarn.clock import instant_from_text, instant_text
from forewarn.errors import UsageError
from forewarn.ids import short
from forewarn.model.evidence import CustodyEntry, EvidenceItem
from forewarn.model.provenance import Sensitivity
from forewarn.operations import evidence, evidence_anchor, evidence_check, evidence_find

app = typer.Typer(
    add_completion=False,
    help="Keep originals sealed, with the custody of each; check them, anchor the record, change keys.",
)

Item = Annotated[str, typer.Argument(help="Its id, digest, or their beginning; or where it was got.", metavar="ITEM")]
Why = Annotated[str, typer.Option("--why", help="Why this is done; kept for good, so name nobody.")]


@app.command("add")
def _add(
    file: Annotated[Path, typer.Argument(help="The file to take in; it is read once and left where it is.")],
    where: Annotated[str, typer.Option("--where", help="Where it was got: an address, or a place in general words.")],
    when: Annotated[str, typer.Option("--when", help="When it was acquired, as 2026-01-31T14:00:00Z.")],
    method: Annotated[str, typer.Option("--method", help="How it was acquired: downloaded, handed over, recorded.")],
    why: Annotated[str, typer.Option("--why", help="Why it was collected; name nobody.")],
    tool: Annotated[str, typer.Option("--tool", help="The tool and its version.")] = "none",
    basis: Annotated[str, typer.Option("--basis", help="The consent or other basis on which it is held.")] = "",
    purpose: Annotated[str, typer.Option("--purpose", help="What it may be used for.")] = "",
    sharing: Annotated[str, typer.Option(help="nobody, investigators, partners or public.")] = "nobody",
    retention: Annotated[str, typer.Option(help="The class of retention; default is by sensitivity.")] = "",
    sensitivity: Annotated[Sensitivity, typer.Option(help="What disclosure could do.")] = Sensitivity.SEVERE,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Seal an original with the circumstances of its acquisition."""
    said = evidence.Acquisition(
        where, instant_from_text(when, where="--when"), method, why, tool=tool, sharing=sharing, retention=retention,
        basis=basis or evidence.NOT_RECORDED, purpose=purpose or evidence.NOT_RECORDED, sensitivity=sensitivity,
    )  # fmt: skip
    with workspace_of(workspace) as opened:
        made = evidence.add(opened, file, said, by=opened.author(by))
    if as_json:
        print_json(_plain(made))
        return
    say(f"Sealed as {short(made.evidence_id)}: {made.size_bytes:,} bytes, {made.sensitivity}, shared with {sharing}.")
    say("Keep a copy of the evidence key apart from the workspace: without it nothing can be opened.")


@app.command("list")
def _list(
    where: Annotated[str, typer.Option("--where", help="Only what was got from that very address or place.")] = "",
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """What is on record; nothing is unsealed."""
    with workspace_of(workspace) as opened:
        found = evidence.listed(opened, where)
    if as_json:
        print_json([_plain(one) for one in found])
        return
    columns = ("item", "bytes", "acquired", "how", "sensitivity", "retention", "derived from")
    lines = [
        (short(o.evidence_id), o.size_bytes, instant_text(o.acquired_at), o.method, o.sensitivity.value, o.retention,
         short(o.derived_from)) for o in found
    ]  # fmt: skip
    print_table(f"Evidence: {len(found)}", columns, lines)


@app.command("find")
def _find(
    words: Annotated[str, typer.Argument(help="An address, a name, a tag, or a part of one.", metavar="WORDS")],
    why: Annotated[str, typer.Option("--why", help="Why you look; found items are logged as read.")],
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Items by the sealed name or index: captured addresses, parts of containers, titles, tags. Logged."""
    with workspace_of(workspace) as opened, progress(quiet=as_json) as report:
        found = evidence_find.find_sealed(opened, words, by=opened.author(by), why=why, progress=report)
    if as_json:
        print_json([{"evidence_id": one.item.evidence_id, "places": one.places} for one in found])
        return
    lines = [(short(one.item.evidence_id), path, text) for one in found for path, text in one.places]
    print_table(f"Found: {len(found)}", ("item", "where", "what stands there"), lines)


@app.command("show")
def _show(
    name: Item,
    why: Annotated[str, typer.Option("--why", help="Why you look; the look is logged.")],
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """An item with its index and custody. Looking is logged."""
    with workspace_of(workspace) as opened:
        found = evidence.show(opened, name, by=opened.author(by), why=why)
    if as_json:
        print_json({"item": _plain(found.item), "described": found.described, "is_purged": found.is_purged,
                    "custody": found.custody})  # fmt: skip
        return
    say(*(f"{key}: {value}" for key, value in _plain(found.item).items() if value != ""))
    say("purged" if found.is_purged else f"name: {found.described.get('name')} ({found.described.get('media_type')})")
    _print_custody("Custody", found.custody)


@app.command("copy")
def _copy(
    name: Item,
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write a working copy, unsealed; the original stays as it is. Logged."""
    with workspace_of(workspace) as opened:
        made = evidence.copy_out(opened, name, out, by=opened.author(by), why=why)
    if as_json:
        print_json({"evidence_id": made.evidence_id, "out": out.name})
        return
    say(f"Copied {short(made.evidence_id)} to {out.name}. It is not sealed: delete it when done.")


@app.command("verify")
def _verify(
    package: Annotated[
        Path | None, typer.Argument(help="A package, folder or ZIP, or certificates; default is all evidence here.")
    ] = None,
    root: Annotated[Path | None, typer.Option("--root", help="The timestamping authority's root, PEM.")] = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Check the log, the records and every sealed file, or a package; name what does not hold."""
    if package is not None:
        evidence_terms.verify_package(package, root, as_json=as_json)
        return
    if root is not None:
        raise UsageError("is for a package", where="--root", mend="name the package")
    with workspace_of(workspace) as opened, progress(quiet=as_json) as report:
        found = evidence_check.check(opened, progress=report)
    if as_json:
        print_json({**{n: getattr(found, n) for n in ("entries", "items", "purged", "anchors", "faults")},
                    "holds": found.holds})  # fmt: skip
    else:
        say(*(f"{one.where}: {one.what}" for one in found.faults))
        count = (
            f"{found.entries:,} entries, {found.items:,} items ({found.purged:,} purged), {found.anchors:,} timestamps"
        )
        say(f"{count}: " + ("everything holds." if found.holds else f"{len(found.faults)} do not hold."))
        say("This proves that nothing changed since intake, and says nothing of whether what an item shows is true.")
    if not found.holds:
        raise typer.Exit(1)


@app.command("log")
def _log(
    name: Annotated[str, typer.Option("--item", help="Only of this item.")] = "",
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """The custody log: who did what, when and why."""
    with workspace_of(workspace) as opened:
        found = evidence.log_of(opened, name)
    if as_json:
        print_json(found)
        return
    _print_custody(f"Custody: {len(found)} entries", found)


@app.command("anchor")
def _anchor(
    authority: Annotated[str, typer.Option("--authority", help="Address of a timestamping authority to ask.")] = "",
    root: Annotated[Path | None, typer.Option("--root", help="The authority's root certificate, PEM.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the head to this file, for a witness.")] = None,
    why: Annotated[str, typer.Option("--why", help="Why.")] = "daily anchor",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Have the log's head timestamped by an authority (RFC 3161), or write it for an outside witness."""
    with workspace_of(workspace) as opened:
        made = evidence_anchor.anchored(opened, authority, root, out, by=opened.author(by), why=why)
    if as_json:
        print_json(made)
        return
    say(*(f"{key}: {value}" for key, value in made.items()))


@app.command("rotate-key")
def _rotate(why: Why, by: By = None, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Make a new evidence key and wrap every item's key by it; the old one opens nothing any more."""
    with workspace_of(workspace) as opened:
        count = evidence_check.rotate(opened, by=opened.author(by), why=why)
    if as_json:
        print_json({"keys": count})
        return
    say(f"{count} keys wrapped anew. Copy the new key file apart, and destroy the copies of the old one.")


evidence_terms.add_to(app)
evidence_keeping.add_to(app)


def _plain(item: EvidenceItem) -> dict[str, object]:
    return dict(item.record())


def _print_custody(title: str, entries: Sequence[CustodyEntry]) -> None:
    lines = [(o.sequence, instant_text(o.at), o.act, short(o.evidence_id), o.by, o.why) for o in entries]
    print_table(title, ("entry", "when", "act", "item", "by", "why"), lines)
