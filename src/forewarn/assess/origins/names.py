"""The names of those who say things first, in one spelling, and the words by which a text names them.

Owns the reading of ``names.yaml`` and ``markers.yaml`` and the matching of a cited name against them. A name that is
not in the list stays what it is, folded; nothing is guessed, so two spellings of an unlisted source count as two. Out
of a text only listed bodies and names that the caller knows are taken, so that no private person is made an origin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from importlib import resources

from forewarn.taxonomy import Node, folded, parse_yaml

__all__ = [
    "citing_pattern",
    "is_republisher",
    "language_told_by",
    "listed_origin",
    "name_key",
    "named_behind",
    "origin_name",
]

_BRACKETS = re.compile(r"\(([^()]*)\)")
_NOT_WORD = re.compile(r"[\W_]+")

LONGEST_READ = 2_000
"""Characters of a text in which a citation is looked for."""


def origin_name(cited: str) -> str:
    """The one name of a cited source: ``AFP`` for ``Agence France-Presse``; an unlisted name as it is, tidied.

    Of ``Amnesty International (All Africa)`` the re-publisher in brackets is dropped.
    """
    if is_republisher(_BRACKETS.sub(" ", cited)):
        return " ".join(cited.split())
    plain = " ".join(_BRACKETS.sub(lambda m: " " if is_republisher(m[1]) else m[0], cited).split())
    return _match(name_key(plain), _agencies()) or plain


def listed_origin(text: str) -> str:
    """The listed agency with whose name the text begins, small words before it passed over; else the empty text."""
    return _match(name_key(_past_small_words(text)), _agencies())


def is_republisher(cited: str) -> bool:
    """Whether the name is of one who only passes on what others said."""
    return bool(_match(name_key(cited), _republishers()))


def name_key(name: str) -> str:
    """A name in the spelling in which names are compared, in any script; empty where it has no letter."""
    if plain := folded(name):
        return plain
    text = unicodedata.normalize("NFKC", name[:200].casefold())
    return _NOT_WORD.sub(" ", text).strip()


def named_behind(text: str, known: Collection[str] = ()) -> str:
    """Whom the text says it has it from ("according to X", "RT X"): a listed body, or one of the known names; or ''.

    ``known`` are names as their sources print them; the one found is given back as its :func:`origin_name`.
    """
    told = text[:LONGEST_READ]
    keys = {name_key(name): origin_name(name) for name in known}
    for after in (*_reshared().findall(told[:120]), *_according().findall(told)):
        rest = _past_small_words(after.lstrip(" @:"))
        if found := _match(name_key(rest), _agencies()) or _match(name_key(rest), keys):
            return found
    return ""


@cache
def citing_pattern() -> str:
    """A pattern of every text in which :func:`named_behind` could find somebody, for a quick look at many."""
    return rf"(?i)(?:{_one_of('according_to')})|^\W*(?:{_one_of('reshared')})\b"


def language_told_by(text: str) -> str:
    """The language whose small words stand in the text most often; empty below three, or where two are level."""
    words = _NOT_WORD.sub(" ", text[:LONGEST_READ].casefold()).split()
    tally = sorted(
        ((sum(word in small for word in words), code) for code, small in _small_words().items()), reverse=True
    )
    return tally[0][1] if tally[0][0] >= 3 and tally[0][0] > tally[1][0] else ""


def _past_small_words(text: str) -> str:
    return _before_names().sub("", text.strip())


def _match(name: str, known: dict[str, str]) -> str:
    """The canonical name for a folded one, whole or by its first words, longest first."""
    words = name.split()[:12]
    for length in range(len(words), 0, -1):
        if found := known.get(" ".join(words[:length])):
            return found
    return ""


def _read(file: str, *keys: str) -> dict[str, Node]:
    data = resources.files("forewarn.assess.origins").joinpath(file).read_bytes()
    return parse_yaml(data, file).fields("id", "version", *keys)


@cache
def _fields() -> dict[str, Node]:
    return _read("names.yaml", "agencies", "republishers")


@cache
def _markers() -> dict[str, Node]:
    return _read("markers.yaml", "according_to", "before_names", "reshared", "small_words")


@cache
def _agencies() -> dict[str, str]:
    return {name_key(alias): name for name, node in _fields()["agencies"].entries.items() for alias in node.texts()}


@cache
def _republishers() -> dict[str, str]:
    return {name_key(name): name for name in _fields()["republishers"].texts()}


@cache
def _small_words() -> dict[str, frozenset[str]]:
    return {code: frozenset(node.texts()) for code, node in _markers()["small_words"].entries.items()}


def _one_of(key: str) -> str:
    return "|".join(re.escape(words) for words in sorted(_markers()[key].texts(), key=len, reverse=True))


@cache
def _according() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_one_of('according_to')})\s*(\S.{{1,80}})", re.IGNORECASE)


@cache
def _reshared() -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:{_one_of('reshared')})\b[\s:]*(\S.{{1,80}})", re.IGNORECASE)


@cache
def _before_names() -> re.Pattern[str]:
    articles = _markers()["before_names"].texts()
    ending = "|".join(re.escape(w) + (r"\s*" if w[-1] in "'’" else r"\s+") for w in articles)
    return re.compile(rf"^(?:{ending})+", re.IGNORECASE)
