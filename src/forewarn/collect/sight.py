"""What a file tells of sight: who could see what, where and when, apart from what happened.

Two ways: rows that are statements of coverage, by a mapping's field ``sight``; and a data set whose publisher looks
at whole countries and years, where the countries that have rows were looked at in the years of the file. Months
are whole: a statement counts for the months it touches.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from forewarn.clock import day_from_text, first_day, month_of
from forewarn.model.coverage import COVERAGE_KINDS, CoverageStatement

__all__ = ["CountriesSeen", "sights_told"]

_LONGEST_BASIS = 500


def sights_told(good: pl.DataFrame, channel: str) -> tuple[CoverageStatement, ...]:
    """The statements of rows that were taken: country, days, and one of the kinds of coverage, all given.

    ``good`` has ``sight``, ``_country``, ``admin1``, ``_started_on``, ``_ended_on``, ``_known_on``, ``source_name``
    and ``text``. That a source was not present says nothing of others and makes no statement.
    """
    days = pl.col("_started_on").is_not_null() & pl.col("_ended_on").is_not_null()
    stated = good.filter(pl.col("sight").is_in(COVERAGE_KINDS) & pl.col("_country").is_not_null() & days)
    columns = ("source_name", "_country", "admin1", "_started_on", "_ended_on", "sight", "text", "_known_on")
    return tuple(
        CoverageStatement(
            channel=channel[:60],
            country=country,
            month_first=month_of(first),
            month_last=month_of(last),
            basis=f"{source}: {text or kind}"[:_LONGEST_BASIS],
            kind=kind,
            admin1=" ".join((admin1 or "").split()),
            known_on=known,
        )
        for source, country, admin1, first, last, kind, text, known in stated.select(columns).iter_rows()
    )


@dataclass(slots=True)
class CountriesSeen:
    """The countries a file has rows of, and the years the file spans, gathered chunk by chunk."""

    channel: str
    blind_to: str
    countries: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)

    def add(self, claims: pl.DataFrame) -> None:
        """Take note of some claims."""
        self.countries.update(claims["country"].filter(claims["country"] != "").unique().to_list())
        days = claims["started_on"].drop_nulls().str.slice(0, 4).unique().to_list()
        self.years.update(int(year) for year in days)

    def statements(self) -> Iterable[CoverageStatement]:
        """That these countries were looked at from the first year of the file to the last."""
        if not self.years:
            return
        first = month_of(day_from_text(f"{min(self.years):04}-01-01"))
        last = month_of(day_from_text(f"{max(self.years):04}-12-01"))
        span = f"{first_day(first).year} to {first_day(last).year}"
        for country in sorted(self.countries):
            basis = f"the data set has rows of {country} and spans {span}; blind to: {self.blind_to}"
            yield CoverageStatement(self.channel, country, first, last, basis[:_LONGEST_BASIS])
