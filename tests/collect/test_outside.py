"""Channels of others are loaded only from a folder somebody named, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from forewarn.collect import add_channels_from, channel, channels, parsers, scaffold
from forewarn.collect import channels as shipped
from forewarn.collect.channels import _added as added_channels
from forewarn.errors import ConfigurationError, ForewarnError, UsageError


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    yield
    added_channels.clear()
    parsers._added.clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one channel, as the scaffold writes it."""
    made = tmp_path / "channels"
    made.mkdir(mode=0o755)
    for file, text in scaffold("my-data").items():
        (made / file).write_text(text)
        (made / file).chmod(0o644)
    return made


def test_a_channel_of_ones_own_is_like_any_other(folder: Path) -> None:
    """It is listed, found by name, and loading it twice changes nothing."""
    before = len(shipped())
    assert add_channels_from(folder) == add_channels_from(folder) == ["my-data"]
    assert channel("my-data").licence == "Under which terms"
    assert len(channels()) == before + 1


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("my_data.py", "raise RuntimeError('x')", "my_data.py: fails when it is loaded"),
        ("my_data.py", "x = 1", "has no function 'tell'"),
        ("my_data.py", "def (", "fails when it is loaded"),
        ("my_data.yml", "name: my-data\n", "is missing"),
        ("other.yml", None, "other.py: is missing"),
        ("my_data.yml", "ucdp", "name of a channel of the package"),
    ],
)
def test_a_fault_loads_nothing(folder: Path, file: str, text: str | None, words: str) -> None:
    """The message names the file; no channel of the folder is there afterwards."""
    good = (folder / "my_data.yml").read_text()
    if text is None:
        text = good.replace("my-data", "other")
    (folder / file).write_text(good.replace("my-data", "ucdp-ged") if text == "ucdp" else text)
    with pytest.raises(ConfigurationError, match=words):
        add_channels_from(folder)
    assert "my-data" not in {one.name for one in channels()}


@pytest.mark.parametrize("file", [".", "my_data.py"])
def test_what_anybody_may_write_to_is_not_run(folder: Path, file: str) -> None:
    """Else any account of the machine could run code as the analyst."""
    (folder / file).chmod(0o777)
    with pytest.raises(ConfigurationError, match="may be written by anybody"):
        add_channels_from(folder)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """One line."""
    with pytest.raises(ForewarnError, match="no such folder"):
        add_channels_from(tmp_path / "none")


@pytest.mark.parametrize("name", ["", "A", "a", "../x", "a_b", "x" * 41, "a\n"])
def test_names_that_cannot_be_are_refused(name: str) -> None:
    """Nothing is written outside the folder, whatever the name."""
    with pytest.raises(UsageError):
        scaffold(name)


def test_the_scaffold_is_short() -> None:
    """An outsider adds a channel in under 60 lines of YAML and code."""
    files = scaffold("my-data")
    assert sum(len(files[name].splitlines()) for name in ("my_data.yml", "my_data.py")) < 60
