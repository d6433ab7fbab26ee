"""What of a text survives translation: its numbers in order, its names by their consonants, its writing.

Owns readings that need no dictionary. Names are compared across Latin, Cyrillic and Arabic writing by a skeleton of
consonant classes, as in "Khartoum", «Хартум» and «الخرطوم»; other writing gives none. Numbers written as words are not
read. Nothing here tells who is meant by a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

__all__ = ["name_skeletons", "numbers_in", "script_of"]

LONGEST_READ = 1_000
"""Characters of a text that are read."""

SHORTEST_SKELETON = 3
"""Names with fewer consonants are too common to tell anything."""

SHORTEST_NAME = 4
"""Letters of a name that is compared as it is spelt."""

_NUMBER = re.compile(r"(?<![A-Za-z\d])\d+(?:[.,٬\u00a0\u202f ]\d{3})*(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:\n«\"“]\s*)([^\W\d_]+)")

_DIGRAPHS = re.compile("tsch|tch|sch|dj|ts|ch|sh|zh|kh|gh|ph|th")
_DIGRAPH_SOUND = {"kh": "k", "gh": "k", "ph": "f", "th": "t"}
_CLASSES = {
    "p": "bpбпب",
    "f": "fvвфف",
    "t": "dtдтتطثدضذ",
    "k": "cgkqxгкхخغقك",
    "s": "jszжзсцчшщجسشصزظ",
    "l": "lлل",
    "m": "mмم",
    "n": "nнن",
    "r": "rрر",
}
_SOUND = {letter: sound for sound, letters in _CLASSES.items() for letter in letters}


def numbers_in(text: str) -> tuple[str, ...]:
    """The numbers written in digits of any script, in order, without separators and leading zeros."""
    found = (re.sub(r"\D", "", one) for one in _NUMBER.findall(text[:LONGEST_READ]))
    return tuple(str(int(digits)) for digits in found if len(digits) <= 12)


def script_of(text: str) -> str:
    """The writing most letters are in, by the first word of their Unicode names; empty where there is no letter."""
    letters = Counter(unicodedata.name(char, "").partition(" ")[0] for char in text[:LONGEST_READ] if char.isalpha())
    return letters.most_common(1)[0][0] if letters else ""


def name_skeletons(text: str) -> frozenset[str]:
    """Words that may be names: by their consonant skeletons, and as they are spelt, accents left out.

    Where the writing has capitals, those are the capitalised words that do not begin a sentence; elsewhere all words.
    A short name ("Duékoué") has too few consonants for a skeleton and is only found again in its own writing.
    """
    cut = unicodedata.normalize("NFC", text[:LONGEST_READ])
    starts = {match.start(1) for match in _SENTENCE_START.finditer(cut)}
    words = [m.group() for m in _WORD.finditer(cut) if _may_be_name(m.group()) and m.start() not in starts]
    skeletons = (_skeleton(word) for word in words)
    spelt = (_plain(word) for word in words if len(word) >= SHORTEST_NAME)
    return frozenset([*(skeleton for skeleton in skeletons if len(skeleton) >= SHORTEST_SKELETON), *spelt])


def _may_be_name(word: str) -> bool:
    return word[0].isupper() or word[0].lower() == word[0].upper()


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


def _skeleton(word: str) -> str:
    sounded = _DIGRAPHS.sub(lambda match: _DIGRAPH_SOUND.get(match.group(), "s"), _plain(word).removeprefix("ال"))
    sounds = [_SOUND.get(char, "") for char in sounded]
    return "".join(sound for here, sound in enumerate(sounds) if here == 0 or sound != sounds[here - 1])
