"""Grades: two axes, the latest holds, nobody's grade is unknown."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.assess import current_grades, grades_as_of, grades_of, suggest_credibility
from forewarn.assess.incidents.grade import GRADE_COLUMNS
from forewarn.errors import InputFormatError, InputValueError


def _grades(*rows: tuple[str, str, str, str]) -> pl.DataFrame:
    """Grades from (subject, axis, value, day)."""
    full = [(f"g{n}", s, a, v, "Ann", f"{d}T00:00:00Z", "because") for n, (s, a, v, d) in enumerate(rows)]
    return pl.DataFrame(full, schema=dict.fromkeys(GRADE_COLUMNS, pl.String), orient="row")


def test_the_latest_grade_holds_and_the_axes_stay_apart():
    """A later reliability takes the place of an earlier one and leaves the other axis alone."""
    grades = _grades(
        ("src_1", "reliability", "B", "2020-01-01"),
        ("src_1", "reliability", "D", "2020-02-01"),
        ("clm_1", "credibility", "3", "2020-01-01"),
    )
    assert current_grades(grades).select("subject", "value").rows() == [("clm_1", "3"), ("src_1", "D")]


def test_what_nobody_graded_cannot_be_judged():
    """F and 6, without author or reason."""
    grades = _grades(("src_1", "reliability", "A", "2020-01-01"))
    assert grades_of(["src_2", "src_1"], "reliability", grades).select("subject", "value", "author").rows() == [
        ("src_1", "A", "Ann"),
        ("src_2", "F", ""),
    ]
    assert grades_of(["clm_1"], "credibility", grades)["value"].to_list() == ["6"]


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(4)))
def test_the_order_of_rows_does_not_matter(order):
    """Current grades are a function of the rows, not of their order."""
    days = ["2020-01-01", "2020-03-01", "2020-02-01", "2020-03-01"]
    grades = _grades(*(("src_1", "reliability", value, day) for value, day in zip("ABCD", days, strict=True)))
    assert current_grades(grades[list(order)])["value"].to_list() == ["D"]


def test_a_suggestion_needs_two_independent_origins_and_never_confirms():
    """One origin or a contradiction suggests nothing; no number of origins suggests 1."""
    assert suggest_credibility(1, contested=False).value == "6"
    assert suggest_credibility(5, contested=True).value == "6"
    assert {suggest_credibility(n, contested=False).value for n in range(2, 100)} == {"2"}
    assert "not a grade" in suggest_credibility(2, contested=False).label
    assert "2 independent origins" in suggest_credibility(2, contested=False).reason


def test_an_unknown_axis_or_missing_column_is_refused():
    """The message says which."""
    with pytest.raises(InputValueError, match="quality"):
        grades_of([], "quality", _grades())
    with pytest.raises(InputFormatError, match="graded_at"):
        current_grades(_grades().drop("graded_at"))


def test_an_earlier_day_is_read_with_the_grades_of_that_day():
    """A source graded anew keeps its old grade for whoever looks back; before any grade it is F."""
    grades = _grades(("src_1", "reliability", "B", "2020-01-01"), ("src_1", "reliability", "D", "2020-03-01"))
    days = [date(2019, 12, 31), date(2020, 2, 29), date(2020, 3, 1)]
    assert [grades_of(["src_1"], "reliability", grades_as_of(grades, day))["value"][0] for day in days] == [
        "F",
        "B",
        "D",
    ]


def test_a_grade_that_holds_from_a_day_says_nothing_of_the_time_before():
    """The paper changed hands in March: what it said in February keeps the grade it had."""
    grades = _grades(("src_1", "reliability", "B", "2020-01-01"), ("src_1", "reliability", "D", "2020-07-01"))
    grades = grades.with_columns(holds_from=pl.Series(["", "2020-03-01"]))
    known = date(2020, 8, 1)
    about = [date(2020, 2, 1), date(2020, 4, 1)]
    found = [grades_of(["src_1"], "reliability", grades_as_of(grades, known, about=day))["value"][0] for day in about]
    assert found == ["B", "D"]


def test_where_people_differ_the_other_grades_stay_beside_the_one_that_holds():
    """Dissent is kept; a person's own earlier grade is none."""
    grades = _grades(*(("clm_1", "credibility", value, "2020-01-01") for value in "4232"))
    grades = grades.with_columns(author=pl.Series(["Ann", "Ben", "Cleo", "Ann"]))
    row = grades_of(["clm_1"], "credibility", grades).row(0, named=True)
    assert (row["value"], row["author"], row["others"]) == ("2", "Ann", "Cleo 3")
