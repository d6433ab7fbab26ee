"""The channels there are: what can be collected, from whom, under which terms, and what has been collected."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from forewarn.collect import ChannelDefinition, channels
from forewarn.operations.workspace import Workspace
from forewarn.store import schema

__all__ = ["ChannelUse", "channel_list", "channel_uses"]


@dataclass(frozen=True, slots=True)
class ChannelUse:
    """What a workspace has collected through a channel: files, reports accepted, and when last."""

    channel: str
    files: int
    accepted: int
    rejected: int
    last_collected_at: str


def channel_list() -> list[ChannelDefinition]:
    """Every channel there is, by name."""
    return list(channels())


def channel_uses(workspace: Workspace) -> list[ChannelUse]:
    """What this workspace has collected, by channel."""
    table = schema.collections
    query = (
        select(
            table.c.channel,
            func.count(),
            func.sum(table.c.accepted),
            func.sum(table.c.rejected),
            func.max(table.c.collected_at),
        )
        .group_by(table.c.channel)
        .order_by(table.c.channel)
    )
    with workspace.database.reading() as connection:
        return [ChannelUse(row[0], int(row[1]), int(row[2]), int(row[3]), row[4]) for row in connection.execute(query)]
