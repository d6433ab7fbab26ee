"""The settings: one table, one frozen object made from it.

Owns where the value of each setting of the table (:mod:`forewarn.settings`) comes from: an option of the command line,
else the environment (``FOREWARN_...``), else ``forewarn.toml`` in the workspace, else the default. Refuses what it does
not know: a misspelt setting that is quietly ignored is a setting that lies. Secrets are never printed. Only the front
doors read settings; rooms are given values.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn
from urllib.parse import urlsplit, urlunsplit

from forewarn.errors import ConfigurationError, shorten
from forewarn.settings import PREFIX, SETTINGS, Setting

__all__ = [
    "PREFIX",
    "SETTINGS",
    "SETTINGS_FILE",
    "Setting",
    "Settings",
    "WorkspacePaths",
    "load_settings",
    "masked_address",
]

SETTINGS_FILE = "forewarn.toml"
_LARGEST_FILE_BYTES = 1_000_000

_TABLE = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class WorkspacePaths:
    """Where things are in a workspace. Nothing here is created or checked.

    Attributes:
        root: the workspace itself.
        settings_file: ``forewarn.toml``.
        database: the SQLite file, used unless a database address is set.
        snapshots: bytes as received, named by their digest.
        evidence: sealed originals.
        outputs: what commands write when they are not told where.
    """

    root: Path
    settings_file: Path
    database: Path
    snapshots: Path
    evidence: Path
    outputs: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings in force; see :data:`SETTINGS` for what each means.

    Attributes beyond the table:
        origins: from where each came: ``option``, ``environment``, ``file`` or ``default``.
    """

    workspace: Path
    database_url: str = field(repr=False)
    backend: str
    scheduler: str
    workers: int
    linkage_engine: str
    spark_master: str
    log_level: str
    log_format: str
    author: str
    language: str
    today: date | None
    channels_folder: Path | None
    snapshot_limit_mb: int
    evidence_key_file: str
    sealed_identities: bool
    sealed_file: str
    outbound_allow: str
    outbound_silence_s: int
    outbound_total_s: int
    acled_token: str = field(repr=False)
    acled_email: str = field(repr=False)
    acled_password: str = field(repr=False)
    reliefweb_appname: str = field(repr=False)
    ucdp_token: str = field(repr=False)
    feed_addresses: str = field(repr=False)
    mail_relay: str
    mail_sender: str
    mail_user: str = field(repr=False)
    mail_password: str = field(repr=False)
    notice_secret: str = field(repr=False)
    intake_secret: str = field(repr=False)
    watch_notices: bool
    watch_channels: str
    origins: Mapping[str, str] = field(repr=False)

    @property
    def workspace_paths(self) -> WorkspacePaths:
        """The folders and files of the workspace."""
        names = (SETTINGS_FILE, "forewarn.db", "snapshots", "evidence", "outputs")
        return WorkspacePaths(self.workspace, *(self.workspace / name for name in names))

    @property
    def database_address(self) -> str:
        """The address to open, password included. Never print it; see :meth:`shown`."""
        return self.database_url or f"sqlite:///{self.workspace_paths.database}"

    @property
    def worker_count(self) -> int:
        """The number of workers, 0 resolved to the processors of this machine."""
        return self.workers or os.cpu_count() or 1

    def shown(self) -> dict[str, str]:
        """Every setting as it may be printed: passwords masked, empty values as the empty text."""
        values = {setting.name: getattr(self, setting.name) for setting in SETTINGS}
        return {
            name: _masked(_TABLE[name], value) if _TABLE[name].secret else "" if value is None else str(value)
            for name, value in values.items()
        }


def load_settings(overrides: Mapping[str, object] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in force.

    Args:
        overrides: options of the command line by setting name; ``None`` values count as not given.
        environ: the environment; the process's own when not given. Empty variables count as not given.

    Raises:
        ConfigurationError: an unknown setting or a value that cannot be, naming where it stands and the mend.
    """
    options = {name: value for name, value in (overrides or {}).items() if value is not None}
    for name in options:
        if name not in _TABLE:
            _unknown(name, f"option {shorten(name)}", list(_TABLE))
    variables = _from_environment(os.environ if environ is None else environ)
    folder, origin = _settled(_TABLE["workspace"], options, variables, {}, "")
    file = folder / SETTINGS_FILE
    in_file = _from_file(file)
    values: dict[str, Any] = {"workspace": folder}
    origins = {"workspace": origin}
    for setting in SETTINGS[1:]:
        values[setting.name], origins[setting.name] = _settled(setting, options, variables, in_file, SETTINGS_FILE)
    return Settings(**values, origins=MappingProxyType(origins))


def masked_address(address: str) -> str:
    """An address with its password, and any key in its query, masked. What cannot be parsed is masked whole."""
    try:
        parts = urlsplit(address)
        username, password = parts.username, parts.password
    except ValueError:
        return "***"
    host = parts.netloc.rpartition("@")[2]
    shown = f"{username or ''}:***@{host}" if password is not None else parts.netloc
    query = re.sub(r"=[^&]*", "=***", parts.query)
    if password is None and not query:
        return address
    return urlunsplit(parts._replace(netloc=shown, query=query))


def _masked(setting: Setting, value: str) -> str:
    """A secret as it may be shown: of addresses the harmless parts, of all else only that there is one."""
    if setting.kind.startswith("address"):
        return " ".join(masked_address(one) for one in value.split())
    return "***" if value else ""


def _settled(
    setting: Setting,
    options: Mapping[str, object],
    variables: Mapping[str, str],
    in_file: Mapping[str, object],
    file: str,
) -> tuple[Any, str]:
    places = (
        ("option", options, f"option --{setting.name.replace('_', '-')}"),
        ("environment", variables, f"environment variable {setting.variable}"),
        ("file", in_file, f"{file}, {setting.name}"),
    )
    for origin, given, where in places:
        if setting.name in given:
            return _read(setting, given[setting.name], where), origin
    return _read(setting, setting.default, setting.name), "default"


def _read(setting: Setting, value: object, where: str) -> Any:
    try:
        return setting.read(value)
    except ValueError as error:
        got = "" if setting.secret else f", and is '{shorten(value)}'"
        raise ConfigurationError(f"{error}{got}", where=where, mend=f"correct {setting.name}") from None


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    by_variable = {setting.variable: setting.name for setting in SETTINGS}
    found = {}
    for variable, value in environ.items():
        if not variable.startswith(PREFIX):
            continue
        if variable not in by_variable:
            _unknown(variable, "environment", list(by_variable))
        if value:
            found[by_variable[variable]] = value
    return found


def _from_file(file: Path) -> dict[str, object]:
    known = [setting.name for setting in SETTINGS if setting.in_file]
    entries = _toml(file)
    for key in entries:
        if key not in known:
            _unknown(key, SETTINGS_FILE, known)
    return entries


def _toml(file: Path) -> dict[str, object]:
    try:
        if not file.exists():
            return {}
        with file.open("rb") as stream:
            data = stream.read(_LARGEST_FILE_BYTES + 1)
    except OSError as error:
        _bad_file(f"cannot be read ({error.strerror or 'unreadable'})", "check the file and its rights")
    if len(data) > _LARGEST_FILE_BYTES:
        _bad_file(f"has more than {_LARGEST_FILE_BYTES:,} bytes", "is this the settings file?")
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        _bad_file(f"byte {error.start + 1} is not UTF-8", "save the file as UTF-8")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        _bad_file(f"is not valid TOML ({_position(error)})", "correct it there")


def _position(error: Exception) -> str:
    """The parser's complaint without the value it stumbled on, which may be a secret."""
    place = re.search(r"at (line \d+, column \d+|end of document)", str(error))
    return place[1] if place else error.__class__.__name__


def _bad_file(what: str, mend: str) -> NoReturn:
    raise ConfigurationError(what, where=SETTINGS_FILE, mend=mend)


def _unknown(name: str, where: str, known: list[str]) -> NoReturn:
    guess = next(iter(difflib.get_close_matches(name[:80], known, n=1, cutoff=0.4)), None)
    mend = f"did you mean {guess}?" if guess else f"known are {', '.join(known)}"
    raise ConfigurationError(f"there is no setting '{shorten(name)}'", where=where, mend=mend)
