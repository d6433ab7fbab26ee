"""Who takes the floor and what they are called: bodies, groups, titles and languages, as records print them.

Owns the typed reading of ``delegations.yaml`` and the French and Spanish names of States. States themselves are in
``countries.yaml``; nothing here says who is one. Names have days where they changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from forewarn.taxonomy.countries import DatedText, country
from forewarn.taxonomy.naming import folded
from forewarn.taxonomy.reading import Node, load_list

__all__ = ["BODY_KINDS", "Body", "DelegationList", "delegation_list", "state_names"]

BODY_KINDS = ("un", "igo", "ngo", "other")
"""Organ, programme or agency of the United Nations; other intergovernmental body; international NGO; other."""

_PARTS = (
    "id", "version", "bodies", "groups", "labels", "places", "acronyms", "titles", "noble", "particles", "languages",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """A body that is no State: its name, what kind it is, and the days between which it bore that name."""

    name: str
    kind: str
    also_called: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class DelegationList:
    """The whole list.

    Attributes:
        bodies: in the order of the file.
        groups: canonical name → other printed forms.
        labels: ISO3 → names of a State that the list of countries does not have.
        places: present name → former ones with their days.
        acronyms: what is meant → the spellings in use.
        titles: before a name; ``noble`` those whose names may hold "of".
        particles: small words inside a name.
        languages: English name → other spellings by ``fr``, ``es`` and ``wrong``.
    """

    bodies: tuple[Body, ...]
    groups: dict[str, tuple[str, ...]]
    labels: dict[str, tuple[str, ...]]
    places: dict[str, tuple[DatedText, ...]]
    acronyms: dict[str, tuple[str, ...]]
    titles: tuple[str, ...]
    noble: frozenset[str]
    particles: frozenset[str]
    languages: dict[str, dict[str, tuple[str, ...]]]


@cache
def delegation_list() -> DelegationList:
    """The list shipped with the package."""
    top = load_list("delegations.yaml").fields(*_PARTS)
    return DelegationList(
        bodies=tuple(_body(name, node) for name, node in top["bodies"].entries.items()),
        groups={name: node.texts() for name, node in top["groups"].entries.items()},
        labels={country(iso3).iso3: node.texts() for iso3, node in top["labels"].entries.items()},
        places={name: tuple(_former(item) for item in node.items()) for name, node in top["places"].entries.items()},
        acronyms={name: node.texts() for name, node in top["acronyms"].entries.items()},
        titles=top["titles"].texts(),
        noble=frozenset(top["noble"].texts()),
        particles=frozenset(top["particles"].texts()),
        languages={name: _language(node) for name, node in top["languages"].entries.items()},
    )


@cache
def state_names(language: str) -> dict[str, str]:
    """Folded names of States in French (``fr``) or Spanish (``es``) → ISO3; empty for other languages."""
    if language not in ("fr", "es"):
        return {}
    top = load_list("delegations_fr_es.yaml").fields("id", "version", "names")
    which = ("fr", "es").index(language)
    found = {}
    for iso3, node in top["names"].entries.items():
        found[folded([item.text() for item in node.items()][which])] = country(iso3).iso3
    return found


def _body(name: str, node: Node) -> Body:
    fields = node.fields("kind", optional=("also_called", "from", "to"))
    return Body(
        name=name,
        kind=fields["kind"].choice(*BODY_KINDS),
        also_called=fields["also_called"].texts() if "also_called" in fields else (),
        first=fields["from"].day() if "from" in fields else None,
        last=fields["to"].day() if "to" in fields else None,
    )


def _former(node: Node) -> DatedText:
    fields = node.fields("name", optional=("from", "to"))
    first = fields["from"].day() if "from" in fields else None
    return DatedText(fields["name"].text(), first, fields["to"].day() if "to" in fields else None)


def _language(node: Node) -> dict[str, tuple[str, ...]]:
    fields = node.fields(optional=("fr", "es", "wrong"))
    return {key: item.texts() if item.is_list else (item.text(),) for key, item in fields.items()}
