"""Reading ahead: the same things in the same order, one at a time, and errors where they belong."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from forewarn.operations.ahead import ahead


def test_everything_comes_in_order() -> None:
    """Nothing is lost or doubled, ``None`` included."""
    things = [None, *range(100), None]
    assert list(ahead(iter(things))) == things
    assert list(ahead(iter(()))) == []


def test_an_error_comes_after_what_was_made_before_it() -> None:
    """The batches before a fault are handed out, then the fault is raised to whoever uses them."""

    def failing() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("three")

    things = ahead(failing())
    assert [next(things), next(things)] == [1, 2]
    with pytest.raises(ValueError, match="three"):
        next(things)


def test_it_is_never_more_than_one_ahead() -> None:
    """While the first is in use the second is made, and not the third: memory holds two."""
    made: list[int] = []
    second = threading.Event()

    def counting() -> Iterator[int]:
        for n in range(5):
            made.append(n)
            if n == 1:
                second.set()
            yield n

    things = ahead(counting())
    assert next(things) == 0
    assert second.wait(10)
    assert made == [0, 1]
    things.close()  # type: ignore[attr-defined]
