"""By what means an attack was carried out, as far as the words let one say.

Rules over listed words: the means named outright, the more telling one first; else arms that armed people carry
("soldiers", "gunmen"), which coded records call firearms and which has a rule name of its own, ``weapons.carried``.
A text without a listed word stays unknown. A trained model of words was tried and did not beat the list.
"""

from __future__ import annotations

from forewarn.collect.narratives.cues import actor_lexicon, means_lexicon
from forewarn.collect.narratives.found import Found, Narrative
from forewarn.collect.narratives.tokens import Tokens, cut

__all__ = ["find_weapon"]

_ORDER = (
    ("aircraft", "drone"),
    ("aircraft", "plane"),
    ("explosive", "grenade"),
    ("explosive", "mine"),
    ("explosive", "ied"),
    ("explosive", "uxo"),
    ("shelling", "mortar"),
    ("shelling", "missile"),
    ("shelling", "rocket"),
    ("shelling", "artillery"),
    ("shelling", "shelling"),
    ("explosive", "unspecified"),
    ("fire", "arson"),
    ("firearms", "gun"),
    ("handheld", "knife"),
    ("handheld", "blunt"),
    ("none", "unarmed"),
    ("firearms", "armed"),
    ("handheld", "body"),
)
"""From the most telling to the least: a rocket that starts a fire is a rocket; a stabbing by gunmen is a stabbing."""
_RANK = {code: at for at, code in enumerate(_ORDER)}
_CARRIED = ("firearms", "armed")


def find_weapon(narrative: Narrative) -> Found | None:
    """The means, or ``None`` when no listed word tells.

    The value is one of ``WEAPON_CLASSES``, ``detail`` the finer code; the span is the first word of that code and
    ``evidence`` the listed words of other families in the text, which the decision passed over.
    """
    tokens = cut(narrative.text)
    first: dict[tuple[str, str], tuple[int, int]] = {}
    for match in means_lexicon().find(tokens):
        for code in match.entries:
            first.setdefault(code, tokens.span(match.first, match.last))
    if all(_RANK[code] > _RANK[_CARRIED] for code in first):
        first.update(_armed_bodies(tokens))
    if not first:
        return None
    chosen = min(first, key=_RANK.__getitem__)
    rule = "weapons.carried" if chosen == _CARRIED else "weapons.named"
    others = tuple(span for code, span in first.items() if code[0] != chosen[0] and span != first[chosen])
    return Found(chosen[0], *first[chosen], rule=rule, detail=chosen[1], evidence=others)


def _armed_bodies(tokens: Tokens) -> dict[tuple[str, str], tuple[int, int]]:
    """The first armed group or army named, as arms carried."""
    for match in actor_lexicon().find(tokens):
        group, fine, *_ = match.entries[0]
        if group == "non_state_armed_group" or fine == "armed_forces":
            return {_CARRIED: tokens.span(match.first, match.last)}
    return {}
