"""Opening sockets: only to public addresses that were checked, and only until the deadline.

Owns the resolving of names. All addresses of a name must be public, and the connection goes to one of those that
were looked at: it is never resolved a second time. Every read and write, TLS included, ends at the deadline of the
fetch, however slowly the other side drips.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable

import httpcore

from forewarn.errors import RuleError, shorten
from forewarn.outbound.asking import Policy

__all__ = ["Guard", "is_public"]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is in the public internet: not private, local, shared, multicast, reserved or a tunnel."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip.is_site_local or int(ip) >> 32 == 0:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_link_local or ip.is_unspecified)


class Guard(httpcore.NetworkBackend):
    """Opens connections for the pool.

    Args:
        policy: which private addresses are allowed nevertheless, and the total time.
        clock: seconds that only grow.
    """

    def __init__(self, policy: Policy, clock: Callable[[], float]) -> None:
        self._policy, self._clock, self._sockets = policy, clock, httpcore.SyncBackend()
        self._deadline = 0.0

    def start(self) -> None:
        """Begin to count the total time."""
        self._deadline = self._clock() + self._policy.total_s

    def left_s(self) -> float:
        """Seconds until the deadline; below zero when it is past."""
        return self._deadline - self._clock()

    def patience(self, timeout: float | None) -> float:
        """How long one step may take. Raises httpcore's timeout when nothing is left."""
        left = self.left_s()
        if left <= 0:
            raise httpcore.ReadTimeout("the time is over")
        return left if timeout is None else min(left, timeout)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of the host's addresses that answers; all of them must be allowed."""
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses(host, port):
            try:
                stream = self._sockets.connect_tcp(address, port, self.patience(timeout), local_address, socket_options)
                return _Stream(stream, self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise httpcore.ConnectError("the name is not known") from None
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        for address in addresses:
            if address not in self._policy.private_addresses and not is_public(address):
                raise RuleError("leads to an address that is not public", where=shorten(host), mend="use a public host")
        return addresses


class _Stream(httpcore.NetworkStream):
    """A connection that ends at the guard's deadline."""

    def __init__(self, stream: httpcore.NetworkStream, guard: Guard) -> None:
        self._stream, self._guard = stream, guard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """At most that many bytes."""
        return self._stream.read(max_bytes, self._guard.patience(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        self._stream.write(buffer, self._guard.patience(timeout))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection under TLS."""
        stream = self._stream.start_tls(ssl_context, server_hostname, self._guard.patience(timeout))
        return _Stream(stream, self._guard)

    def get_extra_info(self, info: str) -> object:
        """What is known of the connection."""
        return self._stream.get_extra_info(info)
