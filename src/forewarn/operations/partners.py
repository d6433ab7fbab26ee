"""With whom we exchange: our own keys and card, the cards of others, and whom we trust.

The secret keys lie in one file of the workspace, readable by its owner alone, and never in the database. Trust is given
to a fingerprint that two people have read to each other, not to a file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection

from forewarn.errors import (
    ConfigurationError,
    DisclosureError,
    InputFormatError,
    InputNotFoundError,
    LifecycleError,
    UnknownNameError,
    shorten,
)
from forewarn.exchange.envelope import Keys, keys_from_text, new_keys
from forewarn.model.package import Card
from forewarn.operations.workspace import Workspace
from forewarn.outbound.places import Place
from forewarn.store import packages as store
from forewarn.store import sync

__all__ = [
    "KEY_FILE", "Partner", "add_partner", "entry_of", "own_card", "own_keys", "partners", "set_address", "standings",
    "trust_partner", "trusted",
]  # fmt: skip

KEY_FILE = "exchange.keys"
_LARGEST_CARD = 4_096


@dataclass(frozen=True, slots=True)
class Partner:
    """A node we know: its name, its fingerprint, and ``self``, ``added``, ``trusted`` or ``distrusted``; and where it
    is asked, empty where nobody said."""

    name: str
    fingerprint: str
    standing: str
    address: str = ""


def own_card(workspace: Workspace, name: str, out: Path, *, by: str) -> Partner:
    """Write our card for partners; the keys are made the first time, under that name.

    Raises:
        ConfigurationError: there were keys once and their file is gone.
    """
    if not _key_path(workspace).exists():
        _make_keys(workspace, name, by)
    card = own_keys(workspace).card
    if card.name != name:
        raise LifecycleError(f"its name is '{shorten(card.name)}'", where="own card", mend="use that name")
    out.write_text(json.dumps({"format": "forewarn-card", **asdict(card)}) + "\n", encoding="utf-8")
    return Partner(card.name, card.fingerprint, "self")


def own_keys(workspace: Workspace) -> Keys:
    """Our keys. Raises :class:`ConfigurationError` where the file is missing, damaged or open to others."""
    path = _key_path(workspace)
    if not path.is_file():
        _require_never_had_keys(workspace)
        raise ConfigurationError("there are none yet", where=KEY_FILE, mend="run 'forewarn partners card NAME'")
    if path.stat().st_mode & 0o077:
        raise ConfigurationError("can be read by others", where=KEY_FILE, mend=f"run 'chmod 600 {KEY_FILE}'")
    return keys_from_text(path.read_text(encoding="utf-8", errors="replace"))


def add_partner(workspace: Workspace, path: Path, *, by: str) -> Partner:
    """Add the card in a file. It is not trusted yet."""
    card = _read_card(path)
    with workspace.database.writing() as connection:
        for known in _standings(store.read_partner_entries(connection)).values():
            if known.card.name == card.name or known.card.fingerprint == card.fingerprint:
                raise LifecycleError(
                    "a card of that name or with these keys is there already",
                    where="card",
                    mend="see 'forewarn partners list'; new keys come under a new name",
                )
        store.add_partner_entry(connection, store.PartnerEntry("added", card, by, workspace.now))
    return Partner(card.name, card.fingerprint, "added")


def trust_partner(workspace: Workspace, name: str, fingerprint: str, *, by: str, distrust: bool = False) -> Partner:
    """Trust a partner whose fingerprint was read to us, or trust it no more.

    Raises:
        UnknownNameError: no such partner.
        DisclosureError: the fingerprint is another, or fewer than 16 digits were given.
    """
    said = "".join(fingerprint.lower().split())
    with workspace.database.writing() as connection:
        entry = named(connection, name)
        matches = len(said) >= 16 and entry.card.fingerprint.startswith(said)
        if not distrust and not matches:
            raise DisclosureError(
                "the fingerprint is not that of the card", where=f"partner {entry.card.name}",
                mend="have the partner read out at least 16 digits, by another way than the card came",
            )  # fmt: skip
        kind = "distrusted" if distrust else "trusted"
        store.add_partner_entry(connection, store.PartnerEntry(kind, entry.card, by, workspace.now))
    return Partner(entry.card.name, entry.card.fingerprint, kind)


def partners(workspace: Workspace) -> list[Partner]:
    """Everybody we know, ourselves first."""
    with workspace.database.reading() as connection:
        known = _standings(store.read_partner_entries(connection))
        address = {mark: sync.address_of(connection, mark) for mark in known}
    return [Partner(one.card.name, mark, one.kind, address[mark]) for mark, one in known.items()]


def set_address(workspace: Workspace, name: str, address: str, *, by: str) -> Partner:
    """Say where a partner is asked by a sync; nowhere any more, where the address is empty.

    Raises:
        UnknownNameError: no such partner.
        InputValueError: it is no http or https address, or holds a user or password.
    """
    if address:
        Place.of(address)
    with workspace.database.writing() as connection:
        entry = named(connection, name)
        mark = entry.card.fingerprint
        sync.add_address(connection, mark, address, by=by, at=workspace.now)
    return Partner(entry.card.name, mark, entry.kind, address)


def trusted(connection: Connection) -> dict[str, Card]:
    """The cards we trust, by fingerprint."""
    known = _standings(store.read_partner_entries(connection))
    return {mark: one.card for mark, one in known.items() if one.kind == "trusted"}


def named(connection: Connection, name: str) -> store.PartnerEntry:
    """What is last said of the partner of a name. Raises :class:`UnknownNameError`."""
    found = entry_of(connection, name)
    if found.kind == "self":
        raise UnknownNameError(f"no partner '{shorten(name)}'", mend="see 'forewarn partners list'")
    return found


def entry_of(connection: Connection, name: str) -> store.PartnerEntry:
    """What is last said of the node of a name, partner or ourselves. Raises :class:`UnknownNameError`."""
    for one in standings(connection).values():
        if one.card.name == name:
            return one
    raise UnknownNameError(f"no partner '{shorten(name)}'", mend="see 'forewarn partners list'")


def standings(connection: Connection) -> dict[str, store.PartnerEntry]:
    """The last thing said of each card, by fingerprint."""
    return _standings(store.read_partner_entries(connection))


def _standings(entries: Iterable[store.PartnerEntry]) -> dict[str, store.PartnerEntry]:
    """The last thing said of each card."""
    return {one.card.fingerprint: one for one in entries}


def _key_path(workspace: Workspace) -> Path:
    return workspace.paths.root / KEY_FILE


def _require_never_had_keys(workspace: Workspace) -> None:
    with workspace.database.reading() as connection:
        had = any(one.kind == "self" for one in store.read_partner_entries(connection))
    if had:
        raise ConfigurationError(
            "is gone: nothing sealed to it can be opened",
            where=KEY_FILE,
            mend="put your copy back; without one, make a new workspace and send its card to partners",
        )


def _make_keys(workspace: Workspace, name: str, by: str) -> None:
    _require_never_had_keys(workspace)
    keys = new_keys(name)
    entry = store.PartnerEntry("self", keys.card, by, workspace.now)
    with workspace.database.writing() as connection:
        store.add_partner_entry(connection, entry)
        descriptor = os.open(_key_path(workspace), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(keys.text())


def _read_card(path: Path) -> Card:
    if not path.is_file():
        raise InputNotFoundError("is not there", where=shorten(path.name), mend="name the partner's card")
    try:
        with path.open("rb") as file:
            told = json.loads(file.read(_LARGEST_CARD).decode("utf-8"))
        if set(told) != {"format", "name", "sign", "seal"} or told["format"] != "forewarn-card":
            raise ValueError
        return Card(*(str(told[name]) for name in ("name", "sign", "seal")))
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise InputFormatError("is no card", where=shorten(path.name), mend="ask the partner for it again") from None
