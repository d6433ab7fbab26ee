"""How many of whom were killed, injured, abducted, detained or displaced, as a narrative puts it.

Joins the people named (:mod:`mentions`) to the words of harm (:mod:`harms`). One person harmed twice in one way counts
once ("was kidnapped ... he was abducted from his home"); "including" does not add; the attackers' own losses stay
apart; words of size give a least number. The best value is the number stated, or the least the words support.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from forewarn.collect.narratives.found import Narrative, VictimCount
from forewarn.collect.narratives.harms import Harm, find_harms
from forewarn.collect.narratives.joining import Joiner
from forewarn.collect.narratives.mentions import Mention, find_mentions
from forewarn.collect.narratives.numbers import scan_numbers
from forewarn.collect.narratives.tokens import Tokens, cut, word_set

__all__ = ["HEALTH_SECTOR", "count_victims", "find_victims"]

HEALTH_SECTOR = ("health_worker", "aid_worker")
"""The groups that records of attacks on health care count together as health workers."""

_REPORTED = {
    "reportedly": "reported",
    "reports": "reported",
    "reported": "reported",
    "according": "reported",
    "sources": "reported",
    "allegedly": "alleged",
    "alleged": "alleged",
    "accused": "alleged",
    "claimed": "alleged",
    "claims": "alleged",
    "unconfirmed": "unconfirmed",
    "unverified": "unconfirmed",
    "rumoured": "unconfirmed",
}
_FIRMNESS = ("unconfirmed", "alleged", "reported")
_HEALTH_NOUNS = word_set("casualties casualty injuries deaths fatalities victims")


@dataclass(frozen=True, slots=True)
class _Fact:
    """One harm joined to one mention: ``entity`` is the first mention of the same people."""

    harm: Harm
    mention: Mention
    entity: int
    included: bool
    certainty: str


def count_victims(counts: Iterable[VictimCount], kind: str, groups: Iterable[str] = ()) -> tuple[int, int, int | None]:
    """Low, best and high number of victims of one kind, of the groups named or of all.

    Attackers' losses and denials are left out; a part counted inside a whole of the same sum is not added again. An
    unknown low counts as nothing, an unknown best as the low; one open upper end leaves the sum's open.
    """
    wanted = frozenset(groups)
    low, best, high, whole_is_in = 0, 0, 0, False
    top: int | None = high
    for count in counts:
        if count.kind != kind or count.negated or count.side != "victim":
            continue
        is_in = not wanted or count.group in wanted
        if not count.included:
            whole_is_in = is_in
        if not is_in or (count.included and whole_is_in):
            continue
        least = count.low or 0
        low, best = low + least, best + (least if count.best is None else count.best)
        top = None if top is None or count.high is None else top + count.high
    return low, best, top


def find_victims(narrative: Narrative) -> tuple[VictimCount, ...]:
    """The victims the narrative counts, wholes before the parts included in them.

    Physical assault counts as injury (rule ``victims.assaulted`` and the like), as the coded records do; being
    "attacked" does only where nothing else is said of the same people, under its own rule.
    """
    return tuple(_Reader(_without_asides(cut(narrative.text))).read())


def _without_asides(tokens: Tokens) -> Tokens:
    """The words without short brackets that only give an abbreviation or another name: "forces (SAC)"."""
    words = tokens.words
    if "(" not in words:
        return tokens
    kept, index = [], 0
    while index < len(words):
        close = (
            words.index(")", index, index + _ASIDE)
            if words[index] == "(" and ")" in words[index : index + _ASIDE]
            else 0
        )
        if close and not set(words[index:close]) & _TELLING:
            index = close + 1
            continue
        kept.append(index)
        index += 1
    return tokens.only(kept)


class _Reader:
    """Reads one narrative, sentence by sentence, remembering who was named before."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.words = tokens.words
        self.numbers = scan_numbers(tokens)
        self.mentions = find_mentions(tokens, self.numbers)
        self.starting = {mention.first for mention in self.mentions}
        self.join = Joiner(self.words, self.mentions)
        self.facts: list[_Fact] = []
        self.subjects: list[tuple[int, bool]] = []

    def read(self) -> list[VictimCount]:
        """All sentences."""
        for first, last in self.tokens.sentences:
            here = [n for n, m in enumerate(self.mentions) if first <= m.head < last]
            harms = find_harms(self.tokens, first, last, self.starting.__contains__)
            inside = {at for n in here for at in range(self.mentions[n].first, self.mentions[n].head + 1)}
            harms = [harm for harm in harms if harm.at not in inside]
            self._sentence(first, last, here, harms)
            self._denials(first, last)
        return self._counts()

    def _sentence(self, first: int, last: int, here: list[int], harms: list[Harm]) -> None:
        """Join the harms of one sentence to its people."""
        if self.join.is_of_another_year(first):
            return
        bound = first
        earlier: list[tuple[int, bool]] = []
        for number, harm in enumerate(harms):
            stop = harms[number + 1].at if number + 1 < len(harms) else last
            if harm.points == "ahead":
                people = self.join.after(harm.last, stop, here)
                people += [(n, True) for n, _ in self.join.trailing(harm.last, stop, here) if (n, True) not in people]
                people = list(dict.fromkeys(people))
            elif harm.points == "number":
                people = [(n, False) for n in here if self.mentions[n].last == harm.at]
            elif harm.points == "body":
                people = self.join.bodies(here) or list(earlier or self.subjects)
            else:
                follow = harms[number + 1] if number + 1 < len(harms) else None
                if follow is not None and self.join.shares_objects(harm, follow):
                    people = self.join.after(follow.last, last, here)
                else:
                    people = self.join.before(bound, harm, here)
                    if not people and not self.join.has_other_subject(bound, harm):
                        people = list(earlier) or (list(self.subjects) if harm.auxiliary else [])
                    people = people + self.join.trailing(harm.last, stop, here)
            self._add(harm, people, first, last)
            if people:
                earlier = people
            bound = harm.last
        if earlier:
            self.subjects = earlier

    def _add(self, harm: Harm, people: list[tuple[int, bool]], first: int, last: int) -> None:
        """Record the harm for each of the people, pointing back where the words do."""
        certainty = self._certainty(first, last)
        chain = [n for n, _ in people]
        for n, included in self._spread(people):
            mention, entity = self._resolve(n, chain)
            if mention is None:
                continue
            part = included or self._is_part(n, harm.kind, first)
            self.facts.append(_Fact(harm, mention, entity, part, certainty))

    def _spread(self, people: list[tuple[int, bool]]) -> list[tuple[int, bool]]:
        """The same with "they" put as all those it stands for, where several were named one by one."""
        if len(people) != 1 or self.mentions[people[0][0]].form != "pronoun" or not self.mentions[people[0][0]].plural:
            return people
        if len(self.subjects) > 1:
            return self.subjects
        before = [
            n for n in range(people[0][0]) if self.mentions[n].form == "indefinite" and not self.mentions[n].attacker
        ]
        if len(before) < 2 or not self.join.linked(before[-2], before[-1]):
            return people
        return [(before[-2], False), (before[-1], False)]

    def _may_be_meant(self, n: int) -> bool:
        """Whether "they" can mean the mention, one of several."""
        return self.mentions[n].form == "indefinite" and self.mentions[n].group != "combatant"

    def _is_part(self, n: int, kind: str, first: int) -> bool:
        """Whether a bare number counts some of those just counted: "nurses were beaten and two were injured"."""
        mention = self.mentions[n]
        if mention.form != "elliptic" or self.words[mention.first] in ("another", "more", "others"):
            return False
        if self.words[mention.last - 1] in ("others", "other", "more", "another") or mention.best is None:
            return False
        for fact in reversed(self.facts[-_LOOK_BACK:]):
            if fact.harm.kind == kind and fact.mention.first >= first:
                whole = fact.mention
                return (
                    whole.form != "elliptic"
                    and whole.best is None
                    and (whole.high is None or whole.high >= mention.best)
                )
        return False

    def _resolve(self, n: int, chain: list[int]) -> tuple[Mention | None, int]:
        """The people meant: those named before, where the words point back."""
        mention = self.mentions[n]
        if mention.form == "elliptic":
            return self._fill(n, chain), n
        if mention.form not in ("pronoun", "definite"):
            return mention, n
        for fact in reversed(self.facts[-_LOOK_BACK:] if mention.form == "pronoun" else ()):
            if fact.mention is not mention and self._points_to(mention, fact.mention):
                return fact.mention, fact.entity
        for earlier in range(n - 1, max(-1, n - _LOOK_BACK), -1):
            if earlier in chain and mention.form != "pronoun":
                continue
            other = self.mentions[earlier]
            if self._points_to(mention, other):
                entity = next((fact.entity for fact in self.facts[-_LOOK_BACK:] if fact.mention is other), earlier)
                return other, entity
        return (None if mention.form == "pronoun" else mention), n

    def _points_to(self, mention: Mention, other: Mention) -> bool:
        """Whether the later mention can mean the earlier one."""
        if other.form == "pronoun" or other.attacker or other.group == "combatant" != mention.group:
            return False
        if mention.form == "pronoun":
            if other.form == "elliptic":
                return False
            return mention.plural == (other.best != 1) and other.group not in ("child",)
        if self.words[mention.first] in ("his", "her", "their"):
            return False
        same = self.words[mention.head].rstrip("s") == self.words[other.head].rstrip("s")
        kin = mention.group == other.group and mention.staff != other.staff
        return (same or kin) and mention.plural == (other.best != 1)

    def _fill(self, n: int, chain: list[int]) -> Mention:
        """A bare number: of the same group as the people counted just before, unless it stands beside them."""
        mention = self.mentions[n]
        beside = [self.mentions[m] for m in chain if m != n]
        if beside and self.words[mention.last - 1] in ("others", "other"):
            return mention
        sentence = max((first for first, _ in self.tokens.sentences if first <= mention.first), default=0)
        if self.facts and self.facts[-1].mention.first >= sentence:
            return replace(mention, group=self.facts[-1].mention.group)
        for fact in reversed(self.facts[-_LOOK_BACK:]):
            if fact.mention.group not in ("unknown", "combatant"):
                return replace(mention, group=fact.mention.group)
        for earlier in range(n - 1, max(-1, n - _LOOK_BACK), -1):
            other = self.mentions[earlier]
            if other.group not in ("unknown", "combatant") and other.form != "pronoun":
                return replace(mention, group=other.group)
        return mention

    def _certainty(self, first: int, last: int) -> str:
        """How firmly the sentence puts it."""
        said = {_REPORTED[word] for word in self.words[first:last] if word in _REPORTED}
        return next((firmness for firmness in _FIRMNESS if firmness in said), "stated")

    def _denials(self, first: int, last: int) -> None:
        """``no casualties``: nobody was killed or injured, said outright."""
        for at in range(first, last - 1):
            if self.words[at] in ("no", "without") and set(self.words[at + 1 : at + 4]) & _HEALTH_NOUNS:
                nobody = Mention(at, at + 2, at + 1, "unknown", 0, 0, 0)
                kinds: tuple[str, ...] = ("killed",) if self.words[at + 1] in ("deaths", "fatalities") else ("injured",)
                if set(self.words[at + 1 : at + 4]) & {"casualties", "casualty", "victims"}:
                    kinds = ("killed", "injured")
                for kind in kinds:
                    harm = Harm(kind, at + 1, at + 2, "back", "denied", negated=True)
                    self.facts.append(_Fact(harm, nobody, -at - 1, included=False, certainty="stated"))

    def _counts(self) -> list[VictimCount]:
        """The facts as counts, each people once for each kind."""
        found: list[VictimCount] = []
        seen: set[tuple[int, str]] = set()
        killed = {fact.entity for fact in self.facts if fact.harm.kind == "killed"}
        held = any(fact.harm.kind in ("abducted", "detained") and not fact.harm.weak for fact in self.facts)
        for fact in self.facts:
            alone = fact.mention.best == 1 or fact.harm.rule == "shot"
            if fact.harm.rule in _DEADLY and fact.entity in killed and alone:
                continue
            if fact.harm.rule == "released" and (held or fact.mention.group not in _WORKERS):
                continue
            key = (fact.entity, fact.harm.kind)
            if key in seen or (fact.harm.rule == "attacked" and self._is_told_closer(fact)):
                continue
            seen.add(key)
            found.append(self._count(fact))
        return found

    def _is_told_closer(self, attacked: _Fact) -> bool:
        """Whether the text says of the same people, or of some of their group, what the attack did to them."""
        for fact in self.facts:
            if fact.harm.weak or fact.harm.negated or fact.harm.kind in ("detained", "displaced"):
                continue
            hurt = fact.harm.kind != "abducted" and fact.mention.group in (attacked.mention.group, "unknown")
            if hurt or fact.entity == attacked.entity:
                return True
        return False

    def _count(self, fact: _Fact) -> VictimCount:
        """One fact as the noun others read."""
        mention, harm = fact.mention, fact.harm
        negated = harm.negated or mention.best == 0
        low, best, high = (0, 0, 0) if negated else (mention.low, mention.best, mention.high)
        if best is None and low is not None:
            best = low
        start, end = self.tokens.span(min(mention.first, harm.at), max(mention.last, harm.last))
        side = "perpetrator" if mention.attacker else "victim"
        rule = f"victims.{harm.rule}"
        return VictimCount(
            harm.kind, mention.group, low, best, high, start, end, rule, negated, fact.certainty, side, fact.included
        )


_DEADLY = word_set("shot stabbed injuries injured wounded shooting stabbing hurt")
_WORKERS = frozenset(("health_worker", "aid_worker", "teacher", "journalist"))
_ASIDE = 9
_LOOK_BACK = 40
_TELLING = word_set("killed injured wounded including one two three four five six seven eight nine ten dead abducted")
