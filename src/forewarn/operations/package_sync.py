"""Asking partners for what is new, and giving them what waits for them: one request where there is nothing.

Only the asking side opens a connection, to the address that somebody set and only where ``outbound_allow`` has it. Each
turn is one transaction with the marks of how far both are, so whatever stops it, the next run goes on from there.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from forewarn.clock import utc_now
from forewarn.config import Settings
from forewarn.errors import ConfigurationError, DisclosureError, ForewarnError, InputFormatError
from forewarn.exchange.boxes import OVERHEAD
from forewarn.exchange.envelope import LARGEST
from forewarn.exchange.turn import LARGEST_HEAD, MEDIA_TYPE, PREFIX, Turn, head_size, hear, said
from forewarn.model.package import Card
from forewarn.operations.package_batch import Batch, Taken, batch_for, take_batch
from forewarn.operations.package_post import posting
from forewarn.operations.partners import named, own_keys, trusted
from forewarn.operations.workspace import Progress, Workspace, no_progress
from forewarn.outbound import Ask, Outbound, Policy
from forewarn.outbound.places import Place
from forewarn.store import sync

__all__ = ["Synced", "sync_packages"]

_MOST_TURNS = 10_000


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync with a partner did.

    Attributes:
        partner: its name.
        requests: how many there were.
        given, taken: packages, notices and answers sent, and new ones received.
        refused, refused_there: how many of them were refused, here and by the partner.
        problem: why it stopped early; empty where it did not.
    """

    partner: str
    requests: int = 0
    given: int = 0
    taken: int = 0
    refused: int = 0
    refused_there: int = 0
    problem: str = ""


def sync_packages(
    workspace: Workspace,
    names: Sequence[str] = (),
    *,
    by: str,
    progress: Progress = no_progress,
) -> Iterator[Synced]:
    """Exchange packages with partners, one after the other; what goes wrong with one keeps no other from its turn.

    Args:
        names: of partners; all who are trusted and have an address when none is given.
        by: who is noted as having taken in what comes.

    Raises:
        UnknownNameError: no such partner.
        ConfigurationError: one that is named has no address, or nobody has.
    """
    for card, address in _asked(workspace, names):
        line = _Line(workspace, card, address, by)
        try:
            with (
                closing(Outbound(_policy(workspace.settings, address))) as way,
                tempfile.TemporaryDirectory() as folder,
            ):
                while line.turn(way, Path(folder) / "answer"):
                    progress(line.given + line.taken, 0, f"{card.name}: {line.requests:,} requests")
        except ForewarnError as error:
            line.problem = str(error)
        yield line.done()


def _asked(workspace: Workspace, names: Sequence[str]) -> list[tuple[Card, str]]:
    with workspace.database.reading() as connection:
        cards = trusted(connection)
        chosen = [named(connection, name).card for name in names] or list(cards.values())
        asked = [(card, sync.address_of(connection, card.fingerprint)) for card in chosen]
    for card, address in asked:
        if names and card.fingerprint not in cards:
            raise DisclosureError("is not trusted", where=card.name, mend="run 'forewarn partners trust' first")
        if names and not address:
            raise ConfigurationError("has no address", where=card.name, mend="run 'forewarn partners address' first")
    found = [(card, address) for card, address in asked if address]
    if not found:
        raise ConfigurationError("nobody has an address", where="partners", mend="run 'forewarn partners address'")
    return found


def _policy(settings: Settings, address: str) -> Policy:
    """The hosts that are allowed; one of the own network only where both places write it out as a number."""
    hosts, host = frozenset(settings.outbound_allow.split()), Place.of(address).host
    try:
        own = frozenset({str(ip_address(host))})
    except ValueError:
        own = frozenset()
    silence, total = settings.outbound_silence_s, settings.outbound_total_s
    return Policy(hosts, private_addresses=own, silence_s=silence, total_s=total, attempts=1)


class _Line:
    """The line to one partner, and what has gone over it."""

    def __init__(self, workspace: Workspace, card: Card, address: str, by: str) -> None:
        self._workspace, self._card, self._address, self._by = workspace, card, address, by
        self._keys = own_keys(workspace)
        self.requests = self.given = self.taken = self.refused = self.refused_there = self._resets = 0
        self.problem = ""

    def done(self) -> Synced:
        """What has gone over it."""
        counts = (self.requests, self.given, self.taken, self.refused, self.refused_there)
        return Synced(self._card.name, *counts, self.problem)

    def turn(self, way: Outbound, target: Path) -> bool:
        """Ask once, keep what comes; whether there is more to give or to get."""
        mark = self._card.fingerprint
        with self._workspace.database.reading() as connection:
            after, given = (sync.mark_of(connection, mark, direction) for direction in ("in", "out"))
            batch = batch_for(connection, mark, given, self._workspace.today)
        ask, digest = said(self._ask(after, batch), batch.packages, self._keys, self._card)
        reply, packages = self._reply(way, ask, digest, target)
        if reply.since not in ("", after):
            raise InputFormatError("goes on from another place", where=self._card.name, mend="ask the partner")
        is_idle = not packages and not batch.packages and reply.upto == after
        if self.requests >= _MOST_TURNS or (reply.more and is_idle):
            raise InputFormatError("never comes to an end", where=self._card.name, mend="ask the partner")
        is_taken = reply.after == batch.upto
        self.given += len(batch.packages) if is_taken else 0
        self.refused_there += len(reply.refused)
        if not is_taken:
            self._resets += 1
            if self._resets > 1:
                raise InputFormatError("does not take what is given", where=self._card.name, mend="ask the partner")
        with self._workspace.database.reading() as connection:
            there = reply.after if sync.is_in_queue(connection, mark, reply.after) else ""
        if packages or (reply.upto, there) != (after, given):
            self._keep(reply, there, packages)
        return reply.more or not is_taken or self._has_more(there)

    def _ask(self, after: str, batch: Batch) -> Turn:
        return Turn(
            kind="ask",
            sender=self._keys.card.fingerprint,
            recipient=self._card.fingerprint,
            at=utc_now(),
            nonce=secrets.token_hex(16),
            after=after,
            since=batch.since,
            upto=batch.upto,
            more=batch.more,
            sizes=tuple(len(one) for one in batch.packages),
        )

    def _reply(self, way: Outbound, ask: bytes, digest: str, target: Path) -> tuple[Turn, list[bytes]]:
        self.requests += 1
        limit = PREFIX + LARGEST_HEAD + LARGEST + OVERHEAD
        try:
            way.fetch(Ask(self._address, media_types=(MEDIA_TYPE,), body=ask, content_type=MEDIA_TYPE,
                          largest_bytes=limit), target)  # fmt: skip
        except ConfigurationError as error:
            if "refuses access" not in error.what:
                raise
            mend = "does it trust our card, and are both clocks right?"
            raise ConfigurationError("refuses us", where=self._card.name, mend=mend) from None
        data = target.read_bytes()
        end = PREFIX + head_size(data[:PREFIX])
        heard = hear(data[PREFIX:end], self._keys, {self._card.fingerprint: self._card}, answers=digest)
        return heard.turn, heard.packages(data[end:], self._keys)

    def _keep(self, reply: Turn, there: str, packages: list[bytes]) -> None:
        """What came and how far both are, in one transaction."""
        mark, now = self._card.fingerprint, self._workspace.now
        taken = Taken(0, ())
        with posting(self._workspace, by=self._by, out=None, writes=False) as post:
            if packages:
                taken = take_batch(post, mark, packages)
            sync.add_mark(post.connection, mark, "in", reply.upto, now)
            sync.add_mark(post.connection, mark, "out", there, now)
        self.taken += taken.new
        self.refused += len(taken.refused)

    def _has_more(self, there: str) -> bool:
        with self._workspace.database.reading() as connection:
            waits = sync.waiting(connection, self._card.fingerprint, there, self._workspace.today)
            return next(waits, None) is not None
