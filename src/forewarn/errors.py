"""The whole family of errors, as one tree.

Every failure a user can meet is a :class:`ForewarnError` that says *what* is wrong, *where* (file, row,
option) and the *mend*; it knows the exit code of the command line and the status of the web. Constructing
an error has no side effect. Messages never carry the content of a report: only positions, names of columns
and the offending value, cut short.

    ForewarnError                     1   500
    ├── UsageError                    2   400   the call's words are off
    ├── ConfigurationError           10   500   a setting is unknown, malformed or unsafe
    ├── WorkspaceError               11   404   the folder is no workspace, or is one already
    ├── MissingExtraError            12   501   an optional library is not installed
    ├── BusyError                    13   429   as much of it is done at once as may be
    ├── InputError                   20   400   what was given cannot be used
    │   ├── InputNotFoundError       21   404   a named file or address is not there
    │   ├── InputEncodingError       22   400   bytes that are not the declared text
    │   ├── InputFormatError         23   400   cut off, wrong delimiter, missing columns
    │   └── InputValueError          24   400   a value out of its range
    ├── UnknownNameError             30   404   no channel, alert, report... of that name
    ├── RuleError                    40   409   a rule of the work forbids it
    │   ├── LifecycleError           41   409   the alert's life does not allow the step
    │   ├── SeparationError          42   403   the same person may not do both
    │   └── DisclosureError          43   403   it may not leave
    ├── ForecastError                50   422   the panel cannot support the forecast asked for
    ├── StoreError                   60   500   the database refused
    │   ├── StoreBusyError           61   503   locked by another process
    │   ├── StoreFullError           62   507   no space left on the device
    │   ├── StoreVersionError        63   500   made by another version of forewarn
    │   └── AppendOnlyError          64   500   an attempt to change what is only ever added to
    └── StoppedError               130   499   stopped by the user; nothing half-done is kept
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "AppendOnlyError",
    "BusyError",
    "ConfigurationError",
    "DisclosureError",
    "ForecastError",
    "ForewarnError",
    "InputEncodingError",
    "InputError",
    "InputFormatError",
    "InputNotFoundError",
    "InputValueError",
    "LifecycleError",
    "MissingExtraError",
    "RuleError",
    "SeparationError",
    "StoppedError",
    "StoreBusyError",
    "StoreError",
    "StoreFullError",
    "StoreVersionError",
    "UnknownNameError",
    "UsageError",
    "WorkspaceError",
    "shorten",
]


def shorten(value: object, limit: int = 80) -> str:
    """A value as it may appear in a message: one printable line, at most ``limit`` characters."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value)[: limit + 1])
    return text if len(text) <= limit else text[: limit - 1] + "…"


class ForewarnError(Exception):
    """A failure that is explained to the user in one line.

    Args:
        what: what is wrong, without a full stop.
        where: the file, row, column, option or record it concerns; empty when there is none.
        mend: what the user can do about it, as an imperative.
    """

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        """``where: what; mend``, on one line."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        text = f"{text}; {self.mend}" if self.mend else text
        return " ".join(text.split())

    def as_dict(self) -> dict[str, str | int]:
        """The error as ``--json`` and the web print it."""
        return {
            "error": type(self).__name__,
            "what": self.what,
            "where": self.where,
            "mend": self.mend,
            "exit_code": self.exit_code,
        }


class UsageError(ForewarnError):
    """The call's words are off: an unknown option value, two options that exclude each other."""

    exit_code = 2
    http_status = 400


class ConfigurationError(ForewarnError):
    """A setting is unknown, malformed or unsafe."""

    exit_code = 10


class WorkspaceError(ForewarnError):
    """The folder is not a workspace, or is one already."""

    exit_code = 11
    http_status = 404


class MissingExtraError(ForewarnError):
    """An optional library is needed and not installed."""

    exit_code = 12
    http_status = 501


class BusyError(ForewarnError):
    """As much of it is done at once already as may be; later it will go."""

    exit_code = 13
    http_status = 429


class InputError(ForewarnError):
    """What was given cannot be used."""

    exit_code = 20
    http_status = 400


class InputNotFoundError(InputError):
    """A named file or address is not there, or may not be read."""

    exit_code = 21
    http_status = 404


class InputEncodingError(InputError):
    """The bytes are not text in the declared encoding."""

    exit_code = 22


class InputFormatError(InputError):
    """The file is cut off, has another delimiter, or lacks columns it must have."""

    exit_code = 23


class InputValueError(InputError, ValueError):
    """A value is out of its range: a negative count, a latitude of 120, a date in the future."""

    exit_code = 24


class UnknownNameError(ForewarnError):
    """Nothing has that name: no such channel, alert, report, unit or model."""

    exit_code = 30
    http_status = 404


class RuleError(ForewarnError):
    """A rule of the work forbids it."""

    exit_code = 40
    http_status = 409


class LifecycleError(RuleError):
    """The life of an alert does not allow this step from where it stands."""

    exit_code = 41


class SeparationError(RuleError):
    """Two acts that must be done by two persons were asked for by one."""

    exit_code = 42
    http_status = 403


class DisclosureError(RuleError):
    """It may not leave: too precise, too few, too sensitive, or not for this purpose."""

    exit_code = 43
    http_status = 403


class ForecastError(ForewarnError):
    """The panel cannot support the forecast or score that was asked for."""

    exit_code = 50
    http_status = 422


class StoreError(ForewarnError):
    """The database refused; nothing of the step was kept."""

    exit_code = 60


class StoreBusyError(StoreError):
    """The database is locked by another process."""

    exit_code = 61
    http_status = 503


class StoreFullError(StoreError):
    """There is no space left on the device."""

    exit_code = 62
    http_status = 507


class StoreVersionError(StoreError):
    """The database was made by another version of forewarn."""

    exit_code = 63


class AppendOnlyError(StoreError):
    """Something tried to change or delete a row of a table that is only ever added to."""

    exit_code = 64


class StoppedError(ForewarnError):
    """Stopped by the user; what was half-done has been rolled back."""

    exit_code = 130
    http_status = 499
