"""Rosters of a front page: who presides and who sits for whom, dot leaders flattened or not.

Owns the splitting of "..... Mr. Ipo Equatorial Guinea ....." into the name of one delegate and the State of the next,
by the longest ending that is a State of our list. A name whose State cannot be told keeps an empty affiliation.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from forewarn.collect.documents.delegations import party_named
from forewarn.collect.documents.packs import Pack
from forewarn.collect.documents.speakers import read_name
from forewarn.model.document import Member

__all__ = ["members_in", "presidents_in"]

_LEADERS = re.compile(r"(?:\.[ \t]{0,3}){3,}|…(?:[ \t.…])*|[·_]{3,}|\t+")
_LATER = re.compile(r"/|;|,?\s\(?(?:later|then|and later|puis|después)\)?\s|\n[ \t]*\n")
_BRACKET = re.compile(r"\(((?:[^()]|\([^()]{0,60}\)){2,80})\)")
_MOST_WORDS = 24
_MOST_MEMBERS = 250


def presidents_in(text: str, pack: Pack, *, on: date | None = None) -> tuple[Member, ...]:
    """Whoever presided, in order, from the words behind "President:"; one bracket may stand for several names."""
    plain = _LEADERS.sub(" ", text)
    label = ""
    found: list[Member] = []
    for piece in reversed(_LATER.split(plain)):
        named = read_name(piece.lstrip(" ,\n\t"), pack)
        bracket = _BRACKET.search(piece)
        label = bracket[1] if bracket else label
        if named is not None:
            found.append(_member(label, f"{named[0]} {named[1]}", pack, on))
    return tuple(reversed(found))


def members_in(text: str, pack: Pack, *, on: date | None = None) -> tuple[Member, ...]:
    """The roster behind "Members:", in order."""
    pieces = [" ".join(piece.split()) for piece in _LEADERS.split(text)]
    if len(pieces) < 3:
        pieces = [piece.strip() for piece in _before_titles(pack.language).split(" ".join(text.split()))]
    label, found = pieces[0], []
    for piece in pieces[1 : _MOST_MEMBERS + 1]:
        name, following = _name_and_next(piece, pack, on) if piece is not pieces[-1] else (piece, "")
        if name:
            found.append(_member(label, name, pack, on))
        label = following
    return tuple(found)


def _name_and_next(piece: str, pack: Pack, on: date | None) -> tuple[str, str]:
    """A delegate's name and the label behind it: the longest ending that is a State, as long as a name remains."""
    words = piece.split()
    for cut in range(max(1, len(words) - _MOST_WORDS), len(words)):
        label = " ".join(words[cut:])
        if party_named(label, on=on, language=pack.language).iso3:
            return " ".join(words[:cut]), label
    return piece, ""


def _member(label: str, name: str, pack: Pack, on: date | None) -> Member:
    if not label:
        return Member("", "", name)
    party = party_named(label, on=on, language=pack.language)
    return Member(party.name, party.iso3, name)


@cache
def _before_titles(language: str) -> re.Pattern[str]:
    titles = {
        "en": r"Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Baroness|Sheikh|Prince",
        "fr": "M|Mme|Mlle|Sir",
        "es": "Sr|Sra|Srta|Sir",
    }
    return re.compile(rf"\s(?=(?:{titles[language]})\b\.?\s)")
