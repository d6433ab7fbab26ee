"""The front doors of the rooms: short, explicit, and true."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest

import forewarn

ROOMS = ("account", "assess", "collect", "exchange", "forecast", "learn", "respond", "store", "taxonomy", "warn")


NEEDS_AN_EXTRA = {"forewarn.assess.linkage.spark": "pyspark"}
"""Modules that are loaded late because they need an optional library."""


def modules() -> Iterator[str]:
    """Every module of the package but the entry point and the migrations."""
    for found in pkgutil.walk_packages(forewarn.__path__, "forewarn."):
        if "migrations" not in found.name and not found.name.endswith("__main__"):
            yield found.name


def public(module: ModuleType) -> list[str]:
    """What a module says it offers."""
    return list(getattr(module, "__all__", []))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_lists_its_verbs(room: str) -> None:
    """The front door of a room names what can be used, each once, and all of it is there; ruff holds the order."""
    module = importlib.import_module(f"forewarn.{room}")
    names = public(module)
    assert names, f"{room} has no front door"
    assert len(names) == len(set(names))
    for name in names:
        assert hasattr(module, name), name


@pytest.mark.parametrize("name", sorted(modules()))
def test_what_a_module_offers_is_there_and_documented(name: str) -> None:
    """Every name in ``__all__`` exists; functions and classes of our own say what they are."""
    if name in NEEDS_AN_EXTRA:
        pytest.importorskip(NEEDS_AN_EXTRA[name], reason="needs an extra that is not installed")
    module = importlib.import_module(name)
    for offered in public(module):
        value = getattr(module, offered)
        is_ours = getattr(value, "__module__", "").startswith("forewarn")
        if is_ours and (inspect.isfunction(value) or inspect.isclass(value)):
            assert inspect.getdoc(value), f"{name}.{offered} has no docstring"


def test_the_package_itself_offers_its_version() -> None:
    """Importing the package loads no room."""
    assert forewarn.__all__ == ["__version__"]
    assert forewarn.__version__.count(".") == 2
