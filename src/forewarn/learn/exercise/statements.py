"""Two statements of delegates before the exercise's council, from ``statements.yml``.

One is concerned and undertakes something, the other denies and undertakes less: enough to practise on speakers,
references, undertakings and contradiction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.resources import files

import yaml

from forewarn.learn.exercise.arcs import cast
from forewarn.learn.exercise.dice import DEFAULT_SEED
from forewarn.learn.exercise.names import COUNCIL
from forewarn.learn.exercise.region import exercise_region

__all__ = ["Statement", "statements"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as recorded: its id, symbol, day, speaker, country spoken for (code), language, title and text."""

    statement_id: str
    symbol: str
    published_on: date
    speaker: str
    country: str
    admin1: str
    language: str
    title: str
    text: str
    body: str = COUNCIL


def statements(seed: int = DEFAULT_SEED) -> tuple[Statement, ...]:
    """The statements, filled with the names of a seed's region, in order of time."""
    region, unit = exercise_region(seed), cast(seed).escalation
    home, neighbour = region.country("XKC"), region.country("XKB")
    names = {
        "home": home.name,
        "neighbour": neighbour.name,
        "area": region.area(unit).name,
        "force": "Beacon Auxiliaries",
    }
    entries = yaml.safe_load(files("forewarn.learn.exercise").joinpath("statements.yml").read_text("utf-8"))
    return tuple(
        Statement(
            statement_id=entry["id"],
            symbol=entry["symbol"],
            published_on=entry["published"],
            speaker=entry["speaker"].format(**names),
            country=home.code if entry["speaker_for"] == "home" else neighbour.code,
            admin1=region.area(unit).name,
            language=entry["language"],
            title=entry["title"].format(**names),
            text=entry["text"].format(**names).strip(),
        )
        for entry in entries
    )
