"""Treaties and other texts known by name: the list ``instruments.yaml`` and where a text names one of them.

Owns the forms names take in prose. A symbol is given only where the list establishes one; names that are alike but
are not on the list are not found. Looking costs one dictionary access a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from forewarn.collect.documents.series import shipped_list
from forewarn.taxonomy.reading import Node

__all__ = ["Instrument", "find_instruments", "instruments"]

_GROUPS = {"treaties": "treaty", "instruments": "instrument", "documents": "document"}
_WORD = re.compile(r"(?<![\w-])(?:U\.N\.|\w{1,30})")


@dataclass(frozen=True, slots=True)
class Instrument:
    """A text known by name.

    Attributes:
        name: its normal form.
        kind: ``treaty``, ``instrument`` (neither treaty nor United Nations document) or ``document``.
        symbols: normal forms of its symbols; empty where none is established.
        believed: the symbol is held to be right and has not been looked up.
        forms: as prose has it, in any case; ``exact`` only as written.
    """

    name: str
    kind: str
    symbols: tuple[str, ...] = ()
    believed: bool = False
    forms: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        """What a reference to it points to: its symbol where documents have one, else its name."""
        return self.symbols[0] if self.kind == "document" and self.symbols else self.name


@cache
def instruments() -> tuple[Instrument, ...]:
    """All of the list, in its order."""
    top = shipped_list("instruments.yaml").fields("id", "version", "treaties", "instruments", "documents")
    return tuple(
        _instrument(name, kind, node) for group, kind in _GROUPS.items() for name, node in top[group].entries.items()
    )


def _instrument(name: str, kind: str, node: Node) -> Instrument:
    fields = node.fields(optional=("forms", "exact", "symbols", "believed"))
    forms, exact, symbols = (fields[key].texts() if key in fields else () for key in ("forms", "exact", "symbols"))
    return Instrument(name, kind, symbols, "believed" in fields and fields["believed"].truth(), forms, exact)


def find_instruments(text: str) -> Iterator[tuple[int, int, Instrument]]:
    """Start, end and instrument of each name in a text folded for matching, in order, the longest form first."""
    forms, done = _forms(), 0
    for word in _WORD.finditer(text):
        if word.start() < done:
            continue
        for pattern, found in forms.get(word.group().casefold(), ()):
            match = pattern.match(text, word.start())
            if match:
                done = match.end()
                yield match.start("name"), done, found
                break


@cache
def _forms() -> dict[str, tuple[tuple[re.Pattern[str], Instrument], ...]]:
    """Patterns by their first word, the longest first."""
    written = [(form, re.IGNORECASE, one) for one in instruments() for form in one.forms]
    written += [(form, re.NOFLAG, one) for one in instruments() for form in one.exact]
    found: dict[str, list[tuple[re.Pattern[str], Instrument]]] = {}
    for form, flags, one in sorted(written, key=lambda row: -len(row[0])):
        match = _WORD.match(form)
        if match:
            found.setdefault(match.group().casefold(), []).append((_pattern(form, flags), one))
    return {word: tuple(patterns) for word, patterns in found.items()}


def _pattern(form: str, flags: int) -> re.Pattern[str]:
    """The form at any white space; "the" in front is not part of the name, and "the X of" names another text."""
    article, _, rest = form.partition(" ")
    lead, name = (r"the\s+", rest) if article == "the" else ("", form)
    body = re.escape(name).replace(r"\ ", r"\s+").replace(r"\-", r"-\s?")
    ends = r"(?![\w-])(?!\s+of\b)" if lead else r"(?![\w-])"
    return re.compile(rf"{lead}(?P<name>{body}){ends}", flags)
