"""A workspace in which the exercise has been played, made once and copied for whoever changes it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from forewarn.config import load_settings
from forewarn.operations.demo import Demonstration, demo
from forewarn.operations.workspace import Workspace, opened


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The exercise, played once for the whole run."""
    folder = tmp_path_factory.mktemp("exercise") / "workspace"
    return demo(load_settings({"workspace": folder}, environ={}))


@pytest.fixture
def exercise(played: Demonstration, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the played exercise that a test may change."""
    folder = tmp_path / "workspace"
    shutil.copytree(played.workspace, folder)
    with opened(load_settings({"workspace": folder, "author": "analyst"}, environ={})) as workspace:
        yield workspace
