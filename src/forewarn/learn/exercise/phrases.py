"""Headlines and short texts in English, French and Spanish, from ``phrases.yml``.

A text says what its account says and nothing else, in plain words and without graphic detail. Languages are
checked to have the same keys when they are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from forewarn.errors import InputFormatError
from forewarn.learn.exercise.accounts import Account
from forewarn.learn.exercise.dice import Dice

__all__ = ["LANGUAGES", "Phrasebook", "phrasebook"]

LANGUAGES = ("en", "fr", "es")

_COUNTED_BY_ACT = {"displacement": "displaced", "abduction": "abducted", "detention": "detained"}
_LETHAL = ("killing", "clash", "attack", "bombardment")


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """The words of one language."""

    language: str
    words: Mapping[str, Any]

    def headline(self, account: Account, dice: Dice) -> str:
        """The act, the place and, where it is told, the number."""
        title = f"{dice.pick(self.words['titles'][account.act])} {self._where(account)}"
        name = "deaths" if account.act in _LETHAL else _COUNTED_BY_ACT.get(account.act, "")
        best = account.count(name)[1] if name else None
        if best and best > 1:
            title += ": " + self.words["tolls"][name]["title"].format(n=best)
        return title

    def body(self, account: Account, closing: str, dice: Dice) -> str:
        """Two to five sentences; ``closing`` is a way of counting, which is also a way of speaking."""
        sentences = [self._act(account, dice), *self._tolls(account, dice)]
        if account.act not in ("protest", "displacement", "other") and dice.chance(700):
            sentences.append(self._blame(account, dice))
        if dice.chance(600):
            sentences.append(dice.pick(self.words["close"][closing]))
        return " ".join(sentences)

    def citing(self, text: str, agency: str, on: date, dice: Dice) -> str:
        """The text with the agency it is taken from."""
        cite = dice.pick(self.words["cite"]).format(agency=agency, date=self._date(on))
        return f"{text} {cite}" if dice.chance(500) else f"{cite} {text}"

    def edited(self, text: str, dice: Dice) -> str:
        """The text as a desk edits it: a few turns of phrase changed, sometimes the last sentence dropped."""
        for old, new in self.words["edits"]:
            if dice.chance(500):
                text = text.replace(old, new)
        head, stop, last = text.rstrip(".").rpartition(". ")
        return f"{head}." if stop and last and dice.chance(350) else text

    def _act(self, account: Account, dice: Dice) -> str:
        first, second = (*map(self._named, account.parties), "", "")[:2]
        sentence: str = dice.pick(self.words["acts"][account.act]).format(
            target=self.words["targets"][account.target],
            where=self._where(account),
            when=self._when(account),
            first=first,
            second=second,
        )
        return sentence[0].upper() + sentence[1:]

    def _tolls(self, account: Account, dice: Dice) -> list[str]:
        sentences = []
        for name, (low, best, high) in account.counts:
            if name not in self.words["tolls"] or best is None:
                continue
            kind = "exact"
            if name == "deaths":
                is_range = low is not None and high is not None and low < best < high
                kind = "none" if best == 0 else "range" if is_range else "one" if best == 1 else "exact"
            elif best < 2:
                continue
            sentences.append(dice.pick(self.words["tolls"][name][kind]).format(n=best, low=low, high=high))
        return sentences

    def _blame(self, account: Account, dice: Dice) -> str:
        kind = "alleged" if account.alleged_by else "unknown"
        sentence: str = dice.pick(self.words["blame"][kind])
        return sentence.format(first=self._named(account.alleged_by))

    def _named(self, body: str) -> str:
        return str(self.words["bodies"].get(body, body))

    def _where(self, account: Account) -> str:
        setting = account.setting
        return str(self.words["where"][setting.precision].format(place=setting.place, area=setting.admin1))

    def _when(self, account: Account) -> str:
        on = account.started_on
        form: str = self.words["when"][account.date_precision]
        return form.format(d=on.day, month=self.words["months"][on.month - 1], y=on.year)

    def _date(self, on: date) -> str:
        de = "de " if self.language == "es" else ""
        return f"{on.day} {de}{self.words['months'][on.month - 1]} {de}{on.year}"


@cache
def phrasebook(language: str) -> Phrasebook:
    """The words of one of :data:`LANGUAGES`."""
    return Phrasebook(language, _all_words()[language])


@cache
def _all_words() -> dict[str, dict[str, Any]]:
    text = files("forewarn.learn.exercise").joinpath("phrases.yml").read_text("utf-8")
    words: dict[str, dict[str, Any]] = yaml.safe_load(text)
    shapes = {language: _shape(words[language]) for language in LANGUAGES}
    for language in LANGUAGES:
        if odd := shapes[language] ^ shapes["en"]:
            where = f"phrases.yml, {language}"
            raise InputFormatError(f"differs from en in {sorted(odd)[0]}", where=where, mend="give both the same keys")
    return words


def _shape(words: Mapping[str, Any], prefix: str = "") -> set[str]:
    """The keys that every language must have; names of bodies need no translation where they are English."""
    found = set()
    for key, value in words.items():
        if key != "bodies":
            found |= _shape(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}"}
    return found
