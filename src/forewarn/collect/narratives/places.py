"""Places in prose: names that stand where a place stands, looked up in the gazetteer and the lists of areas.

A name counts only behind a word of place ("in", "near", "village of") or before a word for a kind of area
("township"), so that persons and bodies named after places are left alone; a building named after a town places
nothing. A name that means a town and an area alike is the area; a name that several towns bear keeps its area or
country and has no coordinates. One pass over the words; only names in such a position are looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import pycountry

from forewarn.collect.narratives.found import Narrative
from forewarn.collect.places import NameIndex, locate
from forewarn.model.place import PLACE_PRECISIONS, Place
from forewarn.taxonomy import countries, country, folded

__all__ = ["PlaceFound", "find_places", "incident_place"]


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A place as one mention tells it.

    Attributes:
        place: with its precision; coordinates only where exactly one populated place bears the name.
        start, end: the words, as half-open offsets.
        rule: the rule that read them.
        cue: the word that made it a place: a preposition, ``of``, ``,`` behind another place, or a kind of area.
    """

    place: Place
    start: int
    end: int
    rule: str
    cue: str


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int

    @property
    def is_name(self) -> bool:
        """Whether it is written as a name: ``Goma``, ``al-Bab``; the first word of a sentence is not told apart."""
        first = self.text[0]
        return first.isupper() or (first == "a" and "-" in self.text and not self.text.islower())


@dataclass(frozen=True, slots=True)
class _Name:
    """Words in the position of a place; ``after`` is the position of the word behind them and their kind."""

    words: tuple[_Word, ...]
    level: str
    cue: str
    after: int

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


_WORD = re.compile(r"[^\W\d_](?:[\w'’‘]|-(?=\w)){0,40}")
_CUES = frozenset(["in", "at", "near", "around", "outside", "inside", "within", "across", "throughout", "from"])
_WEAK = frozenset(["from", "to", "held"])
_MONTHS = frozenset(
    (
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    )
)  # fmt: skip
_OPENERS = _CUES | _MONTHS | {"the", "on", "a", "an", "of", "as", "all", "two", "three", "four", "five", "dr", "mr"}
_JOINERS = frozenset(["al", "el", "de", "du", "la", "le", "ar", "as", "ash", "az"])
_KINDS = {
    "town": ("village", "town", "city", "hamlet", "settlement"),
    "admin2": (
        "township", "district", "lga", "commune", "department", "cercle", "county", "municipality", "sub-prefecture",
        "locality", "local government area",
    ),
    "admin1": ("state", "region", "province", "governorate", "division", "prefecture"),
    "surroundings": ("area", "neighbourhood", "neighborhood", "suburb", "outskirts", "community"),
}  # fmt: skip
_LEVEL = {word: level for level, words in _KINDS.items() for word in words}
_KINDS_OF = frozenset(_LEVEL) - {"department", "division"}
_BODIES = frozenset(["department", "division", "area", "community", "district", "state"])
"""Kinds that bodies and offices are called by as well: they need a word of place before the name."""
_OFFICES = frozenset(["governor", "chief", "commissioner", "official", "officials", "council", "government"])
_NO_PLACE = frozenset(
    (
        "islamic", "state", "national", "army", "front", "force", "forces", "defence", "police", "health", "ministry",
        "africa", "african", "military", "peoples", "people", "united", "nations", "civil", "movement", "party",
        "group", "government", "general", "hospital", "local", "same", "other", "medical", "education", "fire",
        "emergency", "taliban",
    )
)  # fmt: skip
_LONGEST_NAME = 4


def find_places(narrative: Narrative) -> tuple[PlaceFound, ...]:
    """Every place the text mentions, in order.

    Without a country of the narrative, only a country or an area named in the text gives one.
    """
    names = list(_names(narrative.text))
    if not names:
        return ()
    within = narrative.country or _country_told(names)
    found = []
    for name in names:
        made = _resolved(name, within)
        if made is not None:
            place, rule = made
            found.append(PlaceFound(place, name.words[0].start, name.words[-1].end, rule, name.cue))
    return tuple(found)


def incident_place(found: Sequence[PlaceFound]) -> PlaceFound | None:
    """The place that says where it happened: the first of the finest.

    One people came from, went to or were held in counts only where there is no other, and never as a whole country.
    The first-level area is filled in where the text names exactly one.
    """
    if not found:
        return None
    strong = [one for one in found if one.cue not in _WEAK]
    strong = strong or [one for one in found if one.place.precision != "country"]
    if not strong:
        return None
    best = min(strong, key=lambda one: (PLACE_PRECISIONS.index(one.place.precision), one.start))
    areas = {one.place.admin1 for one in found if one.place.admin1 and one.place.country == best.place.country}
    if len(areas) == 1 and not best.place.admin1:
        return replace(best, place=replace(best.place, admin1=areas.pop()))
    return best


def _names(text: str) -> Iterator[_Name]:
    """Runs of name words that stand where a place stands."""
    words = [_Word(match[0], match.start(), match.end()) for match in _WORD.finditer(text)]
    position, place_ends = 0, -1
    while position < len(words):
        if not _begins(words[position]):
            position += 1
            continue
        after = _run_end(words, position, text)
        cue = _cue(words, position, text, place_ends)
        name = _as_name(words, (position, after), cue, text)
        if name is not None:
            yield name
            after = name.after
            place_ends = words[after - 1].end
        position = after


def _begins(word: _Word) -> bool:
    return word.is_name and word.text.lower() not in _OPENERS


def _run_end(words: Sequence[_Word], start: int, text: str) -> int:
    """The position behind the run of name words that begins at ``start``."""
    end = start + 1
    while end < len(words) and _touch(words, end, text):
        if words[end].is_name:
            end += 1
        elif words[end].text in _JOINERS and end + 1 < len(words) and words[end + 1].is_name:
            end += 2
        else:
            break
    return end


def _touch(words: Sequence[_Word], position: int, text: str) -> bool:
    return text[words[position - 1].end : words[position].start] == " "


def _cue(words: Sequence[_Word], position: int, text: str, place_ends: int) -> str:
    """The word that makes a place of the run at ``position``; empty where there is none."""
    if position and text[words[position - 1].end : words[position].start] == ", ":
        return "," if words[position - 1].end == place_ends else ""
    before = position - 1
    if before >= 0 and words[before].text == "the":
        before -= 1
    if before < 0 or not _touch(words, before + 1, text):
        return ""
    word = words[before].text.lower()
    if word == "of" and before and words[before - 1].text.lower() in _KINDS_OF:
        return f"{words[before - 1].text.lower()} of"
    if word == "in" and before and words[before - 1].text.lower() in _WEAK:
        return words[before - 1].text.lower()
    return word if word in _CUES or word == "to" else ""


def _as_name(words: Sequence[_Word], run: tuple[int, int], cue: str, text: str) -> _Name | None:
    """The run without its word for a kind of area, where its position makes it a place."""
    start, end = run
    after, last = end, words[end - 1].text
    if last.lower() in _LEVEL and end - start > 1:
        kind, end = last.lower(), end - 1
    else:
        kind, after = _kind_behind(words, end, text)
    if cue.endswith(" of"):
        kind = cue.removesuffix(" of")
    if kind in _BODIES and not cue:
        return None
    if not (cue or kind) or end - start > _LONGEST_NAME:
        return None
    return _Name(tuple(words[start:end]), _LEVEL.get(kind, ""), cue or kind, after)


def _kind_behind(words: Sequence[_Word], position: int, text: str) -> tuple[str, int]:
    """The word for a kind of area right behind a run, and the position behind it; empty where there is none."""
    if position >= len(words) or not _touch(words, position, text):
        return "", position
    if " ".join(word.text.lower() for word in words[position : position + 3]) == "local government area":
        return "local government area", position + 3
    word = words[position].text
    if word not in _LEVEL or (position + 1 < len(words) and words[position + 1].text.lower() in _OFFICES):
        return "", position
    return word, position + 1


def _resolved(name: _Name, within: str) -> tuple[Place, str] | None:
    """The place a name means, and the rule; ``None`` where it means none that is known or told by its kind."""
    iso3 = _country_names().get(folded(name.text), "")
    if iso3 and not name.level and not (within and _area(name.text, within)):
        return Place(country=iso3, name=country(iso3).name, precision="country"), "places.country"
    if not within:
        return _told_only(name, "")
    area = _area(name.text, within) if name.level in ("", "admin1") else ""
    if area:
        return Place(within, area, name=name.text, precision="admin1"), "places.area"
    return _populated(name, within)


def _populated(name: _Name, within: str) -> tuple[Place, str] | None:
    if name.level == "admin1":
        return _told_only(name, within)
    located = locate(name.text, within)
    if located.place is not None:
        if name.level == "admin2":
            return replace(located.place, admin2=name.text, precision="admin2"), "places.seat_of_area"
        return located.place, "places.gazetteer"
    if located.is_ambiguous:
        coarse = "admin2" if name.level == "admin2" else "country"
        return _unplaced(name, within, coarse), "places.ambiguous"
    return _told_only(name, within)


def _told_only(name: _Name, within: str) -> tuple[Place, str] | None:
    """A name no list has, taken as a place only where its kind is told."""
    if not name.level or any(word.text.lower() in _NO_PLACE or word.text.isupper() for word in name.words):
        return None
    coarse = name.level if name.level in ("admin1", "admin2") else "country" if within else "unknown"
    return _unplaced(name, within, coarse), "places.kind_told"


def _unplaced(name: _Name, within: str, precision: str) -> Place:
    return Place(within, "", name.text if precision == "admin2" else "", name.text, precision=precision)


def _country_told(names: Sequence[_Name]) -> str:
    """The country the text itself is about: the only one it names as a place, or the only one with such an area."""
    told = {_country_names().get(folded(name.text), "") for name in names if not name.level} - {""}
    if len(told) == 1:
        return told.pop()
    areas = [_areas_anywhere().get(folded(name.text), frozenset()) for name in names if name.level == "admin1"]
    single = {next(iter(one)) for one in areas if len(one) == 1}
    return single.pop() if not told and len(single) == 1 else ""


def _area(name: str, iso3: str) -> str:
    return _areas(iso3).match(name).key


@lru_cache(maxsize=64)
def _areas(iso3: str) -> NameIndex:
    """The first-level areas of a country by the names ISO 3166-2 has for them; none for countries it does not know."""
    return NameIndex((one.name, one.name) for one in pycountry.subdivisions if _is_first_level(one, _iso2(iso3)))


def _iso2(iso3: str) -> str:
    found = pycountry.countries.get(alpha_3=iso3)
    return found.alpha_2 if found else ""


def _is_first_level(one: object, iso2: str) -> bool:
    return getattr(one, "country_code", "") == iso2 and not getattr(one, "parent_code", None)


@lru_cache(maxsize=1)
def _areas_anywhere() -> dict[str, frozenset[str]]:
    """Countries by the folded name of a first-level area."""
    held: dict[str, set[str]] = {}
    for one in pycountry.subdivisions:
        state = pycountry.countries.get(alpha_2=one.country_code)
        if state is not None and not getattr(one, "parent_code", None):
            held.setdefault(folded(one.name), set()).add(state.alpha_3)
    return {name: frozenset(codes) for name, codes in held.items()}


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    """Codes by the folded names of countries."""
    return {folded(name): one.iso3 for one in countries() for name in (one.name, *one.aliases) if folded(name)}
