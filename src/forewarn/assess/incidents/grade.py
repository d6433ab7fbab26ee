"""The two grading axes: reliability of a source A–F, credibility of a claim 1–6.

Owns the reading of grades from appended ones, as they held on a day, and one suggestion that explains itself. The axes
are never merged, multiplied or sorted by one another; F and 6 mean that nobody could judge and are the default. Where
people differ, the latest grade holds and the others are kept beside it. Software never sets a grade.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from forewarn.errors import InputFormatError, InputValueError, shorten

__all__ = [
    "GRADE_COLUMNS",
    "UNGRADED",
    "Suggestion",
    "current_grades",
    "grades_as_of",
    "grades_of",
    "suggest_credibility",
]

GRADE_COLUMNS = ("grade_id", "subject", "axis", "value", "author", "graded_at", "reason")
"""What a row of grades holds; ``graded_at`` is ISO 8601 in UTC; ``basis``, ``holds_from``, ``entered`` may follow."""

UNGRADED = {"reliability": "F", "credibility": "6"}
"""The grade of what nobody has graded: cannot be judged, which is no worse than E or 5."""

_SAID = ("author", "graded_at", "reason", "basis", "holds_from", "entered", "others")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A grade a person may consider. It is labelled as the software's and sets nothing.

    Attributes:
        value: a letter of reliability or a digit of credibility; never ``A`` or ``1``, which only a person gives.
        reason: why, in words.
        label: how it is to be shown.
    """

    value: str
    reason: str
    label: str = "suggested by rule, not a grade"


def current_grades(grades: pl.DataFrame) -> pl.DataFrame:
    """The latest grade of each subject on each axis, sorted; ties in time go to the greater id.

    ``others`` tells what other people's latest grades are where they differ: ``Ben 4, Cleo 2``, or nothing.

    Raises:
        InputFormatError: when a column of :data:`GRADE_COLUMNS` is missing.
    """
    missing = [name for name in GRADE_COLUMNS if name not in grades.columns]
    if missing:
        raise InputFormatError(
            f"lacks the columns {', '.join(missing)}", where="grades", mend="give the columns of a grade"
        )
    blank = [pl.lit("").alias(name) for name in ("basis", "holds_from", "entered") if name not in grades.columns]
    ordered = grades.with_columns(blank).sort("graded_at", "grade_id")
    held = ordered.unique(["subject", "axis"], keep="last", maintain_order=True).sort("subject", "axis")
    each = ordered.unique(["subject", "axis", "author"], keep="last", maintain_order=True)
    both = each.join(held.select("subject", "axis", holds="value", by="author"), on=["subject", "axis"])
    differing = both.filter((pl.col("value") != pl.col("holds")) & (pl.col("author") != pl.col("by")))
    others = differing.group_by("subject", "axis").agg(
        others=pl.format("{} {}", "author", "value").sort().str.join(", ")
    )
    return held.join(others, on=["subject", "axis"], how="left", maintain_order="left").with_columns(
        pl.col("others").fill_null("")
    )


def grades_as_of(grades: pl.DataFrame, known: date, *, about: date | None = None) -> pl.DataFrame:
    """The grades that had been given by the end of a day, so that an earlier day is read as it was read then.

    Args:
        grades: every grade ever given.
        known: grades entered later are not seen.
        about: of them, those that say something of that day: a grade that holds from a later day on does not. All
            when missing.
    """
    seen = grades.filter(pl.col("graded_at").str.slice(0, 10) <= known.isoformat())
    if about is None or "holds_from" not in grades.columns:
        return seen
    return seen.filter(pl.col("holds_from").fill_null("") <= about.isoformat())


def grades_of(subjects: Iterable[str], axis: str, grades: pl.DataFrame) -> pl.DataFrame:
    """``subject, value, author, graded_at, reason, basis, holds_from, entered, others`` of every subject, each once.

    F or 6 where nobody graded.
    """
    if axis not in UNGRADED:
        raise InputValueError(f"'{shorten(axis)}' is no axis", where="axis", mend="use reliability or credibility")
    wanted = pl.DataFrame({"subject": sorted(set(subjects))}, schema={"subject": pl.String})
    held = current_grades(grades).filter(pl.col("axis") == axis)
    joined = wanted.join(held, on="subject", how="left").with_columns(pl.col("value").fill_null(UNGRADED[axis]))
    return joined.select("subject", "value", *(pl.col(name).fill_null("") for name in _SAID))


def suggest_credibility(independent_origins: int, *, contested: bool) -> Suggestion:
    """A credibility a person may consider for the claims of an incident.

    Two independent origins that do not contradict each other suggest ``2`` (probably true); everything else ``6``
    (cannot be judged). The reliability of the sources is not looked at: the axes are graded blind of each other.
    """
    if contested:
        return Suggestion("6", "the claims contradict each other on a count: a person has to look")
    if independent_origins >= 2:
        return Suggestion("2", f"{independent_origins} independent origins tell it and no count contradicts another")
    return Suggestion("6", "one origin only: nothing independent to judge by")
