"""The worked example of docs/how-to/add-a-channel.md is run as it is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from forewarn.__main__ import main
from forewarn.collect import parsers
from forewarn.collect.channels import _added as added_channels
from forewarn.testing import check_channel, load_parser, reading

PAGE = Path(__file__).resolve().parents[1] / "docs" / "how-to" / "add-a-channel.md"


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    yield
    added_channels.clear()
    parsers._added.clear()


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The folder the page describes."""
    blocks = dict(re.findall(r"```(yaml|python|csv)\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL))
    folder = tmp_path / "my-channels"
    folder.mkdir(mode=0o755)
    for kind, file in (
        ("yaml", "village_watch.yml"),
        ("python", "village_watch.py"),
        ("csv", "village_watch_sample.csv"),
    ):
        (folder / file).write_text(blocks[kind])
        (folder / file).chmod(0o644)
    return folder


def test_the_example_conforms_and_is_short(example: Path) -> None:
    """All checks pass, in under 60 lines of YAML and code."""
    parser = load_parser(example / "village_watch.py")
    definition, sample = (example / "village_watch.yml").read_bytes(), example / "village_watch_sample.csv"
    check_channel(definition, parser.tell, parser.read, sample)
    claims = pl.concat([b.claims for b in reading(definition, parser.tell, None, sample).batches()])
    assert claims.select("act", "deaths_best", "country").rows() == [
        ("killing", 3, "SDN"),
        ("displacement", None, "SDN"),
    ]
    lines = sum(len((example / name).read_text().splitlines()) for name in ("village_watch.yml", "village_watch.py"))
    assert lines < 60


def test_it_is_collected_when_its_folder_is_set(example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the scaffold's command to the store; without the setting the channel is not there."""

    monkeypatch.setenv("FOREWARN_WORKSPACE", str(tmp_path / "work"))
    assert main(["init"]) == 0
    arguments = ["collect", "village-watch", str(example / "village_watch_sample.csv")]
    assert main(arguments) == 30
    monkeypatch.setenv("FOREWARN_CHANNELS_FOLDER", str(example))
    assert main(arguments) == 0


def test_the_command_writes_what_the_page_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Four files, never over somebody's own; a taken name is refused."""

    folder = tmp_path / "new"
    assert main(["channels", "new", "my-data", "--folder", str(folder), "--json"]) == 0
    assert sorted(one.name for one in folder.iterdir()) == [
        "my_data.py",
        "my_data.yml",
        "my_data_sample.csv",
        "test_my_data.py",
    ]
    assert main(["channels", "new", "my-data", "--folder", str(folder)]) == 2
    assert main(["channels", "new", "kobo", "--folder", str(folder)]) == 2
    assert main(["channels"]) == 0
    assert "ucdp-ged" in capsys.readouterr().out
