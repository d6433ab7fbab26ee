"""Addresses: read strictly, stripped of what is secret, followed through redirects, held to the allow-list.

Owns the parts of an address and their comparison. Refuses everything but http and https with a plain host name,
user and password in an address, a way from https to http, and credentials over http.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

import httpcore

from forewarn.errors import ConfigurationError, InputNotFoundError, InputValueError, RuleError, shorten
from forewarn.outbound.asking import Credential, Policy

__all__ = ["Place", "public_address"]

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f:.]{2,45}")
_LONGEST = 2_000
_UNQUOTED = "%/:=&?~+!$,;'@()*[]"
_SECRET_NAME = re.compile(
    r"(?i)(.*[-_])?(api_?key|key|token|secret|password|passwd|auth|signature|sig|credential|appname|accesskeyid)s?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one request goes, and the credential that may go along."""

    scheme: str
    host: str
    port: int
    path: str
    query: str
    credential: Credential | None = None

    @staticmethod
    def of(address: str, credential: Credential | None = None) -> Place:
        """The place of an address.

        Raises:
            InputValueError: it is no plain http or https address.
        """
        parts = _split(address)
        host = (parts.hostname or "").lower()
        if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or len(address) > _LONGEST:
            raise _no_address(address)
        if parts.username is not None or parts.password is not None:
            raise InputValueError(
                "holds a user or password", where=shorten(host), mend="leave them out; credentials are settings"
            )
        port = parts.port or _PORTS[parts.scheme]
        return Place(parts.scheme, host, port, parts.path or "/", _without(parts.query, credential), credential)

    def moved(self, location: str) -> Place:
        """Where a redirect leads; the credential stays behind when the host, port or scheme is another.

        Raises:
            InputNotFoundError: it leads nowhere.
            RuleError: it leads from https to http.
        """
        if not location:
            raise InputNotFoundError("redirects to nowhere", where=shorten(self.host), mend="check the address")
        there = Place.of(urljoin(self._text(), location))
        if self.scheme == "https" and there.scheme == "http":
            raise RuleError("redirects from https to http", where=shorten(self.host), mend="check the address")
        is_same = (there.scheme, there.host, there.port) == (self.scheme, self.host, self.port)
        return replace(there, credential=self.credential if is_same else None)

    def require_allowed(self, policy: Policy) -> None:
        """Refuse a host that is not on the list, and a credential over http.

        Raises:
            ConfigurationError, RuleError: see above.
        """
        names = {f"{self.host}:{self.port}", *([self.host] if self.port == _PORTS[self.scheme] else [])}
        if not any(self._is_below(entry, names) for entry in policy.hosts):
            raise ConfigurationError(
                "is not a host we may ask", where=shorten(self.host), mend="if you trust it, add it to outbound_allow"
            )
        if self.credential and self.scheme != "https" and not policy.private_addresses:
            raise RuleError("a credential goes over https only", where=shorten(self.host), mend="use https")

    def _is_below(self, entry: str, names: set[str]) -> bool:
        name, slash, folder = entry.lower().partition("/")
        path = unquote(self.path).lower()
        return name in names and path.startswith(f"{slash}{folder}") and not (folder and ".." in path)

    def request_url(self) -> httpcore.URL:
        """The address as it is sent, the credential's parameter included."""
        query = self.query
        if self.credential and self.credential.in_query:
            own = urlencode({self.credential.name: self.credential.value})
            query = f"{query}&{own}" if query else own
        target = quote(self.path, safe=_UNQUOTED) + (f"?{quote(query, safe=_UNQUOTED)}" if query else "")
        return httpcore.URL(scheme=self.scheme, host=self.host, port=self.port, target=target)

    def _text(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return urlunsplit((self.scheme, f"{host}:{self.port}", self.path, self.query, ""))


def public_address(address: str, credential: Credential | None = None) -> str:
    """The address as it may be recorded and shown.

    User, password, fragment and the credential's parameter are left out; the values of parameters that are called like
    a key, token or password are replaced by ``***``.
    """
    parts = _split(address)
    query = _without(parts.query, credential)
    pairs = parse_qsl(query, keep_blank_values=True)
    if any(_SECRET_NAME.fullmatch(name) for name, _ in pairs):
        query = urlencode([(name, "***" if _SECRET_NAME.fullmatch(name) else value) for name, value in pairs], safe="*")
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))


def _without(query: str, credential: Credential | None) -> str:
    """The query without the credential's parameter."""
    pairs = parse_qsl(query, keep_blank_values=True) if credential and credential.in_query else []
    if credential is None or credential.name not in dict(pairs):
        return query
    return urlencode([(name, value) for name, value in pairs if name != credential.name])


def _split(address: str) -> SplitResult:
    if not address.isprintable() or " " in address:
        raise _no_address(address)
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise _no_address(address) from None
    return parts


def _no_address(address: str) -> InputValueError:
    # What stands before an '@' or behind a '?' may be a secret.
    shown = shorten(address.partition("?")[0].rpartition("@")[2])
    return InputValueError(f"'{shown}' is no address", where="address", mend="write https://host/path")
