"""Fetch: what a channel's publisher offers, kept as received, page by page and file by file.

Owns the way from a channel's ``fetch`` section to snapshots. The bytes are kept before anything but their shape is
looked at; where a publisher's answer is not of the documented shape, the fetch ends with an error that names it.
"""

from __future__ import annotations

from forewarn.collect.fetch.publisher import Fetched, Held, Memory, Publisher, allowed_hosts

__all__ = ["Fetched", "Held", "Memory", "Publisher", "allowed_hosts"]
