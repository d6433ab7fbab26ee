"""The two grading axes: reliability of a source A–F, credibility of a claim 1–6.

Owns the reading of current grades from appended ones, and one suggestion that explains itself. The axes are never
merged, multiplied or sorted by one another; F and 6 mean that nobody could judge and are the default. Software
never sets a grade.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from forewarn.errors import InputFormatError, InputValueError, shorten

__all__ = ["GRADE_COLUMNS", "UNGRADED", "Suggestion", "current_grades", "grades_of", "suggest_credibility"]

GRADE_COLUMNS = ("grade_id", "subject", "axis", "value", "author", "graded_at", "reason")
"""What a row of grades holds; ``graded_at`` is ISO 8601 in UTC."""

UNGRADED = {"reliability": "F", "credibility": "6"}
"""The grade of what nobody has graded: cannot be judged, which is no worse than E or 5."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A credibility a person may consider. It is labelled as the software's and sets nothing.

    Attributes:
        value: ``2`` or ``6``; never ``1``, which a person gives after judging the origins.
        reason: why, in words.
        label: how it is to be shown.
    """

    value: str
    reason: str
    label: str = "suggested by rule, not a grade"


def current_grades(grades: pl.DataFrame) -> pl.DataFrame:
    """The latest grade of each subject on each axis, sorted; ties in time go to the greater id.

    Raises:
        InputFormatError: when a column of :data:`GRADE_COLUMNS` is missing.
    """
    missing = [name for name in GRADE_COLUMNS if name not in grades.columns]
    if missing:
        raise InputFormatError(
            f"lacks the columns {', '.join(missing)}", where="grades", mend="give the columns of a grade"
        )
    ordered = grades.sort("graded_at", "grade_id")
    return ordered.unique(["subject", "axis"], keep="last", maintain_order=True).sort("subject", "axis")


def grades_of(subjects: Iterable[str], axis: str, grades: pl.DataFrame) -> pl.DataFrame:
    """``subject, value, author, graded_at, reason`` of every subject, each once; F or 6 where nobody graded."""
    if axis not in UNGRADED:
        raise InputValueError(f"'{shorten(axis)}' is no axis", where="axis", mend="use reliability or credibility")
    wanted = pl.DataFrame({"subject": sorted(set(subjects))}, schema={"subject": pl.String})
    held = current_grades(grades).filter(pl.col("axis") == axis)
    joined = wanted.join(held, on="subject", how="left").with_columns(pl.col("value").fill_null(UNGRADED[axis]))
    texts = [pl.col(name).fill_null("") for name in ("author", "graded_at", "reason")]
    return joined.select("subject", "value", *texts)


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
