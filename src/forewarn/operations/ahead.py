"""Making the next thing while the last one is still in use: reading a file ahead of the store, on a second core."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["ahead"]

T = TypeVar("T")


def ahead(things: Iterator[T]) -> Iterator[T]:
    """The same things in the same order, each made while its forerunner is in use; never more than one waits.

    What making one raises is raised here, after the things before it. Whoever stops early, waits for the one that is
    being made, and no longer.
    """
    end = object()
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        coming = pool.submit(next, things, end)
        while (thing := coming.result()) is not end:
            coming = pool.submit(next, things, end)
            yield thing  # type: ignore[misc]
