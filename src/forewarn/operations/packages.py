"""Packages made of approved releases, opened from trusted partners, and used only as agreed.

What a partner sends stays in its own area, with origin, purpose and end; it never touches claims or judgements here.
The terms are in the package: use outside them is refused without asking anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from sqlalchemy import Connection

from forewarn.errors import (
    DisclosureError,
    InputFormatError,
    InputNotFoundError,
    UnknownNameError,
    UsageError,
    shorten,
)
from forewarn.exchange import Release, hand_back, release, write_release
from forewarn.exchange.disclosure import approved_again, passed_on
from forewarn.exchange.envelope import LARGEST, read_envelope
from forewarn.exchange.rows_text import received_rows
from forewarn.ids import short
from forewarn.model.package import Card, PackageManifest
from forewarn.model.releasability import ACTS
from forewarn.model.terms import ReleaseTerms, require_note
from forewarn.model.validation import require_choice
from forewarn.operations.export import whole
from forewarn.operations.package_post import Made, one_of, posting
from forewarn.operations.package_taking import Opened, take_in
from forewarn.operations.partners import named, trusted
from forewarn.operations.sharing_groups import group_marks
from forewarn.operations.workspace import Workspace
from forewarn.store import disclosures, sync
from forewarn.store import packages as store
from forewarn.store.packages import Held

__all__ = ["Listed", "create_package", "open_package", "packages", "use_package"]

WITH_ROWS = ("release", "correct")


@dataclass(frozen=True, slots=True)
class Listed:
    """A package held, and whether it may be used: ``usable``, ``recalled``, ``recalled in part``, ``corrected``,
    ``ended``, ``not trusted``; or ``sent``."""

    package_id: str
    direction: str
    kind: str
    partners: tuple[str, ...]
    purpose: str
    expires_on: str
    label: str
    permissible_actions: str
    state: str


def create_package(
    workspace: Workspace,
    source: str,
    to: Sequence[str],
    out: Path | None,
    *,
    by: str,
    note: tuple[str, str] = ("", ""),
    groups: Sequence[str] = (),
) -> Made:
    """A package of an approved release, or of a package received that is passed on, for trusted partners.

    Args:
        source: the release or package, or the beginning of its id (``rel_...``, ``pkg_...``).
        to: names of partners.
        out: folder for the file; default the outputs.
        note: of what is passed on: whom that helps; whom it could harm, and what is done about it. A release has one.
        groups: arrangements whose trusted partners get it too, as they are today.

    Raises:
        InputValueError: there is no such note.
        DisclosureError: not approved, recalled, not to be passed on, or for somebody we do not trust.
    """
    with posting(workspace, by=by, out=out) as post:
        connection = post.connection
        given = {named(connection, name).card.fingerprint for name in to}
        marks = tuple(sorted(given.union(*(group_marks(connection, one, workspace.today) for one in groups))))
        if not marks:
            raise UsageError("is for nobody", where="package", mend="name partners with --to or --group")
        if not source.startswith("pkg_"):
            made, release_id = approved_release(connection, source)
            return post.send(manifest_of(workspace, made, "release", marks), made, release_id)
        require_note(*note)
        held = one_of(connection, source, "in", WITH_ROWS)
        state, _ = state_of(connection, held, post.cards, workspace)
        if state != "usable":
            raise DisclosureError(f"is {state}", where=f"package {short(held.package_id)}", mend="ask its sender")
        made = passed_on(held.manifest, held.content, workspace.today)
        origin = held.manifest.origin or held.manifest.sender
        told = held.manifest.about("release", "", item_ids=held.manifest.item_ids, recipients=marks, origin=origin)
        sent = post.send(told, made, held.package_id)
        sync.add_sharing_note(connection, sent.package_id, note, by=by, at=workspace.now)
        return sent


def approved_release(connection: Connection, release_id: str) -> tuple[Release, str]:
    """An approved release and its id. Raises :class:`UnknownNameError` or :class:`UsageError`."""
    entries = [one for one in disclosures.read_release_entries(connection) if one.kind == "approved"]
    matching = [one for one in entries if one.release_id.startswith(release_id)]
    if len(matching) != 1:
        problem = "no approved release" if not matching else "more than one release begins"
        raise UnknownNameError(f"{problem} '{shorten(release_id)}'", mend="see 'forewarn release list'")
    return approved_again(matching[0]), matching[0].release_id


def manifest_of(workspace: Workspace, made: Release, kind: str, marks: tuple[str, ...]) -> PackageManifest:
    """The manifest of a release; the subject of a correction is still to be set."""
    terms: ReleaseTerms | None = made.terms
    if terms is None or terms.expires_on < workspace.today:
        raise DisclosureError("has ended", where="release", mend="preview it again with a later day")
    terms.require_note()
    is_named = "claim_id" in made.rows.columns
    items = tuple(sorted(made.rows["claim_id"].unique().to_list())) if is_named else ()
    return PackageManifest(
        kind=kind,
        sender="0" * 64,
        recipients=marks,
        number=1,
        made_at=workspace.now,
        purpose=terms.purpose,
        expires_on=terms.expires_on,
        releasability=terms.label,
        permissible_actions=terms.pap,
        item_ids=items,
    )


def open_package(workspace: Workspace, path: Path, out: Path | None, *, by: str) -> Opened:
    """Check a package and take it in; write the answer, and notices for those we passed its subject to.

    Raises:
        InputFormatError: not exactly a package of this version.
        DisclosureError: its sender is not trusted, it is not for us, broken, ended, or about somebody else's package.
        LifecycleError: it was opened before. Nothing has changed in any of these cases.
    """
    envelope = read_envelope(_bounded(path))
    with posting(workspace, by=by, out=out) as post:
        store.require_new(post.connection, envelope.package_id)
        return take_in(post, envelope)


def use_package(
    workspace: Workspace, package: str, purpose: str, out: Path | None, *, act: str = "analyse"
) -> tuple[str, int]:
    """Write what a package holds beside what we hold on the same claims; the file and its rows.

    Args:
        package: its id, or the beginning.
        purpose: in the words of its sender.
        out: the file; default in the outputs.
        act: one of ``ACTS``: in which way it is to be used.

    Raises:
        DisclosureError: another purpose or act than is permitted, ended, recalled, corrected, or of somebody we trust
            no more.
    """
    require_choice(act, "act", ACTS)
    with workspace.database.reading() as connection:
        held = one_of(connection, package, "in", WITH_ROWS)
        where, told = f"package {short(held.package_id)}", held.manifest
        if not told.permits(purpose, workspace.today, act):
            raise DisclosureError(
                f"is for '{shorten(told.purpose, 80)}' until {told.expires_on}, {told.permissible_actions}",
                where=where,
                mend="use it for that and in that way, or ask its sender",
            )
        cards = trusted(connection)
        state, gone = state_of(connection, held, cards, workspace)
        if state not in ("usable", "recalled in part"):
            raise DisclosureError(f"is {state}", where=where, mend="see 'forewarn package list'")
        rows = received_rows(held.content).with_columns(pl.lit(cards[told.sender].name).alias("told_by"))
        if "claim_id" in rows.columns:
            rows = _beside(connection, rows.filter(~pl.col("claim_id").is_in(sorted(gone))))
    target = workspace.output(out, f"received-{short(held.package_id)}.csv")
    write_release(hand_back(rows), target, at=workspace.now)
    return target.name, rows.height


def packages(workspace: Workspace) -> list[Listed]:
    """Every package but acknowledgements, in the order made or received."""
    with workspace.database.reading() as connection:
        cards = trusted(connection)
        known = {one.card.fingerprint: one.card.name for one in store.read_partner_entries(connection)}
        listed = []
        for one in store.read_packages(connection, with_content=False):
            told = one.manifest
            if told.kind == "ack":
                continue
            whom = told.recipients if one.direction == "out" else (told.sender,)
            state = "sent" if one.direction == "out" else state_of(connection, one, cards, workspace)[0]
            names = tuple(known.get(mark, mark[:16]) for mark in whom)
            terms = (told.purpose, told.expires_on.isoformat(), told.releasability, told.permissible_actions)
            listed.append(Listed(one.package_id, one.direction, told.kind, names, *terms, state))
    return listed


def state_of(
    connection: Connection, package: Held, cards: dict[str, Card], workspace: Workspace
) -> tuple[str, frozenset[str]]:
    """Whether a received package may be used, and which of its items were taken back. Only its sender can do that."""
    told = package.manifest
    about = _notices(connection, package.package_id, told.sender)
    gone = frozenset(item for one in about if one.kind == "recall" for item in one.item_ids)
    if told.sender not in cards:
        return "not trusted", gone
    is_all_gone = bool(told.item_ids) and gone >= set(told.item_ids)
    if is_all_gone or any(one.kind == "recall" and not one.item_ids for one in about):
        return "recalled", gone
    if any(one.kind == "correct" for one in about) or _has_successor(connection, told):
        return "corrected", gone
    if told.kind == "recall":
        return "notice", gone
    if told.expires_on < workspace.today:
        return "ended", gone
    return ("recalled in part" if gone else "usable"), gone


def _notices(connection: Connection, package_id: str, sender: str) -> list[PackageManifest]:
    """Recalls and corrections of a package by its sender."""
    held = store.read_packages(connection, direction="in", source_id=package_id, with_content=False)
    told = [one.manifest for one in held if one.manifest.sender == sender]
    return [one for one in told if one.kind in ("recall", "correct")]


def _has_successor(connection: Connection, told: PackageManifest) -> bool:
    """Whether a correction was followed by another of the same package, whichever of them arrived first."""
    if told.kind != "correct":
        return False
    notices = _notices(connection, told.subject, told.sender)
    return any(one.kind == "correct" and one.number > told.number for one in notices)


def _bounded(path: Path) -> bytes:
    if not path.is_file():
        raise InputNotFoundError("is not there", where=shorten(path.name), mend="name a package")
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise InputFormatError("is too large", where=shorten(path.name), mend="ask the sender for smaller packages")
    return data


def _beside(connection: Connection, rows: pl.DataFrame) -> pl.DataFrame:
    """The partner's rows with ours of the same countries and months, each saying who tells it; nothing is merged."""
    ours = release(whole(connection, "claims")).rows.drop_nulls("country")
    ours = ours.with_columns(pl.col("started_on").str.slice(0, 7).alias("month"), pl.lit("here").alias("told_by"))
    ours = ours.join(rows.select("country", "month").unique(), on=["country", "month"], how="semi")
    ours = ours.select([name for name in rows.columns if name in ours.columns])
    return pl.concat([rows, ours], how="diagonal_relaxed").sort("country", "month", "claim_id", "told_by")
