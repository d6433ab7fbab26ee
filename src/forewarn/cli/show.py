"""``forewarn show``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, By, WorkspaceFolder, workspace_of
from forewarn.cli.output import print_json, say
from forewarn.ids import short
from forewarn.operations.show import Shown, show

app = typer.Typer(add_completion=False)


@app.command()
def _show(
    name: Annotated[str, typer.Argument(help="An id, or its beginning: rpt_..., clm_... or inc_...", metavar="ID")],
    grades: Annotated[
        bool, typer.Option("--grades", help="Show every grade; that you have seen them is kept.")
    ] = False,
    by: By = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """A report, claim or incident, down to the original row."""
    with workspace_of(workspace) as opened:
        shown = show(opened, name, by=by or opened.settings.author, grades=grades)
    if as_json:
        print_json(shown)
        return
    say(*_lines(shown))


def _lines(shown: Shown) -> Iterator[str]:
    yield f"{shown.kind}:"
    yield from (f"  {name}: {value}" for name, value in shown.record.items() if value not in (None, ""))
    if shown.kept_out:
        count = len(shown.kept_out)
        yield f"{count} {'claim' if count == 1 else 'claims'} in quarantine, counted nowhere:"
        yield from (
            f"  {short(one['claim_id'])}: {one['kind']} ({one['of']}): {one['reason']}" for one in shown.kept_out
        )
    for line in shown.corrected:
        said = f"{line['column']} {line['corrected'] or 'not told'}, received as {line['received'] or 'not told'}"
        yield f"{short(line['claim_id'])} corrected: {said}; by {line['by']}: {line['reason']}"
        yield f"  undo with: forewarn review undo {short(line['decision'])} --why '...'"
    for made in shown.overruled:
        yield f"{made['kind']} of {', '.join(made['counts'])} {made['number']}; by {made['by']}: {made['reason']}"
        yield f"  undo with: forewarn casualties undo {short(made['id'])} --why '...'"
    for judgement in shown.judgements:
        pair = f"{short(judgement['left'])} and {short(judgement['right'])}"
        yield f"{pair}: {judgement['verdict']}, by {judgement['author']}: {judgement['reason']}"
        yield f"  undo with: forewarn review undo {short(judgement['judgement_id'])} --why '...'"
    for grade in shown.grades:
        said = f" by {grade['author']}: {grade['reason']}" if grade["author"] else ""
        by = said or f" ({grade['reason'] or 'nobody has graded it'})"
        yield f"{grade['axis']} of {short(grade['subject'])}: {grade['value']}{by}"
    for report in shown.reports:
        yield f"report {short(report['report_id'])}: {report['source_name']}, row {report['row']} of {report['origin']}"
        digest = report["snapshot_id"].removeprefix("snp_")
        yield f"  snapshot SHA-256 {digest}; {report['publisher']}; {report['licence']}"
        cells = shown.rows.get(report["report_id"], {})
        yield from (f"    {name}: {cell}" for name, cell in cells.items() if cell)
