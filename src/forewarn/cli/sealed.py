"""``forewarn sealed``. Nothing secret is an option: contents, passphrases, codes come from a file or standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, By, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.clock import day_from_text
from forewarn.ids import short
from forewarn.operations import receipts, sealed, sealed_opening, sealed_people

app = typer.Typer(
    add_completion=False,
    help="Identities of reporters, witnesses, victims: sealed, opened by two, withdrawn; receipt codes.",
)

Why = Annotated[str, typer.Option("--why", help="Why; kept for good, so name nobody.")]
About = Annotated[str, typer.Argument(help="The report or item of evidence, by the beginning of its id.")]
Identity = Annotated[str, typer.Argument(help="The sealed identity, by the beginning of its id.", metavar="SID")]
Request = Annotated[str, typer.Argument(help="The request, by the beginning of its id.", metavar="REQUEST")]
KeyFile = Annotated[Path, typer.Option("--key", help="Your key file. Its passphrase is asked for, or read from stdin.")]


@app.command("key")
def _key(
    name: Annotated[str, typer.Argument(help="The custodian's pseudonym.")],
    out: Annotated[Path, typer.Option("--out", help="The key file to write; keep it off this machine.")],
    as_json: AsJson = False,
) -> None:
    """Make a custodian's key under a passphrase, and its public card beside it; needs no workspace."""
    made = sealed_people.new_key(name, out, _secret("Passphrase for the new key"))
    if as_json:
        print_json({"name": made.name, "fingerprint": made.fingerprint, "card": f"{out.name}.card"})
        return
    say(f"Key of {made.name} written to {out.name}, its card to {out.name}.card.", f"Read out: {made.fingerprint}")
    say("Whoever loses the key or the passphrase has lost their half. Nobody else can make it anew.")


@app.command("enrol")
def _enrol(
    card: Annotated[Path, typer.Argument(help="The custodian's card.")],
    why: Why = "custodian of sealed identities",
    voucher: Annotated[
        Path | None, typer.Option("--voucher", help="From the third on: the key file of a custodian who vouches.")
    ] = None,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Enrol a custodian. What is sealed from now on opens with them and any other."""
    secret = _secret("Passphrase of the one who vouches") if voucher else ""
    with workspace_of(workspace) as opened:
        made = sealed_people.enrol(opened, card, by=opened.author(by), why=why, voucher=voucher, passphrase=secret)
    if as_json:
        print_json({"name": made.name, "fingerprint": made.fingerprint})
        return
    say(f"Enrolled {made.name}, {made.fingerprint}.")


@app.command("custodians")
def _custodians(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Who holds half of what opens an identity, as the signed log says."""
    with workspace_of(workspace) as opened:
        found = sealed_people.enrolled(opened)
    if as_json:
        print_json([{"name": one.name, "fingerprint": one.fingerprint} for one in found])
        return
    print_table(f"Custodians: {len(found)}", ("name", "fingerprint"), [(o.name, o.fingerprint) for o in found])


@app.command("retire")
def _retire(
    name: Annotated[str, typer.Argument(help="The custodian's pseudonym.")],
    why: Why,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take a custodian out: nothing more is sealed to them, and they neither ask nor approve."""
    with workspace_of(workspace) as opened:
        left = sealed_people.retire(opened, name, by=opened.author(by), why=why)
    if as_json:
        print_json([one.name for one in left])
        return
    say(f"{name} is custodian no more; left are {', '.join(one.name for one in left)}.")
    say("What was sealed to them before stays so. Have the key file destroyed.")


@app.command("fields")
def _fields(as_json: AsJson = False) -> None:
    """What may be kept, and what each field is needed for; nothing else is taken."""
    told = sealed.declared()
    if as_json:
        print_json(told)
        return
    print_table("Fields", ("field", "needed"), list(told.fields.items()))
    print_table("Roles", ("role", "the person"), list(told.roles.items()))
    print_table("Bases", ("basis", "because"), list(told.bases.items()))
    print_table("Care", ("care", "what to do"), list(told.care.items()))


@app.command("add")
def _add(
    about: About,
    role: Annotated[str, typer.Option("--role", help="reporter, witness or victim.")],
    basis: Annotated[str, typer.Option("--basis", help="consent, vital_interest...: see 'sealed fields'.")],
    scope: Annotated[str, typer.Option("--scope", help="What for, and who may see it, as told to the person.")],
    given_on: Annotated[str, typer.Option("--given-on", help="The day consent was given or the basis began.")],
    until: Annotated[str, typer.Option("--until", help="The last day it holds; default has no end.")] = "",
    care: Annotated[list[str] | None, typer.Option("--care", help="child or sexual_violence; repeat.")] = None,
    file: Annotated[
        Path | None, typer.Option("--from", help="File with the fields as a JSON object; default is standard input.")
    ] = None,
    why: Why = "needed for the stated scope",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Seal an identity to the custodians. Refused unless the node collects identities at all."""
    end = day_from_text(until, where="--until") if until else None
    wish = sealed.Wish(role, basis, scope, day_from_text(given_on, where="--given-on"), end, tuple(care or ()))
    content = sealed.fields_from(sealed.read_file(file) if file else _standard_input())
    with workspace_of(workspace) as opened:
        made = sealed.add(opened, about, content, wish, by=opened.author(by), why=why)
    if as_json:
        print_json({"identity": made.identity, "custodians": [o.name for o in made.custodians], "words": made.words})
        return
    say(*made.words)
    say(f"Sealed as {short(made.identity.sealed_id)} to {', '.join(one.name for one in made.custodians)}.")
    say("Now destroy every other copy: the file it came from, notes, messages.")


@app.command("list")
def _list(
    about: Annotated[str, typer.Option("--about", help="Only behind that report or item.")] = "",
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """What is kept sealed, on which basis, until when. Nothing is opened."""
    with workspace_of(workspace) as opened:
        found = sealed.listed(opened, about)
    if as_json:
        print_json(found)
        return
    columns = ("identity", "role", "behind", "basis", "since", "until", "care")
    lines = [
        (short(o.sealed_id), o.role, short(o.about), o.basis, o.given_on, o.until or "", " ".join(o.care))
        for o in found
    ]
    print_table(f"Sealed identities: {len(found)}", columns, lines)


@app.command("request")
def _request(
    name: Identity,
    reason: Annotated[str, typer.Option("--reason", help="Why it has to be opened; kept for good, name nobody.")],
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Ask to open an identity, as a custodian. You alone will see it, once another allows it."""
    with workspace_of(workspace) as opened:
        made = sealed_opening.ask(opened, name, by=opened.author(by), reason=reason)
    if as_json:
        print_json(made)
        return
    say(f"Asked as {short(made.asking_id)}, until {made.expires_at}. Next: another custodian runs 'sealed approve'.")


@app.command("requests")
def _requests(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Who asked to open what, why, and what came of it."""
    with workspace_of(workspace) as opened:
        found = sealed_opening.askings(opened)
    if as_json:
        print_json([{"request": one, "state": state} for one, state in found])
        return
    columns = ("request", "identity", "by", "state", "allowed by", "reason")
    lines = [(short(o.asking_id), short(o.sealed_id), o.by, state, o.allowed_by, o.reason) for o, state in found]
    print_table(f"Requests: {len(found)}", columns, lines)


@app.command("approve")
def _approve(name: Request, key: KeyFile, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Allow another custodian's request with your key. You do not see the identity."""
    secret = _secret("Passphrase of your key")
    with workspace_of(workspace) as opened:
        made = sealed_opening.allow(opened, name, key, secret)
    if as_json:
        print_json({"asking_id": made.asking_id, "asked_by": made.by})
        return
    say(f"Allowed: {made.by} can open it once, until {made.expires_at}.")


@app.command("open")
def _open(
    name: Request,
    key: KeyFile,
    out: Annotated[Path | None, typer.Option("--out", help="Write it to this new file instead of showing it.")] = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Open what you asked for, once, with your key."""
    secret = _secret("Passphrase of your key")
    with workspace_of(workspace) as opened:
        found = sealed_opening.open_identity(opened, name, key, secret, out)
    if out is not None:
        told = {"sealed_id": found.identity.sealed_id, "out": out.name}
        print_json(told) if as_json else say(f"Written to {out.name}. It is not sealed: destroy it when done.")
    elif as_json:
        print_json({"sealed_id": found.identity.sealed_id, "content": found.content})
    else:
        say(f"Scope: {found.identity.scope}", *(f"{name}: {value}" for name, value in found.content.items()))


@app.command("withdraw")
def _withdraw(
    name: Annotated[str, typer.Argument(help="The sealed identity; leave out to give a receipt code.")] = "",
    ended: Annotated[bool, typer.Option("--ended", help="Every identity whose basis is over, and no other.")] = False,
    why: Why = "withdrawn by the person",
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Destroy an identity at once. Without SID the receipt code of its holder is read."""
    if name and ended:
        raise typer.BadParameter("give the identity or --ended")
    code = "" if name or ended else _secret("Receipt code")
    with workspace_of(workspace) as opened:
        author = opened.author(by)
        if ended:
            made = sealed.withdraw_ended(opened, by=author)
        elif name:
            made = [sealed.withdraw(opened, name, by=author, why=why)]
        else:
            made = [receipts.withdraw_by_code(opened, code, by=author)]
    if as_json:
        print_json(made)
        return
    for one in made:
        say(f"{short(one.sealed_id)} is destroyed.")
        if one.was_opened:
            who = ", ".join(one.opened_by)
            say(f"It was opened {one.was_opened} times before, by {who}: they destroy their copies.")
    if not made:
        say("No basis is over.")


@app.command("receipt")
def _receipt(
    about: About,
    name: Annotated[str, typer.Option("--identity", help="The sealed identity its holder may withdraw.")] = "",
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Make a receipt code for whoever reported; it is shown this once."""
    with workspace_of(workspace) as opened:
        code = receipts.receipt(opened, about, sealed_name=name)
    if as_json:
        print_json({"code": code})
        return
    say(code, "Hand it over by a safe way. It is not kept, and cannot be shown again.")


@app.command("status")
def _status(workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """What became of a report, for the holder of its receipt code; the code is asked for, or read from stdin."""
    code = _secret("Receipt code")
    with workspace_of(workspace) as opened:
        found = receipts.status(opened, code)
    if as_json:
        print_json(found)
        return
    say(found.words, *(["Your identity is kept sealed; you may withdraw it."] if found.is_identity_kept else []))


def _secret(words: str) -> str:
    """A line that never stands on the command line: asked for unseen, or the next of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt(words, hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _standard_input() -> bytes:
    return sys.stdin.buffer.read(sealed.MOST_BYTES + 1)
