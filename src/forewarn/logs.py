"""Logs: structured lines to standard error that carry no person, no place and no secret.

Owns how a line is made. The rule is default deny: a value passes only under a key of :data:`SAFE_KEYS` and only
as a number, a boolean or one short word without blanks; all else is ``[redacted]``. What third-party libraries
say in words is withheld, for nobody knows what they put there; where and how severe it was is kept. Errors are
logged as class and line numbers, never with their message or local values.
"""

from __future__ import annotations

import io
import logging
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from types import TracebackType
from typing import Any, TextIO, cast

import structlog

__all__ = ["REDACTED", "SAFE_KEYS", "WITHHELD", "configure_logs", "get_logger", "masked", "redact"]

REDACTED = "[redacted]"
WITHHELD = "message of a library withheld"

SAFE_KEYS = frozenset((
    "accepted", "actions", "alert_id", "alerts", "attempt", "backend", "batch", "bytes", "cells", "channel",
    "claim_id", "claims", "code", "command", "count", "days", "decisions", "draws", "duplicates", "duration_ms",
    "elapsed_s", "error", "exit_code", "features", "files", "format", "frames", "horizon", "http_status",
    "incident_id", "incidents", "judgements", "language", "level", "line", "lines", "logger", "measure_id",
    "model", "models", "module", "month", "months", "operation", "origins", "outcome", "pairs", "percent", "pid",
    "read", "rejected", "report_id", "reports", "retries", "revised", "rows", "schema_version", "seconds", "seed",
    "setting", "size_bytes", "snapshot_id", "snapshots", "stage", "status", "step", "target", "timestamp",
    "total", "unit_level", "units", "version", "window", "windows", "workers",
))  # fmt: skip
"""The keys whose values may pass. A new key needs a reason why no person, place or secret can stand under it."""

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,119}", re.ASCII)
_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_EVENT = re.compile(r"[a-z][a-z ,;:-]{0,119}", re.ASCII)
_LONGEST_LIST = 20
_DEEPEST = 3

_MASKS = re.compile(
    r"""
    (?P<keep> \b\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?)?(?![\d.-])   # a day or instant
            | \b(?:[a-z]{2,12}_)?[0-9a-f]{64}\b )                                                 # one of our ids
    | (?P<mask> [^\s@/:]+@[^\s@]+\.[^\s@]+                              # e-mail
            | (?i:bearer|basic|token|apikey|api[_-]key|password|secret|key)\s*[=:\s]\s*\S+
            | ://[^/\s]*@\S*                                            # user and password in an address
            | \beyJ[\w-]+\.[\w.-]+                                      # a signed web token
            | \d{1,3}\s*°[^,;]*                                         # degrees
            | [+-]?\b\d{1,3}\.\d{3,}                                    # a coordinate
            | \+?\(?\d[\d\s().\-/]{5,}\d                                # a telephone number
            | \b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{24,}\b )                  # a long mixed word
    """,
    re.VERBOSE,
)


class _StandardError(io.TextIOBase):
    """Standard error as it is when a line is written, not as it was when the logs were set up."""

    def writable(self) -> bool:
        return True

    def write(self, text: str, /) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


_STANDARD_ERROR = cast("TextIO", _StandardError())


def configure_logs(level: str = "warning", style: str = "text", *, stream: TextIO | None = None) -> None:
    """Send all logs of the process, the libraries' included, through the redaction.

    Args:
        level: least severe level written: debug, info, warning or error.
        style: ``text`` or ``json``.
        stream: where lines go; standard error when not given.

    Earlier handlers of the root logger are replaced, and Python warnings become log lines.
    """
    out = stream or _STANDARD_ERROR
    number = cast("int", getattr(logging, level.upper()))
    render: Any = structlog.processors.JSONRenderer(ensure_ascii=True) if style == "json" else _as_text()
    _send(render, number, out)
    handler = _QuietHandler(out)
    handler.setFormatter(_WithholdingFormatter(render))
    logging.basicConfig(level=number, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)


def get_logger(name: str) -> Any:
    """A logger. Its first argument is a constant phrase in small letters; everything else goes under a safe key.

    It follows whatever :func:`configure_logs` was told last; until then, the redaction with its defaults is in force.
    """
    if not structlog.is_configured():
        _send(_as_text(), logging.WARNING, _STANDARD_ERROR)
    return structlog.get_logger(module=name)


def _as_text() -> Any:
    return structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"], drop_missing=True)


def _send(render: Any, least: int, out: TextIO) -> None:
    """Our own lines, redacted, from that level on; the libraries' logging is left as it is."""
    structlog.configure(
        processors=[*_prepare(), render],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )


def redact(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry with every key kept and every value that is not known to be harmless replaced."""
    return _redacted(entry, 0)


def masked(text: str) -> str:
    """The text with e-mail addresses, telephone numbers, coordinates, tokens and passwords masked.

    A second line of defence for words that must be shown; names and places cannot be told this way.
    """
    return _MASKS.sub(lambda match: match[0] if match["keep"] else REDACTED, text)


def _prepare() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        _describe_error,
        _redact_entry,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _redact_entry(_logger: Any, _method: str, entry: Any) -> dict[str, Any]:
    event = str(entry.pop("event", ""))
    return {"event": event if _EVENT.fullmatch(event) else REDACTED, **redact(entry)}


def _describe_error(_logger: Any, _method: str, entry: Any) -> Any:
    entry.pop("stack_info", None)
    return {**entry, **_error_fields(entry.pop("exc_info", None))}


def _error_fields(given: Any) -> dict[str, Any]:
    error = given[1] if isinstance(given, tuple) else given
    if error is True:
        error = sys.exc_info()[1]
    if not isinstance(error, BaseException):
        return {}
    return {"error": type(error).__name__, "frames": list(_frames(error.__traceback__))[-_LONGEST_LIST:]}


def _frames(traceback: TracebackType | None) -> Iterable[str]:
    """``file.py:12`` for each frame: no folder, which may name a person, and no source line."""
    while traceback is not None:
        yield f"{PurePath(traceback.tb_frame.f_code.co_filename).name}:{traceback.tb_lineno}"
        traceback = traceback.tb_next


def _redacted(entry: Mapping[str, Any], depth: int) -> dict[str, Any]:
    shown = {}
    for key, value in entry.items():
        name = key if _KEY.fullmatch(str(key)) else REDACTED
        shown[name] = _shown(value, depth) if name in SAFE_KEYS else REDACTED
    return shown


def _shown(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) and masked(value) == value else REDACTED
    if depth >= _DEEPEST:
        return REDACTED
    if isinstance(value, Mapping):
        return _redacted(value, depth + 1)
    if isinstance(value, list | tuple) and len(value) <= _LONGEST_LIST:
        return [_shown(item, depth + 1) for item in value]
    return REDACTED


class _WithholdingFormatter(logging.Formatter):
    """A record of the standard library's logging without its words."""

    def __init__(self, render: Any) -> None:
        super().__init__()
        self._render = render

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "level": record.levelname.lower(),
            "logger": record.name,
            "module": record.module,
            "line": record.lineno,
            **_error_fields(record.exc_info),
        }
        stamped = structlog.processors.TimeStamper(fmt="iso", utc=True)(None, "", {"event": WITHHELD, **redact(entry)})
        return cast("str", self._render(None, "", stamped))


class _QuietHandler(logging.StreamHandler[TextIO]):
    """A handler that never prints a record it failed to write: Python would print its arguments."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is Python's
        """Drop the record."""
