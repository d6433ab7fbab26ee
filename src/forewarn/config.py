"""The settings: one table, one frozen object made from it.

Owns which settings there are and where each comes from: an option of the command line, else the environment
(``FOREWARN_...``), else ``forewarn.toml`` in the workspace, else the default. Refuses what it does not know: a
misspelt setting that is quietly ignored is a setting that lies. Secrets are never printed. Only the front doors
read settings; rooms are given values.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn
from urllib.parse import urlsplit, urlunsplit

from forewarn.clock import day_from_text
from forewarn.errors import ConfigurationError, InputValueError, shorten

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

PREFIX = "FOREWARN_"
SETTINGS_FILE = "forewarn.toml"
_LARGEST_FILE_BYTES = 1_000_000

_Reader = Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    if not value.isprintable():
        raise ValueError("must be one printable line")
    return value


def _chosen(*choices: str) -> _Reader:
    def read(value: Any) -> str:
        if _text(value) not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return str(value)

    return read


def _whole(lowest: int, highest: int) -> _Reader:
    def read(value: Any) -> int:
        if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value):
            value = int(value)
        if type(value) is not int or not lowest <= value <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return value

    return read


def _folder(value: Any) -> Path:
    text = str(value) if isinstance(value, Path) else _text(value)
    if not text.strip():
        raise ValueError("must name a folder")
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise ValueError("must name a folder of a known user") from None


def _folder_or_none(value: Any) -> Path | None:
    return None if value in ("", None) else _folder(value)


def _matching(pattern: str, meaning: str) -> _Reader:
    def read(value: Any) -> str:
        if _text(value) and not re.fullmatch(pattern, value):
            raise ValueError(f"must be {meaning}")
        return str(value)

    return read


def _day(value: Any) -> date | None:
    if value is None or type(value) is date:
        return value
    try:
        return day_from_text(_text(value)) if value else None
    except InputValueError:
        raise ValueError("must be a date YYYY-MM-DD") from None


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table.

    Attributes:
        name: attribute of :class:`Settings`, and key in ``forewarn.toml``.
        kind: what a value is, in words.
        default: the value when nobody gives one.
        read: turns what was given into the value, or raises ``ValueError`` saying what it must be.
        help: one sentence.
        in_file: whether it may stand in ``forewarn.toml``.
        secret: whether parts of it are never shown.
    """

    name: str
    kind: str
    default: Any
    read: _Reader
    help: str = field(kw_only=True)
    in_file: bool = True
    secret: bool = False

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return PREFIX + self.name.upper()


_LEVELS = ("debug", "info", "warning", "error")
_BACKENDS = ("loky", "threading", "sequential", "dask", "spark")

_DATABASE = _matching(r"(sqlite|postgresql)(\+[a-z0-9_]+)?://\S*", "a sqlite:// or postgresql:// address")
_SCHEDULER = _matching(r"(tcp|tls|ucx|ws|wss|inproc)://\S+", "an address such as tcp://host:8786")
_AUTHOR = _matching(r"\S(.{0,118}\S)?", "at most 120 characters without blanks at the ends")
_TOKEN = _matching(r"[\x21-\x7e]{8,8000}", "8 characters or more, without blanks")
_EMAIL = _matching(r"[^\s@]+@[^\s@]+", "an e-mail address")
_HOSTS = _matching(r"[a-z0-9.:/_ -]+", "host names in small letters, parted by blanks")
_ADDRESSES = _matching(r"https?://\S+( +https?://\S+)*", "https:// addresses, parted by blanks")
_LANGUAGE = _matching(r"[a-z]{2,3}", "a code of two or three small letters")
_CHANNELS = _matching(r"[a-z0-9-]+( +[a-z0-9-]+)*", "names of channels parted by blanks")

SETTINGS = (
    Setting("workspace", "folder", ".", _folder, in_file=False,
        help="The folder that holds the settings, the database, the snapshots, the evidence and the outputs."),
    Setting("database_url", "address", "", _DATABASE, secret=True,
        help="Database to use instead of forewarn.db in the workspace: sqlite:///FILE or postgresql+psycopg://..."),
    Setting("backend", "one of " + ", ".join(_BACKENDS), "loky", _chosen(*_BACKENDS),
        help="Where parallel work runs: processes, threads or none on this machine, or a Dask or Spark cluster."),
    Setting("scheduler", "address", "", _SCHEDULER,
        help="Address of the Dask scheduler, such as tcp://10.0.0.5:8786; empty starts a local cluster."),
    Setting("workers", "whole number", 0, _whole(0, 10_000),
        help="How many workers run at once; 0 means one for each processor of the machine."),
    Setting("log_level", "one of " + ", ".join(_LEVELS), "warning", _chosen(*_LEVELS),
        help="The least severe log line that is written to standard error."),
    Setting("log_format", "one of text, json", "text", _chosen("text", "json"),
        help="How log lines are written."),
    Setting("author", "text", "", _AUTHOR,
        help="Who is acting: a pseudonym or a role, never a full name. Recorded with every decision."),
    Setting("language", "language code", "en", _LANGUAGE,
        help="Language of briefs and pages, as an ISO 639 code."),
    Setting("today", "date", None, _day,
        help="For training and tests only: the day that counts as today, YYYY-MM-DD. Empty is the real day."),
    Setting("channels_folder", "folder", "", _folder_or_none, in_file=False,
        help="Folder with channels of your own. Their Python code is run: set it only to a folder you trust."),
    Setting("snapshot_limit_mb", "whole number", 4096, _whole(1, 1_048_576),
        help="Size in megabytes above which a file is not collected."),
    Setting("outbound_allow", "hosts", "", _HOSTS,
        help="Hosts that may be asked besides those of the channels, parted by blanks; host, host:port or host/dir/."),
    Setting("outbound_silence_s", "whole number", 30, _whole(1, 600),
        help="Seconds without a byte after which a connection to a publisher counts as dead."),
    Setting("outbound_total_s", "whole number", 3600, _whole(1, 86_400),
        help="Seconds for one file or page of a publisher, with all attempts and pauses."),
    Setting("acled_token", "token", "", _TOKEN, secret=True,
        help="Access token of the ACLED API; it holds for a day, so rather set acled_email and acled_password."),
    Setting("acled_email", "e-mail address", "", _EMAIL, secret=True,
        help="The myACLED account with which a token is fetched."),
    Setting("acled_password", "password", "", _text, secret=True,
        help="The password of the myACLED account."),
    Setting("reliefweb_appname", "name", "", _TOKEN, secret=True,
        help="The application name that ReliefWeb has approved for its API."),
    Setting("ucdp_token", "token", "", _TOKEN, secret=True,
        help="Access token of the UCDP API."),
    Setting("feed_addresses", "addresses", "", _ADDRESSES, secret=True,
        help="Addresses of the news feeds that the channel feed reads, parted by blanks."),
    Setting("watch_channels", "channels", "", _CHANNELS,
        help="Channels that the watch fetches from their publishers, parted by blanks; empty asks nobody."),
)  # fmt: skip
"""All settings there are."""

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
    log_level: str
    log_format: str
    author: str
    language: str
    today: date | None
    channels_folder: Path | None
    snapshot_limit_mb: int
    outbound_allow: str
    outbound_silence_s: int
    outbound_total_s: int
    acled_token: str = field(repr=False)
    acled_email: str = field(repr=False)
    acled_password: str = field(repr=False)
    reliefweb_appname: str = field(repr=False)
    ucdp_token: str = field(repr=False)
    feed_addresses: str = field(repr=False)
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
