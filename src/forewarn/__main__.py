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
from forewarn.errors import ForewarnError, StoppedError, UsageError

__all__ = ["main"]

_STOPPED = "stopped; nothing half-done was kept"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        code = application(given, standalone_mode=False, prog_name="forewarn")
    except ForewarnError as error:
        failure: Exception = error
    except (typer.Abort, KeyboardInterrupt):
        failure = StoppedError(_STOPPED)
    except typer.Exit as stop:
        return int(stop.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        failure = error
    else:
        if code != StoppedError.exit_code:
            return code if isinstance(code, int) else 0
        failure = StoppedError(_STOPPED)  # the framework has swallowed the interrupt
    return _report(failure, as_json="--json" in given)


def _report(failure: Exception, *, as_json: bool) -> int:
    """Print a failure as one line, or as JSON; its exit code."""
    error = failure if isinstance(failure, ForewarnError) else _explained(failure)
    text = json.dumps(error.as_dict(), ensure_ascii=False) if as_json else f"forewarn: {error}"
    print(text, file=sys.stderr)  # noqa: T201 - the one place where errors are printed
    return error.exit_code


def _explained(failure: Exception) -> ForewarnError:
    """A usage error of the framework in its own words; of anything else only its kind and place, never its message."""
    usage = getattr(failure, "format_message", None)
    if usage is not None:
        return UsageError(str(usage()).rstrip("."), mend="see 'forewarn --help'")
    frame = failure.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else "unknown"
    what = f"an unexpected {type(failure).__name__} at {place}"
    return ForewarnError(what, mend="nothing half-done was kept; please report it")


if __name__ == "__main__":
    sys.exit(main())
