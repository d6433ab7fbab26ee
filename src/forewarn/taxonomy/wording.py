"""The words that call for a code and the words by which a speaker undertakes something, as shipped lists.

Owns the typed reading of ``themes.yaml`` and ``undertakings.yaml`` and their small language of phrases. Every code of
the lists it covers has words, every phrase is expanded to a bounded number of plain ones, and a code or word it does
not know is refused. Nothing here looks at a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

from forewarn.taxonomy.codes import codes
from forewarn.taxonomy.crimes import crimes
from forewarn.taxonomy.framework import risk_framework
from forewarn.taxonomy.lists import measures
from forewarn.taxonomy.naming import folded
from forewarn.taxonomy.reading import Node, load_list

__all__ = [
    "GAP",
    "ThemeWords",
    "UndertakingRule",
    "expanded",
    "inflected",
    "theme_words",
    "undertaking_rules",
]

GAP = ".."
"""In a phrase: up to three words that are not named."""

_MOST_FORMS = 600
_MOST_WORDS = 9
_CHOICE = re.compile(r"\(([^()]{1,900})\)")
_WORD = re.compile(r"[a-z0-9]{1,40}|[a-z0-9]{3,40}\*|\.\.")
_PLACES = ("subject", "modal", "impersonal", "by", "future", "done")
_KINDS = (
    "commits", "calls_for", "supports", "welcomes", "regrets", "opposes", "proposes", "hosts", "accedes", "reports",
)  # fmt: skip
_BE = "(am|is|are|was|were|be|been|being|remain|remains|remained|stand|stands)"
_VOWELS = "aeiou"
_IRREGULAR = {
    "build": ("build", "builds", "built", "building"),
    "have": ("have", "has", "had", "having"),
    "become": ("become", "becomes", "became", "becoming"),
    "give": ("give", "gives", "gave", "given", "giving"),
    "hear": ("hear", "hears", "heard", "hearing"),
    "hold": ("hold", "holds", "held", "holding"),
    "pay": ("pay", "pays", "paid", "paying"),
    "put": ("put", "puts", "putting"),
    "see": ("see", "sees", "saw", "seen", "seeing"),
    "send": ("send", "sends", "sent", "sending"),
    "set": ("set", "sets", "setting"),
    "stand": ("stand", "stands", "stood", "standing"),
    "submit": ("submit", "submits", "submitted", "submitting"),
    "commit": ("commit", "commits", "committed", "committing"),
    "take": ("take", "takes", "took", "taken", "taking"),
    "undertake": ("undertake", "undertakes", "undertook", "undertaken", "undertaking"),
}


@dataclass(frozen=True, slots=True)
class ThemeWords:
    """A code, what it stands for, and the plain phrases that call for it (each a tuple of words, stems or gaps)."""

    scheme: str
    code: str
    label: str
    phrases: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class UndertakingRule:
    """One way of undertaking something.

    Attributes:
        id: kind and a word, ``calls_for.verb``.
        kind: a kind of undertaking.
        place: how the words stand: after a ``subject`` who does it, as a ``modal`` of obligation, ``impersonal``,
            ``by`` somebody named next, as a
            ``future`` of the speaker, or as something the speaker has ``done``.
        others: whether somebody else than the speaker may be the one who does it.
        phrases: the words, expanded.
        right, fired: correct decisions, and all decisions, on the half of the written sentences kept for checking.
    """

    id: str
    kind: str
    place: str
    others: bool
    phrases: tuple[tuple[str, ...], ...]
    right: int
    fired: int

    @property
    def confidence(self) -> float:
        """``(right + 1) / (fired + 2)``, Laplace's rule of succession: one half while nothing was checked."""
        return (self.right + 1) / (self.fired + 2)


def expanded(phrase: str) -> Iterator[tuple[str, ...]]:
    """The plain phrases of a phrase with choices, folded: ``(call|appeal) for`` is two.

    Raises:
        ValueError: when it is malformed, or stands for too many phrases or words.
    """
    parts = [part.split("|") if number % 2 else [part] for number, part in enumerate(_CHOICE.split(phrase))]
    size = 1
    for choices in parts:
        size *= len(choices)
    if size > _MOST_FORMS:
        raise ValueError(f"'{phrase}' stands for {size} phrases, {_MOST_FORMS} at most")
    for choice in product(*parts):
        yield _plain("".join(choice), phrase)


def _plain(text: str, phrase: str) -> tuple[str, ...]:
    words: list[str] = []
    for word in text.split():
        stem = folded(word.rstrip("*")) if word != GAP else ""
        words += [GAP] if word == GAP else (stem.split() or [word])
        if word.endswith("*"):
            words[-1] += "*"
    if not words or len(words) > _MOST_WORDS or not all(_WORD.fullmatch(word) for word in words):
        raise ValueError(f"'{phrase}' is no phrase of words, stems (word*), choices (a|b) and gaps (..)")
    if GAP in (words[0], words[-1]):
        raise ValueError(f"'{phrase}' begins or ends with a gap")
    return tuple(words)


def inflected(verb: str) -> str:
    """The phrase with every form of its first word: ``call for`` is ``(call|calls|called|calling) for``."""
    first, _, rest = verb.partition(" ")
    if first == "BE":
        return f"{_BE} {rest}"
    forms = dict.fromkeys(form for one in first.strip("()").split("|") for form in _forms(one))
    return f"({'|'.join(forms)}) {rest}".strip()


def _forms(verb: str) -> tuple[str, ...]:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    plural = "es" if verb.endswith(("s", "sh", "ch", "x")) else "s"
    return verb, f"{verb}{plural}", f"{verb}ed", f"{verb}ing"


@cache
def theme_words() -> tuple[ThemeWords, ...]:
    """The words of every code of the pillars, crimes, risk factors, groups, measure families and themes."""
    top = load_list("themes.yaml").fields("id", "version", *_SCHEMES, "theme")
    found = [
        ThemeWords(scheme, code, label, _phrases(top[scheme].entries[code], expanded))
        for scheme, labels in _SCHEMES.items()
        for code, label in _checked(top[scheme], labels()).items()
    ]
    for code, node in top["theme"].entries.items():
        fields = node.fields("label", "words")
        found.append(ThemeWords("theme", code, fields["label"].text(), _phrases(fields["words"], expanded)))
    return tuple(found)


def _checked(node: Node, labels: dict[str, str]) -> dict[str, str]:
    node.fields(*labels)
    return labels


def _pillars() -> dict[str, str]:
    return {"1": "the State's own duty", "2": "assistance with consent", "3": "timely and decisive response"}


def _crime_ids() -> dict[str, str]:
    return {crime.id: crime.id.replace("_", " ") for crime in crimes()}


def _risk_factors() -> dict[str, str]:
    return {factor.id: factor.name for factor in risk_framework()}


def _groups() -> dict[str, str]:
    return {one.code: one.code.replace("_", " ") for one in codes("civilian_groups") if one.code != "unknown"}


def _families() -> dict[str, str]:
    return {measure.family: measure.family.replace("-", " ") for measure in measures()}


_SCHEMES: dict[str, Callable[[], dict[str, str]]] = {
    "pillar": _pillars,
    "crime": _crime_ids,
    "risk_factor": _risk_factors,
    "vulnerable_group": _groups,
    "measure_family": _families,
}


def _phrases(node: Node, spread: Callable[[str], Iterator[tuple[str, ...]]]) -> tuple[tuple[str, ...], ...]:
    found: dict[tuple[str, ...], None] = {}
    for text in node.texts():
        try:
            found.update(dict.fromkeys(spread(text)))
        except ValueError as error:
            node.refuse(str(error))
    if not found:
        node.refuse("has no words")
    return tuple(found)


@cache
def undertaking_rules() -> tuple[UndertakingRule, ...]:
    """The rules of undertakings, in the order of the file."""
    top = load_list("undertakings.yaml").fields("id", "version", "rules")
    return tuple(_rule(name, node) for name, node in top["rules"].entries.items())


def _rule(name: str, node: Node) -> UndertakingRule:
    fields = node.fields("place", "right", "fired", optional=("others", "verbs", "phrases"))
    kind = name.partition(".")[0]
    if kind not in _KINDS:
        node.refuse(f"'{kind}' is no kind of undertaking")
    phrases: tuple[tuple[str, ...], ...] = ()
    if "verbs" in fields:
        phrases += _phrases(fields["verbs"], lambda verb: expanded(inflected(verb)))
    if "phrases" in fields:
        phrases += _phrases(fields["phrases"], expanded)
    fired = fields["fired"].whole(0, 100_000)
    return UndertakingRule(
        id=name,
        kind=kind,
        place=fields["place"].choice(*_PLACES),
        others=fields["others"].truth() if "others" in fields else False,
        phrases=phrases,
        right=fields["right"].whole(0, fired),
        fired=fired,
    )
