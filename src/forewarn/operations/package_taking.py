"""Taking in what a partner sent: who may say it, whether it is sound, and the answers it calls for.

What comes in stays in the partner's own area and never touches claims or judgements here. Whatever is taken in is
answered by a signed acknowledgement, and notices go on to those to whom we passed the package.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from forewarn.clock import instant_text
from forewarn.errors import DisclosureError, InputFormatError
from forewarn.exchange.disclosure import passed_on
from forewarn.exchange.envelope import Envelope
from forewarn.exchange.rows_text import received_rows
from forewarn.ids import short
from forewarn.model.package import PackageManifest
from forewarn.operations.package_post import Made, Post
from forewarn.store import packages as store
from forewarn.store.packages import Held

__all__ = ["Opened", "acknowledged", "may_flush", "take_in"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A package opened: its sender, kind, rows, what it is about, and the files to carry on: the answer and notices."""

    package_id: str
    kind: str
    sender: str
    rows: int
    subject: str
    answers: tuple[Made, ...]


def take_in(post: Post, envelope: Envelope) -> Opened:
    """Check a package that is not here yet, keep it, and make the answers.

    Raises:
        DisclosureError: its sender is not trusted, it is not for us, broken, ended, or about somebody else's package.
        InputFormatError: it holds no rows or answer of a known form.
    """
    told = envelope.manifest
    sender = post.cards.get(told.sender)
    if sender is None:
        raise DisclosureError(
            "its sender is not trusted here", where=f"package {short(envelope.package_id)}",
            mend="see 'forewarn partners list'",
        )  # fmt: skip
    content = envelope.opened_with(post.keys, sender)
    subject = store.package_of(post.connection, told.subject) if told.subject else None
    rows = _require_sound(post, envelope, content, subject)
    now = post.workspace.now
    post.kept[envelope.package_id] = Held(envelope.package_id, "in", told, content, told.subject, post.by, now)
    answers = _upstream(post, subject) if told.kind == "ack" else _answered(post, envelope)
    return Opened(envelope.package_id, told.kind, sender.name, rows, told.subject, tuple(answers))


def acknowledged(connection: Connection, package_id: str) -> dict[str, str]:
    """Who has acknowledged a package of ours, and when they first made the answer."""
    found_at: dict[str, str] = {}
    for one in store.read_packages(connection, direction="in", source_id=package_id, with_content=False):
        if one.manifest.kind == "ack":
            found_at.setdefault(one.manifest.sender, instant_text(one.manifest.made_at))
    return found_at


def may_flush(envelope: Envelope) -> bool:
    """Whether taking it in may read what was kept just now: notices, and answers to what was passed on."""
    return envelope.manifest.kind != "release"


def _require_sound(post: Post, envelope: Envelope, content: str, subject: Held | None) -> int:
    """What a package says must be the sender's to say; how many rows it has."""
    told = envelope.manifest
    where = f"package {short(envelope.package_id)}"
    if told.kind == "ack":
        if subject is None or subject.direction != "out" or told.sender not in subject.manifest.recipients:
            raise DisclosureError("answers nothing that we sent to its sender", where=where, mend="ignore it")
        _third_nodes(content)
        return 0
    if subject is not None and (subject.direction != "in" or subject.manifest.sender != told.sender):
        raise DisclosureError("is about a package of somebody else", where=where, mend="ignore it; tell its sender")
    if told.kind == "recall":
        return 0
    if told.expires_on < post.workspace.today:
        raise DisclosureError(f"ended on {told.expires_on}", where=where, mend="ask its sender")
    return received_rows(content).height


def _third_nodes(content: str) -> dict[str, str]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        told = None
    is_sound = isinstance(told, dict) and len(told) <= 1_000
    if not is_sound or not all(isinstance(one, str) and len(one) <= 64 for pair in told.items() for one in pair):
        raise InputFormatError("holds no answer", where="package", mend="ask its sender for it again")
    return dict(told)


def _answered(post: Post, envelope: Envelope) -> list[Made]:
    """Notices to those to whom we passed the subject, then the acknowledgement."""
    told, made = envelope.manifest, []
    if told.kind == "release":  # which nobody can have got from us yet
        return [post.send(told.about("ack", envelope.package_id, recipients=(told.sender,)), {}, envelope.package_id)]
    post.flush()
    if told.kind in ("recall", "correct"):
        for one in store.read_packages(post.connection, direction="out", source_id=told.subject):
            if one.manifest.kind in ("release", "correct"):
                made.append(_passed_notice(post, envelope, one))
    return [*made, _acknowledgement(post, told, envelope.package_id)]


def _passed_notice(post: Post, envelope: Envelope, earlier: Held) -> Made:
    """A recall as it came; a correction with its rows where these may be passed on, else as a recall."""
    told = envelope.manifest
    changes: dict[str, Any] = {"item_ids": told.item_ids, "reason": told.reason}
    try:
        made = _rows_to_pass(post, envelope, earlier)
    except DisclosureError:
        made = None
    if made is None:
        changes["item_ids"] = told.item_ids if told.kind == "recall" else ()
        return post.send(earlier.manifest.about("recall", earlier.package_id, **changes), {}, envelope.package_id)
    return post.send(earlier.manifest.about("correct", earlier.package_id, **changes), made, envelope.package_id)


def _rows_to_pass(post: Post, envelope: Envelope, earlier: Held) -> Any:
    if envelope.manifest.kind == "recall" or not set(earlier.manifest.recipients) <= set(post.cards):
        return None
    held = store.package_of(post.connection, envelope.package_id)
    return passed_on(envelope.manifest, held.content, post.workspace.today) if held else None


def _acknowledgement(post: Post, told: PackageManifest, package_id: str) -> Made:
    """An answer that also says who got it from us, and which of them have answered."""
    post.flush()
    third: dict[str, str] = {}
    for one in store.read_packages(post.connection, direction="out", source_id=package_id, with_content=False):
        if one.manifest.kind != "ack":
            answers = acknowledged(post.connection, one.package_id)
            third |= {mark: answers.get(mark, "") for mark in one.manifest.recipients}
    return post.send(told.about("ack", package_id, recipients=(told.sender,)), third, package_id)


def _upstream(post: Post, subject: Held | None) -> list[Made]:
    """Where the answer is to something that we passed on, an answer anew to whom it came from."""
    is_passed_on = subject is not None and subject.source_id.startswith("pkg_")
    source = store.package_of(post.connection, subject.source_id) if subject and is_passed_on else None
    if source is None or source.direction != "in":
        return []
    return [_acknowledgement(post, source.manifest, source.package_id)]
