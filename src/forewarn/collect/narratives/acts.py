"""What was done, and to what: the acts and the targets a narrative names, as codes, with the words.

Owns the reading of the list beside it (``acts.yaml``): observable words to codes of the claim's acts, finer details
and the shipped codes of attacks on health care. Nothing is qualified in law: a target's status is the protection such
a thing has by what it is said to be. A denied act is kept as denied, an attempted one as attempted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from forewarn.collect.narratives.certainty import is_attempted, is_denied
from forewarn.collect.narratives.found import Found
from forewarn.collect.narratives.lexicon import Lexicon
from forewarn.collect.narratives.tokens import Tokens
from forewarn.model.claim import ACTS
from forewarn.taxonomy import Node, codes, parse_yaml

__all__ = ["STATUSES", "ActFound", "attack_codes", "find_acts", "find_targets", "main_act", "main_target"]

STATUSES = (
    "medical",
    "humanitarian",
    "education",
    "religious_or_cultural",
    "press",
    "displaced_persons",
    "child",
    "civilian",
)
"""Why a target is protected, by what it is said to be."""

_LIST = Path(__file__).with_name("acts.yaml")
_CODE_LIST = "health_care_attacks.type"
_HEADING_WORDS = 6
"""A target is not looked for in the date a narrative opens with."""


@dataclass(frozen=True, slots=True)
class ActFound:
    """One act as one phrase tells it.

    Attributes:
        act: of ``model.claim.ACTS``.
        detail: the finer word of the list.
        code: of the shipped codes of attacks on health care, or empty.
        rank: its place in the list; lower is graver for persons.
        start, end: the words, as half-open offsets.
        rule: ``acts.`` and the detail.
        denied: the text says that it did not happen; ``attempted``: that it was tried, threatened or feared.
    """

    act: str
    detail: str
    code: str
    rank: int
    start: int
    end: int
    rule: str
    denied: bool = False
    attempted: bool = False


@dataclass(frozen=True, slots=True)
class _Act:
    act: str
    detail: str
    code: str
    rank: int


def find_acts(tokens: Tokens) -> tuple[ActFound, ...]:
    """Every act the text names, in order; one phrase may name two ("ransacked" is looting and damage)."""
    found = []
    for match in _lists()[0].find(tokens):
        start, end = tokens.span(match.first, match.last)
        denied, attempted = is_denied(tokens, match.first), is_attempted(tokens, match.first)
        for one in match.entries:
            rule = f"acts.{one.detail}"
            found.append(ActFound(one.act, one.detail, one.code, one.rank, start, end, rule, denied, attempted))
    return tuple(found)


def main_act(acts: Sequence[ActFound]) -> ActFound | None:
    """The act of a claim: done before tried, tried before denied; then the gravest for persons; then the first told."""
    return min(acts, key=lambda one: (one.denied, one.attempted, one.rank, one.start), default=None)


def find_targets(tokens: Tokens) -> tuple[Found, ...]:
    """What the text names as harmed or standing near it, in order; ``detail`` is the protected status."""
    found = []
    for match in _lists()[1].find(tokens):
        start, end = tokens.span(match.first, match.last)
        found += [Found(target, start, end, f"acts.target_{target}", status) for target, status in match.entries]
    return tuple(found)


def main_target(targets: Sequence[Found]) -> Found | None:
    """The target of a claim: the first with a protection of its own, else the first.

    A sentence names what was harmed before where it stood ("a doctor was taken from a hospital"), and whoever is told
    only as people comes behind what is told closer.
    """
    special = next((one for one in targets if one.detail != "civilian"), None)
    return special or next(iter(targets), None)


def attack_codes(acts: Sequence[ActFound], targets: Sequence[Found]) -> tuple[str, ...]:
    """The codes of attacks on health care, sorted; none where nothing medical is named."""
    if not any(one.detail == "medical" for one in targets):
        return ()
    told = {one.code for one in acts if one.code and not (one.denied or one.attempted)}
    return tuple(sorted(told, key=lambda code: int(code[2:])))


@cache
def _lists() -> tuple[Lexicon[_Act], Lexicon[tuple[str, str]]]:
    """The phrases of acts and of targets."""
    fields = parse_yaml(_LIST.read_text(encoding="utf-8"), _LIST.name).fields("version", "acts", "targets")
    known = {code.code for code in codes(_CODE_LIST) if code.code.startswith("HA")}
    acts = [pair for rank, node in enumerate(fields["acts"].items()) for pair in _act_phrases(node, rank, known)]
    targets = [pair for node in fields["targets"].items() for pair in _target_phrases(node)]
    return Lexicon(acts), Lexicon(targets)


def _act_phrases(node: Node, rank: int, known: set[str]) -> list[tuple[str, _Act]]:
    fields = node.fields("act", "detail", "words", optional=("codes",))
    code = fields["codes"].text() if "codes" in fields else ""
    if code and code not in known:
        fields["codes"].refuse(f"'{code}' is no code of {_CODE_LIST}")
    act = fields["act"].text()
    if act not in ACTS:
        fields["act"].refuse(f"'{act}' is no act of a claim")
    entry = _Act(act, fields["detail"].text(), code, rank)
    return [(phrase, entry) for phrase in _phrases(fields["words"])]


def _target_phrases(node: Node) -> list[tuple[str, tuple[str, str]]]:
    fields = node.fields("target", "status", "words")
    status = fields["status"].text()
    if status not in STATUSES:
        fields["status"].refuse(f"'{status}' is no protected status")
    entry = (fields["target"].text(), status)
    return [(phrase, entry) for phrase in _phrases(fields["words"])]


def _phrases(node: Node) -> list[str]:
    return [" ".join(phrase.split()) for phrase in node.text().split(",")]
