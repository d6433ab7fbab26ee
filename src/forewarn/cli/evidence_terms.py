"""``forewarn evidence``: on what terms an item is held, handing items over, and checking what was handed over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, By, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, progress, say
from forewarn.ids import short
from forewarn.model.evidence import Consent, CustodyEntry
from forewarn.operations import evidence_purge, evidence_sharing

__all__ = ["Item", "Sharing", "Why", "add_to", "print_entry", "verify_package"]

Item = Annotated[str, typer.Argument(help="Its id, digest, or their beginning.", metavar="ITEM")]
Why = Annotated[str, typer.Option("--why", help="Why this is done; kept for good, so name nobody.")]
Sharing = Annotated[str, typer.Option("--sharing", help="nobody, investigators, partners or public.")]


def consent(
    name: Item,
    basis: Annotated[str, typer.Option("--basis", help="The consent given, or the other basis.")],
    purpose: Annotated[str, typer.Option("--purpose", help="What it may be used for.")],
    sharing: Sharing,
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Record on what basis, for what, and how far an item may be shared from now on."""
    with workspace_of(workspace) as opened:
        agreed = Consent(basis, purpose, sharing)
        print_entry(
            evidence_sharing.record_consent(opened, name, agreed, by=opened.author(by), why=why), as_json=as_json
        )


def withdraw(name: Item, why: Why, by: By = None, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Record that consent was withdrawn: nothing of the item leaves from now on."""
    with workspace_of(workspace) as opened:
        print_entry(evidence_sharing.withdraw(opened, name, by=opened.author(by), why=why), as_json=as_json)


def record(
    name: Item,
    act: Annotated[str, typer.Argument(help="transfer, grade or decision.", metavar="ACT")],
    note: Annotated[str, typer.Option("--note", help="To whom custody passed, the grade, or what was decided.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Put on record what was done with an item elsewhere: custody passed on, graded, decided."""
    with workspace_of(workspace) as opened:
        made = evidence_sharing.record_act(opened, name, act, note, by=opened.author(by), why=why)
    print_entry(made, as_json=as_json)


def export(
    out: Annotated[Path, typer.Option("--out", help="The folder to make.")],
    to: Annotated[str, typer.Option("--to", help="Who receives it: an institution or role.")],
    purpose: Annotated[str, typer.Option("--purpose", help="What for; it must be the purpose agreed.")],
    why: Why,
    names: Annotated[list[str], typer.Argument(help="The items.", metavar="ITEM...")],
    audience: Annotated[str, typer.Option("--audience", help="investigators, partners or public.")] = "investigators",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Hand items over as a BagIt package that anybody can check without this software."""
    with workspace_of(workspace) as opened:
        made = evidence_sharing.export(
            opened, names, out, to=to, audience=audience, purpose=purpose, by=opened.author(by), why=why
        )
    if as_json:
        print_json(made)
        return
    say(f"{len(made.items)} items in {made.package}. It is not sealed: send it by a way that is.")
    say(f"Tell the receiver by another way: SHA-256 of tagmanifest-sha256.txt is {made.digest}")
    say(f"Next: forewarn evidence verify {made.package}")


def verify_package(package: Path, root: Path | None, *, as_json: bool) -> None:
    """Check a package or certificates where there is no workspace; name what does not hold, and exit 1 then."""
    if package.suffix == ".json":
        _verify_certificates(package, as_json=as_json)
        return
    with progress(quiet=as_json) as report:
        faults = evidence_sharing.check_package(package, root, progress=report)
    digest = evidence_sharing.package_digest(package)
    if as_json:
        told = {"package": package.name, "digest": digest, "roots_checked": root is not None}
        print_json({**told, "holds": not faults, "faults": faults})
    else:
        say(*(f"{one.where}: {one.what}" for one in faults))
        say(f"{len(faults)} do not hold." if faults else "Everything holds. README.txt says what that proves.")
        say(f"SHA-256 of tagmanifest-sha256.txt is {digest}: compare it with what the sender told you by another way.")
    if faults:
        raise typer.Exit(1)


def _verify_certificates(file: Path, *, as_json: bool) -> None:
    faults = evidence_purge.check_certificate(file)
    if as_json:
        print_json({"certificates": file.name, "holds": not faults, "faults": faults})
    else:
        say(*(f"{one.where}: {one.what}" for one in faults))
        say(f"{len(faults)} do not hold." if faults else "Everything holds: the text is the one that was signed.")
        say("Compare the key with what its owner tells you by another way.")
    if faults:
        raise typer.Exit(1)


def print_entry(entry: CustodyEntry, *, as_json: bool) -> None:
    """Tell of an entry that was made."""
    if as_json:
        print_json(entry)
        return
    say(f"Entry {entry.sequence}: {entry.act} of {short(entry.evidence_id)} by {entry.by}.")


def add_to(app: typer.Typer) -> None:
    """Make these commands of ``forewarn evidence``."""
    app.command("consent")(consent)
    app.command("withdraw")(withdraw)
    app.command("record")(record)
    app.command("export")(export)
