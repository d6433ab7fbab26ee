"""``forewarn package``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, By, Out, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, progress, say
from forewarn.errors import InputNotFoundError
from forewarn.ids import short
from forewarn.model.releasability import ACTS
from forewarn.operations import package_post as post
from forewarn.operations import package_sync as syncing
from forewarn.operations import packages as operation
from forewarn.operations import recall as taking_back
from forewarn.web.listening import HOST, bound
from forewarn.web.partners import ADDRESS, serve_partners

app = typer.Typer(
    add_completion=False,
    help="Signed and sealed packages by file or sync: create, open, use; recall, correct, and who has answered.",
)

Folder = Annotated[Path | None, typer.Option("--out", help="Folder to write to; default is the outputs.")]
Package = Annotated[str, typer.Argument(help="The package, or the beginning of its id.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; recipients read it.")]


@app.command("create")
def _create(
    source: Annotated[str, typer.Argument(help="An approved release (rel_...), or a package to pass on (pkg_...).")],
    to: Annotated[list[str] | None, typer.Option("--to", help="A trusted partner; may be given again.")] = None,
    group: Annotated[
        list[str] | None, typer.Option("--group", help="The trusted partners of an arrangement: AU, ECOWAS...")
    ] = None,
    benefit: Annotated[str, typer.Option("--benefit", help="Of what is passed on: whom that helps, and how.")] = "",
    risk: Annotated[
        str, typer.Option("--risk", help="Of what is passed on: whom it could harm, and what is done about that.")
    ] = "",
    out: Folder = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Sign and seal an approved release for partners."""
    with workspace_of(workspace) as opened:
        author, note = opened.author(by), (benefit, risk)
        made = operation.create_package(opened, source, to or (), out, by=author, note=note, groups=group or ())
    if as_json:
        print_json(made)
        return
    say(f"{short(made.package_id)} for {', '.join(made.recipients)}: {made.file}")
    say("PAP:RED: carry the file, no sync takes it." if made.by_hand else "Carry the file, or 'forewarn package sync'.")


@app.command("open")
def _open(
    file: Annotated[Path, typer.Argument(help="A package, notice or answer from a partner.")],
    out: Folder = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Check a package and take it into the partner's own area; write the answer to carry back."""
    with workspace_of(workspace) as opened:
        made = operation.open_package(opened, file, out, by=opened.author(by))
    if as_json:
        print_json(made)
        return
    about = f" on {short(made.subject)}" if made.subject else ""
    say(f"{made.kind}{about} from {made.sender}: {made.rows:,} rows, {short(made.package_id)}.")
    say(*(f"  carry to {', '.join(one.recipients)}: {one.file}" for one in made.answers))


@app.command("write")
def _write(
    package: Annotated[str, typer.Argument(help="A package, notice or answer of ours, or the beginning of its id.")],
    out: Folder = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write the file of something made earlier again, byte for byte."""
    with workspace_of(workspace) as opened:
        made = post.write_package(opened, package, out)
    if as_json:
        print_json(made)
        return
    say(f"{short(made.package_id)} for {', '.join(made.recipients)}: {made.file}")


@app.command("use")
def _use(
    package: Package,
    purpose: Annotated[str, typer.Option("--purpose", help="What you want it for, in the words of its sender.")],
    act: Annotated[
        str,
        typer.Option("--act", help=f"How: {', '.join(ACTS)}. PAP:RED permits the first, PAP:AMBER the first two."),
    ] = "analyse",
    out: Out = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write what a package holds beside our own figures, if purpose, day and permitted actions allow."""
    with workspace_of(workspace) as opened:
        name, rows = operation.use_package(opened, package, purpose, out, act=act)
    if as_json:
        print_json({"file": name, "rows": rows})
        return
    say(f"{rows:,} rows written to {name}.")


@app.command("list")
def _list(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """What was sent and received, on which terms, and what may be used."""
    with workspace_of(workspace) as opened:
        found = operation.packages(opened)
    if as_json:
        print_json(found)
        return
    if not found:
        say("No package was made or opened.", "Next: forewarn package create rel_... --to PARTNER")
        return
    names = ("package", "way", "kind", "partners", "purpose", "until", "labels", "state")
    rows = [
        (
            short(p.package_id),
            p.direction,
            p.kind,
            ", ".join(p.partners),
            p.purpose,
            p.expires_on,
            f"{p.label} {p.permissible_actions}",
            p.state,
        )
        for p in found
    ]
    print_table("Packages", names, rows)


@app.command("recall")
def _recall(
    target: Annotated[str, typer.Argument(help="A package (pkg_...), a claim (clm_...), or with --source its name.")],
    reason: Reason,
    source: Annotated[
        bool, typer.Option("--source", help="Take back everything from the source of that name.")
    ] = False,
    out: Folder = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take back what was sent; writes one notice per package."""
    with workspace_of(workspace) as opened:
        made = taking_back.recall(opened, target, reason, out, by=opened.author(by), is_source=source)
    if as_json:
        print_json(made)
        return
    say(*(f"carry to {', '.join(one.recipients)}: {one.file}" for one in made))


@app.command("correct")
def _correct(
    package: Package,
    release: Annotated[str, typer.Option("--release", help="The approved release that stands in its place.")],
    reason: Reason,
    out: Folder = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Put a new approved release in place of what was sent."""
    with workspace_of(workspace) as opened:
        made = taking_back.correct_package(opened, package, release, reason, out, by=opened.author(by))
    if as_json:
        print_json(made)
        return
    say(f"carry to {', '.join(made.recipients)}: {made.file}")


@app.command("receipts")
def _receipts(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Who has answered what, those at second hand included; who has not comes first."""
    with workspace_of(workspace) as opened:
        found = taking_back.package_receipts(opened)
    if as_json:
        print_json(found)
        return
    if not found:
        say("Nothing was sent.")
        return
    names = ("package", "kind", "recipient", "through", "answered at")
    rows = [
        (
            short(one.package_id),
            one.kind,
            one.recipient,
            one.passed_by,
            one.acknowledged_at or ("recalled" if one.is_recalled else "not yet"),
        )
        for one in found
    ]
    print_table("Answers", names, rows)


@app.command("sync")
def _sync(
    partners: Annotated[list[str] | None, typer.Argument(help="Whom to ask; default all with an address.")] = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Ask partners' servers for what is new, and give them what waits for them."""
    with workspace_of(workspace) as opened, progress(quiet=as_json) as report:
        author = opened.author(by)
        done = list(syncing.sync_packages(opened, partners or (), by=author, progress=report))
    if as_json:
        print_json(done)
    for one in () if as_json else done:
        said = f"{one.partner}: {one.taken:,} received, {one.given:,} given, in {one.requests:,} requests."
        say(said, *([f"  refused here: {one.refused:,}"] if one.refused else []))
        say(*([f"  refused there: {one.refused_there:,}"] if one.refused_there else []))
    failed = [one for one in done if one.problem]
    if failed:
        what = f"{len(failed):,} of {len(done):,} partners: {failed[0].problem}"
        raise InputNotFoundError(what, where="sync", mend="run it again: it goes on from there")


@app.command("serve")
def _serve(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65_535, help="Port to listen on; 0 is any free one.")
    ] = 8401,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Answer partners' servers on 127.0.0.1, by their signatures alone, until stopped with Ctrl-C."""
    with workspace_of(workspace) as opened, bound(port) as listening:
        author, address = opened.author(by), f"http://{HOST}:{listening.getsockname()[1]}{ADDRESS}"
        if as_json:
            print_json({"address": address})
        else:
            say(f"Answering partners on {address}. Lead a tunnel or a proxy with TLS there. Stop with Ctrl-C.")
        try:
            serve_partners(opened, listening, by=author)
        except KeyboardInterrupt:
            say("Stopped.") if not as_json else None
