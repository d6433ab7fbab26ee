"""Workspaces: one in which the exercise has been played, copied for whoever changes it, and a fresh one per engine."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from forewarn.config import load_settings
from forewarn.operations.demo import Demonstration
from forewarn.operations.init import init
from forewarn.operations.workspace import Workspace, opened


@pytest.fixture(scope="session")
def played(exercise_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The exercise, played once for the whole run, with a copy of its workspace to look into."""
    told = pickle.loads((exercise_folder.parent / "exercise-done").read_bytes())  # noqa: S301 - of this run
    folder = shutil.copytree(exercise_folder, tmp_path_factory.mktemp("exercise") / "workspace")
    return replace(told, workspace=str(folder))


@pytest.fixture
def exercise(played: Demonstration, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the played exercise that a test may change."""
    folder = tmp_path / "workspace"
    shutil.copytree(played.workspace, folder)
    with opened(load_settings({"workspace": folder, "author": "analyst"}, environ={})) as workspace:
        yield workspace


@pytest.fixture(params=["sqlite", "postgresql"])
def on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    """A fresh workspace on each engine."""
    more: dict[str, object] = {}
    if request.param == "postgresql":
        more["database_url"] = request.getfixturevalue("empty_postgresql")()
    settings = load_settings({"workspace": tmp_path / "w", "author": "officer", **more}, environ={})
    init(settings)
    with opened(settings) as workspace:
        yield workspace
