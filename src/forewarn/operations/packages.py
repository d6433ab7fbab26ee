"""Packages by file: made of approved releases, opened from trusted partners, and used only as agreed.

What a partner sends stays in its own area, with origin, purpose and end; it never touches claims or judgements here.
Whatever is opened is answered by a signed acknowledgement; notices go on to those to whom we passed the package.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection

from forewarn.clock import instant_text
from forewarn.errors import DisclosureError, InputFormatError, InputNotFoundError, UnknownNameError, UsageError, shorten
from forewarn.exchange import Release, hand_back, release, write_release
from forewarn.exchange.disclosure import approved_again, passed_on
from forewarn.exchange.envelope import LARGEST, Envelope, Keys, read_envelope, sealed_package
from forewarn.exchange.files import aside
from forewarn.exchange.rows_text import received_rows
from forewarn.ids import short
from forewarn.model.package import Card, PackageManifest
from forewarn.model.terms import ReleaseTerms
from forewarn.operations.export import whole
from forewarn.operations.partners import named, own_keys, trusted
from forewarn.operations.workspace import Workspace
from forewarn.store import disclosures
from forewarn.store import packages as store
from forewarn.store.packages import Held

__all__ = ["Listed", "Made", "Opened", "create_package", "open_package", "packages", "use_package"]


@dataclass(frozen=True, slots=True)
class Made:
    """A package written: its id, kind, file, and the names of its recipients."""

    package_id: str
    kind: str
    file: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A package opened: its sender, kind, rows, what it is about, and the files to carry on: the answer and notices."""

    package_id: str
    kind: str
    sender: str
    rows: int
    subject: str
    answers: tuple[Made, ...]


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
    state: str


class Post:
    """One writing transaction in which packages are made, signed with our keys, and kept."""

    def __init__(self, workspace: Workspace, connection: Connection, by: str, folder: Path | None) -> None:
        self.workspace, self.connection, self.by = workspace, connection, by
        self.keys: Keys = own_keys(workspace)
        self.cards = trusted(connection)
        self.known = {one.card.fingerprint: one.card for one in store.read_partner_entries(connection)}
        self._folder = folder

    def held(self) -> list[Held]:
        """Every package so far."""
        return store.read_packages(self.connection)

    def send(self, manifest: PackageManifest, content: Release | dict[str, str], source_id: str) -> Made:
        """Seal, keep and write a package; sender, number and time are set here.

        Rows go to those we trust; recalls and answers also to those we trust no more, for they may still hold rows.
        """
        number = 1 + sum(one.direction == "out" for one in self.held())
        sender, now = self.keys.card.fingerprint, self.workspace.now
        told = replace(manifest, sender=sender, number=number, made_at=now)
        cards_of = self.cards if isinstance(content, Release) else self.known
        strangers = [mark for mark in told.recipients if mark not in cards_of]
        if strangers:
            raise DisclosureError("is not trusted", where="recipient", mend="run 'forewarn partners trust' first")
        cards = [cards_of[mark] for mark in told.recipients]
        package_id, data = sealed_package(told, self.keys, cards, content)
        text = content.text() if isinstance(content, Release) else json.dumps(content, sort_keys=True)
        store.add_package(self.connection, Held(package_id, "out", told, text, source_id, self.by, now))
        path = self._path(f"{told.kind}-{short(package_id)}.fwp")
        with aside(path) as draft:
            draft.write_bytes(data)
        return Made(package_id, told.kind, path.name, tuple(card.name for card in cards))

    def _path(self, name: str) -> Path:
        if self._folder is None:
            return self.workspace.output(None, name)
        return self._folder / name


def create_package(workspace: Workspace, source: str, to: Sequence[str], out: Path | None, *, by: str) -> Made:
    """A package of an approved release, or of a package received that is passed on, for trusted partners.

    Args:
        source: the release or package, or the beginning of its id (``rel_...``, ``pkg_...``).
        to: names of partners.
        out: folder for the file; default the outputs.

    Raises:
        DisclosureError: not approved, recalled, not to be passed on, or for somebody we do not trust.
    """
    with workspace.database.writing() as connection:
        post = Post(workspace, connection, by, out)
        marks = tuple(sorted({named(connection, name).card.fingerprint for name in to}))
        if source.startswith("pkg_"):
            held = found(post.held(), source, "in")
            require_usable(post, held)
            made = passed_on(held.manifest, held.content, workspace.today)
            origin = held.manifest.origin or held.manifest.sender
            told = held.manifest.about("release", "", item_ids=held.manifest.item_ids, recipients=marks, origin=origin)
            return post.send(told, made, held.package_id)
        made, release_id = approved_release(connection, source)
        return post.send(manifest_of(workspace, made, "release", marks), made, release_id)


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
    with workspace.database.writing() as connection:
        post = Post(workspace, connection, by, out)
        sender = post.cards.get(envelope.manifest.sender)
        if sender is None:
            raise DisclosureError(
                "its sender is not trusted here", where=f"package {short(envelope.package_id)}",
                mend="see 'forewarn partners list'",
            )  # fmt: skip
        content = envelope.opened_with(post.keys, sender)
        rows = _require_sound(post, envelope, content)
        told = envelope.manifest
        now = workspace.now
        store.add_package(connection, Held(envelope.package_id, "in", told, content, told.subject, by, now))
        answers = _upstream(post, told) if told.kind == "ack" else _answered(post, envelope)
    return Opened(envelope.package_id, told.kind, sender.name, rows, told.subject, tuple(answers))


def use_package(workspace: Workspace, package: str, purpose: str, out: Path | None) -> tuple[str, int]:
    """Write what a package holds beside what we hold on the same claims; the file and its rows.

    Raises:
        DisclosureError: another purpose, ended, recalled, corrected, or of somebody we trust no more.
    """
    with workspace.database.reading() as connection:
        held = found(store.read_packages(connection), package, "in")
        where = f"package {short(held.package_id)}"
        if not held.manifest.permits(purpose, workspace.today):
            raise DisclosureError(
                f"is for '{shorten(held.manifest.purpose, 80)}' until {held.manifest.expires_on}",
                where=where,
                mend="use it for that, or ask its sender",
            )
        cards = trusted(connection)
        state, gone = state_of(store.read_packages(connection), held, cards, workspace)
        if state not in ("usable", "recalled in part"):
            raise DisclosureError(f"is {state}", where=where, mend="see 'forewarn package list'")
        rows = received_rows(held.content).with_columns(pl.lit(cards[held.manifest.sender].name).alias("told_by"))
        if "claim_id" in rows.columns:
            rows = _beside(connection, rows.filter(~pl.col("claim_id").is_in(sorted(gone))))
    target = workspace.output(out, f"received-{short(held.package_id)}.csv")
    write_release(hand_back(rows), target)
    return target.name, rows.height


def packages(workspace: Workspace) -> list[Listed]:
    """Every package but acknowledgements, in the order made or received."""
    with workspace.database.reading() as connection:
        held, cards = store.read_packages(connection), trusted(connection)
        known = {one.card.fingerprint: one.card.name for one in store.read_partner_entries(connection)}
    listed = []
    for one in held:
        told = one.manifest
        if told.kind == "ack":
            continue
        whom = told.recipients if one.direction == "out" else (told.sender,)
        state = "sent" if one.direction == "out" else state_of(held, one, cards, workspace)[0]
        names = tuple(known.get(mark, mark[:16]) for mark in whom)
        ends = told.expires_on.isoformat()
        direction, label = one.direction, told.releasability
        listed.append(Listed(one.package_id, direction, told.kind, names, told.purpose, ends, label, state))
    return listed


def found(held: Iterable[Held], package: str, direction: str) -> Held:
    """The package with rows whose id begins so. Raises :class:`UnknownNameError` or :class:`UsageError`."""
    kinds = ("release", "correct")
    matching = [one for one in held if one.package_id.startswith(package) and one.direction == direction]
    matching = [one for one in matching if one.manifest.kind in kinds]
    if not matching:
        raise UnknownNameError(f"no package '{shorten(package)}'", mend="see 'forewarn package list'")
    if len(matching) > 1:
        raise UsageError(f"'{shorten(package)}' begins more than one package", mend="give more of the id")
    return matching[0]


def require_usable(post: Post, held: Held) -> None:
    """Refuse what was taken back in whole or part. Raises :class:`DisclosureError`."""
    state, _ = state_of(post.held(), held, post.cards, post.workspace)
    if state != "usable":
        raise DisclosureError(f"is {state}", where=f"package {short(held.package_id)}", mend="ask its sender")


def state_of(
    held: Iterable[Held], package: Held, cards: dict[str, Card], workspace: Workspace
) -> tuple[str, frozenset[str]]:
    """Whether a received package may be used, and which of its items were taken back. Only its sender can do that."""
    told = package.manifest
    about = [
        one.manifest
        for one in held
        if one.direction == "in"
        and one.manifest.subject == package.package_id
        and one.manifest.sender == told.sender
        and one.manifest.kind in ("recall", "correct")
    ]
    gone = frozenset(item for one in about if one.kind == "recall" for item in one.item_ids)
    if told.sender not in cards:
        return "not trusted", gone
    is_all_gone = bool(told.item_ids) and gone >= set(told.item_ids)
    if is_all_gone or any(one.kind == "recall" and not one.item_ids for one in about):
        return "recalled", gone
    if any(one.kind == "correct" for one in about) or _has_successor(held, told):
        return "corrected", gone
    if told.kind == "recall":
        return "notice", gone
    if told.expires_on < workspace.today:
        return "ended", gone
    return ("recalled in part" if gone else "usable"), gone


def _has_successor(held: Iterable[Held], told: PackageManifest) -> bool:
    """Whether a correction was followed by another of the same package, whichever of them arrived first."""
    return told.kind == "correct" and any(
        (one.manifest.kind, one.manifest.subject, one.manifest.sender) == ("correct", told.subject, told.sender)
        and one.manifest.number > told.number
        for one in held
    )


def acknowledged(held: Iterable[Held], package_id: str) -> dict[str, str]:
    """Who has acknowledged a package of ours, and when they made the answer."""
    found_at: dict[str, str] = {}
    for one in held:
        told = one.manifest
        if one.direction == "in" and told.kind == "ack" and told.subject == package_id:
            found_at.setdefault(told.sender, instant_text(told.made_at))
    return found_at


def _bounded(path: Path) -> bytes:
    if not path.is_file():
        raise InputNotFoundError("is not there", where=shorten(path.name), mend="name a package")
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise InputFormatError("is too large", where=shorten(path.name), mend="ask the sender for smaller packages")
    return data


def _require_sound(post: Post, envelope: Envelope, content: str) -> int:
    """What a package says must be the sender's to say; how many rows it has."""
    told = envelope.manifest
    where = f"package {short(envelope.package_id)}"
    subject = next((one for one in post.held() if one.package_id == told.subject), None)
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
    except ValueError:
        told = None
    is_sound = isinstance(told, dict) and len(told) <= 1_000
    if not is_sound or not all(isinstance(one, str) and len(one) <= 64 for pair in told.items() for one in pair):
        raise InputFormatError("holds no answer", where="package", mend="ask its sender for it again")
    return dict(told)


def _answered(post: Post, envelope: Envelope) -> list[Made]:
    """Notices to those to whom we passed the subject, then the acknowledgement."""
    told, made = envelope.manifest, []
    if told.kind in ("recall", "correct"):
        for one in post.held():
            if one.direction == "out" and one.source_id == told.subject and one.manifest.kind in ("release", "correct"):
                made.append(_passed_notice(post, envelope, one))
    return [*made, _acknowledgement(post, told, envelope.package_id)]


def _passed_notice(post: Post, envelope: Envelope, earlier: Held) -> Made:
    told = envelope.manifest
    changes: dict[str, Any] = {"item_ids": told.item_ids, "reason": told.reason}
    is_open = told.releasability in ("TLP:CLEAR", "TLP:GREEN") and set(earlier.manifest.recipients) <= set(post.cards)
    if told.kind == "recall" or not is_open:
        changes["item_ids"] = told.item_ids if told.kind == "recall" else ()
        return post.send(earlier.manifest.about("recall", earlier.package_id, **changes), {}, envelope.package_id)
    content = next(one.content for one in post.held() if one.package_id == envelope.package_id)
    made = passed_on(told, content, post.workspace.today)
    return post.send(earlier.manifest.about("correct", earlier.package_id, **changes), made, envelope.package_id)


def _acknowledgement(post: Post, told: PackageManifest, package_id: str) -> Made:
    """An answer that also says who got it from us, and which of them have answered."""
    held = post.held()
    third: dict[str, str] = {}
    for one in held:
        if one.direction == "out" and one.source_id == package_id and one.manifest.kind != "ack":
            answers = acknowledged(held, one.package_id)
            third |= {mark: answers.get(mark, "") for mark in one.manifest.recipients}
    return post.send(told.about("ack", package_id, recipients=(told.sender,)), third, package_id)


def _upstream(post: Post, told: PackageManifest) -> list[Made]:
    """Where the answer is to something that we passed on, an answer anew to whom it came from."""
    held = {one.package_id: one for one in post.held()}
    source = held.get(held[told.subject].source_id)
    if source is None or source.direction != "in":
        return []
    return [_acknowledgement(post, source.manifest, source.package_id)]


def _beside(connection: Connection, rows: pl.DataFrame) -> pl.DataFrame:
    """The partner's rows with ours of the same countries and months, each saying who tells it; nothing is merged."""
    ours = release(whole(connection, "claims")).rows.drop_nulls("country")
    ours = ours.with_columns(pl.col("started_on").str.slice(0, 7).alias("month"), pl.lit("here").alias("told_by"))
    ours = ours.join(rows.select("country", "month").unique(), on=["country", "month"], how="semi")
    ours = ours.select([name for name in rows.columns if name in ours.columns])
    return pl.concat([rows, ours], how="diagonal_relaxed").sort("country", "month", "claim_id", "told_by")
