"""Which tellings of one happening go back to one origin: the links between them, and the groups they make.

A *mention* is a claim and one origin it goes back to. Links join mentions; a group of joined mentions is one origin.
Each link stands on two claims alone, so the order of claims does not matter, and a telling that is linked to another
never adds an origin. A person's ruling stands above every rule: two claims ruled independent are never in one group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from forewarn.assess.origins.wording import Ground, Words, grounds

__all__ = ["COPYING", "Groups", "Link", "Mention", "Ruling", "Telling", "group"]

COPYING = ("same_words", "near_words", "shared_passage", "same_numbers")
"""The rules by which a text is held to be a copy of another."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A claim, the name it cites, and the origin of that name."""

    claim_id: str
    cited: str
    origin: str


@dataclass(frozen=True, slots=True)
class Telling:
    """A claim as one who tells: when it became known (ISO 8601), the origin its own source is, and its words."""

    claim_id: str
    known_on: str
    own: str
    words: Words


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person said of two claims, and holds: ``dependent`` or ``independent``."""

    left: str
    right: str
    verdict: str
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class Link:
    """Why one claim is held to go back to another.

    Attributes:
        later, earlier: the claims; the later became known after the earlier, or has the greater id.
        ground: the rule and its words; rule ``ruled`` for a person's.
        origin: the name they have in common, where the rule is about a name.
        author: the person, for a ruling; empty for a rule.
        overruled: why it does not count, where a person ruled the two, or their groups, independent.
    """

    later: str
    earlier: str
    ground: Ground
    origin: str = ""
    author: str = ""
    overruled: str = ""


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of the mentions of one happening.

    Attributes:
        number: for each mention, its group by all links.
        strong: the same by links on strong grounds and rulings alone.
        links: every link, those overruled too.
    """

    number: list[int]
    strong: list[int]
    links: list[Link]


def group(tellings: Sequence[Telling], mentions: Sequence[Mention], rulings: Sequence[Ruling] = ()) -> Groups:
    """The groups that links and rulings make.

    Args:
        tellings: the claims of one happening, sorted by when they became known, then id.
        mentions: at least one for each telling, in the same order of claims.
        rulings: those that hold; those on other claims are passed over.
    """
    web = _Web(tellings, mentions)
    found = [*_ruled(web, rulings), *_by_name(web), *_by_words(web)]
    banned = {frozenset((r.left, r.right)): r for r in rulings if r.verdict == "independent"}
    number, links = _joined(web, found, banned)
    strong = number
    if any(link.ground.is_weak for link in links):
        strong, _ = _joined(web, [link for link in found if not link.ground.is_weak], banned)
    return Groups(number, strong, links)


@dataclass(frozen=True)
class _Web:
    """The tellings and mentions of one happening, and where to find them."""

    tellings: Sequence[Telling]
    mentions: Sequence[Mention]
    rank: dict[str, int] = field(init=False)
    of_claim: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        places: dict[str, list[int]] = defaultdict(list)
        for place, mention in enumerate(self.mentions):
            places[mention.claim_id].append(place)
        object.__setattr__(self, "rank", {telling.claim_id: rank for rank, telling in enumerate(self.tellings)})
        object.__setattr__(self, "of_claim", dict(places))

    def link(self, one: str, other: str, ground: Ground, origin: str = "", author: str = "") -> Link:
        """A link in the order in which the two became known."""
        later, earlier = (one, other) if self.rank[one] > self.rank[other] else (other, one)
        return Link(later, earlier, ground, origin, author)

    def pairs(self, link: Link) -> Iterator[tuple[int, int]]:
        """The mentions a link joins: those of one name; what else the later cites counts with the earlier's first."""
        places = {self.mentions[place].origin: place for place in reversed(self.of_claim[link.earlier])}
        first = self.of_claim[link.earlier][0]
        for place in self.of_claim[link.later]:
            name = self.mentions[place].origin
            if not link.origin or name == link.origin:
                yield place, places.get(name, first)
        if link.origin and link.origin not in {self.mentions[place].origin for place in self.of_claim[link.later]}:
            yield self.of_claim[link.later][0], places.get(link.origin, first)


def _ruled(web: _Web, rulings: Sequence[Ruling]) -> Iterator[Link]:
    for ruling in rulings:
        if ruling.verdict == "dependent" and ruling.left in web.rank and ruling.right in web.rank:
            yield web.link(ruling.left, ruling.right, Ground("ruled", ruling.reason), author=ruling.author)


def _by_name(web: _Web) -> Iterator[Link]:
    """Who names the same origin, and who names a source that itself has it from another."""
    first: dict[str, str] = {}
    for mention in web.mentions:
        holder = first.setdefault(mention.origin, mention.claim_id)
        if holder != mention.claim_id:
            words = f"both go back to {mention.origin}"
            yield web.link(mention.claim_id, holder, Ground("same_origin", words), mention.origin)
    passing = _passing(web)
    for mention in web.mentions:
        for other in passing.get(mention.origin, ()):
            if other != mention.claim_id:
                yield web.link(mention.claim_id, other, _cited(web, mention, other), mention.origin)


def _passing(web: _Web) -> dict[str, list[str]]:
    """By name of a source, its claims that go back to somebody else."""
    found: dict[str, list[str]] = defaultdict(list)
    for telling in web.tellings:
        if telling.own not in {web.mentions[place].origin for place in web.of_claim[telling.claim_id]}:
            found[telling.own].append(telling.claim_id)
    return found


def _cited(web: _Web, mention: Mention, other: str) -> Ground:
    behind = web.mentions[web.of_claim[other][0]].origin
    words = f"cites {mention.origin}, who has it from {behind}"
    if web.rank[other] > web.rank[mention.claim_id]:
        words += "; it is dated before what it cites: a clock is off, or it cites something earlier"
    return Ground("cites_teller", words)


def _by_words(web: _Web) -> Iterator[Link]:
    for later, earlier, ground in grounds([telling.words for telling in web.tellings]):
        yield web.link(web.tellings[later].claim_id, web.tellings[earlier].claim_id, ground)


def _joined(web: _Web, found: Sequence[Link], banned: Mapping[frozenset[str], Ruling]) -> tuple[list[int], list[Link]]:
    """The group of each mention, and the links with what overruled them. Rulings first, weak grounds last."""
    order = sorted(found, key=lambda link: (link.ground.rule != "ruled", link.ground.is_weak))
    sets = _Sets(web, banned)
    kept = []
    for link in order:
        refusals = [refusal for one, other in web.pairs(link) if (refusal := sets.join(one, other))]
        kept.append(replace(link, overruled=refusals[0]) if refusals else link)
    return [sets.top(place) for place in range(len(web.mentions))], kept


class _Sets:
    """Disjoint sets of mentions that refuse to hold two claims ruled independent."""

    def __init__(self, web: _Web, banned: Mapping[frozenset[str], Ruling]) -> None:
        self._parent = list(range(len(web.mentions)))
        here = {claim for pair in banned for claim in pair}
        self._claims = [{m.claim_id} & here for m in web.mentions]
        self._banned = banned
        first: dict[tuple[str, str], int] = {}
        for place, mention in enumerate(web.mentions):
            self.join(first.setdefault((mention.claim_id, mention.origin), place), place)

    def top(self, place: int) -> int:
        """The least mention of the set, which names it."""
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place

    def join(self, one: int, other: int) -> str:
        """Join the sets of two mentions; else why not."""
        least, most = sorted((self.top(one), self.top(other)))
        if least == most:
            return ""
        for left in self._claims[least]:
            for right in self._claims[most]:
                if ruling := self._banned.get(frozenset((left, right))):
                    return f"ruled independent by {ruling.author}: {ruling.reason}"
        self._parent[most] = least
        self._claims[least] |= self._claims[most]
        return ""
