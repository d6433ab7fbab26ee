"""``forewarn themes``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from forewarn.cli.options import AsJson, Day, WorkspaceFolder, day_of, workspace_of
from forewarn.cli.output import print_json, print_table, say
from forewarn.clock import month_from_text, month_label
from forewarn.errors import UsageError
from forewarn.ids import short
from forewarn.operations import themes

app = typer.Typer(add_completion=False)

_MOST_LISTED = 10


@app.command()
def _themes(
    theme: Annotated[str, typer.Argument(help="Its id; without one, all are listed.")] = "",
    unit: Annotated[
        str, typer.Option("--unit", help="A country, or COUNTRY/AREA; default every country told of.")
    ] = "",
    first: Annotated[str | None, typer.Option("--from", help="First month, YYYY-MM; default 36 months back.")] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="Last month, YYYY-MM; default the last complete one.")
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="Print the lists and the rules of the theme.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="File for the picture (SVG) of one area.")] = None,
    as_known_at: Day = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Protection themes: what falls in one, by which rule, and its trend with bands where nobody could see."""
    months = tuple(
        None if text is None else month_from_text(text, where=where)
        for text, where in ((first, "--from"), (last, "--to"))
    )
    with workspace_of(workspace) as opened:
        day = day_of(as_known_at, opened.today)
        if not theme:
            _tell_all(themes.list_themes(opened, as_known_at=day), as_json)
            return
        found = themes.show_theme(opened, theme, unit=unit, months=(months[0], months[1]), as_known_at=day)
    if out is not None:
        _write(found, out)
    if as_json:
        print_json(found)
        return
    say(found.theme.name, f"  {found.theme.caution}", "")
    if rules:
        say(*_rule_lines(found.theme), "")
    if not found.trends:
        say(found.theme.coverage)
        say("Nothing told falls in this theme. That is no finding that there was nothing: see 'forewarn doctor'.")
    for trend in found.trends:
        say(*_trend_lines(trend), "")


def _tell_all(found: list[themes.ThemeListed], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    rows = [(one.id, "not shown" if one.incidents is None else one.incidents, one.name) for one in found]
    print_table("Protection themes", ("theme", "incidents of any status", "name"), rows)
    say(*{one.coverage for one in found})
    say("Next: forewarn themes THEME --unit UNIT")


def _write(found: themes.ThemeShown, out: Path) -> None:
    if len(found.pictures) != 1:
        raise UsageError(f"there are {len(found.pictures)} pictures", where="--out", mend="give --unit")
    out.write_text(next(iter(found.pictures.values())), encoding="utf-8")


def _rule_lines(theme: themes.ThemeListed) -> Iterator[str]:
    for name, entries in theme.lists.items():
        mark = ", to be compared with its publisher" if name in theme.to_compare else ""
        told = (code if code == label else f"{code} {label}" for code, label in entries.items())
        yield f"list {name}{mark}: {', '.join(told)}"
    for rule in theme.rules:
        yield f"{rule.id} gives {rule.code} ({rule.label}) where {rule.conditions}"


def _trend_lines(trend: themes.ThemeTrend) -> Iterator[str]:
    parts = ", ".join(f"{number} {status}" for status, number in trend.by_status)
    of_status = f" ({parts})" if parts else ", whatever their status"
    yield f"{trend.unit}: at least {trend.at_least} incidents told of in the months below{of_status}"
    for month in trend.months:
        if month.incidents or month.is_suppressed or month.is_told:
            yield f"  {month_label(month.month)} {_month_words(month)}"
    zeros = sum(month.incidents == 0 for month in trend.months)
    if zeros:
        yield f"  {zeros} months observed with none told of"
    for band in trend.bands:
        said = "nobody could see" if band.state == "not_observed" else "unknown whether anybody could see"
        yield f"  {month_label(band.first)} to {month_label(band.last)}: {said}; a missing number there is not none"
    for code, number in trend.codes:
        yield f"  {code}: {'too few to show' if number is None else f'{number} of any status'}"
    yield from _beside_lines(trend)
    by_incident = list({one.incident_id: one for one in reversed(trend.fallen)}.values())[::-1]
    for one in by_incident[:_MOST_LISTED]:
        yield f"  {short(one.incident_id)} {one.code} by {one.rule}: {one.because}"
    if len(by_incident) > _MOST_LISTED:
        yield f"  and {len(by_incident) - _MOST_LISTED} incidents more, see --json"


def _beside_lines(trend: themes.ThemeTrend) -> Iterator[str]:
    """What is in no figure of the months above."""
    for number, said in (
        (trend.undated, "more are known to no month"),
        (trend.outside, "more are told of in other months: see --from and --to"),
        (trend.left_out, "are told of with indirect deaths, which are left out"),
    ):
        if number != 0:
            yield f"  {'a few' if number is None else f'{number:,}'} {said}"


def _month_words(month: themes.ThemeMonth) -> str:
    words = []
    if month.is_suppressed:
        words.append("too few to show")
    elif month.incidents:
        least = "at least " if month.state != "observed" else ""
        if month.by_status:
            words += [f"{least}{one.incidents} {one.status}{_death_words(one)}" for one in month.by_status]
        else:
            words.append(f"{least}{month.incidents} of any status, too few to part{_death_words(month)}")
    if month.is_told:
        words.append("told of, not counted")
    return ", ".join(words)


def _death_words(of: themes.ThemeMonth | themes.OfStatus) -> str:
    if of.deaths_low is None:
        return ""
    most = "no upper bound known" if of.deaths_high is None else f"at most {of.deaths_high:,}"
    return f" with deaths at least {of.deaths_low:,}, {most}"
