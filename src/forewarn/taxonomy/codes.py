"""The coded lists for incidents, grades, standards of proof and likelihood.

Owns the typed reading of ``codes.yaml``. A list is named by its path in the file (``sdg_16_1_2.cause``); its
sentences of rule are notes, kept apart from the codes. Likelihood bands are half-open, ``[low, high)``, in
per cent: the lowest begins at 1 and the highest ends at 99, so no term exists for certainty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from forewarn.errors import InputValueError, UnknownNameError, shorten
from forewarn.taxonomy.naming import suggestion
from forewarn.taxonomy.reading import Node, load_list

__all__ = [
    "CODES_FILE",
    "Code",
    "CodeList",
    "LikelihoodBand",
    "ProofStandard",
    "code_lists",
    "codes",
    "likelihood_band",
    "likelihood_bands",
    "likelihood_term",
    "notes",
    "proof_standards",
]

CODES_FILE = "codes.yaml"
_APART = ("id", "version", "likelihood_icd203", "standard_of_proof")
_RULES = ("rules", "likelihood_rules")


@dataclass(frozen=True, slots=True)
class Code:
    """One code and what it stands for; in lists without labels both are the same."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of codes under one name, in the order of the file."""

    name: str
    entries: tuple[Code, ...]

    def __contains__(self, code: object) -> bool:
        return any(entry.code == code for entry in self.entries)

    def __iter__(self) -> Iterator[Code]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def label(self, code: str) -> str:
        """The label of a code; :class:`UnknownNameError` names the list and the nearest code."""
        for entry in self.entries:
            if entry.code == code:
                return entry.label
        mend = suggestion(code, [entry.code for entry in self.entries])
        raise UnknownNameError(f"no code '{shorten(code)}'", where=self.name, mend=mend)


@dataclass(frozen=True, slots=True)
class LikelihoodBand:
    """A band of ICD 203: two synonymous terms (never mix the two rows) and its bounds in per cent."""

    term: str
    alternative: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class ProofStandard:
    """A standard of proof: ``P0`` to ``P5``, or ``PX`` for another named test, and where it is used."""

    id: str
    name: str
    use: str


def codes(name: str) -> CodeList:
    """The list of that name, such as ``mrm_grave_violations``; :class:`UnknownNameError` for any other."""
    lists = _loaded()[0]
    if name not in lists:
        mend = suggestion(name, list(lists))
        raise UnknownNameError(f"no coded list '{shorten(name)}'", where=CODES_FILE, mend=mend)
    return lists[name]


def code_lists() -> tuple[str, ...]:
    """The names of all lists, in the order of the file."""
    return tuple(_loaded()[0])


def notes(section: str) -> dict[str, tuple[str, ...]]:
    """The sentences of rule kept in or under a section of the file, by their key; empty when there are none."""
    said = _loaded()[1]
    return {
        key.removeprefix(f"{section}."): sentences
        for key, sentences in said.items()
        if key == section or key.startswith(f"{section}.")
    }


@cache
def likelihood_bands() -> tuple[LikelihoodBand, ...]:
    """The seven bands from least to most likely, touching at their edges."""
    node = load_list(CODES_FILE).entries["likelihood_icd203"]
    bands = tuple(_band(item) for item in node.items())
    for lower, upper in pairwise(bands):
        if lower.high != upper.low:
            node.refuse(f"the bands '{lower.term}' and '{upper.term}' do not touch")
    return bands


def likelihood_term(probability: float) -> str:
    """The term for a probability from 0 to 1, bands half-open: .05 is "very unlikely", not "almost no chance".

    Below .01 the lowest term and from .99 the highest are given: no term claims certainty. NaN and values
    outside 0 to 1 raise :class:`InputValueError`.
    """
    if not 0 <= probability <= 1:  # NaN compares false
        raise InputValueError(f"{shorten(probability)} is not a probability", where="likelihood", mend="give 0 to 1")
    bands = likelihood_bands()
    # Bounds are compared as the nearest double of low / 100, so that .05 and .55 fall where they are written.
    return next((band.term for band in bands if probability < band.high / 100), bands[-1].term)


def likelihood_band(term: str) -> LikelihoodBand:
    """The band of a term of either row; :class:`UnknownNameError` for any other words."""
    wanted = " ".join(term.casefold().split())
    for band in likelihood_bands():
        if wanted in (band.term, band.alternative):
            return band
    terms = ", ".join(band.term for band in likelihood_bands())
    raise UnknownNameError(f"no likelihood '{shorten(term)}'", where=CODES_FILE, mend=f"use one of {terms}")


@cache
def proof_standards() -> tuple[ProofStandard, ...]:
    """The standards of proof from weakest to strongest, then ``PX``."""
    found = []
    for item in load_list(CODES_FILE).entries["standard_of_proof"].items():
        fields = item.fields("id", "name", "use")
        found.append(ProofStandard(fields["id"].text(), fields["name"].text(), fields["use"].text()))
    return tuple(found)


@cache
def _loaded() -> tuple[dict[str, CodeList], dict[str, tuple[str, ...]]]:
    lists: dict[str, CodeList] = {}
    said: dict[str, tuple[str, ...]] = {}
    for key, node in load_list(CODES_FILE).entries.items():
        if key not in _APART:
            _gather(node, lists, said)
    return lists, said


def _gather(node: Node, lists: dict[str, CodeList], said: dict[str, tuple[str, ...]]) -> None:
    """A mapping of texts is a list of codes. Beside lists, a text is a code if its key is in capitals, else a note."""
    if node.is_list:
        _gather_list(node, lists, said)
        return
    children = node.entries
    plain = {key: child for key, child in children.items() if not (child.is_mapping or child.is_list)}
    labels = {key: child.text() for key, child in plain.items() if len(plain) == len(children) or key[0].isupper()}
    if labels:
        lists[node.path] = CodeList(node.path, tuple(Code(code, label) for code, label in labels.items()))
    for key, child in children.items():
        if key not in plain:
            _gather(child, lists, said)
        elif key not in labels:
            said[child.path] = (child.text(),)


def _gather_list(node: Node, lists: dict[str, CodeList], said: dict[str, tuple[str, ...]]) -> None:
    texts = node.texts()
    if node.path.rpartition(".")[2] in _RULES:
        said[node.path] = texts
    else:
        lists[node.path] = CodeList(node.path, tuple(Code(text, text) for text in texts))


def _band(node: Node) -> LikelihoodBand:
    fields = node.fields("term", "alt", "low", "high")
    low, high = fields["low"].whole(1, 99), fields["high"].whole(1, 99)
    if low >= high:
        node.refuse("the band is empty")
    return LikelihoodBand(fields["term"].text(), fields["alt"].text(), low, high)
