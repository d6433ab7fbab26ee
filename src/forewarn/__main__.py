"""The command line's outermost layer: run a command, turn every failure into one line and an exit code.

No traceback ever reaches a user, and no content of reports: an unexpected error names only its type and where
in the code it arose.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import typer

from forewarn.cli import application
from forewarn.errors import ForewarnError, StoppedError

__all__ = ["main"]

_STOPPED = "stopped; nothing half-done was kept"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        code = application(given, standalone_mode=False, prog_name="forewarn")
    except ForewarnError as error:
        return _report(error, as_json="--json" in given)
    except (typer.Abort, KeyboardInterrupt):
        return _report(StoppedError(_STOPPED), as_json="--json" in given)
    except typer.Exit as stop:
        return int(stop.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _unexpected(error, as_json="--json" in given)
    if code == StoppedError.exit_code:  # the framework has swallowed the interrupt
        return _report(StoppedError(_STOPPED), as_json="--json" in given)
    return code if isinstance(code, int) else 0


def _report(error: ForewarnError, *, as_json: bool) -> int:
    text = json.dumps(error.as_dict(), ensure_ascii=False) if as_json else f"forewarn: {error}"
    print(text, file=sys.stderr)  # noqa: T201 - the one place where errors are printed
    return error.exit_code


def _unexpected(error: Exception, *, as_json: bool) -> int:
    usage = getattr(error, "format_message", None)
    if usage is not None:
        found = ForewarnError(str(usage()).rstrip("."), mend="see 'forewarn --help'")
        found_code = int(getattr(error, "exit_code", 2))
        _report(found, as_json=as_json)
        return found_code
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else "unknown"
    what = f"an unexpected {type(error).__name__} at {place}"
    return _report(ForewarnError(what, mend="nothing half-done was kept; please report it"), as_json=as_json)


if __name__ == "__main__":
    sys.exit(main())
