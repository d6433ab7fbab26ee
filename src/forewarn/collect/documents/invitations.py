"""Who was invited to speak and as what: the sentences by which a presidency lets briefers take part.

Owns the reading of "In accordance with rule 39 ... I invite the following: Ms. A, Prosecutor of the B". Until a
record has said so, a speaker without a bracket has no affiliation; two invited under one surname stay unsettled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from forewarn.collect.documents.delegations import party_named
from forewarn.collect.documents.packs import Pack, spaced
from forewarn.collect.documents.speakers import read_name
from forewarn.taxonomy.naming import folded

__all__ = ["Invited", "affiliation_in", "invited", "invited_in"]

_SENTENCE = spaced(
    r"(?:[Rr]ule \d{1,3}\b|\bI (?:now )?(?:invite|welcome)\b"
    r"|\bon behalf of the (?:Council|Assembly), I (?:warmly )?welcome)"
)
_LONGEST = 2500
_NEXT = re.compile(r"(?:[;:,]|\band\b|\bby\b|\binvite\b|\bwelcome\b)\s+(?:(?:and|the following|to|by|her|his)\s+){0,3}")
_ENDS = re.compile(
    r"\s+(?:to participate|to take part|to brief|to join|who (?:is|are)|It is so decided|and to\b)"
    r"|[;:]|\.\s+(?=[A-Z])|\.\s*$"
)
_OF = re.compile(r"\b(?:of|for|at|to|from|in)\s+(?:the\s+)?(?=[A-Z])")
_LONGEST_LABEL = 14


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who was invited: name without title, what they were invited as, and for whom they stand if told."""

    name: str
    capacity: str
    affiliation: str = ""
    iso3: str = ""


def invited_in(words: str, pack: Pack, *, on: date | None = None) -> Iterator[Invited]:
    """Those invited in a paragraph of a presidency, in order; nothing when it invites nobody by name."""
    if pack.language != "en" or _SENTENCE.search(words) is None:
        return
    words = words[:_LONGEST]
    starts = [match.end() for match in _NEXT.finditer(words)]
    for start in starts:
        named = read_name(words[start:], pack)
        if named is None or words[start + named[2] : start + named[2] + 1] != ",":
            continue
        capacity = _capacity(words[start + named[2] + 1 :], pack)
        if capacity:
            name, iso3 = affiliation_in(capacity, pack, on=on)
            yield Invited(named[1], capacity, name, iso3)


def invited(people: Iterable[Invited], name: str) -> tuple[Invited | None, bool]:
    """Whoever was invited under a name of a speaker line, and whether more than one could be meant."""
    wanted = folded(name).split()
    found: dict[str, Invited] = {}
    for one in people:
        given = folded(one.name).split()
        if wanted and (wanted == given[-len(wanted) :] or set(wanted) <= set(given) or set(given) <= set(wanted)):
            found[folded(one.name)] = one
    whole = found.get(folded(name))
    if whole is not None or len(found) == 1:
        return whole or next(iter(found.values())), False
    return None, len(found) > 1


def affiliation_in(capacity: str, pack: Pack, *, on: date | None = None) -> tuple[str, str]:
    """The body or State a capacity names, "Prosecutor of the International Criminal Court": name and ISO3, or empty.

    The first name found behind "of", "for", "at" or "to" counts, the longest spelling first; for a Permanent
    Representative it is the State, not whom one is accredited to.
    """
    for match in _OF.finditer(capacity):
        words = capacity[match.end() :].split()[:_LONGEST_LABEL]
        for length in range(len(words), 0, -1):
            party = party_named(" ".join(words[:length]).strip(" ,.;:"), on=on, language=pack.language)
            if party.is_known:
                return party.name, party.iso3
    return "", ""


def _capacity(words: str, pack: Pack) -> str:
    """What stands behind a name and its comma, up to the next person or the end of the sentence."""
    end = _ENDS.search(words)
    words = words[: end.start()] if end else words
    for match in re.finditer(r",?\s+and\s+|,\s+", words):
        if read_name(words[match.end() :], pack) is not None:
            words = words[: match.start()]
            break
    plain = " ".join(words.split()).strip(" ,.")
    return plain if plain[:1].isupper() and len(plain) <= 250 else ""
