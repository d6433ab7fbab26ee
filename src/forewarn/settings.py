"""The table of settings: every one there is, what it may be, its default, and one sentence on what it does.

Owns the reading of a single value: each reader turns what was given into the value or raises ``ValueError`` saying what
it must be. Where values come from, and which one counts, is settled in :mod:`forewarn.config`. Nothing here is secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from forewarn.clock import day_from_text
from forewarn.errors import InputValueError

__all__ = ["PREFIX", "SETTINGS", "Setting"]

PREFIX = "FOREWARN_"

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


def _yes_or_no(value: Any) -> bool:
    if value in (True, False):
        return bool(value)
    if str(value).lower() not in ("yes", "no", "true", "false"):
        raise ValueError("must be yes or no")
    return str(value).lower() in ("yes", "true")


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
_SPARK = _matching(
    r"local\[(\*|\d{1,4})\]|yarn|(spark|k8s)://\S+", "local[*], yarn or an address such as spark://host:7077"
)
_AUTHOR = _matching(r"\S(.{0,118}\S)?", "at most 120 characters without blanks at the ends")
_TOKEN = _matching(r"[\x21-\x7e]{8,8000}", "8 characters or more, without blanks")
_EMAIL = _matching(r"[^\s@]+@[^\s@]+", "an e-mail address")
_HOSTS = _matching(r"[a-z0-9.:/_ -]+", "host names in small letters, parted by blanks")
_ADDRESSES = _matching(r"https?://\S+( +https?://\S+)*", "https:// addresses, parted by blanks")
_RELAY = _matching(r"[a-z0-9.-]{1,253}:\d{1,5}", "host:port in small letters")
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
    Setting("linkage_engine", "one of duckdb, spark", "duckdb", _chosen("duckdb", "spark"),
        help="Where claims are compared: in DuckDB on this machine, or on Spark (pip install 'forewarn[spark]')."),
    Setting("spark_master", "address", "local[*]", _SPARK,
        help="Master of the Spark cluster, such as spark://10.0.0.5:7077; local[*] is this machine."),
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
    Setting("evidence_key_file", "file", "", _text,
        help="File with the key that opens the evidence; empty is evidence.key in the workspace. Keep a copy apart."),
    Setting("sealed_identities", "yes or no", "no", _yes_or_no,
        help="Whether identities of reporters, witnesses and victims may be kept at all; no keeps none."),
    Setting("sealed_file", "file", "", _text,
        help="File of sealed identities; empty is sealed.db in the workspace. Best on another device."),
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
    Setting("mail_relay", "host:port", "", _RELAY,
        help="The mail server that takes notices, as host:port; port 465 is TLS from the start. Empty sends no mail."),
    Setting("mail_sender", "e-mail address", "", _EMAIL,
        help="The address notices come from."),
    Setting("mail_user", "text", "", _text, secret=True,
        help="The account on the mail server; empty signs in nowhere."),
    Setting("mail_password", "password", "", _text, secret=True,
        help="The password of that account; it goes over TLS only."),
    Setting("notice_secret", "token", "", _TOKEN, secret=True,
        help="With it notices to webhooks are signed (HMAC-SHA256 of the body, in X-Forewarn-Signature)."),
    Setting("intake_secret", "token", "", _TOKEN, secret=True,
        help="With it what programs hand in must be signed, by a key that is made of it for each token."),
    Setting("watch_notices", "yes or no", "no", _yes_or_no,
        help="Whether the watch sends the notices that are due; no sends none unless 'forewarn notify send' is run."),
    Setting("watch_channels", "channels", "", _CHANNELS,
        help="Channels that the watch fetches from their publishers, parted by blanks; empty asks nobody."),
)  # fmt: skip
"""All settings there are."""
