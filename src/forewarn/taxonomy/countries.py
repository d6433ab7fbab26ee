"""States and territories: one table of codes and names, with the days on which a code was in use.

Owns the crosswalk of ISO 3166, UN M49, Gleditsch-Ward and VIEWS ids, and the reading of printed names. A name
is found exactly (after folding) or not at all: no name is guessed, for a report put in the wrong country does
harm that nobody notices. Names and codes state no position on the status of any place. Fictional countries
have user-assigned codes and are never in the table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from forewarn.errors import UnknownNameError, shorten
from forewarn.taxonomy.naming import folded, nearest
from forewarn.taxonomy.reading import Node, load_list

__all__ = [
    "Country",
    "DatedCode",
    "DatedText",
    "countries",
    "country",
    "country_by_gw",
    "country_by_m49",
    "country_by_views",
    "is_fictional",
]

_FILE = "countries.yaml"
_KOSOVO = "XKX"
_OPTIONAL = (
    "iso2", "aliases", "m49", "gw", "views", "from", "to", "succeeds", "formerly", "iso_before", "check",
)  # fmt: skip
_BRACKETED = re.compile(r"\s*([^()]+?)\s*\(([^()]+)\)\s*")


@dataclass(frozen=True, slots=True)
class DatedCode:
    """A number and its first and last day of use, inclusive; ``None`` is open."""

    number: int
    first: date | None = None
    last: date | None = None

    def covers(self, on: date | None) -> bool:
        """Whether it was in use on a day; without a day, whether it is in use still."""
        if on is None:
            return self.last is None
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True)
class DatedText:
    """A name or letter code and its first and last day of use, inclusive; ``None`` is open."""

    text: str
    first: date | None = None
    last: date | None = None

    def covers(self, on: date) -> bool:
        """Whether it was in use on a day."""
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True)
class Country:
    """A State or territory.

    Attributes:
        iso3: ISO 3166-1 alpha-3, or the withdrawn code of a State that is no more; ``XKX`` for Kosovo.
        name: English short name.
        iso2: ISO 3166-1 alpha-2, or the withdrawn code of a State that is no more.
        aliases: other names that data print for it.
        m49: UN M49 numbers in turn.
        gw: Gleditsch-Ward numbers in turn; empty for what that list does not count as a State.
        views: VIEWS country ids in turn: a State whose territory changed has several.
        first: first day, where it falls in the years that channels cover.
        last: last day; ``None`` while it exists.
        succeeds: the States it came out of, by ``iso3``.
        names_before, iso3_before, iso2_before: what it was called and coded until a day, oldest first.
        check: what in the entry has not been compared with its publisher; empty where all has.
    """

    iso3: str
    name: str
    iso2: str = ""
    aliases: tuple[str, ...] = ()
    m49: tuple[DatedCode, ...] = ()
    gw: tuple[DatedCode, ...] = ()
    views: tuple[DatedCode, ...] = ()
    first: date | None = None
    last: date | None = None
    succeeds: tuple[str, ...] = ()
    names_before: tuple[DatedText, ...] = ()
    iso3_before: tuple[DatedText, ...] = ()
    iso2_before: tuple[DatedText, ...] = ()
    check: str = ""

    def m49_number(self, on: date | None = None) -> int | None:
        """The M49 number on a day, or the latest one."""
        return _number(self.m49, on)

    def gw_number(self, on: date | None = None) -> int | None:
        """The Gleditsch-Ward number on a day, or the latest one."""
        return _number(self.gw, on)

    def views_id(self, on: date | None = None) -> int | None:
        """The VIEWS country id on a day, or the latest one."""
        return _number(self.views, on)

    def existed(self, on: date) -> bool:
        """Whether the State existed on that day, as far as the table has its days."""
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)


def countries() -> tuple[Country, ...]:
    """All States and territories, those that are no more included, by code."""
    return tuple(_table().values())


def country(code_or_name: str) -> Country:
    """The country with that alpha-3 code or printed name.

    Case, accents, dots and word order around a comma or bracket do not matter. ``X (Y)`` is read as X where
    Y is another name of X or of a State it came out of: "Myanmar (Burma)", "Serbia (Yugoslavia)".

    Raises:
        UnknownNameError: no country has exactly that name, or X and Y are two different countries.
    """
    table, names = _table(), _names()
    printed = code_or_name.strip()
    if len(printed) == 3 and printed.upper() in table:
        return table[printed.upper()]
    iso3 = names.get(folded(printed)) or names.get(folded(_turned(printed))) or _outside_brackets(printed)
    if not iso3:
        raise UnknownNameError(
            f"no country is called '{shorten(printed)}'", where="countries", mend=_mend(folded(printed))
        )
    return table[iso3]


def country_by_gw(number: int, on: date | None = None) -> Country:
    """The State with that Gleditsch-Ward number on a day; without a day its present or else last holder.

    345 is Yugoslavia, then Serbia and Montenegro; 365 is the Soviet Union, then Russia.
    """
    return _holder("gw", number, on, "Gleditsch-Ward number")


def country_by_views(number: int, on: date | None = None) -> Country:
    """The State with that VIEWS country id. Each id belongs to one State, so the day is rarely needed."""
    return _holder("views", number, on, "VIEWS country id")


def country_by_m49(number: int, on: date | None = None) -> Country:
    """The State or territory with that M49 number on a day; without a day its present or else last holder."""
    return _holder("m49", number, on, "M49 number")


def is_fictional(iso3: str) -> bool:
    """Whether the code is one that exercises may use: user-assigned ``XAA`` to ``XZZ``, save Kosovo's ``XKX``."""
    return bool(re.fullmatch("X[A-Z]{2}", iso3)) and iso3 != _KOSOVO


@cache
def _table() -> dict[str, Country]:
    top = load_list(_FILE).fields("id", "version", "countries")["countries"]
    table = {iso3: _country(iso3, node) for iso3, node in top.entries.items()}
    for one in table.values():
        for former in one.succeeds:
            if former not in table:
                top.entries[one.iso3].refuse(f"succeeds '{former}', which is not in the table")
    return table


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for one in _table().values():
        before = (former.text for former in (*one.names_before, *one.iso3_before))
        for name in (one.iso3, one.name, *one.aliases, *before):
            holder = names.setdefault(folded(name), one.iso3)
            if holder != one.iso3 or not folded(name):
                Node(None, _FILE, one.iso3).refuse(f"the name '{name}' is also that of {holder}")
    return names


@cache
def _holders(system: str) -> dict[int, tuple[tuple[DatedCode, Country], ...]]:
    found: dict[int, list[tuple[DatedCode, Country]]] = {}
    for one in _table().values():
        for code in getattr(one, system):
            found.setdefault(code.number, []).append((code, one))
    return {number: tuple(sorted(held, key=_recency, reverse=True)) for number, held in found.items()}


def _recency(held: tuple[DatedCode, Country]) -> tuple[bool, date]:
    code, _ = held
    return code.last is None, code.last or date.min


def _holder(system: str, number: int, on: date | None, what: str) -> Country:
    held = _holders(system).get(number, ())
    found = next((one for code, one in held if on is None or code.covers(on)), None)
    if found is None:
        day = f" on {on}" if on and held else ""
        raise UnknownNameError(
            f"no country has the {what} {shorten(number)}{day}", where="countries", mend="check the number"
        )
    return found


def _number(codes: tuple[DatedCode, ...], on: date | None) -> int | None:
    """Where ids overlap, the one that began last; without a day, the one in use or used last."""
    if on is None:
        return max(codes, key=lambda code: (code.last is None, code.last or date.min)).number if codes else None
    covering = [code for code in codes if code.covers(on)]
    return max(covering, key=lambda code: code.first or date.min).number if covering else None


def _mend(name: str) -> str:
    advice = "give its ISO 3166 alpha-3 code or its name"
    iso3 = _names().get(nearest(name, list(_names())))
    return f"{advice}; the nearest is {_table()[iso3].name} ({iso3})" if iso3 else advice


def _turned(printed: str) -> str:
    """ "Korea, Republic of" and "Iran (Islamic Republic of)" in the order they are spoken."""
    head, comma, tail = printed.partition(",")
    bracketed = _BRACKETED.fullmatch(printed)
    if bracketed:
        head, comma, tail = bracketed[1], ",", bracketed[2]
    return f"{tail} {head}" if comma else printed


def _outside_brackets(printed: str) -> str | None:
    bracketed = _BRACKETED.fullmatch(printed)
    if bracketed is None:
        return None
    outside, inside = (_names().get(folded(part)) for part in bracketed.groups())
    if outside is None or inside is None:
        return None
    return outside if inside == outside or inside in _table()[outside].succeeds else None


def _country(iso3: str, node: Node) -> Country:
    if not re.fullmatch("[A-Z]{3}", iso3) or is_fictional(iso3):
        node.refuse(f"'{shorten(iso3)}' is not an ISO 3166-1 alpha-3 code")
    fields = node.fields("name", optional=_OPTIONAL)
    return Country(
        iso3=iso3,
        name=fields["name"].text(),
        iso2=fields["iso2"].text() if "iso2" in fields else "",
        aliases=fields["aliases"].texts() if "aliases" in fields else (),
        m49=_dated(fields.get("m49")),
        gw=_dated(fields.get("gw")),
        views=_dated(fields.get("views")),
        first=fields["from"].day() if "from" in fields else None,
        last=fields["to"].day() if "to" in fields else None,
        succeeds=fields["succeeds"].texts() if "succeeds" in fields else (),
        names_before=_former(fields.get("formerly"), "name"),
        iso3_before=_former(fields.get("iso_before"), "iso3"),
        iso2_before=_former(fields.get("iso_before"), "iso2"),
        check=fields["check"].text() if "check" in fields else "",
    )


def _former(node: Node | None, what: str) -> tuple[DatedText, ...]:
    if node is None:
        return ()
    needed = ("name", "to") if what == "name" else ("iso3", "iso2", "to")
    found = []
    for item in node.items():
        fields = item.fields(*needed, optional=("from",))
        first = fields["from"].day() if "from" in fields else None
        found.append(DatedText(fields[what].text(), first, fields["to"].day()))
    return tuple(found)


def _dated(node: Node | None) -> tuple[DatedCode, ...]:
    if node is None:
        return ()
    if not node.is_list:
        return (DatedCode(node.whole(1, 999)),)
    return tuple(_dated_code(item) for item in node.items())


def _dated_code(node: Node) -> DatedCode:
    fields = node.fields("number", optional=("from", "to"))
    first = fields["from"].day() if "from" in fields else None
    last = fields["to"].day() if "to" in fields else None
    if first and last and first > last:
        node.refuse("ends before it begins")
    return DatedCode(fields["number"].whole(1, 999), first, last)
