"""Setting a brief as PDF for somebody who waits at a page: in another process, one at a time, and kept for a while.

Owns what is kept: bytes in memory, never in a file, by the digest of the page they were set from, but for the instant
it was made at. That page is made anew for each who asks, under their own rights, so nobody is given what their own
brief would not say; after a purge, a recall or a restriction the page is another and what was kept is not found.
Refuses, at once, when several wait already: whoever asks for pages meanwhile does not wait for paper.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from forewarn.errors import BusyError
from forewarn.operations.apart import apart, can_be_apart
from forewarn.respond import BriefData
from forewarn.respond.brief.pdf import page_digest, pdf_of, printed_html

__all__ = ["Kept", "pdf_for_page"]

MOST_BYTES = 16 << 20
"""Bytes kept at once; the one asked for longest ago goes first."""

MOST_SECONDS = 600.0
"""Seconds one is kept: so long the line that says when it was made may lag behind."""

_AT_ONCE = 3
"""How many may be set or wait for it in one process of the server."""


@dataclass(slots=True)
class Kept:
    """What was set, by digest; for several threads.

    Attributes:
        most_bytes, most_seconds: what is kept at most, and for how long.
        clock: seconds that only rise.
    """

    most_bytes: int = MOST_BYTES
    most_seconds: float = MOST_SECONDS
    clock: Callable[[], float] = time.monotonic
    _held: OrderedDict[str, tuple[float, bytes]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, digest: str) -> bytes | None:
        """The bytes, if they are kept still."""
        with self._lock:
            self._forget()
            if digest not in self._held:
                return None
            self._held.move_to_end(digest)
            return self._held[digest][1]

    def keep(self, digest: str, made: bytes) -> None:
        """Keep them; what is larger than all that may be kept is not."""
        with self._lock:
            self._held[digest] = (self.clock(), made)
            self._held.move_to_end(digest)
            self._forget()

    def _forget(self) -> None:
        old = self.clock() - self.most_seconds
        for digest in [one for one, (at, _) in self._held.items() if at <= old]:
            del self._held[digest]
        while self._held and sum(len(made) for _, made in self._held.values()) > self.most_bytes:
            self._held.popitem(last=False)


_KEPT = Kept()
_PRESS = threading.Lock()
_ROOM = threading.BoundedSemaphore(_AT_ONCE)


def pdf_for_page(data: BriefData, length: str) -> bytes:
    """The brief as PDF, set now or, of the very same page, not long ago.

    Raises:
        BusyError: several are being set and wait already.
        MissingExtraError: the library is not there.
    """
    html = printed_html(data, length)
    digest = page_digest(html, data)
    if (made := _KEPT.get(digest)) is not None:
        return made
    if not _ROOM.acquire(blocking=False):
        raise BusyError("several briefs are being set as PDF already", where="format", mend="ask again in a minute")
    try:
        with _PRESS:
            if (made := _KEPT.get(digest)) is None:  # who waited may have waited for the same
                made = _set(html)
                _KEPT.keep(digest, made)
    finally:
        _ROOM.release()
    return made


def _set(html: str) -> bytes:
    if can_be_apart(_setting, html):
        return b"".join(apart(_setting, html))
    return pdf_of(html)


def _setting(html: str) -> Iterator[bytes]:
    yield pdf_of(html)
