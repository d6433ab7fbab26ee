"""Answering partners who ask over a network: a request is let in by its signature alone, once, and while it is fresh.

There is no session and nothing to guess. Whoever we do not trust learns nothing, not even why. What is given and taken
is what the queue and the store allow; no request reads anything else.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

from forewarn.errors import DisclosureError
from forewarn.exchange.turn import MEDIA_TYPE, PREFIX, Heard, Turn, head_size, hear, said
from forewarn.model.package import Card
from forewarn.operations.package_batch import Batch, Taken, batch_for, take_batch
from forewarn.operations.package_post import posting
from forewarn.operations.partners import own_keys, trusted
from forewarn.operations.workspace import Workspace, now_of
from forewarn.store import sync

__all__ = ["FRESH", "MEDIA_TYPE", "PREFIX", "Porter", "head_size"]

FRESH = timedelta(minutes=5)
"""How far the clock of an asking partner may be from ours."""


class Porter:
    """Lets partners in and answers them.

    Args:
        workspace: of this node.
        by: who is noted as having taken in what comes.
        started: the present instant; what was signed before it may be a replay that was seen by an earlier run.
    """

    def __init__(self, workspace: Workspace, by: str, started: datetime) -> None:
        self._workspace, self._by, self._started = workspace, by, started
        self._keys = own_keys(workspace)
        self._seen: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def admit(self, head: bytes, at: datetime) -> Heard:
        """Check the sealed head of an ask.

        Raises:
            InputFormatError: it is none.
            DisclosureError: of nobody we trust, not for us, too old, from the future, or seen before.
        """
        with self._workspace.database.reading() as connection:
            cards = trusted(connection)
        heard = hear(head, self._keys, cards)
        turn = heard.turn
        with self._lock:
            self._seen = {nonce: seen for nonce, seen in self._seen.items() if at - seen <= 2 * FRESH}
            is_fresh = abs(at - turn.at) <= FRESH and turn.at >= self._started and turn.nonce not in self._seen
            self._seen[turn.nonce] = at
        if not is_fresh or turn.kind != "ask":
            raise DisclosureError("is stale, or was seen before", where="sync", mend="set the clocks; ask anew")
        return heard

    def answer(self, heard: Heard, body: bytes, at: datetime) -> bytes:
        """Take in what came with an admitted ask, and answer with what waits for its sender.

        Raises:
            InputFormatError: the body is not the one announced. Nothing is taken in then.
            DisclosureError: the sender is trusted no more.
        """
        packages = heard.packages(body, self._keys)
        workspace = replace(self._workspace, now=now_of(self._workspace.settings))
        with self._lock:
            taken = self._take(workspace, heard.turn, packages)
        mark = heard.turn.sender
        with workspace.database.reading() as connection:
            card = trusted(connection).get(mark)
            if card is None:
                raise DisclosureError("is trusted no more", where="sync", mend="ignore it")
            have = sync.mark_of(connection, mark, "in")
            batch = batch_for(connection, mark, heard.turn.after, workspace.today)
        return self._said(heard, card, batch, have, taken, at)

    def _take(self, workspace: Workspace, turn: Turn, packages: list[bytes]) -> Taken:
        """Nothing is taken where the partner goes on from another place than where we are: it is told ours instead.

        What it gives from its very beginning is always taken; what is here already changes nothing.
        """
        mark = turn.sender
        with workspace.database.reading() as connection:
            have, given = (sync.mark_of(connection, mark, way) for way in ("in", "out"))
            is_known = not turn.after or sync.is_in_queue(connection, mark, turn.after)
        goes_on = turn.since in ("", have)
        if not (goes_on and turn.upto != have) and not (is_known and turn.after != given):
            return Taken(0, ())
        taken = Taken(0, ())
        with posting(workspace, by=self._by, out=None, writes=False) as post:
            if goes_on:
                taken = take_batch(post, mark, packages)
                sync.add_mark(post.connection, mark, "in", turn.upto, workspace.now)
            if is_known:
                sync.add_mark(post.connection, mark, "out", turn.after, workspace.now)
        return taken

    def _said(self, heard: Heard, card: Card, batch: Batch, have: str, taken: Taken, at: datetime) -> bytes:
        turn = Turn(
            kind="answer",
            sender=self._keys.card.fingerprint,
            recipient=card.fingerprint,
            at=at,
            nonce=heard.turn.nonce,
            after=have,
            since=batch.since,
            upto=batch.upto,
            more=batch.more,
            sizes=tuple(len(one) for one in batch.packages),
            refused=tuple(one for one in taken.refused if one),
        )
        data, _ = said(turn, batch.packages, self._keys, card, heard.bound)
        return data
