"""Which words of a sentence undertake something, by which rule, and who does it.

Owns the decisions: whether the words of a rule stand where they count, whether they are denied, conditional or somebody
else's, and which of several readings is kept. Each decision is a small function of words and places. A question, a
condition and a mere possibility undertake nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from forewarn.collect.documents.actors import NEGATORS, Prose, Subject, clause_before, prose_of, subject_before
from forewarn.collect.documents.phrases import PhraseBook, Word, listed, words_of
from forewarn.collect.documents.reported import Saying, sayings_in
from forewarn.model.document import Span
from forewarn.taxonomy.wording import UndertakingRule, undertaking_rules

__all__ = ["Found", "found_in"]

_AND = frozenset(("and", "but", "or", "nor", "then", "yet"))
_POSSIBLE = frozenset(("could", "may", "might"))
_CONDITIONS = frozenset(("if", "unless", "whether", "lest"))
_BE = listed("am is are was were be been being")
_NOUN_AFTER = listed("of from among between in is are was were has have")
_BODIES = listed(
    "council assembly secretary general union commission committee panel court government governments mission "
    "organization organizations organisation organisations states state parties party document report "
    "resolution resolutions members member president presidency minister representative envoy delegation "
    "delegations group groups countries country community league office prosecutor commissioner leaders "
    "speakers authorities militia militias army opposition declaration communique ambassador rapporteur experts "
    "conference congress nations draft charter statement coordinator agency agencies ministry parliament mr ms "
    "mrs ombudsman chair chairperson many several summit forum bank bureau troika quartet movement africa "
    "europe unhcr unicef who ohchr unsmil osce ecowas asean"
)
_NOT_OBLIGED = listed("like you say admit confess add note recall thank have first begin conclude apologize")
_DETERMINERS = listed("the a an no any urgent pressing growing this that their our its dire clear for in of greatest")
_PROCEDURE = listed("be now limit focus confine speak begin conclude make give turn read deliver start touch")
_WISHING = listed("would like wish wishes want wants continue continues continued seek seeks")
_DONE_BY_SAYING = (
    "stress",
    "emphasi",
    "underlin",
    "underscor",
    "express",
    "reiterat",
    "condemn",
    "deplor",
    "thank",
    "recall",
)
_LONGEST_ITEM = 8
_NOT_ITEM = listed(
    "in on at to for with by from under after before first firstly second secondly third thirdly fourthly "
    "finally lastly therefore however moreover furthermore hence thus again meanwhile we i"
)
_KEEPS_FUTURE = ("hosts", "accedes", "opposes", "proposes", "commits", "supports.vote")


@dataclass(frozen=True, slots=True)
class Found:
    """One undertaking in a sentence, still in words ``first`` to ``last``; ``start`` is where its clause begins.

    ``name`` is who does it where that is not the speaker: a State's canonical name, or as printed.
    """

    rule: UndertakingRule
    first: int
    last: int
    start: int
    name: str = ""
    is_speaker: bool = True
    negated: bool = False
    reported: bool = False
    passed: tuple[str, ...] = ()


def found_in(text: str, sentence: Span) -> tuple[Prose, tuple[Found, ...]]:
    """The sentence as words, and what is undertaken in it, in order."""
    words = words_of(text, sentence.start, sentence.end)
    prose = prose_of(text, words, sentence.start, sentence.end)
    if not words or text[sentence.start : sentence.end].rstrip("\"'\u201d\u2019)").endswith("?"):
        return prose, ()
    sayings = sayings_in(prose)
    kept: list[Found] = []
    for first, last, rule in _triggers(prose):
        one = _decided(prose, rule, first, last, kept)
        if one is not None and not _is_conditional(prose, one):
            kept.append(_in_saying(one, sayings))
    return prose, _settled(kept)


def _triggers(prose: Prose) -> list[tuple[int, int, UndertakingRule]]:
    """The words of rules by place: of one rule the shortest from each place, of several rules the longest first."""
    shortest: dict[tuple[int, str], tuple[int, int, UndertakingRule]] = {}
    for match in _book().matches(prose.words):
        known = shortest.get((match.first, match.payload))
        if (known is None or match.last < known[1]) and not _is_in_name(prose, match.first):
            shortest[match.first, match.payload] = (match.first, match.last, _rules()[match.payload])
    return sorted(shortest.values(), key=lambda one: (one[0], -one[1]))


def _is_in_name(prose: Prose, first: int) -> bool:
    """A capital in mid-sentence, not of a whole word: "the Support Mission"."""
    raw = prose.text[prose.words[first].start : prose.words[first].end]
    before = prose.between(first - 1, first) if first > 0 else '"'
    return raw[0].isupper() and not raw.isupper() and not set(before) & set('"\u201c:.')


def _decided(prose: Prose, rule: UndertakingRule, first: int, last: int, before: Sequence[Found]) -> Found | None:
    if before and first < before[-1].last:
        return None
    if rule.place == "by":
        return _as_proposed(prose, rule, first, last)
    if rule.place == "impersonal":
        return Found(rule, first, last, 0, negated=_denies(prose, first, last, ()))
    if rule.place == "modal":
        return _obligation(prose, rule, first, last)
    return _act(prose, rule, first, last, before)


def _as_proposed(prose: Prose, rule: UndertakingRule, first: int, last: int) -> Found:
    """ "As proposed by the President, ...": somebody else's proposal, unless it was the speaker's own."""
    end = next((place for place in range(last + 1, len(prose.words)) if prose.has_mark(place)), len(prose.words))
    subject = next((one for one in prose.subjects.values() if one.first == last and one.last <= end), None)
    if subject is not None:
        return Found(
            rule, first, last, first, subject.name, subject.is_first_person, reported=not subject.is_first_person
        )
    return Found(rule, first, last, first, prose.quote(last, min(end, last + 16)), is_speaker=False, reported=True)


def _act(prose: Prose, rule: UndertakingRule, first: int, last: int, before: Sequence[Found]) -> Found | None:
    """A verb with somebody who does it."""
    subject, stop, passed = subject_before(prose, first)
    if not _is_active(prose, first, passed) or _POSSIBLE.intersection(passed) or _is_duty(prose, first, passed):
        return None
    negated = _denies(prose, first, last, passed) or (rule.place == "future" and _is_refused(prose, last))
    if subject is None:
        subject = _inherited(prose, first, stop, before)
    if subject is not None:
        if rule.place == "future" and _is_procedure(prose, subject, last):
            return None
        start = subject.first if subject.last <= first and subject.last > stop else first
        return Found(rule, first, last, start, subject.name, subject.is_first_person, negated, passed=passed)
    if rule.others and (clause := _somebody(prose, first, stop)):
        return Found(
            rule, first, last, clause[0], prose.quote(*clause), is_speaker=False, negated=negated, reported=True,
            passed=passed,
        )  # fmt: skip
    return None


def _is_duty(prose: Prose, first: int, passed: Sequence[str]) -> bool:
    """ "We must support" asks; "we must condemn" and "I should like to thank" do it."""
    obliged = bool({"must", "should"} & set(passed)) and not {"like", "begin", "start"} & set(passed)
    return obliged and not prose.words[first].text.startswith(_DONE_BY_SAYING)


def _is_active(prose: Prose, first: int, passed: Sequence[str]) -> bool:
    """Neither a passive nor a bare participle."""
    word = prose.words[first].text
    if word.endswith("ed") and first + 1 < len(prose.words) and prose.words[first + 1].text == "by":
        return False
    if word.endswith("ing"):
        return bool(_BE.intersection(passed))
    return word in _BE or not (word.endswith("ed") and _BE.intersection(passed))


def _denies(prose: Prose, first: int, last: int, passed: Sequence[str]) -> bool:
    own = [word.text for word in prose.words[first:last]]
    if "only" in passed or "only" in own or ("cannot" in passed and "but" in passed):
        return False
    return bool(NEGATORS.intersection(passed) or NEGATORS.intersection(own)) and "overstated" not in own


def _is_refused(prose: Prose, last: int) -> bool:
    following = [word.text for word in prose.words[last : last + 2]]
    return bool(following) and following[0] in NEGATORS and "only" not in following


def _inherited(prose: Prose, first: int, stop: int, before: Sequence[Found]) -> Subject | None:
    """The subject of the verb before in "X welcomes A and supports B", or the one before a parenthesis."""
    joined = stop >= 0 and prose.words[stop].text in _AND
    parted = stop >= 0 and any(prose.has_mark(place) for place in range(stop + 1, first + 1))
    following = prose.words[first + 1].text if first + 1 < len(prose.words) else "of"
    between = {word.text for word in prose.words[stop + 1 : first]}
    if not (joined or parted) or following in _NOUN_AFTER or ("to" in between and not between & _WISHING):
        return None
    if parted and not joined and prose.words[first].text.endswith("ed"):
        return None
    if before and before[-1].rule.place in ("subject", "future", "done") and not before[-1].reported:
        last = before[-1]
        return Subject(last.start, last.start, last.name)
    leading = [one for one in prose.subjects.values() if one.last <= stop + 1 and _leads(prose, one)]
    return leading[0] if leading and _agrees(prose.words[first].text, leading[0]) else None


def _leads(prose: Prose, subject: Subject) -> bool:
    return subject.first == 0 or (prose.has_mark(subject.first) and subject.first < 12) or (
        subject.first == 1 and prose.words[0].text in ("the", "and", "but")
    )  # fmt: skip


def _agrees(verb: str, subject: Subject) -> bool:
    return subject.is_first_person or verb.endswith(("s", "ed")) or verb in ("will", "shall")


def _is_procedure(prose: Prose, subject: Subject, last: int) -> bool:
    """ "I will be brief" is about the speech."""
    if prose.words[subject.first].text != "i":
        return False
    return any(word.text in _PROCEDURE for word in prose.words[last : last + 2])


def _somebody(prose: Prose, first: int, stop: int) -> tuple[int, int] | None:
    """The words of a body, office or group of States that stand as subject before a verb at ``first``."""
    if stop < 0 or prose.words[stop].possessive or prose.words[stop].text in _AND:
        return None
    clause = clause_before(prose, stop + 1)
    words = prose.words[clause.first : clause.last]
    if not words or not any(
        word.text in _BODIES or place in prose.subjects for place, word in _numbered(clause.first, words)
    ):
        return None
    if any(word.possessive for word in words[-2:]) or words[-1].text in ("the", "a", "of", "to", "for", "many"):
        return None
    verb = prose.words[first].text
    plural = words[-1].text.endswith("s") or any(word.text == "and" for word in words) or words[-1].text == "people"
    finite = verb.endswith(("s", "ed", "ing")) or verb in ("was", "were", "is") or plural or verb in ("put", "held")
    return (clause.first, clause.last) if finite and words[0].text not in _NOT_FIRST else None


_NOT_FIRST = listed("to in on by for with of from at and we i it there this may might can will shall must should") | _BE


def _numbered(first: int, words: Sequence[Word]) -> Iterator[tuple[int, Word]]:
    return ((first + number + 1, word) for number, word in enumerate(words))


def _obligation(prose: Prose, rule: UndertakingRule, first: int, last: int) -> Found | None:
    """ "must" and its kin, said of somebody or something."""
    words = prose.words
    following = [word.text for word in words[last : last + 3]]
    while following and following[0] in ("also", "therefore", "again"):
        following.pop(0)
    if first == 0 or not following or following[0] in _NOT_OBLIGED or following[0].startswith(_DONE_BY_SAYING):
        return None
    if words[first].text in ("need", "have", "has", "needs") and (
        words[first - 1].text in _DETERMINERS or words[first - 1].text in NEGATORS or "do with" in " ".join(following)
    ):
        return None
    clause = clause_before(prose, first)
    return Found(rule, first, last, _listed_from(prose, clause.first, first))


def _listed_from(prose: Prose, start: int, verb: int) -> int:
    """Where a list of several begins: "the Council, Member States and others must"."""
    if not any(word.text in ("and", "or") for word in prose.words[start:verb]):
        return start
    while start > 0 and prose.has_mark(start) and "," in prose.between(start - 1, start):
        earlier = clause_before(prose, start).first
        if start - earlier > _LONGEST_ITEM or prose.words[earlier].text in _NOT_ITEM:
            break
        start = earlier
    return start


def _is_conditional(prose: Prose, one: Found) -> bool:
    before = prose.words[one.start - 1].text if one.start > 0 else ""
    first = prose.words[one.start].text if one.start < len(prose.words) else ""
    return before in _CONDITIONS or (first in _CONDITIONS and one.rule.place != "impersonal")


def _in_saying(one: Found, sayings: Sequence[Saying]) -> Found:
    for saying in sayings:
        if saying.first <= one.first < saying.last:
            whole = saying.first == 0
            if whole and one.is_speaker and one.rule.place in ("subject", "future", "done"):
                continue
            name = one.name if not one.is_speaker else saying.name
            return replace(one, reported=True, is_speaker=False, name=name)
    return one


def _settled(found: Sequence[Found]) -> tuple[Found, ...]:
    """Of readings that say one thing twice, the more telling: the verb before the modal, the future of the speaker."""
    kept: list[Found] = []
    for number, one in enumerate(found):
        following = found[number + 1] if number + 1 < len(found) else None
        if one.rule.place == "future" and following is not None and _tells_more(one, following):
            continue
        if one.rule.place != "future" and {"will", "shall"} & set(one.passed) and not _keeps_future(one):
            continue
        if following is not None and _is_pair(one, following):
            continue
        if kept and _is_its_content(kept[-1], one):
            continue
        if one.rule.place in ("modal", "impersonal") and any(_says_same(one, other) for other in kept):
            continue
        kept.append(one)
    return tuple(kept)


def _is_its_content(verb: Found, one: Found) -> bool:
    """ "X proposed that Y should" is one proposal."""
    asked = verb.rule.kind in ("proposes", "calls_for") and verb.reported == one.reported
    return asked and one.rule.place in ("modal", "impersonal") and one.start == verb.last + 1


def _is_pair(one: Found, following: Found) -> bool:
    """ "Welcome and acknowledge" is one welcome; the second verb has the object."""
    near = following.first - one.last < 2 and one.rule.place == following.rule.place == "subject"
    return near and _says_same(one, following)


def _tells_more(future: Found, following: Found) -> bool:
    return (
        following.first - future.last < 5
        and {"will", "shall"} & set(following.passed) != set()
        and _keeps_future(following)
    )


def _keeps_future(one: Found) -> bool:
    return one.negated or not one.is_speaker or one.rule.kind in _KEEPS_FUTURE or one.rule.id in _KEEPS_FUTURE


def _says_same(one: Found, other: Found) -> bool:
    return one.rule.kind == other.rule.kind and one.reported == other.reported and one.negated == other.negated


@cache
def _book() -> PhraseBook[str]:
    return PhraseBook((phrase, rule.id) for rule in undertaking_rules() for phrase in rule.phrases)


@cache
def _rules() -> dict[str, UndertakingRule]:
    return {rule.id: rule for rule in undertaking_rules()}
