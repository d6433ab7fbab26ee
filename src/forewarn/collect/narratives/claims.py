"""Narratives into claims: one claim for each happening a narrative tells, with every value's rule and words.

Joins what the readers beside it find. A narrative is one happening unless it says that it turns to another ("in a
separate incident"). What the text does not say stays missing; a denial counts nought and is marked. No text leaves
here: only codes, numbers, listed names of bodies, names of places and offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from forewarn.collect.narratives.acts import (
    ActFound,
    attack_codes,
    find_acts,
    find_targets,
    main_act,
    main_target,
)
from forewarn.collect.narratives.certainty import CertaintyFound, find_certainty
from forewarn.collect.narratives.dates import DateFound, find_dates, incident_date
from forewarn.collect.narratives.found import VICTIM_GROUPS, VICTIM_KINDS, Found, Narrative, VictimCount
from forewarn.collect.narratives.perpetrators import find_perpetrator
from forewarn.collect.narratives.places import PlaceFound, find_places, incident_place
from forewarn.collect.narratives.tokens import cut
from forewarn.collect.narratives.victims import HEALTH_SECTOR, count_victims, find_victims
from forewarn.collect.narratives.weapons import find_weapon

__all__ = ["COUNTED_GROUPS", "Counted", "NarrativeClaim", "extract_narrative"]

COUNTED_GROUPS = {
    "health_workers": "health_worker",
    "aid_workers": "aid_worker",
    "teachers": "teacher",
    "journalists": "journalist",
    "children": "child",
    "women": "woman",
    "displaced_persons": "displaced_person",
}
"""Groups with counts of their own in a claim, and what the readers call them."""

_Finding = TypeVar("_Finding", ActFound, Found, DateFound, PlaceFound)
_NO_HEALTH = frozenset(["education", "press", "religious_or_cultural"])
_NO_HEALTH_TARGETS = frozenset(["aid_convoy", "aid_premises"])
_TURN = re.compile(
    r"(?<=[.!?\n]\s)(?=(?:in|during)\s(?:a|an|another)\s?(?:separate|different|second|third|other|similar|unrelated)?\s"
    r"(?:incident|attack)\b|separately,)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of victims as a range; a missing high is open. ``negated``: the text says there were none."""

    low: int
    best: int
    high: int | None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class NarrativeClaim:
    """One happening as a narrative tells it.

    Attributes:
        start, end: the part of the narrative it was read from, as half-open offsets.
        act: the main act, ``None`` where none is named; ``acts`` all of them, denied ones left out.
        codes: of attacks on health care.
        target, targets: what was harmed; all that is named.
        actor, weapon: ``None`` where the text does not tell.
        totals: victims of all groups, by kind of harm; ``groups`` by name of :data:`COUNTED_GROUPS` and kind. What is
            not there was not told.
        victims: the single counts the sums are made of.
        date, place: ``None`` where nothing tells them.
        certainty: how firmly it is told.
        negated: the text says that it did not happen.
    """

    start: int
    end: int
    act: ActFound | None
    acts: tuple[ActFound, ...]
    codes: tuple[str, ...]
    target: Found | None
    targets: tuple[Found, ...]
    actor: Found | None
    weapon: Found | None
    totals: dict[str, Counted]
    groups: dict[tuple[str, str], Counted]
    victims: tuple[VictimCount, ...]
    date: DateFound | None
    place: PlaceFound | None
    certainty: CertaintyFound
    negated: bool

    def evidence(self) -> Iterator[tuple[str, str, int, int]]:
        """What was read, by which rule, from which words: field, rule, start, end; offsets into the whole narrative."""
        for count in self.victims:
            yield f"{count.kind}:{count.group}", count.rule, count.start, count.end
        for field in ("act", "target", "actor", "weapon", "date", "place"):
            found = getattr(self, field)
            if found is not None:
                yield field, found.rule, found.start, found.end
        if self.certainty.start < self.certainty.end:
            yield "certainty", self.certainty.rule, self.certainty.start, self.certainty.end


def extract_narrative(narrative: Narrative) -> list[NarrativeClaim]:
    """The claims of a narrative, in order; none of a blank one, at least one of any other.

    A further happening takes the date and the place of the first where it tells none of its own.
    """
    parts = list(_parts(narrative.text))
    claims = [_claim(narrative, start, end) for start, end in parts]
    return [claims[0], *(_completed(one, claims[0]) for one in claims[1:])] if claims else []


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """The stretches that tell one happening each, white space at their ends left out."""
    bounds = [0, *(match.start() for match in _TURN.finditer(text)), len(text)]
    for start, end in pairwise(bounds):
        words = text[start:end]
        if words.strip():
            begin = start + len(words) - len(words.lstrip())
            yield begin, start + len(words.rstrip())


def _claim(whole: Narrative, start: int, end: int) -> NarrativeClaim:
    """The claim of one stretch. Readers see the stretch alone; offsets are moved back into the whole."""
    part = whole if (start, end) == (0, len(whole.text)) else replace(whole, text=whole.text[start:end])
    tokens = cut(part.text)
    acts, targets, victims = find_acts(tokens), find_targets(tokens), find_victims(part)
    act, actor, weapon = main_act(acts), find_perpetrator(part), find_weapon(part)
    certainty = find_certainty(tokens, act.start if act else 0)
    target = main_target(targets)
    date, place = incident_date(part, find_dates(part)), incident_place(find_places(part))
    told = tuple(_moved(one, start) for one in acts if not one.denied)
    return NarrativeClaim(
        start=start,
        end=end,
        act=act and _moved(act, start),
        acts=told,
        codes=attack_codes(acts, targets),
        target=target and _moved(target, start),
        targets=tuple(_moved(one, start) for one in targets),
        actor=actor and _moved(actor, start),
        weapon=weapon and _moved(weapon, start),
        totals={kind: count for kind in VICTIM_KINDS if (count := _counted(victims, kind, VICTIM_GROUPS))},
        groups=_by_group(victims, targets),
        victims=tuple(_shifted(one, start) for one in victims),
        date=date and _moved(date, start),
        place=place and _moved(place, start),
        certainty=replace(certainty, start=certainty.start + start, end=certainty.end + start),
        negated=_is_negated(act, victims),
    )


def _by_group(victims: Sequence[VictimCount], targets: Sequence[Found]) -> dict[tuple[str, str], Counted]:
    found = {}
    for name, group in COUNTED_GROUPS.items():
        groups = HEALTH_SECTOR if group == "health_worker" and _may_be_health(targets) else (group,)
        for kind in VICTIM_KINDS:
            counted = _counted(victims, kind, groups)
            if counted is not None:
                found[name, kind] = counted
    return found


def _may_be_health(targets: Sequence[Found]) -> bool:
    """Whether staff of aid organizations count as health workers too, as the records of attacks on health care have it.

    Not where the narrative names another sector and nothing medical.
    """
    if any(one.detail == "medical" for one in targets):
        return True
    return not any(one.detail in _NO_HEALTH or one.value in _NO_HEALTH_TARGETS for one in targets)


def _counted(victims: Sequence[VictimCount], kind: str, groups: Sequence[str]) -> Counted | None:
    """The sum over some groups; ``None`` where the text counts none of them. A denial alone is nought."""
    here = [one for one in victims if one.kind == kind and one.side == "victim" and one.group in groups]
    if not here:
        return None
    if all(one.negated for one in here):
        return Counted(0, 0, 0, negated=True)
    low, best, high = count_victims(victims, kind, groups if len(groups) < len(VICTIM_GROUPS) else ())
    return Counted(low, best, high)


def _is_negated(act: ActFound | None, victims: Sequence[VictimCount]) -> bool:
    """Whether what the text tells is only that it did not happen."""
    if act is not None:
        return act.denied
    return bool(victims) and all(one.negated for one in victims)


def _completed(claim: NarrativeClaim, first: NarrativeClaim) -> NarrativeClaim:
    """A further happening with the date and place of the first where it has none."""
    return replace(claim, date=claim.date or first.date, place=claim.place or first.place)


def _moved(found: _Finding, by: int) -> _Finding:
    """The finding with its words counted from the start of the whole narrative."""
    if not by:
        return found
    moved = replace(found, start=found.start + by, end=found.end + by)
    if isinstance(moved, Found):
        return replace(moved, evidence=tuple((start + by, end + by) for start, end in moved.evidence))
    return moved


def _shifted(count: VictimCount, by: int) -> VictimCount:
    return replace(count, start=count.start + by, end=count.end + by) if by else count
