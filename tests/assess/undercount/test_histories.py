"""Tables of capture histories: what is refused, each with one clear error."""

from __future__ import annotations

import pytest

from forewarn.assess.undercount import histories_of_cases, histories_of_rows
from forewarn.errors import InputValueError, RuleError

GOOD = [(1, 0, 0, 5), (0, 1, 0, 4), (0, 0, 1, 3), (1, 1, 0, 2)]


def test_a_table_is_read_whatever_the_order_of_its_columns() -> None:
    """Lists are kept by name, so the order of columns and rows changes nothing."""
    one = histories_of_rows("ABC", GOOD, where="t")
    other = histories_of_rows("CBA", [(c, b, a, n) for a, b, c, n in reversed(GOOD)], where="t")
    assert one.lists == other.lists == ("A", "B", "C")
    assert one.counts.tolist() == other.counts.tolist()
    assert (one.observed, one.recaptured, one.sizes) == (14, 2, {"A": 7, "B": 6, "C": 3})


def test_cases_and_rows_make_the_same_histories() -> None:
    """Cases given one by one count as a table of them does."""
    cases = [["A"]] * 5 + [["B"]] * 4 + [["C"]] * 3 + [["B", "A"]] * 2 + [[]]
    assert (
        histories_of_cases(cases, where="t").counts.tolist()
        == histories_of_rows("ABC", GOOD, where="t").counts.tolist()
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((1, 0, 1, -1), "number of cases"),
        ((1, 0, 1, float("nan")), "number of cases"),
        ((1, 0, 1, float("inf")), "number of cases"),
        ((1, 0, 1, 2.5), "number of cases"),
        ((1, 0, 1, ""), "number of cases"),
        ((1, 0, 1, "=1+1"), "number of cases"),
        ((1, 0, 1, 1e300), "number of cases"),
        ((1, 0, 2, 4), "neither 0 nor 1"),
        ((1, 0, float("nan"), 4), "neither 0 nor 1"),
        ((1, 0, None, 4), "neither 0 nor 1"),
        ((1, 1, 0, 4), "comes again"),
        ((0, 0, 0, 4), "on no list"),
        ((0, 0, 0, 0), "on no list"),
        ((1, 0, 4), "cells"),
    ],
)
def test_each_bad_row_is_one_clear_error(row: tuple[object, ...], said: str) -> None:
    """A row that cannot be meant names its file, its row and what is wrong."""
    with pytest.raises(InputValueError, match=said) as caught:
        histories_of_rows("ABC", [*GOOD, row], where="cases.csv")
    assert "cases.csv, row 6" in str(caught.value)


@pytest.mark.parametrize(
    ("names", "kind", "said"),
    [
        ("", InputValueError, "no list"),
        ("AAB", InputValueError, "twice"),
        ("A B", InputValueError, "no name"),
        ("ABCD", InputValueError, "cells"),
        ("ABCDEFGHIJKLMNOPQRST", RuleError, "20 lists"),
    ],
)
def test_lists_are_named_once_and_are_not_too_many(names: str, kind: type[Exception], said: str) -> None:
    """No list, unnamed, repeated or twenty lists are refused, without building a million histories."""
    with pytest.raises(kind, match=said):
        histories_of_rows(names, GOOD, where="t")


def test_a_list_without_a_case_is_refused() -> None:
    """An empty list says nothing about overlap and is named."""
    with pytest.raises(InputValueError, match="list C holds no case"):
        histories_of_rows("ABC", [(1, 0, 0, 5), (0, 1, 0, 4), (0, 0, 1, 0)], where="t")
