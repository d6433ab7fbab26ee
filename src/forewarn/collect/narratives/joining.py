"""Who a word of harm is told of: the people standing before or after it in the sentence.

Owns the grammar between people named and words of harm: lists ("a nurse, two doctors and their driver"), parts after
"including", second names ("a doctor and owner of a clinic"), and what merely hangs on a preposition. Remembers nothing.
"""

from __future__ import annotations

from forewarn.collect.narratives.harms import Harm
from forewarn.collect.narratives.mentions import BE, LINKS, SMALL_WORDS, Mention
from forewarn.collect.narratives.tokens import word_set

__all__ = ["Joiner"]

_EXCLUDING = word_set(
    "by from to at for in near on towards toward against inside outside of after behind between amid into through over "
    "under via within who which that whose like despite"
)
_INCLUDING = word_set("including among amongst included includes")
_NOT_GERUND = word_set("including leaving following during being")
_BREAKING = word_set("killed injured wounded abducted kidnapped who which when while after that by had has")
_OWN_VERBS = word_set(
    "injured wounded killed kidnapped abducted hurt sustained suffered had have has detained arrested"
)
_AMONG_THEM = word_set("them whom those these were was also is are")
_CLOSE_BY = frozenset(("released", "taken"))
_PASSING = word_set("later ago before after days day weeks week months month hours morning night home again both all")


def _is_year(word: str) -> bool:
    """Whether the word is a year between 1900 and 2099."""
    return len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")


class Joiner:
    """Joins people to harm over one text. People are positions in ``mentions``, each with whether it is a part.

    Args:
        words: of the text.
        mentions: the people named in it, in order.
    """

    def __init__(self, words: list[str], mentions: list[Mention]) -> None:
        self.words = words
        self.mentions = mentions

    def is_of_another_year(self, first: int) -> bool:
        """Whether a sentence opens with a year that is not the one the narrative opens with."""
        words = self.words[first : first + 2]
        if len(words) < 2 or words[0] != "in" or not _is_year(words[1]):
            return False
        opening = next((word for word in self.words[:8] if _is_year(word)), words[1])
        return first > 0 and opening != words[1]

    def has_other_subject(self, bound: int, harm: Harm) -> bool:
        """Whether something that is no person stands where the people should: "and a clinic was seized"."""
        last = harm.start - 1
        if not harm.auxiliary or last < bound:
            return False
        word = self.words[last]
        return word not in SMALL_WORDS and not word.endswith("ly") and word not in _PASSING

    def shares_objects(self, harm: Harm, follow: Harm) -> bool:
        """Whether the next word of harm names the people of both: "killed and injured two nurses"."""
        near = follow.at - harm.at <= 3 and self.words[harm.at + 1] in ("and", "or")
        return near and follow.points == "ahead" and not harm.auxiliary

    def before(self, bound: int, harm: Harm, here: list[int]) -> list[tuple[int, bool]]:
        """The people before a harm word that suffer it, nearest chain first; whether each is only a part."""
        stop = harm.start if harm.start >= bound else harm.at
        before = [n for n in here if self.mentions[n].first >= bound and self.mentions[n].last <= stop]
        if before and self._is_beside(before[-1], stop, harm):
            nearest = before.pop()
            before = [n for n in before if not self._is_excluded(n, bound, harm)] + [nearest]
        else:
            before = [n for n in before if not self._is_excluded(n, bound, harm)]
        if not before or (harm.rule in _CLOSE_BY and self.mentions[before[-1]].last != stop):
            return []
        chain = [before[-1]]
        for n in reversed(before[:-1]):
            if not self.linked(n, chain[-1]):
                break
            chain.append(n)
        chain.reverse()
        at = before.index(chain[0])
        gap = self.words[self.mentions[before[at - 1]].last : self.mentions[chain[0]].first] if at else []
        if len(gap) in (2, 3) and gap[0] in BE and gap[1] in ("among", "amongst"):
            return [*self._parts(chain), *((n, True) for n in before[:at])]
        return self._parts(self._without_apposition(chain, harm))

    def _is_beside(self, n: int, stop: int, harm: Harm) -> bool:
        """Whether the harm is told of this very mention: "a patient that died", "left two nurses wounded"."""
        mention = self.mentions[n]
        before = self.words[mention.first - 1] if mention.first else ""
        if before == "by" or (mention.attacker and not harm.auxiliary):
            return False
        gap = self.words[mention.last : stop]
        return (not gap and not harm.auxiliary) or gap in (
            ["who"],
            ["that"],
            ["which"],
            ["who", "had"],
            ["that", "had"],
        )

    def bodies(self, here: list[int]) -> list[tuple[int, bool]]:
        """Those whose bodies are spoken of, with those listed beside them."""
        first = next((n for n in here if self.mentions[n].body), None)
        return [] if first is None else self.after(self.mentions[first].first, self.mentions[first].first + 40, here)

    def _is_excluded(self, n: int, bound: int, harm: Harm) -> bool:
        """Whether the mention hangs on a preposition or another verb and so is not the subject."""
        mention = self.mentions[n]
        if mention.body:
            return False
        before = self.words[mention.first - 1] if mention.first > bound else ""
        if harm.rule in ("injuries", "dead") and before in ("leaving", "left", "with"):
            return False
        if before == "of" and mention.first > 1 and self.words[mention.first - 2] in ("all", "body", "bodies"):
            return False
        if before in _EXCLUDING or (before.endswith("ing") and before not in _NOT_GERUND and len(before) > 4):
            return True
        return mention.attacker and not harm.auxiliary

    def linked(self, left: int, right: int) -> bool:
        """Whether two mentions stand in one list."""
        gap = self.words[self.mentions[left].last : self.mentions[right].first]
        if not gap or all(word in LINKS or word in _INCLUDING for word in gap):
            return bool(gap)
        joined = gap[-1] in ("and", ",", "including", "or") or gap[-2:] == ["along", "with"]
        return joined and len(gap) <= 9 and not any(word in BE or word in _BREAKING for word in gap)

    def _without_apposition(self, chain: list[int], harm: Harm) -> list[int]:
        """The chain without a second name for its first member: "a doctor and owner of a clinic was"."""
        singular = harm.auxiliary and "was" in self.words[harm.start : harm.at]
        if len(chain) != 2 or not singular:
            return chain
        left, right = (self.mentions[n] for n in chain)
        gap = self.words[left.last : right.first]
        bare = right.first == right.head or self.words[right.first] not in ("a", "an", "his", "her", "their", "one")
        if "including" not in gap and left.best == right.best == 1 and ("and" not in gap or (bare and right.staff)):
            return chain[:1]
        return chain

    def _parts(self, chain: list[int]) -> list[tuple[int, bool]]:
        """The chain with what follows "including" marked as a part."""
        found, inside = [], False
        for position, n in enumerate(chain):
            if position:
                gap = self.words[self.mentions[chain[position - 1]].last : self.mentions[n].first]
                inside = inside or bool(set(gap) & _INCLUDING)
            found.append((n, inside))
        return found

    def after(self, start: int, stop: int, here: list[int]) -> list[tuple[int, bool]]:
        """The people after a harm word that suffer it."""
        after = [n for n in here if self.mentions[n].first >= start and self.mentions[n].first < max(stop, start + 1)]
        if not after or self.mentions[after[0]].first - start > 3:
            return []
        chain = [after[0]]
        for n in after[1:]:
            if self.mentions[n].form == "pronoun" or not self.linked(chain[-1], n):
                break
            chain.append(n)
        while len(chain) > 1 and self._has_own_verb(chain[-1]):
            chain.pop()
        return self._parts(chain)

    def _has_own_verb(self, n: int) -> bool:
        """Whether a verb follows the mention, so that it is the subject of something else."""
        at = self.mentions[n].last
        gap = self.words[self.mentions[n].first - 1]
        follows = self.words[at : at + 3]
        is_verb = bool(follows) and (follows[0] in BE or follows[0] in _OWN_VERBS)
        return is_verb and gap not in _INCLUDING

    def trailing(self, start: int, stop: int, here: list[int]) -> list[tuple[int, bool]]:
        """Parts named after the verb: "were kidnapped, including two nurses"."""
        for at in range(start, min(stop, start + 14)):
            if self.words[at] in _INCLUDING:
                while at + 1 < len(self.words) and self.words[at + 1] in _AMONG_THEM:
                    at += 1  # noqa: PLW2901
                found = self.after(at + 1, max(stop, at + 2), here)
                return [(n, True) for n, _ in found]
        return []
