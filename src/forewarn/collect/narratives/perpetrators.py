"""Whom a narrative blames: the family of actor and, where it is a body or a group, its listed name.

Rules over listed words: the actor after "by", or the one that does something, not the one it is done to or told about.
Alleged, always; a person is never named. Where two families act side by side the class is ``multiple``; where nobody
plainly acts it stays unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from forewarn.collect.narratives.cues import ActorEntry, actor_lexicon
from forewarn.collect.narratives.found import Found, Narrative
from forewarn.collect.narratives.lexicon import Match
from forewarn.collect.narratives.tokens import Tokens, cut, word_set

__all__ = ["find_perpetrator"]

_PATIENT_AFTER = word_set(
    "of against for to with from treating between accused supporting near being injured wounded at targeting killing "
    "including than on about in served serving"
)
_ENDS_AGENT = word_set("when while who was were for")
_ACTS = word_set(
    "who shot took broke stole set airstrike airstrikes shelling drone fire forces fighters shells opened hit struck"
)
_WINDOW = 7
_NEAR = 12
_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_WHEN = re.compile(r"\b([A-Za-z]{3,9})[ ,]{1,3}((?:19|20)\d\d)\b")
_AGENT, _SUBJECT, _WEAK = 3, 2, 1
_DEMONYM_ISO = {
    "russian": "RUS",
    "turkish": "TUR",
    "israeli": "ISR",
    "united": "USA",
    "saudi-led": "SAU",
    "eritrean": "ERI",
}


@dataclass(frozen=True, slots=True)
class _Actor:
    """An actor named: how plainly it acts (3 after "by", 2 doing something), its family, finer code and name."""

    weight: int
    group: str
    fine: str
    name: str
    match: Match[ActorEntry]


def find_perpetrator(narrative: Narrative) -> Found | None:
    """The alleged perpetrator, or ``None`` when nobody plainly acts.

    The value is one of ``ACTOR_CLASSES``; ``detail`` is the listed name of the body or group, else the finer code
    (``armed_forces``, ``police``, ``government``) where the words give one. A movement that became the authority of a
    State is read by the narrative's month: the base date, else the first month the text names.
    """
    tokens = cut(narrative.text)
    month = _month(narrative)
    actors = [_actor(tokens, match, month, narrative.country) for match in actor_lexicon().find(tokens)]
    acting = [actor for actor in actors if actor.weight >= _SUBJECT]
    if not acting:
        return None
    first = max(acting, key=lambda actor: (actor.weight, bool(actor.name), -actor.match.first))
    start, end = tokens.span(first.match.first, first.match.last)
    rule = "perpetrators.agent" if first.weight == _AGENT else "perpetrators.subject"
    beside = [actor for actor in acting if _stands_beside(tokens, first, actor)]
    if beside:
        spans = tuple(tokens.span(actor.match.first, actor.match.last) for actor in beside)
        return Found("multiple", start, end, "perpetrators.beside", evidence=spans)
    return Found(first.group, start, end, rule, detail=first.name or first.fine)


def _stands_beside(tokens: Tokens, first: _Actor, other: _Actor) -> bool:
    """Whether two different families act together: "by soldiers and militiamen"."""
    if other.group == first.group or abs(other.match.first - first.match.first) > _NEAR:
        return False
    left, right = sorted((first.match, other.match), key=lambda match: match.first)
    gap = tokens.words[left.last : right.first]
    return "and" in gap and len(gap) <= 4 and not {"by", ",", "."} & set(gap)


def _actor(tokens: Tokens, match: Match[ActorEntry], month: str, country: str) -> _Actor:
    """One actor named, and how plainly it acts."""
    group, fine, name, change = match.entries[0]
    if change and month >= change.partition(" ")[0]:
        group = change.partition(" ")[2]
    if group == "foreign_forces" and name and country and _DEMONYM_ISO.get(name.split()[0].lower()) == country:
        group, fine = "state", "armed_forces"
    return _Actor(_weight(tokens, match), group, fine, name, match)


def _weight(tokens: Tokens, match: Match[ActorEntry]) -> int:
    """How plainly the actor acts."""
    words = tokens.words
    before = words[max(0, match.first - _WINDOW) : match.first]
    for at in range(len(before) - 1, -1, -1):
        if before[at] in (".", ";", ":") or before[at] in _ENDS_AGENT:
            break
        if before[at] == "by":
            return _AGENT
    if before and before[-1] in _PATIENT_AFTER:
        return 0
    after = words[match.last] if match.last < len(words) else ""
    if after in _ACTS or (after.endswith("ed") and len(after) > 4):
        return _SUBJECT
    return _WEAK


def _month(narrative: Narrative) -> str:
    """The month the narrative tells of, as ``2021-08``; empty when neither it nor a base date says."""
    if narrative.base_date is not None:
        return f"{narrative.base_date:%Y-%m}"
    for match in _WHEN.finditer(narrative.text[:400]):
        name = match.group(1).lower()
        number = next((n for n, month in enumerate(_MONTHS, start=1) if month.startswith(name[:3])), 0)
        if number:
            return f"{match.group(2)}-{number:02d}"
    return ""
