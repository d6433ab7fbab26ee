"""Making packages in one transaction: signed, sealed, kept, queued for their recipients; files come after the commit.

The store is what counts. A file is written only after its transaction is committed, and from the bytes kept in it, so
no file exists that nobody knows; one that was lost, or never written, is written again by :func:`write_package`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from forewarn.errors import (
    DisclosureError,
    ForewarnError,
    InputNotFoundError,
    LifecycleError,
    StoreFullError,
    UnknownNameError,
    UsageError,
    shorten,
)
from forewarn.exchange import Release
from forewarn.exchange.envelope import Keys, sealed_package
from forewarn.exchange.files import aside
from forewarn.ids import short
from forewarn.model.package import PackageManifest
from forewarn.model.releasability import may_do
from forewarn.operations.partners import own_keys, trusted
from forewarn.operations.workspace import Workspace
from forewarn.store import packages as store
from forewarn.store import sync
from forewarn.store.packages import Held

__all__ = ["Made", "Post", "posting", "write_package"]


@dataclass(frozen=True, slots=True)
class Made:
    """A package made: its id, kind, file (empty where it waits for a sync), the names of its recipients, and whether it
    goes by hand alone, because no sync takes rows marked PAP:RED."""

    package_id: str
    kind: str
    file: str
    recipients: tuple[str, ...]
    by_hand: bool = False


class Post:
    """One writing transaction in which packages are made and taken in; see :func:`posting`.

    What is kept waits in memory until :meth:`flush`, which the end of the transaction calls: whoever reads from the
    store what may have been kept just now calls it first.
    """

    def __init__(self, workspace: Workspace, connection: Connection, by: str, folder: Path | None) -> None:
        self.workspace, self.connection, self.by = workspace, connection, by
        self.keys: Keys = own_keys(workspace)
        self.cards = trusted(connection)
        self.known = {one.card.fingerprint: one.card for one in store.read_partner_entries(connection)}
        self.kept: dict[str, Held] = {}
        self.sealed: dict[str, bytes] = {}
        self.queued: dict[str, PackageManifest] = {}
        self.files: dict[Path, bytes] = {}
        self._folder, self._number = folder, store.last_number(connection)

    def send(self, manifest: PackageManifest, content: Release | dict[str, str], source_id: str) -> Made:
        """Seal and keep a package; sender, number and time are set here.

        Rows go to those we trust; recalls and answers also to those we trust no more, for they may still hold rows.
        Rows marked PAP:RED wait for nobody on a network: they go by hand.
        """
        self._number += 1
        sender, now = self.keys.card.fingerprint, self.workspace.now
        told = replace(manifest, sender=sender, number=self._number, made_at=now)
        has_rows = isinstance(content, Release)
        cards_of = self.cards if has_rows else self.known
        if any(mark not in cards_of for mark in told.recipients):
            raise DisclosureError("is not trusted", where="recipient", mend="run 'forewarn partners trust' first")
        cards = [cards_of[mark] for mark in told.recipients]
        package_id, data = sealed_package(told, self.keys, cards, content)
        text = content.text() if isinstance(content, Release) else json.dumps(content, sort_keys=True)
        self.kept[package_id] = Held(package_id, "out", told, text, source_id, self.by, now)
        self.sealed[package_id] = data
        by_hand = has_rows and not may_do(told.permissible_actions, "check")
        if not by_hand:
            self.queued[package_id] = told
        name = ""
        if self._folder is not None:
            name = file_name(told, package_id)
            self.files[self._folder / name] = data
        return Made(package_id, told.kind, name, tuple(card.name for card in cards), by_hand)

    def flush(self) -> None:
        """Write to the store what waits in memory."""
        store.add_packages(self.connection, self.kept.values())
        sync.add_sealed(self.connection, self.sealed)
        sync.enqueue(self.connection, self.queued)
        for waiting in (self.kept, self.sealed, self.queued):
            waiting.clear()

    @contextmanager
    def attempt(self, *, flushes: bool) -> Iterator[None]:
        """A part of the transaction that is undone by itself where it fails; ``flushes`` where it may flush."""
        if flushes:
            self.flush()
        waiting: tuple[dict[Any, Any], ...] = (self.kept, self.sealed, self.queued, self.files)
        sizes = [len(one) for one in waiting]
        try:
            with self.connection.begin_nested() if flushes else nullcontext():
                yield
                if flushes:
                    self.flush()
        except BaseException:
            for one, size in zip(waiting, sizes, strict=True):
                while len(one) > size:
                    one.popitem()
            raise


@contextmanager
def posting(workspace: Workspace, *, by: str, out: Path | None, writes: bool = True) -> Iterator[Post]:
    """A transaction in which packages are made; their files are written to the folder when it is committed.

    Args:
        out: the folder; default the outputs.
        writes: whether files are written at all; without, packages wait for a sync.

    Raises:
        InputNotFoundError: there is no such folder. Nothing is made then.
        StoreFullError: a file cannot be written; its package is made and can be written again.
    """
    folder = _folder(workspace, out) if writes else None
    with workspace.database.writing() as connection:
        post = Post(workspace, connection, by, folder)
        yield post
        post.flush()
    for path, data in post.files.items():
        _write(path, data)


def write_package(workspace: Workspace, package: str, out: Path | None) -> Made:
    """Write the file of a package, notice or answer made earlier again, byte for byte.

    Raises:
        UnknownNameError, UsageError: no such package of ours, or several.
        LifecycleError: it is older than the keeping of files.
    """
    folder = _folder(workspace, out)
    with workspace.database.reading() as connection:
        held = one_of(connection, package, "out")
        data = sync.sealed_bytes(connection, held.package_id)
        known = {one.card.fingerprint: one.card.name for one in store.read_partner_entries(connection)}
    if data is None:
        where = f"package {short(held.package_id)}"
        raise LifecycleError("was made before files were kept", where=where, mend="make it again")
    path = folder / file_name(held.manifest, held.package_id)
    _write(path, data)
    names = tuple(known.get(mark, mark[:16]) for mark in held.manifest.recipients)
    return Made(held.package_id, held.manifest.kind, path.name, names)


def file_name(told: PackageManifest, package_id: str) -> str:
    """What the file of a package is called."""
    return f"{told.kind}-{short(package_id)}.fwp"


def one_of(connection: Connection, package: str, direction: str, kinds: tuple[str, ...] = ()) -> Held:
    """The package whose id begins so. Raises :class:`UnknownNameError` or :class:`UsageError`."""
    matching = store.read_packages(connection, direction=direction, begins=package)
    matching = [one for one in matching if not kinds or one.manifest.kind in kinds]
    if not matching:
        raise UnknownNameError(f"no package '{shorten(package)}'", mend="see 'forewarn package list'")
    if len(matching) > 1:
        raise UsageError(f"'{shorten(package)}' begins more than one package", mend="give more of the id")
    return matching[0]


def _folder(workspace: Workspace, out: Path | None) -> Path:
    folder = workspace.output(None, "x").parent if out is None else out
    if not folder.is_dir():
        raise InputNotFoundError("is no folder", where=folder.name, mend="name a folder that exists")
    return folder


def _write(path: Path, data: bytes) -> None:
    try:
        with aside(path) as draft:
            draft.write_bytes(data)
    except (OSError, ForewarnError) as error:
        raise StoreFullError(
            "is kept, but its file cannot be written", where=path.stem,
            mend=f"free some space, then run 'forewarn package write {path.stem.partition('-')[2]}'",
        ) from error  # fmt: skip
