"""The command line as a whole: quick to answer, true to its word, one line for every failure."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer

import forewarn
from forewarn.cli import COMMANDS

HEAVY = ("polars", "numpy", "scipy", "sqlalchemy", "matplotlib", "pydantic", "alembic")


def leaves(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, with the words that call it."""
    inner = getattr(command, "commands", None)
    if not inner:
        yield path, command
        return
    for name, one in inner.items():
        yield from leaves(one, f"{path} {name}")


def command_of(name: str) -> Any:
    """A command as the framework knows it."""
    return typer.main.get_command(importlib.import_module(f"forewarn.cli.{name}").app)


def test_help_reads_no_heavy_library() -> None:
    """``forewarn --help`` answers at once because nothing numerical is imported for it."""
    script = (
        "import sys\nfrom forewarn.__main__ import main\nmain(['--help'])\n"
        f"print('loaded:', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "loaded: []" in done.stdout
    for name in COMMANDS:
        assert f" {name} " in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_of_a_command_is_its_own(name: str) -> None:
    """What the list of commands says of a command is what the command says of itself."""
    command = command_of(name)
    said = command.help or importlib.import_module(f"forewarn.cli.{name}").app.info.help
    assert COMMANDS[name] == " ".join(said.split("\n\n")[0].split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_speaks_json_and_explains_itself(name: str) -> None:
    """Each command has ``--json``, and each argument and option its help."""
    for path, command in leaves(command_of(name), name):
        options = [option for parameter in command.params for option in parameter.opts]
        assert "--json" in options, path
        assert command.help, path
        for parameter in command.params:
            assert getattr(parameter, "help", None) or parameter.name == "help", f"{path}: {parameter.name}"


def test_the_version_is_the_packages(run: Any) -> None:
    """``--version`` prints the version and stops."""
    done = run("--version")
    assert (done.code, done.out.strip()) == (0, f"forewarn {forewarn.__version__}")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nonsense",), "nonsense"),
        (("init", "--nonsense"), "--nonsense"),
        (("collect",), "CHANNEL"),
        (("forecast",), "--target"),
    ],
)
def test_wrong_words_are_one_line_and_exit_2(run: Any, words: tuple[str, ...], says: str) -> None:
    """Usage errors name the word that is off, without a traceback."""
    done = run(*words)
    assert done.code == 2
    assert says.lower() in done.err.lower()
    assert done.err.count("\n") == 1


def test_an_unexpected_error_shows_no_content(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect of our own is one line with its kind and place, never with the data it happened on."""

    def fails(*_: object) -> None:
        raise RuntimeError("Planted Name, +000 0020")

    monkeypatch.setattr("forewarn.cli.channels.channel_list", fails)
    done = run("channels")
    assert done.code == 1
    assert "RuntimeError" in done.err
    assert "Planted" not in done.err
    assert done.err.count("\n") == 1


def test_errors_are_json_when_asked(run: Any, tmp_path: Any) -> None:
    """With ``--json`` a failure is an object with the same parts and code."""
    done = run("assess", "--workspace", tmp_path, "--json")
    said = json.loads(done.err)
    assert done.code == said["exit_code"] == 11
    assert "forewarn init" in said["mend"]


def test_a_reader_that_goes_away_is_no_error() -> None:
    """Piping into ``head`` ends quietly."""
    command = f"{sys.executable} -m forewarn measures | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
