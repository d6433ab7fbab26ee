"""The protection themes: their coded lists, the rules by which a claim falls in one, and what may be shown of it.

Owns the typed reading of ``protection.yaml``. Every code of a rule stands in a list of its theme, every phrase is
one of the small language of ``wording``, and a theme says what may be shown before anything is counted. Nothing here
looks at a claim; a mark never says that something happened, nor what it may engage in law.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forewarn.errors import UnknownNameError, shorten
from forewarn.taxonomy.codes import Code, CodeList, codes
from forewarn.taxonomy.naming import suggestion
from forewarn.taxonomy.reading import Node, load_list
from forewarn.taxonomy.wording import expanded

__all__ = [
    "PROTECTION_FILE",
    "ProtectionRule",
    "ProtectionTheme",
    "Wanted",
    "mandated_sources",
    "protection_theme",
    "protection_themes",
]

PROTECTION_FILE = "protection.yaml"
_CONDITIONS = ("acts", "violence", "targets", "words", "sources")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words a rule looks for: as written in the file, and the plain phrases (words, stems, gaps) they stand for."""

    said: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ProtectionRule:
    """One way of falling in a theme. All conditions hold together; an empty one always holds.

    Attributes:
        id: the theme and a number, such as ``health_care.3``.
        code: the list and code it gives, such as ``health_care_attacks.type:HA3``; ``label`` what the code stands for.
        acts, violence, sources: values of a claim, or of its source's kind, one of which it must have.
        targets, words: to be found in the claim's target; in its target or text.
    """

    id: str
    code: str
    label: str
    acts: tuple[str, ...]
    violence: tuple[str, ...]
    sources: tuple[str, ...]
    targets: Wanted
    words: Wanted


@dataclass(frozen=True, slots=True)
class ProtectionTheme:
    """A theme and what may be shown of it.

    Attributes:
        id, name: such as ``health_care``.
        lists: its coded lists.
        to_compare: names of those that are to be compared with their publisher before release.
        levels: of units for which figures may be shown: ``country``, ``admin1``. Nothing finer exists.
        counted: ``incidents``, or ``mandated`` where only what mandated bodies tell is counted.
        is_direct: whether deaths told in it are direct deaths.
        smallest: numbers from 1 to below this are suppressed; 0 suppresses none.
        is_listed: whether its incidents may be listed.
        caution: what a reader must know, shown with every figure.
        rules: by which a claim falls in it.
    """

    id: str
    name: str
    lists: tuple[CodeList, ...]
    to_compare: tuple[str, ...]
    levels: tuple[str, ...]
    counted: str
    is_direct: bool
    smallest: int
    is_listed: bool
    caution: str
    rules: tuple[ProtectionRule, ...]


def protection_theme(theme_id: str) -> ProtectionTheme:
    """One theme by its id; :class:`UnknownNameError` for any other name."""
    for theme in protection_themes():
        if theme.id == theme_id:
            return theme
    mend = suggestion(theme_id, [theme.id for theme in protection_themes()])
    raise UnknownNameError(f"no protection theme '{shorten(theme_id)}'", where=PROTECTION_FILE, mend=mend)


@cache
def protection_themes() -> tuple[ProtectionTheme, ...]:
    """The themes, in the order of the file."""
    top = _top()
    checks, own = {}, {}
    for name, node in top["codes"].entries.items():
        fields = node.fields("check", "entries")
        checks[name] = fields["check"].choice("K", "K?")
        own[name] = CodeList(name, tuple(Code(code, label) for code, label in fields["entries"].labels().items()))
    groups = {name: _phrases(node, {}) for name, node in top["groups"].entries.items()}
    return tuple(_theme(name, node, own, checks, groups) for name, node in top["themes"].entries.items())


def mandated_sources() -> tuple[str, ...]:
    """Kinds of source whose counts may be shown in a theme that is counted by mandated bodies only."""
    return _top()["mandated"].texts()


def _top() -> dict[str, Node]:
    return load_list(PROTECTION_FILE).fields("id", "version", "mandated", "codes", "groups", "themes")


def _theme(
    theme_id: str, node: Node, own: dict[str, CodeList], checks: dict[str, str], groups: dict[str, Wanted]
) -> ProtectionTheme:
    fields = node.fields("name", "lists", "levels", "counted", "direct", "smallest", "listed", "caution", "rules")
    lists = tuple(own[name] if name in own else codes(name) for name in fields["lists"].texts())
    for level in fields["levels"].items():
        level.choice("country", "admin1")
    rules = [_rule(f"{theme_id}.{n}", item, lists, groups) for n, item in enumerate(fields["rules"].items(), start=1)]
    return ProtectionTheme(
        id=theme_id,
        name=fields["name"].text(),
        lists=lists,
        to_compare=tuple(one.name for one in lists if checks.get(one.name) == "K?"),
        levels=fields["levels"].texts(),
        counted=fields["counted"].choice("incidents", "mandated"),
        is_direct=fields["direct"].truth(),
        smallest=fields["smallest"].whole(0, 1_000),
        is_listed=fields["listed"].truth(),
        caution=fields["caution"].text(),
        rules=tuple(rules),
    )


def _rule(rule_id: str, node: Node, lists: tuple[CodeList, ...], groups: dict[str, Wanted]) -> ProtectionRule:
    fields = node.fields("code", optional=_CONDITIONS)
    if len(fields) == 1:
        node.refuse("has no condition", mend=f"give one of {', '.join(_CONDITIONS)}")
    code = fields["code"].text()
    name, _, entry = code.partition(":")
    known = next((one for one in lists if one.name == name), None)
    if known is None:
        fields["code"].refuse(f"'{shorten(name)}' is no list of the theme")
    acts, violence, sources = (fields[key].texts() if key in fields else () for key in ("acts", "violence", "sources"))
    targets, words = (_phrases(fields[key], groups) if key in fields else Wanted() for key in ("targets", "words"))
    return ProtectionRule(rule_id, code, known.label(entry), acts, violence, sources, targets, words)


def _phrases(node: Node, groups: dict[str, Wanted]) -> Wanted:
    found: dict[tuple[str, ...], None] = {}
    for item in node.items():
        text = item.text()
        try:
            found.update(dict.fromkeys(groups[text].phrases if text in groups else expanded(text)))
        except ValueError as error:
            item.refuse(str(error))
    if not found:
        node.refuse("has no words")
    return Wanted(node.texts(), tuple(found))
