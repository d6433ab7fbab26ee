"""Making things in another process: the same things, errors where they belong, and no process left behind."""

from __future__ import annotations

import os
import sys
import textwrap
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from forewarn.collect import ParseRequest, channel, parse
from forewarn.errors import InputFormatError, StoppedError
from forewarn.operations import apart as module
from forewarn.operations.apart import apart, can_be_apart, started

_WORK = """
    import os, signal

    from forewarn.errors import InputFormatError

    def pids(times):
        return (os.getpid() for _ in range(times))

    def failing(times):
        yield from range(times)
        raise InputFormatError("is cut off", where=f"line {times + 1}", mend="get the file again")

    def broken(times):
        yield from range(times)
        raise ZeroDivisionError("a defect")

    def killed(times):
        yield from range(times)
        os.kill(os.getpid(), signal.SIGKILL)

    def printing(times):
        for number in range(times):
            print(number)
            yield number
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module that the other process finds too."""
    (tmp_path / "work_for_apart.py").write_text(textwrap.dedent(_WORK))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "work_for_apart", raising=False)
    return import_module("work_for_apart")


def test_everything_comes_in_order() -> None:
    """Nothing is lost or doubled, ``None`` and nothing at all included."""
    assert list(apart(iter, [None, *range(100), None])) == [None, *range(100), None]
    assert list(apart(iter, ())) == []


def test_it_is_really_another_process(work: ModuleType) -> None:
    """The work is not done here."""
    pids = list(apart(work.pids, 3))
    assert len(set(pids)) == 1
    assert os.getpid() not in pids


def test_a_process_that_is_ready_does_the_work_and_ends(work: ModuleType) -> None:
    """It is the one that was started before; asked or not, it is gone with the context."""
    with started(work.pids) as asked, started(work.pids) as unasked:
        assert set(apart(work.pids, 3, asked)) == {asked.pid}
    assert asked.poll() is not None
    assert unasked.poll() is not None


def test_an_error_comes_after_what_was_made_before_it(work: ModuleType) -> None:
    """An error of our family is raised here as it was raised there, words and all."""
    things = apart(work.failing, 2)
    assert [next(things), next(things)] == [0, 1]
    with pytest.raises(InputFormatError, match="line 3: is cut off; get the file again"):
        next(things)


def test_a_defect_over_there_is_not_hidden(work: ModuleType) -> None:
    """What is no error of our family is raised here as what it is."""
    with pytest.raises(ZeroDivisionError, match="a defect"):
        list(apart(work.broken, 1))


def test_a_process_that_is_killed_is_told_of_in_one_line(work: ModuleType) -> None:
    """When memory runs out over there, the run here stops and says so."""
    things = apart(work.killed, 1)
    assert next(things) == 0
    with pytest.raises(StoppedError, match="was ended"):
        next(things)


def test_what_prints_over_there_does_not_break_the_answers(work: ModuleType) -> None:
    """Standard output carries the answers; prints go to standard error."""
    assert list(apart(work.printing, 3)) == [0, 1, 2]


def test_whoever_stops_early_leaves_no_process(work: ModuleType) -> None:
    """The other process has ended when the iterator is closed."""
    things = apart(work.pids, 1_000_000)
    pid = next(things)
    things.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_only_this_process_knows_stays_here() -> None:
    """A local function, or an interpreter nobody can find, cannot be started apart."""
    assert can_be_apart(iter, [1])
    assert not can_be_apart(lambda: iter(()))


def test_without_an_interpreter_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside another program, where there is no interpreter to start, reading stays in this process."""
    monkeypatch.setattr(module.sys, "executable", "")
    assert not can_be_apart(iter, [1])


def test_the_current_folder_is_not_searched_for_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file named like a library, in the folder somebody works in, is never run."""
    (tmp_path / "polars.py").write_text("raise SystemExit('run from the current folder')")
    monkeypatch.chdir(tmp_path)
    assert list(apart(iter, "a")) == ["a"]


def test_every_channel_can_be_read_apart() -> None:
    """Definitions travel to the other process, so that no large file is read slowly without anybody noticing."""
    assert can_be_apart(parse, channel("ucdp-ged"))
    assert can_be_apart(parse, channel("table"))
    assert ParseRequest.__module__ == "forewarn.collect.parsing"
