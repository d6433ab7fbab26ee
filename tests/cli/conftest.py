"""Running commands as users do, in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from forewarn.__main__ import main

HEADER = "id,day,country,area,lat,lon,deaths,low,high,what,words"

MAPPING = """\
name: small
title: A small table
publisher: Nobody (fictional)
licence: CC0-1.0
sensitivity: low
fields:
  external_id: id
  started_on: day
  ended_on: day
  country: country
  admin1: area
  latitude: lat
  longitude: lon
  place_precision: {constant: exact}
  act: what
  violence: {constant: one_sided}
  deaths: {low: low, best: deaths, high: high}
  text: words
"""


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command: its exit code and what it printed."""

    def command(*arguments: object) -> Done:
        capsys.readouterr()
        code = main([str(one) for one in arguments])
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return command


@pytest.fixture
def workspace(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh workspace that every command of the test works in."""
    folder = tmp_path / "work"
    monkeypatch.setenv("FOREWARN_WORKSPACE", str(folder))
    monkeypatch.setenv("FOREWARN_AUTHOR", "analyst")
    assert run("init").code == 0
    return folder


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """The mapping of the small table."""
    path = tmp_path / "small.yml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Write a small table with these rows."""

    def write(*rows: str, name: str = "small.csv", header: str = HEADER) -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write
