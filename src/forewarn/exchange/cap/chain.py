"""Chains of CAP messages: which message updates, cancels or acknowledges which, and what holds now.

A pure function of the messages known: their order does not matter, and a message may refer to one nobody has, which is
shown as missing. A message is replaced when an Update or Cancel of the same sender refers to it; what somebody else
sends about it replaces nothing. An Ack or Error only stands beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from forewarn.model.cap import CapKnown

__all__ = ["CapChain", "chains_of"]


@dataclass(frozen=True, slots=True)
class CapChain:
    """Messages that hang together.

    Attributes:
        messages: by the instant they were sent.
        state: ``holds``, ``expired``, ``cancelled``, or ``open`` where nothing of it warns (an Ack alone).
        holds: ids of the Alerts and Updates that nothing has replaced.
        acknowledged: how many Acks name a message of it.
        errors: how many Error messages do.
        missing: identifiers it refers to that nobody has.
    """

    messages: tuple[CapKnown, ...]
    state: str
    holds: tuple[str, ...]
    acknowledged: int
    errors: int
    missing: tuple[str, ...]


def chains_of(messages: Iterable[CapKnown], now: datetime) -> tuple[CapChain, ...]:
    """The chains among the messages, that of the latest message last."""
    known = {one.message_id: one for one in sorted(messages, key=lambda one: (one.sent, one.message_id))}
    groups: dict[str, list[CapKnown]] = defaultdict(list)
    roots = _joined(known)
    for message_id, one in known.items():
        groups[roots[message_id]].append(one)
    made = [_chain(tuple(group), known, now) for group in groups.values()]
    return tuple(sorted(made, key=lambda chain: (chain.messages[-1].sent, chain.messages[-1].message_id)))


def _joined(known: dict[str, CapKnown]) -> dict[str, str]:
    """For each message, one that stands for its chain; two that refer to the same missing one hang together."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for one in known.values():
        root(one.message_id)
        for referred, _ in one.refers_to:
            parent[root(referred)] = root(one.message_id)
    return {name: root(name) for name in known}


def _chain(group: tuple[CapKnown, ...], known: dict[str, CapKnown], now: datetime) -> CapChain:
    replaced = {
        referred
        for one in group
        if one.kind in ("Update", "Cancel")
        for referred, _ in one.refers_to
        if referred in known and known[referred].sender_digest == one.sender_digest
    }
    warning = [one for one in group if one.kind in ("Alert", "Update")]
    holding = [one for one in warning if one.message_id not in replaced]
    missing = {identifier: None for one in group for referred, identifier in one.refers_to if referred not in known}
    return CapChain(
        messages=group,
        state=_state(warning, holding, group, now),
        holds=tuple(one.message_id for one in holding if not _has_expired(one, now)),
        acknowledged=sum(one.kind == "Ack" for one in group),
        errors=sum(one.kind == "Error" for one in group),
        missing=tuple(missing),
    )


def _state(warning: list[CapKnown], holding: list[CapKnown], group: tuple[CapKnown, ...], now: datetime) -> str:
    if not holding:
        return "cancelled" if warning or any(one.kind == "Cancel" for one in group) else "open"
    return "expired" if all(_has_expired(one, now) for one in holding) else "holds"


def _has_expired(one: CapKnown, now: datetime) -> bool:
    return one.expires is not None and one.expires <= now
