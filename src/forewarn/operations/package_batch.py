"""What one side of a sync has for the other, and the taking in of what came: one transaction for each batch.

A package that is refused by itself is named and left out; it keeps no recall behind it from arriving. A package that is
here already changes nothing, so a batch may come twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from forewarn.errors import DisclosureError, InputFormatError, InputValueError, RuleError
from forewarn.exchange.envelope import Envelope, read_envelope
from forewarn.exchange.turn import MOST_PACKAGES
from forewarn.logs import get_logger
from forewarn.operations.package_post import Post
from forewarn.operations.package_taking import may_flush, take_in
from forewarn.store import packages as store
from forewarn.store import sync

__all__ = ["BATCH_BYTES", "Batch", "Taken", "batch_for", "take_batch"]

BATCH_BYTES = 8 * 2**20
"""Bytes of the packages of one turn; a larger package comes alone."""

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Batch:
    """Packages for a partner: those behind ``since``, up to ``upto``, and whether more wait."""

    packages: tuple[bytes, ...]
    since: str
    upto: str
    more: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """How many packages were new here, and which were refused (their id, or empty where they have none)."""

    new: int
    refused: tuple[str, ...]


def batch_for(connection: Connection, recipient: str, after: str, today: date) -> Batch:
    """The next packages of a recipient's queue; from its beginning where ``after`` does not stand in it."""
    since = after if sync.is_in_queue(connection, recipient, after) else ""
    packages: list[bytes] = []
    upto, size = since, 0
    for one in sync.waiting(connection, recipient, since, today):
        data = None if one.is_held_back else sync.sealed_bytes(connection, one.package_id)
        if data is not None:
            size += len(data)
            if packages and (size > BATCH_BYTES or len(packages) == MOST_PACKAGES):
                return Batch(tuple(packages), since, upto, more=True)
            packages.append(data)
        upto = one.package_id
    return Batch(tuple(packages), since, upto, more=False)


def take_batch(post: Post, partner: str, packages: Sequence[bytes]) -> Taken:
    """Take in what a partner sent of its own; what others made is not its to bring."""
    read: dict[str, Envelope] = {}
    new, refused = 0, []
    for data in packages:
        try:
            envelope = read_envelope(data)
            read[envelope.package_id] = envelope
        except InputFormatError:
            refused.append("")
    here = store.held_among(post.connection, list(read))
    for package_id, envelope in read.items():
        if package_id in here:
            continue
        try:
            _take(post, partner, envelope)
            new += 1
        except (RuleError, InputFormatError, InputValueError) as error:
            _log.warning("package refused", error=type(error).__name__)
            refused.append(package_id)
    return Taken(new, tuple(refused))


def _take(post: Post, partner: str, envelope: Envelope) -> None:
    if envelope.manifest.sender != partner:
        raise DisclosureError("was made by somebody else", where="package", mend="have its sender bring it")
    with post.attempt(flushes=may_flush(envelope)):
        take_in(post, envelope)
