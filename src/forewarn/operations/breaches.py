"""Incidents with data handled: notify, classify, treat, close, learn; no step is skipped and none is unsaid.

Anybody who acts here may notify; whoever only closes what they treated alone is refused. A breach counts as open until
it is closed, and as unlearnt from until somebody says what changed. Texts hold no name and no content of the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from forewarn.errors import LifecycleError, SeparationError, UsageError
from forewarn.ids import short
from forewarn.model.breach import BreachEntry
from forewarn.model.validation import require_choice, require_text
from forewarn.operations.tracker import refuse_names
from forewarn.operations.workspace import Workspace
from forewarn.store import breaches as rows
from forewarn.store.reading import find_id
from forewarn.taxonomy.breach import breach_codes, breach_steps

__all__ = ["Breach", "listed", "notify", "shown", "take_step"]


@dataclass(frozen=True, slots=True)
class Breach:
    """A breach as it stands: the step it has come to, what is next, since when it is known, and all that was told."""

    breach_id: str
    step: str
    next_step: str
    impact: str
    noticed_at: datetime
    open_hours: int
    history: tuple[BreachEntry, ...]


def notify(workspace: Workspace, what: str, *, by: str) -> Breach:
    """Say that something went wrong with data."""
    said = _checked("notify", {"what": what})
    entry = BreachEntry("notify", by, workspace.now, said)
    with workspace.database.writing() as connection:
        rows.add_step(connection, entry)
        return _breach(workspace, rows.read_steps(connection, entry.breach_id))


def take_step(workspace: Workspace, name: str, step: str, said: Mapping[str, str], *, by: str) -> Breach:
    """Take the next step of a breach, or tell the present one anew.

    Raises:
        LifecycleError: the step before is missing, or a later one was taken.
        SeparationError: somebody closes what they alone treated.
        InputValueError: a field is missing or no code.
        DisclosureError: a text names a person.
    """
    checked = _checked(step, said)
    with workspace.database.writing() as connection:
        breach_id = _find(connection, name)
        history = rows.read_steps(connection, breach_id)
        _refuse_out_of_order(history, step)
        if step == "close" and {one.by for one in history if one.step == "treat"} == {by}:
            raise SeparationError("nobody closes what they alone treated", where=short(breach_id), mend="ask another")
        rows.add_step(connection, BreachEntry(step, by, workspace.now, checked, breach_id))
        return _breach(workspace, rows.read_steps(connection, breach_id))


def listed(workspace: Workspace, *, open_only: bool = False) -> list[Breach]:
    """All breaches, those noticed first first."""
    by_id: dict[str, list[BreachEntry]] = {}
    with workspace.database.reading() as connection:
        for entry in rows.read_steps(connection):
            by_id.setdefault(entry.breach_id, []).append(entry)
    found = [_breach(workspace, history) for history in by_id.values()]
    return [one for one in found if one.next_step or not open_only]


def shown(workspace: Workspace, name: str) -> Breach:
    """One breach."""
    with workspace.database.reading() as connection:
        return _breach(workspace, rows.read_steps(connection, _find(connection, name)))


def _breach(workspace: Workspace, history: list[BreachEntry]) -> Breach:
    order = list(breach_steps())
    step = max((one.step for one in history), key=order.index)
    following = order[order.index(step) + 1 :]
    impacts = [one.said["impact"] for one in history if one.step == "classify"]
    closed = [one.at for one in history if one.step == "close"]
    first = history[0].at
    hours = int(((closed[-1] if closed else workspace.now) - first).total_seconds() // 3600)
    nextly = following[0] if following else ""
    # Until somebody has classified it, it may be the worst there is.
    impact = impacts[-1] if impacts else "severe"
    return Breach(history[0].breach_id, step, nextly, impact, first, hours, tuple(history))


def _refuse_out_of_order(history: list[BreachEntry], step: str) -> None:
    order, taken = list(breach_steps()), {one.step for one in history}
    place = order.index(step)
    where = short(history[0].breach_id)
    if place == 0:
        raise UsageError("makes a breach of its own", where="notify", mend="take the next step instead")
    if order[place - 1] not in taken:
        raise LifecycleError(f"needs '{order[place - 1]}' before '{step}'", where=where, mend="take it first")
    later = [one for one in order[place + 1 :] if one in taken]
    if later:
        raise LifecycleError(f"has come to '{later[-1]}' already", where=where, mend="notify it anew")


def _checked(step: str, said: Mapping[str, str]) -> dict[str, str]:
    require_choice(step, "step", tuple(breach_steps()))
    wanted = breach_steps()[step].fields
    for name in set(said) - set(wanted):
        raise UsageError(f"'{name}' is no field of '{step}'", where=name, mend=f"tell {', '.join(wanted)}")
    for name in wanted:
        require_text(said.get(name, ""), name, longest=2_000)
        if name in breach_codes():
            require_choice(said[name], name, breach_codes()[name])
    refuse_names(**said)
    return dict(said)


def _find(connection: Connection, name: str) -> str:
    prefix = name if name.startswith("brc_") else f"brc_{name}"
    return find_id(connection, rows.breach_entries, "breach_id", prefix, "breach")
