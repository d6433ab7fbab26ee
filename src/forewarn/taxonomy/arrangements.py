"""Regional arrangements: who is a member on a day, by which instrument they act, and which organ watches.

Owns the typed reading of ``arrangements.yaml``. A member that left and is listed among the first members was one until
the day it left. The list says who belongs to what; it ranks no arrangement and calls none competent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from forewarn.errors import UnknownNameError, shorten
from forewarn.taxonomy.countries import country
from forewarn.taxonomy.naming import suggestion
from forewarn.taxonomy.reading import Node, load_list

__all__ = ["ARRANGEMENTS_FILE", "Arrangement", "arrangement", "arrangements", "arrangements_of"]

ARRANGEMENTS_FILE = "arrangements.yaml"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A regional arrangement.

    Attributes:
        id, name, kind: its short name, its name, and what it is.
        founded: the day it came into being.
        instrument: what it acts by in matters of peace and security.
        early_warning: the organ or procedure that watches; says so where there is none.
        contact_role: the office to write to; never a person.
        members: ISO 3166-1 alpha-3 codes, each with the day it joined and the day it left, where that is noted.
        check: how the entry was compared with the arrangement's own list.
    """

    id: str
    name: str
    kind: str
    founded: date
    instrument: str
    early_warning: str
    contact_role: str
    members: Mapping[str, tuple[date, date | None]]
    check: str

    def members_on(self, day: date) -> tuple[str, ...]:
        """The members on a day, by code; none before it came into being. On the day it leaves a member is none."""
        return tuple(
            sorted(
                code for code, (joined, left) in self.members.items() if joined <= day and (left is None or day < left)
            )
        )


@cache
def arrangements() -> tuple[Arrangement, ...]:
    """All arrangements, in the order of the file."""
    top = load_list(ARRANGEMENTS_FILE).fields("id", "version", "arrangements")
    return tuple(_arrangement(name, node) for name, node in top["arrangements"].entries.items())


def arrangement(name: str) -> Arrangement:
    """One by its short name, however it is cased; :class:`UnknownNameError` for any other."""
    known = {one.id: one for one in arrangements()}
    found = known.get(name.strip().upper())
    if found is None:
        mend = suggestion(name, list(known))
        raise UnknownNameError(f"no arrangement '{shorten(name)}'", where=ARRANGEMENTS_FILE, mend=mend)
    return found


def arrangements_of(code_or_name: str, day: date) -> tuple[Arrangement, ...]:
    """Those a country belongs to on a day. Raises :class:`UnknownNameError` for what is no country."""
    code = country(code_or_name).iso3
    return tuple(one for one in arrangements() if code in one.members_on(day))


def _arrangement(name: str, node: Node) -> Arrangement:
    texts = ("name", "kind", "instrument", "early_warning", "contact_role")
    fields = node.fields(*texts, "founded", "check", "members", optional=("joined", "left"))
    founded = fields["founded"].day()
    joined = _days(fields.get("joined"))
    left = _days(fields.get("left"))
    codes = fields["members"].texts()
    for code in (*codes, *joined):
        country(code)
    if odd := sorted(set(codes) & set(joined)):
        node.refuse(f"{odd[0]} is listed as a first member and as one that joined")
    if odd := sorted(set(left) - {*codes, *joined}):
        node.refuse(f"{odd[0]} left and is listed as no member")
    since = {**dict.fromkeys(codes, founded), **joined}
    members = {code: (day, left.get(code)) for code, day in since.items()}
    for code, (first, last) in members.items():
        if last is not None and last <= first:
            node.refuse(f"{code} left before it joined")
    check = fields["check"].choice("V", "K", "K?")
    return Arrangement(
        id=name, founded=founded, members=members, check=check, **{key: fields[key].text() for key in texts}
    )


def _days(node: Node | None) -> dict[str, date]:
    return {code: item.day() for code, item in node.entries.items()} if node is not None else {}
