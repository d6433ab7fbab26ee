"""Where work runs: by a setting, with the same results."""

from __future__ import annotations

import importlib.util
import math

import pytest

from forewarn.errors import ConfigurationError, MissingExtraError
from forewarn.execution import BACKENDS, Backend, backend_from_text, run_each


@pytest.mark.parametrize("name", ["sequential", "threading", "loky"])
def test_results_come_in_the_order_of_tasks(name):
    """Whoever finishes first. The work is a function that any process can import."""
    assert [math.factorial(k) for k in range(20)] == list(
        run_each(math.factorial, range(20), backend=Backend(name, workers=2))
    )


def test_sequential_work_waits_to_be_asked():
    """One task at a time, so one result in memory."""
    seen: list[int] = []
    results = run_each(lambda k: seen.append(k) or k, [1, 2, 3], backend=Backend())
    next(results)
    assert seen == [1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("loky", Backend("loky")),
        (" threading:3 ", Backend("threading", 3)),
        ("dask:tcp://scheduler:8786", Backend("dask", address="tcp://scheduler:8786")),
        ("spark:8", Backend("spark", 8)),
    ],
)
def test_settings_are_read(text, expected):
    """A name, and behind a colon the workers or the scheduler."""
    assert expected == backend_from_text(text)


@pytest.mark.parametrize("text", ["", "hadoop", "loky:0", "loky:many", "dask:file:///etc", "dask:tcp://u:p@h:1"])
def test_settings_that_mean_nothing_are_refused(text):
    """With what could be written instead; an address with a password in it is refused too."""
    with pytest.raises(ConfigurationError, match="backend"):
        backend_from_text(text)


@pytest.mark.parametrize(("name", "library"), [("dask", "distributed"), ("spark", "joblibspark")])
def test_a_missing_library_is_named_with_how_to_get_it(name, library):
    """Before any work is done."""
    assert name in BACKENDS
    if importlib.util.find_spec(library) is not None:
        pytest.skip(f"{library} is installed here")
    with pytest.raises(MissingExtraError, match="pip install"):
        run_each(math.factorial, [1], backend=Backend(name))


@pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="needs the extra dask")
def test_dask_gives_the_same_results():
    """On a cluster of two workers that ends with the work."""
    assert list(range(0, 20, 2)) == list(run_each(_double, range(10), backend=Backend("dask", workers=2)))


def _double(number: int) -> int:
    return 2 * number
