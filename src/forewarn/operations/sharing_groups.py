"""Sharing groups that a node starts with: its regional arrangements, with the partners that belong to them.

A node stands for a country, or for an arrangement itself. Who belongs to a group is reckoned on the day from the dated
lists of members, and only partners we trust are in it: a group proposes to whom something may go, and trusts nobody.
What goes, and to whom, people still say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from forewarn.errors import ConfigurationError, DisclosureError, UnknownNameError
from forewarn.operations.partners import entry_of, standings
from forewarn.operations.workspace import Workspace
from forewarn.store.partner_places import add_place, places
from forewarn.taxonomy import country, is_fictional
from forewarn.taxonomy.arrangements import Arrangement, arrangement, arrangements

__all__ = ["Placed", "SharingGroup", "group_marks", "place_partner", "sharing_groups"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A node and the country (alpha-3) or arrangement it stands for; empty for none."""

    name: str
    place: str


@dataclass(frozen=True, slots=True)
class SharingGroup:
    """A regional arrangement as a group to share with, on a day.

    Attributes:
        name, title: of the arrangement.
        partners: those we trust that stand for it or for one of its members, by name.
        not_trusted: those that would belong, and are not trusted.
        absent: its members for which no partner stands, alpha-3.
    """

    name: str
    title: str
    partners: tuple[str, ...]
    not_trusted: tuple[str, ...]
    absent: tuple[str, ...]


def place_partner(workspace: Workspace, name: str, place: str, *, by: str) -> Placed:
    """Say for which country or arrangement a node stands, our own among them; for none, where the place is empty.

    Raises:
        UnknownNameError: no such node, country or arrangement.
    """
    told = _place(place) if place else ""
    with workspace.database.writing() as connection:
        card = entry_of(connection, name).card
        add_place(connection, card.fingerprint, told, by=by, at=workspace.now)
    return Placed(card.name, told)


def sharing_groups(workspace: Workspace) -> tuple[SharingGroup, ...]:
    """The groups our own node starts with.

    Where it stands for a country, the arrangements that country belongs to; where it stands for an arrangement, that
    one and those all of whose members belong to it.

    Raises:
        ConfigurationError: nobody has said for what our node stands.
    """
    day = workspace.today
    with workspace.database.reading() as connection:
        own = next((mark for mark, one in standings(connection).items() if one.kind == "self"), "")
        place = places(connection).get(own, "")
        if not place:
            raise ConfigurationError(
                "nobody has said for which country or arrangement it stands",
                where="own node",
                mend="run 'forewarn partners place OWN_NAME PLACE'",
            )
        return tuple(_group(connection, one, day) for one in arrangements() if _is_ours(one, place, day))


def group_marks(connection: Connection, name: str, day: date) -> tuple[str, ...]:
    """The fingerprints of the partners in a group on a day.

    Raises:
        UnknownNameError: no such arrangement.
        DisclosureError: nobody we trust is in it.
    """
    found = arrangement(name)
    known = standings(connection)
    marks = tuple(mark for mark in _belonging(connection, found, day) if known[mark].kind == "trusted")
    if not marks:
        raise DisclosureError(
            "no trusted partner stands for it or for a member", where=f"group {found.id}",
            mend="run 'forewarn partners place NAME COUNTRY' for those who do",
        )  # fmt: skip
    return marks


def _is_ours(one: Arrangement, place: str, day: date) -> bool:
    members = set(one.members_on(day))
    if place in {known.id for known in arrangements()}:
        return bool(members) and members <= set(arrangement(place).members_on(day))
    return place in members


def _group(connection: Connection, one: Arrangement, day: date) -> SharingGroup:
    known, said = standings(connection), places(connection)
    inside = _belonging(connection, one, day)
    kinds = ("trusted", "added", "distrusted")
    names = {
        kind: tuple(sorted(known[mark].card.name for mark in inside if known[mark].kind == kind)) for kind in kinds
    }
    absent = set(one.members_on(day)) - set(said.values())
    others = tuple(sorted((*names["added"], *names["distrusted"])))
    return SharingGroup(one.id, one.name, names["trusted"], others, tuple(sorted(absent)))


def _belonging(connection: Connection, one: Arrangement, day: date) -> list[str]:
    """The fingerprints of those that stand for the arrangement or for a member, ourselves left out."""
    members = {one.id, *one.members_on(day)}
    known = standings(connection)
    return [mark for mark, at in places(connection).items() if at in members and known[mark].kind != "self"]


def _place(text: str) -> str:
    if is_fictional(text.strip().upper()):
        return text.strip().upper()
    try:
        return country(text).iso3
    except UnknownNameError:
        return arrangement(text).id
