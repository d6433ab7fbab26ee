"""Which notices are due: a pure function of how alerts stand, the present instant, and what was handed over before.

An issued or updated alert is told at once, once. Before the deadline reminders go out at the declared hours, only the
nearest of them where several were missed; after it, one notice that it is overdue. Nothing is told of drafts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from forewarn.model.alert import Alert
from forewarn.model.delivery import Notice
from forewarn.respond.clock import ResponseClock

__all__ = ["REMIND_HOURS", "Standing", "notices_due"]

REMIND_HOURS = (72, 24)
"""How many hours before a deadline reminders go out."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An alert's current version and its clock."""

    alert: Alert
    clock: ResponseClock


def notices_due(standings: Iterable[Standing], handed_over: Collection[str]) -> tuple[Notice, ...]:
    """The notices that are due and not among those handed over (by id), soonest deadline first."""
    found = [notice for one in standings for notice in _of(one) if notice.notice_id not in handed_over]
    return tuple(sorted(found, key=lambda one: (one.deadline, one.alert_id, one.kind)))


def _of(one: Standing) -> list[Notice]:
    clock = one.clock
    if clock.issued_at is None:
        return []
    if clock.status == "cancelled":
        return [_notice(one, "cancelled")]
    if clock.status in ("closed", "after_action"):
        return []
    found = [_notice(one, "issued" if clock.issued_at == clock.asked_at else "updated")]
    if clock.is_overdue:
        return [*found, _notice(one, "overdue")]
    left = clock.deadline - clock.now
    near = [hours for hours in REMIND_HOURS if clock.waits and left <= timedelta(hours=hours)]
    return [*found, *([_notice(one, "reminder", str(min(near)))] if near else [])]


def _notice(one: Standing, kind: str, mark: str = "") -> Notice:
    alert, clock = one.alert, one.clock
    return Notice(
        alert_id=alert.alert_id,
        version=clock.version,
        kind=kind,
        mark=mark,
        role=alert.addressee,
        level=alert.level,
        country=alert.unit.partition("/")[0][:3],
        deadline=clock.deadline,
        fictional=alert.fictional,
    )
