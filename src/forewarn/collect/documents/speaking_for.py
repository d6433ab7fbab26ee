"""For whom a speaker speaks: groups in the first sentences, and a President who speaks for a State.

Owns "on behalf of". Only the speaker's own words in the first person count: a statement somebody else delivered, thanks
on behalf of a people, and the Council's presidency speaking for the Council are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from forewarn.collect.documents.delegations import group_named, party_named
from forewarn.collect.documents.packs import spaced
from forewarn.taxonomy.naming import folded

__all__ = ["groups_in_capacity", "groups_spoken_for", "national_capacity"]

_PARAGRAPHS = 3
_LONGEST_PARAGRAPH = 4000
_LONGEST_GROUP = 200
_BEHALF = spaced(r"\b[Oo]n behalf of (?:the )?")
_SENTENCE_END = re.compile(r"(?<=[a-z\d)”\"])[.!?]\s+")
_OTHERS = re.compile(
    r"\b(?:align|associate|subscribe|endorse|support|thank|congratulat|welcome|express|extend|convey|offer|join)\w*\b"
    r"|(?:statement|remarks)\s+(?:to be\s+)?(?:made|delivered|given)", re.IGNORECASE,
)  # fmt: skip
_SPEAKS = re.compile(
    r"\b(?:speak|speaking|deliver|delivering|make|making|take the floor|taking the floor|address|statement)\b"
)
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|my|My|our)\b")
_NO_GROUP = re.compile(
    r"(?:my|our|his|her|their|its|all|myself|mine|those|people|peoples|government|delegation"
    r"|members? of the (?:security )?council"
    r"|council|security council|general assembly|assembly|presidency|united nations|secretary-general|entire|whole)\b",
    re.IGNORECASE,
)  # fmt: skip
_STOP = re.compile(
    r"[,.;:()\[\]]|\s+(?:and I|and we|I|we|on|in|at|to|as|with|today|during|regarding|concerning|here|who|which|that)\s"
)
_NATIONAL = spaced(
    r"in my (?:national )?capacity as (?:the )?(?:[Pp]ermanent )?"
    r"(?:[Rr]epresentative|[Mm]inister[\w ]{0,60}|[Aa]mbassador) (?:of|for) (?:the )?"
    r"([^\W\d_][^,.;:\n]{2,80})"
)
_NATIONAL_BARE = spaced(r"in (?:my|our) national capacity")


def groups_spoken_for(paragraphs: Sequence[str], affiliation: str) -> tuple[str, ...]:
    """The groups a speech is given for, canonical where known, in order, each once.

    Args:
        paragraphs: reading forms; the first three are looked at.
        affiliation: the speaker's own State or body, which is no group.
    """
    found: dict[str, None] = {}
    for words in paragraphs[:_PARAGRAPHS]:
        for sentence in _SENTENCE_END.split(words[:_LONGEST_PARAGRAPH]):
            for group in _in_sentence(sentence):
                if folded(group) != folded(affiliation):
                    found[group] = None
    return tuple(found)


def groups_in_capacity(capacity: str) -> tuple[str, ...]:
    """The groups a capacity names, "on behalf of the Nordic countries"; those not in our lists as printed."""
    match = _BEHALF.search(capacity)
    return tuple(_groups_at(capacity[match.end() : match.end() + _LONGEST_GROUP], sure=True)) if match else ()


def national_capacity(paragraphs: Sequence[str]) -> str | None:
    """The State for which a presiding speaker says to speak, as printed; empty when it is not named; none when not."""
    for words in paragraphs:
        match = _NATIONAL.search(words)
        if match is not None:
            return match[1].strip()
    return "" if any(_NATIONAL_BARE.search(words) for words in paragraphs) else None


def _in_sentence(sentence: str) -> Iterator[str]:
    first = _BEHALF.search(sentence)
    if first is None:
        return
    head = sentence[: first.start()]
    opens = not head.strip() or head.rstrip().endswith("peaking")
    if not opens and (_OTHERS.search(head) or not (_SPEAKS.search(head) and _FIRST_PERSON.search(head))):
        return
    for match in _BEHALF.finditer(sentence):
        if match.start() > first.start() and _OTHERS.search(sentence[: match.start()]):
            return
        yield from _groups_at(
            sentence[match.end() : match.end() + _LONGEST_GROUP], sure=not opens or bool(head.strip())
        )


def _groups_at(words: str, *, sure: bool) -> Iterator[str]:
    """The groups named at the beginning of a text; one that is not in our lists only where the sentence is sure."""
    if _NO_GROUP.match(words):
        return
    named = _longest_known(words)
    if named:
        yield from named
        return
    stop = _STOP.search(words)
    printed = " ".join(words[: stop.start()].split()) if stop else " ".join(words.split())
    if sure and printed and printed[0].isupper() and len(printed) <= 120:
        yield printed


def _longest_known(words: str) -> list[str]:
    """The longest beginning of the words that our lists know, then those joined to it by comma or "and"."""
    found: list[str] = []
    rest = words
    while True:
        tokens = rest.split(" ")[:16]
        name, used = next(
            ((name, cut) for cut in range(len(tokens), 0, -1) if (name := _known(" ".join(tokens[:cut])))), ("", 0)
        )
        if not name:
            return found
        found.append(name)
        behind = " ".join(tokens[:used])
        rest = rest[len(behind) :].lstrip(" ")
        joined = re.match(r"(?:and|as well as)\s+(?:on behalf of\s+)?(?:the\s+)?", rest)
        if behind[-1:] != "," and joined is None:
            return found
        rest = rest[joined.end() :] if joined else rest


def _known(label: str) -> str:
    plain = label.strip(" ,.;:")
    if plain != label.rstrip(" ,.;:") or any(mark in plain for mark in ",;:"):
        return ""
    group = group_named(plain)
    if group is not None:
        return group.name
    party = party_named(plain)
    return party.name if party.iso3 and len(plain) > 3 else ""
