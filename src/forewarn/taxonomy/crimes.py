"""The four crimes: their acts and elements, and which elements software may never fill.

Owns the typed reading of ``crimes.yaml``. An element is *inferential* when only a person trained in law may
speak to it (intent, policy, widespread or systematic); no code may write a value for one. Nothing here says
that a crime was committed: the lists are for coding what was observed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forewarn.errors import UnknownNameError, shorten
from forewarn.taxonomy.reading import Node, load_list

__all__ = ["CRIMES_FILE", "Act", "Crime", "Element", "act", "crime", "crime_rules", "crimes"]

CRIMES_FILE = "crimes.yaml"
_KINDS = ("codable", "codable-with-care", "partly-codable", "inferential")
_ELEMENT_LISTS = ("contextual", "elements", "working_elements")
_ACT_LISTS = ("acts", "families")
_OPTIONAL = (*_ELEMENT_LISTS, *_ACT_LISTS, "protected_groups", "punishable_modes", "evidence_note", "maps_to")


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a crime.

    Attributes:
        id: such as ``G3``.
        text: what it asks, in our words.
        kind: ``codable``, ``codable-with-care``, ``partly-codable`` or ``inferential``.
        note: what to heed.
        proxies: figures that may stand beside the element, never as its proof.
    """

    id: str
    text: str
    kind: str
    note: str = ""
    proxies: tuple[str, ...] = ()

    @property
    def is_inferential(self) -> bool:
        """Whether software is locked out of it."""
        return self.kind == "inferential"


@dataclass(frozen=True, slots=True)
class Act:
    """A kind of conduct that may engage a crime: ``CAH-d``, ``WC-07``; ``refs`` cite Rome Statute article 8."""

    code: str
    text: str
    crime_id: str
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Crime:
    """One of the four crimes as it may be coded for.

    Attributes:
        id: ``genocide``, ``crimes_against_humanity``, ``war_crimes`` or ``ethnic_cleansing``.
        legal_source: the treaties and reports it rests on.
        peacetime_possible: whether it can occur without an armed conflict.
        acts: the conduct listed under it.
        elements: contextual and other elements, in the order of the file.
        protected_groups: for genocide, the four kinds of group.
        punishable_modes: for genocide, the modes of the Convention.
        evidence_note: what courts ask for, where noted.
        maps_to: for ethnic cleansing, the acts of the other crimes that make it up.
    """

    id: str
    legal_source: tuple[str, ...]
    peacetime_possible: bool
    acts: tuple[Act, ...]
    elements: tuple[Element, ...]
    protected_groups: tuple[str, ...] = ()
    punishable_modes: tuple[str, ...] = ()
    evidence_note: str = ""
    maps_to: tuple[str, ...] = ()

    @property
    def locked(self) -> tuple[Element, ...]:
        """The inferential elements."""
        return tuple(element for element in self.elements if element.is_inferential)


def crimes() -> tuple[Crime, ...]:
    """The four crimes, in the order of the file."""
    return _loaded()[0]


def crime_rules() -> tuple[str, ...]:
    """The rules that bind every use of the list, as sentences."""
    return _loaded()[1]


def crime(crime_id: str) -> Crime:
    """One crime by its id; :class:`UnknownNameError` for any other name."""
    for candidate in crimes():
        if candidate.id == crime_id:
            return candidate
    known = ", ".join(candidate.id for candidate in crimes())
    raise UnknownNameError(f"no crime '{shorten(crime_id)}'", where=CRIMES_FILE, mend=f"use one of {known}")


def act(code: str) -> Act:
    """One act by its code, such as ``CAH-d``; :class:`UnknownNameError` for any other code."""
    for candidate in crimes():
        for one in candidate.acts:
            if one.code == code:
                return one
    raise UnknownNameError(f"no act '{shorten(code)}'", where=CRIMES_FILE, mend="use a code such as CAH-d")


@cache
def _loaded() -> tuple[tuple[Crime, ...], tuple[str, ...]]:
    top = load_list(CRIMES_FILE).fields("id", "version", "crimes", "rules")
    found = tuple(_crime(crime_id, node) for crime_id, node in top["crimes"].entries.items())
    _refuse_twice([one.code for each in found for one in each.acts], top["crimes"])
    _refuse_twice([one.id for each in found for one in each.elements], top["crimes"])
    return found, top["rules"].texts()


def _crime(crime_id: str, node: Node) -> Crime:
    fields = node.fields("legal_source", "peacetime_possible", optional=_OPTIONAL)
    elements = [_element(item) for key in _ELEMENT_LISTS if key in fields for item in fields[key].items()]
    if not elements:
        node.refuse("has no elements")
    return Crime(
        id=crime_id,
        legal_source=fields["legal_source"].texts(),
        peacetime_possible=fields["peacetime_possible"].truth(),
        acts=tuple(
            _act(code, crime_id, item)
            for key in _ACT_LISTS
            if key in fields
            for code, item in fields[key].entries.items()
        ),
        elements=tuple(elements),
        protected_groups=_texts(fields, "protected_groups"),
        punishable_modes=_texts(fields, "punishable_modes"),
        evidence_note=fields["evidence_note"].text() if "evidence_note" in fields else "",
        maps_to=_texts(fields, "maps_to"),
    )


def _act(code: str, crime_id: str, node: Node) -> Act:
    if not node.is_mapping:
        return Act(code, node.text(), crime_id)
    fields = node.fields("text", "refs")
    return Act(code, fields["text"].text(), crime_id, fields["refs"].texts())


def _element(node: Node) -> Element:
    fields = node.fields("id", "text", "type", optional=("note", "measurable_proxies"))
    return Element(
        id=fields["id"].text(),
        text=fields["text"].text(),
        kind=fields["type"].choice(*_KINDS),
        note=fields["note"].text() if "note" in fields else "",
        proxies=_texts(fields, "measurable_proxies"),
    )


def _texts(fields: dict[str, Node], key: str) -> tuple[str, ...]:
    return fields[key].texts() if key in fields else ()


def _refuse_twice(names: list[str], node: Node) -> None:
    for name in names:
        if names.count(name) > 1:
            node.refuse(f"'{name}' stands twice")
