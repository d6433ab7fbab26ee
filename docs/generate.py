"""Writes docs/reference/commands.md and exit_codes.md from the code, so that they cannot go stale.

Run it with ``make docs``; a test fails when the files differ from what it would write.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from forewarn import errors
from forewarn.cli import COMMANDS

REFERENCE = Path(__file__).parent / "reference"


def commands_page() -> str:
    """Every command, its arguments and its options."""
    lines = [
        "# Commands",
        "",
        "Generated from the code by `make docs`. Every command has `--json` and exits 0 when it is done, 2 when its",
        "words are off, or with the code of the error ([exit codes](exit_codes.md)). What is not given is taken from",
        "the [settings](settings.md).",
        "",
    ]
    for name in COMMANDS:
        command = typer.main.get_command(importlib.import_module(f"forewarn.cli.{name}").app)
        lines += _command(f"forewarn {name}", command, COMMANDS[name])
    return "\n".join(lines).rstrip() + "\n"


def exit_codes_page() -> str:
    """Every error with its exit code and status."""
    family = [value for name in errors.__all__ if isinstance(value := getattr(errors, name), type)]
    rows = sorted((e.exit_code, e.http_status, e.__name__, inspect.getdoc(e) or "") for e in family)
    lines = [
        "# Exit codes",
        "",
        "Generated from the code by `make docs`. An error is one line on standard error: where, what, and the mend;",
        "with `--json` it is an object with the same parts. `forewarn doctor` exits 1 when something is broken.",
        "",
        "| code | status | error | meaning |",
        "| --- | --- | --- | --- |",
        "| 0 | 200 | | done |",
    ]
    lines += [f"| {code} | {status} | `{name}` | {text.splitlines()[0]} |" for code, status, name, text in rows]
    return "\n".join(lines) + "\n"


def _command(path: str, command: Any, summary: str) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner:
        yield from (f"## `{path}`", "", summary, "")
        for name, one in inner.items():
            yield from _command(f"{path} {name}", one, one.help or "")
        return
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    usage = " ".join([path, *(p.metavar or str(p.name).upper() for p in arguments)])
    yield from (f"{'###' if path.count(' ') > 1 else '##'} `{usage}`", "", " ".join(summary.split()), "")
    rows = [(p.metavar or str(p.name).upper(), p.help or "") for p in arguments]
    rows += [
        (", ".join(p.opts), p.help or "") for p in command.params if p.param_type_name == "option" and not p.hidden
    ]
    yield from ("| | |", "| --- | --- |")
    yield from (f"| `{name}` | {' '.join(text.split())} |" for name, text in rows)
    yield ""


PAGES = {"commands.md": commands_page, "exit_codes.md": exit_codes_page}


def main() -> int:
    """Write the pages."""
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
