"""Fetching what a channel's publisher offers: every answer kept as a snapshot and noted in ``fetches``.

Owns what is remembered between fetches, and which hosts and secrets a channel is given: its own, and those of the
settings. Each answer is noted in a transaction of its own before the next is asked for, so that a stopped run goes on
where it was, and what has not changed since is not sent again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import select

from forewarn.clock import instant_from_text, instant_text
from forewarn.collect import ChannelDefinition, Mapping, Provenance, snapshot_path
from forewarn.collect.channels.fetch import FetchFrom
from forewarn.collect.fetch import Fetched, Held, Publisher, allowed_hosts
from forewarn.config import Settings
from forewarn.logs import get_logger
from forewarn.model.provenance import Snapshot
from forewarn.operations.workspace import Progress, Workspace, no_progress
from forewarn.outbound import Outbound, Policy
from forewarn.store import intake, schema

__all__ = ["Fetched", "fetch", "policy_of"]

_SECRETS = ("acled_email", "acled_password", "acled_token", "feed_addresses", "reliefweb_appname", "ucdp_token")

_log = get_logger(__name__)


def policy_of(settings: Settings, source: FetchFrom) -> Policy:
    """Whom a channel may ask, and within which limits. Private addresses are never among them."""
    own = settings.feed_addresses.split() if source.setting else []
    return Policy(
        hosts=allowed_hosts(source, own) | frozenset(settings.outbound_allow.split()),
        silence_s=settings.outbound_silence_s,
        total_s=settings.outbound_total_s,
        largest_bytes=settings.snapshot_limit_mb * 1_000_000,
    )


def fetch(
    workspace: Workspace,
    definition: ChannelDefinition,
    addresses: Sequence[str] = (),
    *,
    mapping: Mapping | None = None,
    outbound: Outbound | None = None,
    progress: Progress = no_progress,
) -> Iterator[Fetched]:
    """Fetch from a channel's publisher, one answer after the other, each noted before it is handed out.

    Args:
        workspace: where snapshots and notes go.
        definition: the channel.
        addresses: what to fetch; the channel's own when none is given.
        mapping: what says whose data it is, where the channel does not.
        outbound: the way out; made from the settings when not given, and closed at the end either way.
        progress: told what is being asked.

    Raises:
        UsageError: there is nothing to fetch from.
        ConfigurationError: a host or a credential is not there, or refused.
        InputError: what comes cannot be had or is not as documented.
    """
    source = definition.fetch or FetchFrom()
    said = mapping or definition
    named = mapping.under(definition.name) if mapping else definition.name
    way = outbound or Outbound(policy_of(workspace.settings, source))
    with closing(way):
        publisher = Publisher(
            source,
            Provenance(named, said.publisher, said.licence, workspace.now),
            way,
            workspace.paths.snapshots,
            _Memory(workspace, named),
            {name: getattr(workspace.settings, name) for name in _SECRETS},
            workspace.today,
        )
        progress(0, 0, f"asking the publisher of {named}")
        for number, got in enumerate(publisher.fetch(addresses), start=1):
            progress(number, 0, f"{named}: {number:,} answers")
            _log.info("answer kept", channel=named, http_status=got.status, size_bytes=got.snapshot.size_bytes)
            yield got


@dataclass(frozen=True, slots=True)
class _Memory:
    """The table ``fetches``, as the room that fetches sees it."""

    workspace: Workspace
    channel: str

    def held(self, address: str) -> Held | None:
        """The newest answer of an address whose bytes are still there."""
        fetches, snapshots = schema.fetches, schema.snapshots
        query = (
            select(fetches.c.etag, fetches.c.last_modified, snapshots)
            .join(snapshots, snapshots.c.snapshot_id == fetches.c.snapshot_id)
            .where(fetches.c.channel == self.channel, fetches.c.address == address)
            .order_by(fetches.c.sequence.desc())
            .limit(1)
        )
        with self.workspace.database.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        snapshot = Snapshot(
            snapshot_id=row["snapshot_id"],
            size_bytes=row["size_bytes"],
            channel=row["channel"],
            origin=row["origin"],
            received_at=instant_from_text(row["received_at"]),
            media_type=row["media_type"],
            publisher=row["publisher"],
            licence=row["licence"],
            headers=tuple((name, value) for name, value in json.loads(row["headers"])),
        )
        path = snapshot_path(self.workspace.paths.snapshots, snapshot)
        is_whole = path.is_file() and path.stat().st_size == snapshot.size_bytes
        return Held(snapshot, row["etag"], row["last_modified"]) if is_whole else None

    def add(self, fetched: Fetched) -> None:
        """Note an answer and its snapshot."""
        with self.workspace.database.writing() as connection:
            intake.add_snapshot(connection, fetched.snapshot)
            connection.execute(
                schema.fetches.insert(),
                {
                    "channel": self.channel,
                    "address": fetched.address,
                    "status": fetched.status,
                    "etag": fetched.etag,
                    "last_modified": fetched.last_modified,
                    "snapshot_id": "" if fetched.is_unchanged else fetched.snapshot.snapshot_id,
                    "fetched_at": instant_text(self.workspace.now),
                },
            )
