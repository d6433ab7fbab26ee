"""Making records coarser before others see them: which rows stay, months for days, populated blocks for points.

A place is told as the smallest block of grid cells, 0.5, 1, 2 or 4 degrees a side, in which at least so many people of
that country live by the list that is handed in, without those of cells that are told more closely; else as the country,
else not at all. Where a record speaks of a clinic, a shelter, a camp or a way that people use, no block is told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from forewarn.model.releasability import most_sensitive_for
from forewarn.model.terms import ReleaseTerms
from forewarn.taxonomy.disclosing import sensitive_place_words

__all__ = ["PLACE", "People", "generalized", "kept_rows", "reasons_of"]

People = Mapping[tuple[str, int], int]
"""Inhabitants by country (alpha-3) and grid cell."""

PLACE = ("country", "latitude", "longitude", "degrees")
"""How a place is told: the country, the middle of the block and its side; the last three empty for all the country."""

_SIDES = (1, 2, 4, 8)
_COLUMNS = 720
_SPEAKING = ("target", "text", "title", "place_name", "admin2")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_Block = tuple[float, float, float]


def kept_rows(rows: pl.DataFrame, terms: ReleaseTerms, today: date) -> tuple[pl.DataFrame, dict[str, int]]:
    """The rows an audience may hear of at all, and how many others there were, by reason."""
    most = most_sensitive_for(terms.audience).rank
    allowed = ("low", "moderate", "high")[: most + 1]
    last = (today - timedelta(days=terms.delay_days)).isoformat()
    told = pl.max_horizontal(*(pl.col(name).fill_null("") for name in ("known_on", "started_on", "ended_on")))
    steps = (
        ("more sensitive than the audience may see", pl.col("sensitivity").is_in(allowed).fill_null(value=False)),
        (f"known or ended less than {terms.delay_days} days ago", told <= last),
        ("without a country", pl.col("country").fill_null("") != ""),
    )
    removed = {}
    for reason, stays in steps:
        left = rows.filter(stays)
        removed[reason] = rows.height - left.height
        rows = left
    return rows, {reason: count for reason, count in removed.items() if count}


def generalized(rows: pl.DataFrame, terms: ReleaseTerms, people: People) -> tuple[pl.DataFrame, dict[str, int]]:
    """The rows with ``month`` in place of days and :data:`PLACE` in place of points, and what was made coarser."""
    blocks = _Blocks(people, terms.people)
    cells, countries = rows["cell"].fill_null(0).to_list(), rows["country"].to_list()
    guarded = _speaks_of_guarded_place(rows)
    places: list[tuple[float | None, ...]] = []
    reasons: dict[str, int] = defaultdict(int)
    for cell, country, is_guarded in zip(cells, countries, guarded, strict=True):
        block = None if is_guarded or not cell else blocks.of(country, int(cell))
        places.append(block or (None, None, None))
        if is_guarded:
            reasons["place told as the country only: a clinic, shelter, camp or route is spoken of"] += 1
        elif block is None:
            reasons[f"place told as the country only: no block of {terms.people:,} people holds it"] += 1
        elif block[2] > 0.5:
            reasons[f"place told as a larger block: fewer than {terms.people:,} people in the cell"] += 1
    precise = pl.col("date_precision").is_in(["day", "week", "month"]) & (terms.period == "month")
    month = pl.when(precise).then(pl.col("started_on").str.slice(0, 7)).otherwise(pl.col("started_on").str.slice(0, 4))
    names = ("latitude", "longitude", "degrees")
    told = pl.DataFrame(places, schema=dict.fromkeys(names, pl.Float64), orient="row")
    made = rows.drop("latitude", "longitude").hstack(told).with_columns(month.fill_null("").alias("month"))
    return made, dict(reasons)


def _speaks_of_guarded_place(rows: pl.DataFrame) -> list[bool]:
    words = "|".join(_inflected(word) for word in sensitive_place_words())
    said = pl.concat_str([pl.col(name).fill_null("") for name in _SPEAKING if name in rows.columns], separator=" ")
    return rows.select(said.str.to_lowercase().str.contains(rf"(?:^|\W)(?:{words})(?:\W|$)")).to_series().to_list()


def _inflected(word: str) -> str:
    """A pattern for a word, its regular plural, and in Arabic what is written together with it."""
    if _ARABIC.search(word):
        return rf"[وفبكل]{{0,2}}(?:ال|لل)?{re.escape(word)}(?:ات|ين|ان)?"
    return " ".join(rf"{re.escape(part)}(?:s|es|x)?" for part in word.split())


class _Blocks:
    """Which block a cell is told as, so that those told alike hold people enough.

    A cell that is told by itself is known not to be meant by the larger blocks around it, so its people count in none
    of them: from the smallest up, a block counts whom nothing smaller has told.
    """

    def __init__(self, people: People, fewest: int) -> None:
        self._fewest = fewest
        left: dict[tuple[str, int, int], int] = {
            (country, *_corner(cell, 1)): count for (country, cell), count in people.items()
        }
        self._left = {1: left}
        for side in _SIDES[1:]:
            held: dict[tuple[str, int, int], int] = defaultdict(int)
            for (country, row, column), count in left.items():
                held[(country, row // side * side, column // side * side)] += count if count < fewest else 0
            self._left[side] = left = held

    def of(self, country: str, cell: int) -> _Block | None:
        """Middle and side, in degrees, of the smallest block with people enough left; none where there is none."""
        for side in _SIDES:
            row, column = _corner(cell, side)
            if self._left[side].get((country, row, column), 0) >= self._fewest:
                return (row + side / 2) / 2 - 90, (column + side / 2) / 2 - 180, side / 2
        return None


def _corner(cell: int, side: int) -> tuple[int, int]:
    row, column = divmod(cell - 1, _COLUMNS)
    return row // side * side, column // side * side


def reasons_of(*parts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Reasons and their counts put together, most first."""
    together: dict[str, int] = defaultdict(int)
    for part in parts:
        for reason, count in part.items():
            together[reason] += count
    return tuple(sorted(together.items(), key=_most_first))


def _most_first(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]
