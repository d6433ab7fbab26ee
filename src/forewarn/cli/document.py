"""``forewarn document``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from forewarn.cli.document_text import document_lines, hit_lines, parsed_lines, position_lines, undertaking_lines
from forewarn.cli.options import AsJson, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, print_table, progress, say
from forewarn.clock import day_from_text
from forewarn.errors import UsageError
from forewarn.ids import short
from forewarn.model.document_json import document_as_plain
from forewarn.operations import document
from forewarn.operations.document import Asked
from forewarn.operations.document_files import Parsed, parse_files, require_format, write_documents, written_form
from forewarn.operations.positions import positions

app = typer.Typer(
    add_completion=False, help="Take UN documents apart; search them; follow a State's positions and undertakings."
)

State = Annotated[
    str, typer.Option("--speaker-state", "--state", help="Only what is said for this State: code or name.")
]
Theme = Annotated[str, typer.Option("--theme", help="Only where this theme is spoken of, see 'document themes'.")]
First = Annotated[str | None, typer.Option("--from", help="Only documents of this day and later, YYYY-MM-DD.")]
Last = Annotated[str | None, typer.Option("--to", help="Only documents of this day and earlier, YYYY-MM-DD.")]
_NOTHING_KEPT = "No document is kept yet. Next: forewarn collect un-document FILE..."


@app.command("parse")
def _parse(
    files: Annotated[list[Path], typer.Argument(help="Texts: txt, Markdown, HTML, docx, PDF with a text layer.")],
    form: Annotated[
        str | None, typer.Option("--format", help="json or akn: print, or write, the documents in this form.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for one file a document; default is to print.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take texts apart: who spoke, what they refer to, undertake and speak of. Needs no workspace."""
    wanted = require_format(form) if form else "json" if as_json or out else ""
    with progress(quiet=as_json or bool(form)) as report:
        parsed = parse_files(files, progress=report)
    if out is not None:
        written = write_documents(parsed, out, wanted)
        _tell_written(parsed, written, as_json)
    elif wanted == "akn":
        _print_akn(parsed)
    elif wanted:
        plain = [document_as_plain(one.document) for one in parsed if one.document]
        if plain:
            print_json(plain[0] if len(files) == 1 else plain)
    else:
        say(*(line for one in parsed if one.document for line in parsed_lines(one.file, one.document)))
    _fail_as_the_first(parsed, as_json=as_json or bool(form))


@app.command("list")
def _list(
    cites: Annotated[str, typer.Option("--cites", help="Only documents that refer to this symbol.")] = "",
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """The documents that are kept, newest first."""
    with workspace_of(workspace) as opened:
        found = document.list_documents(opened, cites=cites)
    if as_json:
        print_json(found)
        return
    if not found:
        say(f"No document refers to {cites}." if cites else _NOTHING_KEPT)
        return
    columns = ("document", "dated", "class", "speeches", "references", "undertakings", "files", "title")
    rows = [
        (
            one.symbol or short(one.document_id),
            one.dated_on or "no date",
            one.cls,
            one.speeches,
            one.references,
            one.undertakings,
            one.files,
            one.title[:60],
        )
        for one in found
    ]
    print_table(f"{len(found):,} documents", columns, rows)
    say("Next: forewarn document show DOCUMENT, or forewarn document search WORDS")


@app.command("show")
def _show(
    name: Annotated[str, typer.Argument(help="A symbol, or an id or its beginning.", metavar="SYMBOL|ID")],
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """One document: what it is, who spoke, what was found; with --json, all of it."""
    with workspace_of(workspace) as opened:
        found = document.show(opened, name)
    if as_json:
        print_json(document_as_plain(found))
        return
    say(*document_lines(found))


@app.command("search")
def _search(
    words: Annotated[
        list[str], typer.Argument(help='Words that all stand there; "words in quotes" in this order; begin* a word.')
    ],
    state: State = "",
    theme: Theme = "",
    first: First = None,
    last: Last = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many passages to show.")] = 20,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Where words stand: document, paragraph, speaker and the passage."""
    with workspace_of(workspace) as opened:
        found = document.search(opened, " ".join(words), _asked(state, theme, first, last), limit=limit)
        is_empty = not found and not document.list_documents(opened)
    if as_json:
        print_json(found)
        return
    if not found:
        say(_NOTHING_KEPT if is_empty else "Nothing holds these words. Try fewer, or the beginning of one: protect*")
    for hit in found:
        say(*hit_lines(hit), "")
    if len(found) == limit:
        say(f"The first {limit:,}; --limit shows more.")


@app.command("positions")
def _positions(
    state: Annotated[str, typer.Argument(help="A State, by code or name; or a body, by name.")],
    theme: Annotated[str, typer.Option("--theme", help="A code; 'forewarn document themes' lists them.")],
    first: First = None,
    last: Last = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """How one State's wording on a theme changes: quotes, and what came and went. No State is scored."""
    with workspace_of(workspace) as opened:
        found = positions(opened, _asked(state, theme, first, last))
        is_empty = not found and not document.list_documents(opened)
    if as_json:
        print_json(found)
        return
    if not found:
        nothing = (
            f"No words of {state} on {theme} are kept. Next: forewarn document search WORDS --speaker-state {state}"
        )
        say(_NOTHING_KEPT if is_empty else nothing)
        return
    for one in found:
        say(*position_lines(one), "")
    say("Words that came or went are no finding: what a speech leaves out may stand elsewhere.")


@app.command("undertakings")
def _undertakings(
    state: State = "",
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Only this kind: commits, calls_for, supports ...; repeatable.")
    ] = None,
    theme: Theme = "",
    first: First = None,
    last: Last = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many to show.")] = 1_000,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """What speakers commit to, ask for and take positions on, each with its sentence."""
    with workspace_of(workspace) as opened:
        asked = _asked(state, theme, first, last)
        found = document.undertakings(opened, asked, kinds=kind or (), limit=limit)
        is_empty = not found and not document.list_documents(opened)
    if as_json:
        print_json(found)
        return
    if not found:
        say(_NOTHING_KEPT if is_empty else "No undertaking is of this kind. Leave out an option to see more.")
    for one in found:
        say(*undertaking_lines(one), "")
    if len(found) == limit:
        say(f"The first {limit:,}; --limit shows more.")


@app.command("themes")
def _themes(as_json: AsJson = False) -> None:
    """The codes that sentences are marked with."""
    found = document.themes()
    if as_json:
        print_json(found)
        return
    print_table("Themes", ("code", "list", "stands for"), [(one.code, one.scheme, one.label) for one in found])


def _asked(state: str, theme: str, first: str | None, last: str | None) -> Asked:
    days = [
        None if day is None else day_from_text(day, where=option) for day, option in ((first, "--from"), (last, "--to"))
    ]
    if days[0] and days[1] and days[0] > days[1]:
        raise UsageError("is after --to", where="--from", mend="give the earlier day first")
    return Asked(state, theme, days[0], days[1])


def _print_akn(parsed: Sequence[Parsed]) -> None:
    """One file as XML; several as JSON, for one stream holds one XML document."""
    made = [(one.file, written_form(one.document, "akn").decode()) for one in parsed if one.document]
    if len(parsed) == 1:
        typer.echo("".join(xml for _, xml in made), nl=bool(made))
    else:
        print_json([{"file": file, "akn": xml} for file, xml in made])


def _tell_written(parsed: Sequence[Parsed], written: Sequence[Path], as_json: bool) -> None:
    done = zip((one for one in parsed if one.document), written, strict=True)
    rows = [dict(_summary(one, path)) for one, path in done]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        say(f"{row['file']}: {row['class']}, {row['speeches']} speeches, written to {row['written']}")


def _summary(one: Parsed, path: Path) -> Iterator[tuple[str, Any]]:
    found = one.document
    if found is not None:
        yield from (("file", one.file), ("document_id", found.document_id), ("symbols", found.symbols))
        yield from (("class", found.cls), ("speeches", len(found.speeches)), ("written", path.name))


def _fail_as_the_first(parsed: Sequence[Parsed], *, as_json: bool) -> None:
    """Name every file that was refused; the first error is the command's."""
    failed = [one.error for one in parsed if one.error]
    for error in failed[1:]:
        typer.echo(json.dumps(error.as_dict(), ensure_ascii=False) if as_json else str(error), err=True)
    if failed:
        raise failed[0]
