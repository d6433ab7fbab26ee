"""Persons named by a title, rank or role: ``General Osei``, ``President al-Bari``, ``militia leader Idris Vell``.

Owns the titles, and the words after which no person is meant: a body (General Assembly, Major Crimes Unit) or a place
called after somebody (General Santos City). A rank or office alone names nobody and is left: a holder of an office is
to be told by the office. What is doubtful counts as a name, since a reader can allow it and nobody can unsay it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

__all__ = ["FULL_NAME", "NAME", "PLACE_TITLES", "titled_names"]

_PART = r"(?:[Aa]l-|[Ee]l-|bin |ibn |ben |ould |ag |abu |de |van |von |der )?[^\W\d_a-z][\w'’-]{1,40}"
NAME = rf"{_PART}(?: {_PART}){{0,3}}"
"""A capitalized word with up to three more, particles between them."""
FULL_NAME = rf"{_PART}(?: {_PART}){{1,3}}"
"""The same of at least two words."""

_SHORT = (
    "Mr", "Mrs", "Ms", "Mx", "Dr", "Prof", "Rev", "Fr", "Hon", "Capt", "Col", "Lt", "Sgt", "Cpl", "Pvt", "Brig", "Gen",
    "Maj", "Adm", "Cmdr", "Cdr", "Cmdt", "Insp", "Supt", "Amb", "Sen", "Gov", "Pres", "Mgr", "Mme", "Mlle", "Sr", "Sra",
)  # fmt: skip
"""Short forms, with or without a full stop."""
_RANKS = (
    "captain", "colonel", "lieutenant", "sergeant", "corporal", "brigadier", "commander", "commandant", "commodore",
    "admiral", "marshal", "constable", "superintendent", "sheikh", "sheik", "imam", "mullah", "ayatollah", "pastor",
    "bishop", "archbishop", "rabbi", "president", "vice-president", "senator", "ambassador", "mayor", "warlord",
    "spokesman", "spokeswoman", "spokesperson", "professor", "witness", "survivor", "victim", "capitaine", "colonel",
    "général", "président", "comandante", "capitán", "coronel", "presidente",
)  # fmt: skip
"""Titles that are no other word, so that they count in small letters too."""
_TITLES = (
    "Miss", "Doctor", "Sir", "Lord", "Lady", "Madam", "Madame", "Monsieur", "Maître", "Cheikh", "Maulvi", "Maulana",
    "Mufti", "Hajji", "Haji", "Hajj", "Alhaji", "Malam", "Ustaz", "Sayyid", "Sayed", "Emir", "Sultan", "King", "Queen",
    "Prince", "Princess", "Emperor", "Pope", "Cardinal", "Patriarch", "Reverend", "Father", "Sister", "Brother", "Père",
    "Abbé", "Monseigneur", "Padre", "Daw", "Don", "Doña", "Señor", "Señora", "General", "Major", "Private", "Chief",
    "Officer", "Inspector", "Commissioner", "Detective", "Judge", "Justice", "Prosecutor", "Minister", "Ministre",
    "Governor", "Secretary", "Chairman", "Chairwoman", "Chairperson", "Premier", "Chancellor", "Attorney", "Speaker",
    "Envoy", "Rapporteur", "Representative", "Director", "Commander-in-Chief", "Commander in Chief", "Chief of Staff",
    "Chief of Defence Staff", "Head of State", "Head of Government",
)  # fmt: skip
_ROLES = (
    "leader", "chief", "commander", "general", "minister", "governor", "activist", "journalist", "monk", "cleric",
    "soldier", "officer", "suspect", "teacher", "farmer", "doctor", "nurse", "lawyer", "judge", "prosecutor",
    "president", "fighter", "founder", "businessman", "politician", "trader", "elder", "deputy", "director",
)  # fmt: skip
"""Roles that count only before a name of two words or more."""
_BODIES = frozenset({
    "academy", "accord", "act", "action", "administration", "adviser", "advisor", "advocate", "affairs", "agency",
    "agreement", "air", "alliance", "ally", "amnesty", "and", "announces", "appeal", "area", "areas", "armed",
    "armistice", "army", "arrested", "assembly", "assistant", "association", "atrocities", "attack", "attacks",
    "audit", "auditor", "authority", "barracks", "battalion", "battles", "board", "border", "branch", "brigade",
    "budget", "bureau", "business", "cabinet", "cadet", "calls", "campaign", "cantonment", "ceasefire", "central",
    "centre", "chamber", "cities", "city", "civil", "clashes", "clinic", "code", "college", "command", "commanding",
    "comment", "commission", "committee", "companies", "company", "concern", "concerns", "condemns", "conditions",
    "confederation", "conference", "congress", "consul", "contractor", "contractors", "convention", "corps",
    "council", "counsel", "countries", "court", "crime", "crimes", "crisis", "data", "de", "debate", "defence",
    "defense", "del", "delayed", "delegate", "delegates", "delegation", "denied", "denies", "department", "des",
    "development", "direction", "directive", "directorate", "displacement", "district", "division", "donor",
    "donors", "du", "east", "eastern", "economic", "education", "election", "elections", "electoral", "emergency",
    "energy", "escalation", "event", "events", "executive", "exercise", "explosion", "fields", "fighting",
    "finance", "findings", "fire", "floods", "forces", "foreign", "framework", "front", "fund", "garrison",
    "gathering", "general", "government", "governorate", "group", "groups", "guard", "guards", "guidance",
    "guidelines", "headquarters", "health", "highway", "highways", "hospital", "hospitals", "house", "human",
    "humanitarian", "humanity", "impact", "incident", "incidents", "indicator", "individuals", "information",
    "inquiry", "inspection", "inspectorate", "institute", "intelligence", "interior", "international",
    "investigation", "investigations", "islands", "joint", "joint-staff", "judiciary", "justice", "killed", "kinds",
    "la", "labour", "land", "law", "leave", "legal", "level", "liaison", "local", "loss", "losses", "management",
    "manager", "maritime", "market", "markets", "massacre", "media", "mediation", "mediator", "medical", "meeting",
    "meetings", "meets", "military", "militia", "ministerial", "ministers", "ministry", "mission", "mobilisation",
    "mobilization", "movement", "municipal", "national", "nations", "navy", "negotiator", "non-nato", "north",
    "northern", "nuclear", "offensive", "office", "officer", "offices", "ongoing", "operation", "operations",
    "order", "orders", "overview", "parliament", "parties", "party", "peace", "people", "people's", "personal",
    "planning", "police", "policy", "political", "population", "port", "powers", "practitioner", "press",
    "principles", "prison", "project", "property", "prosecution", "prosecutor", "protection", "protests",
    "province", "provincial", "provisions", "public", "purpose", "purposes", "rapid", "rapporteur",
    "recommendation", "reconciliation", "reform", "refugee", "region", "regional", "regions", "register", "rejects",
    "report", "reports", "representative", "representatives", "republic", "rescue", "reserve", "resident",
    "resigns", "response", "review", "rights", "risk", "risks", "road", "roads", "roads'", "rule", "rules", "said",
    "says", "schools", "secretariat", "section", "sector", "security", "senate", "sergeants", "service", "services",
    "session", "settlement", "settlements", "shelling", "shock", "shortages", "signs", "situation", "south",
    "southern", "special", "staff", "state", "states", "statistics", "status", "step", "steps", "stock", "strike",
    "strikes", "summary", "supply", "support", "supreme", "survey", "surveys", "system", "systems", "talks", "task",
    "taxation", "terms", "territories", "threats", "tour", "town", "towns", "trade", "transitional", "transport",
    "treaty", "trends", "tribunal", "troop", "troops", "un", "unified", "union", "unit", "united", "units",
    "unrest", "update", "upsurge", "urges", "vehicle", "vehicles", "village", "villages", "violations", "violence",
    "visits", "vows", "war", "warning", "warns", "west", "western", "whip", "wing", "wins", "wounded", "zone",
    "zones",
})  # fmt: skip
"""Words that, after a title, begin the name of a body, a rule or a thing, or what its holder does."""
_PLACES = frozenset({
    "airport", "avenue", "barracks", "base", "boulevard", "bridge", "camp", "canal", "church", "city", "clinic",
    "college", "county", "crossing", "department", "district", "foundation", "governorate", "highway", "hill",
    "hospital", "island", "junction", "market", "mosque", "mountain", "neighbourhood", "neighborhood", "park",
    "port", "prison", "province", "quarter", "region", "river", "road", "school", "shrine", "square", "stadium",
    "state", "station", "street", "suburb", "temple", "town", "university", "valley", "village",
})  # fmt: skip
"""Words that, after a name, make it a place or house called so."""
PLACE_TITLES = frozenset({
    "admiral", "bishop", "captain", "cardinal", "cheikh", "colonel", "commandant", "coronel", "don", "emir", "general",
    "imam", "king", "marshal", "mayor", "president", "presidente", "prince", "queen", "sheikh", "sheik", "sultan",
})  # fmt: skip
"""Titles that towns and quarters are called by: General Santos, Sheikh Maqsoud, Presidente Prudente."""
_FULL = tuple(one.capitalize() for one in _RANKS) + _TITLES
_NO_NAMES = _BODIES | {one.casefold() for one in (*_FULL, *_SHORT)}
_NEXT = re.compile(r" ([\w-]{1,40})")


def titled_names(text: str, more_titles: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """The words as they stand and the name in them, wherever a title, rank or role stands before a name."""
    for match in _pattern(more_titles).finditer(text):
        name = match["name"] or match["full"]
        following = _NEXT.match(text, match.end())
        if _is_person(name, following[1] if following else ""):
            yield match[0], name


def _is_person(name: str, following: str) -> bool:
    words = [_plain(word) for word in name.split()]
    if words[0] in _NO_NAMES:
        return False
    return not _PLACES.intersection([*words[1:], _plain(following)])


def _plain(word: str) -> str:
    return word.casefold().removesuffix("'s").removesuffix("’s").strip("'’-")


@lru_cache(maxsize=8)
def _pattern(more_titles: tuple[str, ...]) -> re.Pattern[str]:
    """Titles in a row, then a name; or a role, then a name of several words."""
    full = {*_FULL, *more_titles}
    longest = sorted({*full, *(one.upper() for one in full), *_RANKS}, key=lambda one: (-len(one), one))
    title = rf"(?:(?:{'|'.join(_SHORT)})\.?|{'|'.join(re.escape(one) for one in longest)})"
    roles = "|".join(_ROLES)
    return re.compile(rf"\b(?:{title}(?:[ -]{title}){{0,4}} (?P<name>{NAME})|(?:{roles}) (?P<full>{FULL_NAME}))")
