"""The error family: one tree, one exit code each, one line each."""

from __future__ import annotations

import re

import pytest

from forewarn import errors
from forewarn.errors import ForewarnError, InputValueError, shorten

FAMILY = [value for name in errors.__all__ if isinstance(value := getattr(errors, name), type)]


def test_every_error_is_of_the_family() -> None:
    """One except clause catches them all."""
    assert all(issubclass(error, ForewarnError) for error in FAMILY)


def test_every_error_has_its_own_exit_code() -> None:
    """A script can tell failures apart by the exit code alone."""
    codes = [error.exit_code for error in FAMILY]
    assert len(set(codes)) == len(codes)
    assert 0 not in codes


def test_the_tree_in_the_docstring_is_true() -> None:
    """The picture of the family names every member with its exit code and its status."""
    drawn = re.findall(r"(\w+Error)\s+(\d+)\s+(\d{3})", errors.__doc__ or "")
    assert {name: (int(code), int(status)) for name, code, status in drawn} == {
        error.__name__: (error.exit_code, error.http_status) for error in FAMILY
    }


@pytest.mark.parametrize("error", FAMILY, ids=lambda error: error.__name__)
def test_an_error_is_one_line(error: type[ForewarnError]) -> None:
    """Whatever the parts hold, the message has no line break and says what, where and the mend."""
    made = error("is\nbroken", where="a.csv row 3", mend="mend\r\nit")
    assert str(made) == "a.csv row 3: is broken; mend it"
    assert made.as_dict()["exit_code"] == error.exit_code


def test_a_bad_value_is_a_value_error_too() -> None:
    """Python code that expects the built-in error gets it."""
    assert issubclass(InputValueError, ValueError)


def test_values_in_messages_are_short_and_printable() -> None:
    """Neither a flood nor a terminal escape gets into a message."""
    assert len(shorten("x" * 10_000)) == 80
    assert shorten("a\x1b[31mb\x00") == "a\ufffd[31mb\ufffd"
