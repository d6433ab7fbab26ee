"""Printing: results as JSON or as readable text to standard output, progress to standard error.

Text from reports is data: it is printed without markup and without control characters.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from forewarn.clock import instant_text
from forewarn.operations.workspace import Progress as Report
from forewarn.operations.workspace import no_progress

__all__ = ["console", "print_json", "print_table", "printable", "progress", "say"]

console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 160)


def print_json(result: object) -> None:
    """A result as JSON: dataclasses as objects, days and instants as ISO 8601, NaN refused."""
    text = json.dumps(result, default=_plain, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write(f"{text}\n")


def say(*lines: str) -> None:
    """Lines of text as they are, without markup."""
    for line in lines:
        console.print(Text(printable(line)))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table of text; numbers to the right."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    body = [list(row) for row in rows]
    for position, name in enumerate(columns):
        numeric = bool(body) and all(isinstance(row[position], int | float) for row in body)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in body:
        table.add_row(*(Text(printable(str(value))) for value in row))
    console.print(table)


def printable(text: str) -> str:
    """Text without control characters, so that no report can steer the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Report]:
    """A progress display on standard error, when somebody is looking at it."""
    if quiet or not sys.stderr.isatty():
        yield no_progress
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        task = display.add_task("", total=None)

        def report(done: int, total: int, text: str) -> None:
            display.update(task, completed=done, total=total or None, description=printable(text))

        yield report


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return instant_text(value)
    for kind, plain in _PLAIN:
        if isinstance(value, kind):
            return plain(value)
    raise TypeError(f"{type(value).__name__} cannot be printed as JSON")


_PLAIN: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (date, date.isoformat),
    (Path, Path.as_posix),
    (Enum, lambda member: member.value),
    (Mapping, dict),
    (Iterable, list),
)
