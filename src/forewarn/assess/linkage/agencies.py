"""The names of those who say things first, in one spelling.

Owns the reading of ``agencies.yaml`` and the matching of a cited name against it. A name that is not in the list
stays what it is, folded; nothing is guessed, so two spellings of an unlisted source count as two.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from forewarn.taxonomy import Node, folded, parse_yaml

__all__ = ["is_republisher", "listed_origin", "origin_name"]

_FILE = "agencies.yaml"
_ARTICLE = re.compile(r"^(?:the\s+|l['’]\s*|la\s+|le\s+|les\s+)", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]*)\)")


def origin_name(cited: str) -> str:
    """The one name of a cited source: ``AFP`` for ``Agence France-Presse``; an unlisted name as it is, tidied.

    Of ``Amnesty International (All Africa)`` the re-publisher in brackets is dropped.
    """
    if is_republisher(_BRACKETS.sub(" ", cited)):
        return " ".join(cited.split())
    plain = " ".join(_BRACKETS.sub(lambda m: " " if is_republisher(m[1]) else m[0], cited).split())
    return _match(folded(plain), _agencies()) or plain


def listed_origin(text: str) -> str:
    """The listed agency with whose name the text begins, an article before it passed over; else the empty text.

    Only listed bodies are recognised, so that no private person's name is taken out of a text.
    """
    return _match(folded(_ARTICLE.sub("", text)), _agencies())


def is_republisher(cited: str) -> bool:
    """Whether the name is of one who only passes on what others said."""
    return bool(_match(folded(cited), _republishers()))


def _match(name: str, known: dict[str, str]) -> str:
    """The canonical name for a folded one, whole or by its first words, longest first."""
    words = name.split()
    for length in range(len(words), 0, -1):
        if found := known.get(" ".join(words[:length])):
            return found
    return ""


@cache
def _fields() -> dict[str, Node]:
    data = resources.files("forewarn.assess.linkage").joinpath(_FILE).read_bytes()
    return parse_yaml(data, _FILE).fields("id", "version", "agencies", "republishers")


@cache
def _agencies() -> dict[str, str]:
    return {folded(alias): name for name, node in _fields()["agencies"].entries.items() for alias in node.texts()}


@cache
def _republishers() -> dict[str, str]:
    return {folded(name): name for name in _fields()["republishers"].texts()}
