"""The nouns of asking: the policy, what to ask for, the secret that goes along, and what came.

Nothing here opens anything. The values of secrets are left out of every ``repr``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["SAFE_HEADERS", "Answer", "Ask", "Credential", "Policy"]

SAFE_HEADERS = ("content-encoding", "content-length", "content-type", "date", "etag", "last-modified")
"""Headers of an answer that are handed back; all others may carry cookies, keys or signed addresses."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may be asked, and within which limits.

    Attributes:
        hosts: those that may be asked, as ``host``, ``host:port`` or ``host/folder/``; without a port, 80 and 443.
        private_addresses: addresses that may be asked although they are not public, credentials without https
            included. No setting leads here: for tests, and for a partner whose own-network address somebody wrote out
            as a number, in its entry and on the list of hosts.
        silence_s: seconds without a byte after which a connection counts as dead.
        total_s: seconds for one fetch with all its attempts and waits.
        largest_bytes: a larger body, as sent or unpacked, is refused.
        attempts: how often in a row a fetch may fail without having got further.
        longest_wait_s: a publisher who asks for a longer pause is left alone, with an error that says so.
    """

    hosts: frozenset[str]
    private_addresses: frozenset[str] = frozenset()
    silence_s: float = 30.0
    total_s: float = 3_600.0
    largest_bytes: int = 4_000_000_000
    attempts: int = 5
    longest_wait_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret that goes along as a header (or, where ``in_query``, a parameter of the address) of that name."""

    name: str
    value: str = field(repr=False)
    in_query: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """What to ask for.

    Attributes:
        address: http or https; without credentials.
        credential: goes along to this address's host only.
        media_types: those accepted; an answer of another one is refused. Empty accepts all.
        etag, last_modified: what we hold; the answer may then be that nothing has changed.
        form: sent as the body of a POST, for signing in.
        body, content_type: handed over as the body of a POST, see :meth:`Outbound.send`.
        once_key: tells the receiver that a second delivery is the same one; sent as ``Idempotency-Key``.
        largest_bytes: a limit below that of the policy; 0 for the policy's.
        is_resumable: a cut download goes on where it stopped, in a later run too.
    """

    address: str
    credential: Credential | None = None
    media_types: tuple[str, ...] = ()
    etag: str = ""
    last_modified: str = ""
    form: Mapping[str, str] | None = field(default=None, repr=False)
    body: bytes | None = field(default=None, repr=False)
    content_type: str = "application/octet-stream"
    once_key: str = ""
    largest_bytes: int = 0
    is_resumable: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: the address asked (without credentials), the status, the :data:`SAFE_HEADERS`, and the body's size."""

    address: str
    status: int
    headers: tuple[tuple[str, str], ...]
    size_bytes: int = 0

    @property
    def is_unchanged(self) -> bool:
        """Whether we already hold the newest; there is no body then."""
        return self.status == 304

    def header(self, name: str) -> str:
        """The value of a header, or the empty text."""
        return dict(self.headers).get(name, "")
