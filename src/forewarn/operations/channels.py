"""The channels there are: what can be collected, from whom, under which terms; what has been, and what is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from forewarn.collect import ChannelDefinition, add_channels_from, channels
from forewarn.operations.freshness import freshness
from forewarn.operations.workspace import Workspace
from forewarn.store import schema

__all__ = ["ChannelUse", "channel_list", "channel_uses"]


@dataclass(frozen=True, slots=True)
class ChannelUse:
    """What a workspace has collected through a channel: files, reports accepted, when last, and how fresh that is.

    ``due_on`` is the day by which something new was or is due, ``None`` for a channel renewed at no set time;
    ``late_days`` the days since, 0 when it is not late.
    """

    channel: str
    files: int
    accepted: int
    rejected: int
    last_collected_at: str
    cadence_days: int | None = None
    due_on: date | None = None
    late_days: int = 0


def channel_list(folder: Path | None = None) -> list[ChannelDefinition]:
    """Every channel there is, by name, with those of the folder, whose code is run."""
    if folder is not None:
        add_channels_from(folder)
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
        rows = connection.execute(query).all()
    fresh = {one.channel: one for one in freshness(workspace)}
    return [
        ChannelUse(
            channel=row[0],
            files=int(row[1]),
            accepted=int(row[2]),
            rejected=int(row[3]),
            last_collected_at=row[4],
            cadence_days=fresh[row[0]].cadence_days,
            due_on=fresh[row[0]].due_on,
            late_days=fresh[row[0]].late_days,
        )
        for row in rows
        if row[0] in fresh
    ]
