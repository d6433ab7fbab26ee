"""The made-up sentences of ``undertaking_sentences.yaml`` and how the rules decide on them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

from forewarn.collect.documents.undertakings import undertakings_in
from forewarn.model.document import Paragraph, Span, Speaker, Undertaking

SENTENCES = Path(__file__).with_name("undertaking_sentences.yaml")


@dataclass(frozen=True)
class Decided:
    """One sentence: what it undertakes, and what was found in it."""

    text: str
    expected: tuple[dict[str, str], ...]
    found: tuple[Undertaking, ...]

    @property
    def is_right(self) -> bool:
        """Whether kind, denial and report agree for everything in the sentence, nothing too much or too little."""
        return sorted(one["is"] for one in self.expected) == sorted(said(one) for one in self.found)

    @property
    def wrong_fields(self) -> list[tuple[str, str, str]]:
        """Further fields of what was found that differ from what is expected."""
        pairs = [(one, found) for one in self.expected for found in self.found if said(found) == one["is"]]
        return [
            (field, value, getattr(found, field))
            for one, found in pairs
            for field, value in one.items()
            if field != "is" and getattr(found, field) != value
        ]


def said(one: Undertaking) -> str:
    """The kind with "!" when denied and "~" when reported."""
    return f"{'!' * one.negated}{'~' * one.reported}{one.kind}"


def decided(half: str) -> list[Decided]:
    """The sentences of a half, with what the rules find in them."""
    written = yaml.safe_load(SENTENCES.read_text(encoding="utf-8"))
    speaker = Speaker(f"Ms. Abreu ({written['speaker']})", affiliation=written["speaker"])
    found = []
    for entry in written[half]:
        text = entry["text"]
        expected = tuple(one if isinstance(one, dict) else {"is": one} for one in entry["expect"])
        paragraph = Paragraph("p", text, Span(0, len(text)))
        found.append(Decided(text, expected, undertakings_in(text, paragraph, speaker)))
    return found


def shares(half: str) -> dict[str, tuple[int, int]]:
    """By rule: how many of its decisions on a half were right, and how many it made."""
    right: Counter[str] = Counter()
    fired: Counter[str] = Counter()
    for one in decided(half):
        open_ = Counter(each["is"] for each in one.expected)
        for found in one.found:
            fired[found.rule] += 1
            if open_[said(found)] > 0:
                open_[said(found)] -= 1
                right[found.rule] += 1
    return {rule: (right[rule], fired[rule]) for rule in fired}
