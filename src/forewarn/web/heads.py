"""Reading requests from the wire: the parser of httptools, bounded.

It is much quicker than a parser in Python, but would hold a head of any size, and takes what stands behind a body for
more of its head. Refuses a head larger than any of ours, and keeps nothing that comes after its end.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["LARGEST_HEAD_BYTES", "BoundedProtocol"]

LARGEST_HEAD_BYTES = 65_536


class BoundedProtocol(HttpToolsProtocol):
    """One connection; it is closed once a head grows beyond :data:`LARGEST_HEAD_BYTES`, or little more."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._is_head, self._head_bytes = True, 0

    def data_received(self, data: bytes) -> None:
        """Take in a part; of an unfinished head, its size is counted."""
        super().data_received(data)
        if not self._is_head or self.parser is None:
            return
        self._head_bytes += len(data)
        if self._head_bytes > LARGEST_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._is_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field of the head; one behind the body is none of it."""
        if self._is_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """End the head."""
        self._is_head = False
        super().on_headers_complete()
