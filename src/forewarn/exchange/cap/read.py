"""A checked CAP message of anybody as a plain record: its name, kind, references and the little that is shown of it.

Owns what is taken from a message for chains and acknowledgements. Its words go through the channel, not through here;
contacts, operators and addresses are not read. A message that breaks the standard in its name or kind is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from forewarn.errors import InputValueError
from forewarn.exchange.cap.forms import instant_of, references_of, token_flaw
from forewarn.exchange.cap.shapes import points_of, polygon_flaw
from forewarn.exchange.cap.structure import parts_of, text_in
from forewarn.model.cap import CapArea, CapInfo, CapMessage, CapReference
from forewarn.taxonomy.cap import cap_schema

__all__ = ["CapSeen", "read_message", "seen_message"]

_ADDRESS = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class CapSeen:
    """What is kept of a message for its chain.

    Attributes:
        reference: its own name.
        status, kind, scope: words of the standard.
        references: the messages it refers to.
        event: the first event it names; empty where it names none.
        expires: the last instant any of its parts holds, UTC; ``None`` where it does not say.
    """

    reference: CapReference
    status: str
    kind: str
    scope: str
    references: tuple[CapReference, ...]
    event: str
    expires: datetime | None


def seen_message(root: Any, name: str) -> CapSeen:
    """What is kept of a message for its chain.

    Raises:
        InputValueError: its sender, identifier, instant, status, type or scope is not as the standard has it.
    """
    infos = parts_of(root, "info")
    ends = [end for info in infos if (end := instant_of(text_in(info, "expires")))]
    return CapSeen(
        reference=_named(root, name),
        status=_word(root, "status", name),
        kind=_word(root, "msgType", name),
        scope=_word(root, "scope", name),
        references=_references(root),
        event=next((said for info in infos if (said := text_in(info, "event"))), "")[:200],
        expires=max(ends).astimezone(UTC) if ends else None,
    )


def read_message(root: Any, name: str) -> CapMessage:
    """A message that follows our profile, whole, as the noun it was written from.

    Raises:
        InputValueError: it breaks the standard or our profile.
    """
    seen = seen_message(root, name)
    return CapMessage(
        reference=seen.reference,
        status=seen.status,
        kind=seen.kind,
        scope=seen.scope,
        restriction=text_in(root, "restriction"),
        addresses=tuple(quoted or plain for quoted, plain in _ADDRESS.findall(text_in(root, "addresses"))),
        note=text_in(root, "note"),
        references=seen.references,
        infos=tuple(_info(info, name) for info in parts_of(root, "info")),
    )


def _info(info: Any, name: str) -> CapInfo:
    expires = instant_of(text_in(info, "expires"))
    if expires is None:
        raise InputValueError("has no end", where=f"{name}: info", mend="let it say 'expires'")
    effective = instant_of(text_in(info, "effective"))
    return CapInfo(
        language=text_in(info, "language") or "en-US",
        category=text_in(info, "category"),
        event=text_in(info, "event"),
        urgency=text_in(info, "urgency"),
        severity=text_in(info, "severity"),
        certainty=text_in(info, "certainty"),
        expires=expires.astimezone(UTC),
        response=text_in(info, "responseType"),
        audience=text_in(info, "audience"),
        effective=effective.astimezone(UTC) if effective else None,
        sender_name=text_in(info, "senderName"),
        headline=text_in(info, "headline"),
        description=text_in(info, "description"),
        instruction=text_in(info, "instruction"),
        parameters=_pairs(info, "parameter"),
        areas=tuple(_area(area, name) for area in parts_of(info, "area")),
    )


def _area(area: Any, name: str) -> CapArea:
    drawn = [one.text or "" for one in parts_of(area, "polygon")]
    for said in drawn:
        flaw = polygon_flaw(said)
        if flaw:
            raise InputValueError(flaw[0], where=f"{name}: polygon", mend=flaw[1])
    return CapArea(text_in(area, "areaDesc"), _pairs(area, "geocode"), tuple(points_of(said) for said in drawn))


def _pairs(element: Any, name: str) -> tuple[tuple[str, str], ...]:
    return tuple((text_in(one, "valueName"), text_in(one, "value")) for one in parts_of(element, name))


def _named(root: Any, name: str) -> CapReference:
    sender, identifier = text_in(root, "sender"), text_in(root, "identifier")
    for field, said in (("sender", sender), ("identifier", identifier)):
        flaw = token_flaw(said) if said else ("is missing", "give it")
        if flaw:
            raise InputValueError(flaw[0], where=f"{name}: {field}", mend=flaw[1])
    sent = instant_of(text_in(root, "sent"))
    if sent is None:
        raise InputValueError("is no instant", where=f"{name}: sent", mend="write 2024-05-01T16:49:00-00:00")
    return CapReference(sender, identifier, sent.astimezone(UTC))


def _references(root: Any) -> tuple[CapReference, ...]:
    said = references_of(text_in(root, "references"))
    found = []
    for sender, identifier, sent in said:
        instant = instant_of(sent)
        if instant is not None:
            found.append(CapReference(sender, identifier, instant.astimezone(UTC)))
    return tuple(found)


def _word(root: Any, element: str, name: str) -> str:
    said, known = text_in(root, element), cap_schema().words[element]
    if said not in known:
        raise InputValueError(f"is none of {', '.join(known)}", where=f"{name}: {element}", mend="use one of them")
    return said
