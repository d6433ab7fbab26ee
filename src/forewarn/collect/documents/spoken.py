"""Which language was spoken: the notes records put in brackets, damage by scanning and all.

Owns the reading of "(spoke in Spanish)", "(interpretation from. French)" and "(spoke in Serbian; English text provided
by the delegation)". A bracket that begins as a note but names no language of our list gives the empty language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from forewarn.collect.documents.packs import PACKS, Pack
from forewarn.taxonomy.delegations import delegation_list
from forewarn.taxonomy.naming import folded

__all__ = ["LanguageNote", "language_note", "spoken_language"]

_SHORT = 4
_OUTER = re.compile(r"\(([^()]{2,160})\)")


@dataclass(frozen=True, slots=True)
class LanguageNote:
    """What a bracket says of the language: the note as printed, the language's English name or empty.

    ``provided`` tells that the delegation supplied the printed text or its interpretation.
    """

    text: str
    language: str
    provided: bool = False


def language_note(bracket: str, pack: Pack | None = None) -> LanguageNote | None:
    """The note in the inside of a bracket; none when it says nothing of language."""
    pack = pack or PACKS["en"]
    printed = _plain(bracket)
    provided = pack.provided.search(printed) is not None
    if pack.note.match(printed) is None:
        return LanguageNote(printed, "", provided=True) if provided else None
    head = re.split("[;]", printed, maxsplit=1)[0]
    return LanguageNote(printed, _named_in(head, pack.language), provided)


def spoken_language(address: str, *, language: str = "en") -> str | None:
    """The English name of the language a speaker line says was spoken; none when it says nothing of it.

    Broken and glued words are read: "spoke inArabic", "Rus- sian", "F rench"; so is a country's name for its
    language.
    """
    pack = PACKS.get(language, PACKS["en"])
    for bracket in _OUTER.findall(address[:1000]):
        note = language_note(bracket, pack)
        if note is not None and note.language:
            return note.language
    return None


def _plain(text: str) -> str:
    joined = re.sub(r"(?<=\w)-\s*\n\s*", "-", text)
    return " ".join(joined.split())


def _named_in(head: str, language: str) -> str:
    """The first language named; of several at one place the longest, short names only at the end."""
    squeezed = folded(head).replace(" ", "")
    best: tuple[int, int, str] | None = None
    for spelling, name in _spellings(language):
        at = squeezed.find(spelling) if len(spelling) > _SHORT else _at_end(squeezed, spelling)
        if at > 0 and (best is None or (at, -len(spelling)) < best[:2]):
            best = (at, -len(spelling), name)
    return best[2] if best else ""


def _at_end(text: str, ending: str) -> int:
    return len(text) - len(ending) if text.endswith(ending) else -1


@cache
def _spellings(language: str) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for name, others in delegation_list().languages.items():
        for spelling in (name, *others.get("wrong", ()), *others.get(language, ())):
            found.setdefault(folded(spelling).replace(" ", ""), name)
    return tuple(found.items())
