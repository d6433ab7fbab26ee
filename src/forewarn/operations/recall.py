"""Taking back and correcting what was sent: an item, a package, or everything from a source; and who has answered.

A notice goes to everybody the package went to, and from them to everybody they passed it to. What was sent stays on
record on both sides; it is not to be used any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from sqlalchemy import Connection

from forewarn.clock import instant_text
from forewarn.errors import UnknownNameError, UsageError, shorten
from forewarn.exchange.rows_text import rows_from_text
from forewarn.ids import short
from forewarn.operations.export import whole
from forewarn.operations.package_post import Made, one_of, posting
from forewarn.operations.package_taking import acknowledged
from forewarn.operations.packages import WITH_ROWS, approved_release, manifest_of
from forewarn.operations.workspace import Workspace
from forewarn.store import packages as store
from forewarn.store.packages import Held

__all__ = ["Answer", "correct_package", "package_receipts", "recall"]


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a recipient has acknowledged a package or notice.

    Attributes:
        package_id, kind: of what was sent.
        recipient: by name, or the beginning of the fingerprint of somebody we do not know.
        passed_by: who passed it on to them; empty where it was us.
        acknowledged_at: when they made the answer; empty where there is none yet.
        is_recalled: they have no need to answer: they have answered that all of it was taken back.
    """

    package_id: str
    kind: str
    recipient: str
    passed_by: str
    acknowledged_at: str
    is_recalled: bool = False


def recall(
    workspace: Workspace, target: str, reason: str, out: Path | None, *, by: str, is_source: bool = False
) -> list[Made]:
    """Make the notices that take back a package (``pkg_...``), a claim (``clm_...``) or all from a source, by its name.

    A table holds no claim by itself: it is taken back whole where the claim or source is of its country.

    Raises:
        UnknownNameError: nothing of it was ever sent.
    """
    with posting(workspace, by=by, out=out) as post:
        connection = post.connection
        if target.startswith("pkg_") and not is_source:
            hit: list[tuple[Held, tuple[str, ...]]] = [(one_of(connection, target, "out", WITH_ROWS), ())]
        else:
            hit = _hit(connection, _claims(connection, target, is_source=is_source))
        if not hit:
            raise UnknownNameError(f"nothing of '{shorten(target)}' was sent", mend="see 'forewarn package list'")
        return [
            post.send(one.manifest.about("recall", one.package_id, item_ids=items, reason=reason), {}, one.package_id)
            for one, items in hit
        ]


def correct_package(
    workspace: Workspace, package: str, release_id: str, reason: str, out: Path | None, *, by: str
) -> Made:
    """Make the notice that puts an approved release in place of what a package held.

    Raises:
        UnknownNameError: no such package, or no such approved release.
        DisclosureError: the release has ended, or a recipient is trusted no more: recall it.
    """
    with posting(workspace, by=by, out=out) as post:
        connection = post.connection
        earlier = one_of(connection, package, "out", WITH_ROWS)
        made, made_from = approved_release(connection, release_id)
        terms = manifest_of(workspace, made, "release", earlier.manifest.recipients)
        told = terms.about("correct", earlier.package_id, item_ids=terms.item_ids, reason=reason)
        return post.send(told, made, made_from)


def package_receipts(workspace: Workspace) -> list[Answer]:
    """Every package and notice sent, by recipient, those at second hand included; without an answer first."""
    with workspace.database.reading() as connection:
        sent = store.read_packages(connection, direction="out", with_content=False)
        known = {one.card.fingerprint: one.card.name for one in store.read_partner_entries(connection)}
        answers = []
        for one in sent:
            if one.manifest.kind == "ack":
                continue
            acks = _acks(connection, one)
            at = {told.sender: instant_text(told.made_at) for told in reversed([ack.manifest for ack in acks])}
            ours = [(mark, "", at.get(mark, "")) for mark in one.manifest.recipients]
            gave_back = _gave_back(connection, one)
            for mark, via, when in [*ours, *_second_hand(acks)]:
                names = (known.get(mark, mark[:16]), known.get(via, via[:16]))
                is_recalled = not when and mark in gave_back
                answers.append(Answer(one.package_id, one.manifest.kind, *names, when, is_recalled))
    return sorted(answers, key=_open_first)


def _open_first(answer: Answer) -> bool:
    return bool(answer.acknowledged_at) or answer.is_recalled


def _gave_back(connection: Connection, sent: Held) -> set[str]:
    """Who has answered a notice that takes all of a package back."""
    made = store.read_packages(connection, direction="out", source_id=sent.package_id, with_content=False)
    whole = [one for one in made if one.manifest.kind == "recall" and not one.manifest.item_ids]
    return {mark for one in whole for mark in acknowledged(connection, one.package_id)}


def _acks(connection: Connection, sent: Held) -> list[Held]:
    found = store.read_packages(connection, direction="in", source_id=sent.package_id)
    return [one for one in found if one.manifest.kind == "ack"]


def _second_hand(acks: Iterable[Held]) -> list[tuple[str, str, str]]:
    """Third nodes as the newest answer of each recipient tells of them."""
    newest: dict[str, Held] = {}
    for one in acks:
        kept = newest.get(one.manifest.sender)
        if kept is None or kept.manifest.number < one.manifest.number:
            newest[one.manifest.sender] = one
    return [(mark, via, at) for via, one in newest.items() for mark, at in sorted(_third(one).items())]


def _third(answer: Held) -> dict[str, str]:
    return dict(json.loads(answer.content))


def _claims(connection: Connection, target: str, *, is_source: bool) -> pl.DataFrame:
    claims = whole(connection, "claims")
    if is_source:
        return claims.filter(pl.col("source_name").str.to_lowercase() == target.strip().lower())
    chosen = claims.filter(pl.col("claim_id").str.starts_with(target))
    if chosen.height > 1:
        raise UsageError(f"'{short(target)}' begins more than one claim", mend="give more of the id")
    return chosen


def _hit(connection: Connection, claims: pl.DataFrame) -> list[tuple[Held, tuple[str, ...]]]:
    """The packages in which some of the claims are, or may be, and which items are to be taken back."""
    ids, countries = set(claims["claim_id"]), set(claims["country"])
    found_in: list[tuple[Held, tuple[str, ...]]] = []
    for one in store.read_packages(connection, direction="out", with_content=False):
        if one.manifest.kind not in WITH_ROWS:
            continue
        items = tuple(sorted(ids & set(one.manifest.item_ids)))
        if items:
            found_in.append((one, items))
        elif not one.manifest.item_ids and countries & _countries(connection, one):
            found_in.append((one, ()))
    return found_in


def _countries(connection: Connection, one: Held) -> set[str]:
    held = store.package_of(connection, one.package_id)
    return set(rows_from_text(held.content)["country"]) if held else set()
