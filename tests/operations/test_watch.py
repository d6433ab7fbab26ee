"""The watch does what is due, once, alone, and says afterwards what it did, whatever happens to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forewarn.clock import instant_text
from forewarn.collect import channel
from forewarn.config import Settings, load_settings
from forewarn.errors import ConfigurationError, InputFormatError, StoreBusyError, UnknownNameError
from forewarn.operations.init import init
from forewarn.operations.lock import LOCK_FILE, held_alone
from forewarn.operations.watch import Job, Ran, due_since, jobs_of, recorded_runs, watch_once
from forewarn.operations.workspace import Workspace, opened
from forewarn.store.runs import Run

START = datetime(2024, 3, 1, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LONGEST = 120


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A fresh workspace."""
    made = load_settings({"workspace": tmp_path / "work"}, {})
    init(made)
    return made


@dataclass
class Played:
    """A watch with jobs made up for the test and a clock set by hand."""

    settings: Settings
    now: datetime = START
    jobs: list[Job] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    def job(self, name: str, every: timedelta | None = DAY, fails: Exception | None = None) -> None:
        """A job that takes note that it ran, or fails."""

        def work(_: Workspace) -> Mapping[str, int]:
            self.done.append(name)
            if fails is not None:
                raise fails
            return {"files": 1}

        self.jobs.append(Job(name, work, every))

    def once(self, after: timedelta = timedelta(0)) -> list[Ran]:
        """One pass, so much later."""
        self.now += after
        ended: list[Ran] = []
        watch_once(self.settings, ended.append, jobs=lambda _: self.jobs, clock=lambda: self.now)
        return ended

    def runs(self) -> list[Run]:
        """What is recorded, newest first."""
        with opened(self.settings) as workspace:
            return recorded_runs(workspace)


@pytest.fixture
def played(settings: Settings) -> Played:
    """A watch to play with."""
    return Played(settings)


def test_a_job_runs_when_its_cadence_has_passed_since_its_last_success(played: Played) -> None:
    """At first, then not before a day has passed, then again."""
    played.job("daily")
    assert [len(played.once(after)) for after in (timedelta(0), timedelta(hours=23), timedelta(hours=1))] == [1, 0, 1]


def test_what_was_missed_is_caught_up_once(played: Played) -> None:
    """Ten days of standstill are one run, not ten, and the next is due a cadence later."""
    played.job("daily")
    played.once()
    assert len(played.once(10 * DAY)) == 1
    assert played.once(timedelta(hours=1)) == []
    assert len(played.runs()) == 2


def test_a_failing_job_does_not_stop_the_others(played: Played) -> None:
    """Errors we know and errors we do not are recorded, and the next job runs all the same."""
    played.job("refused", fails=InputFormatError("is cut off", where="secret-name.csv"))
    played.job("broken", fails=KeyError("Jane Doe"))
    played.job("well")
    assert [ran.run.state for ran in played.once()] == ["failed", "failed", "done"]
    assert played.done == ["refused", "broken", "well"]


def test_what_is_recorded_holds_no_content(played: Played) -> None:
    """The message of a failed run names the sort of error; neither files nor values."""
    played.job("refused", fails=InputFormatError("'Jane Doe' is cut off", where="secret-name.csv"))
    played.job("broken", fails=KeyError("Jane Doe"))
    played.once()
    for run in played.runs():
        assert "Jane" not in run.message
        assert "secret" not in run.message
    assert "InputFormatError (23)" in played.runs()[1].message


def test_a_failing_job_waits_longer_each_time(played: Played) -> None:
    """Five minutes, ten, twenty, and at last six hours; another success and it starts from the beginning."""
    played.job("flaky", every=timedelta(minutes=1), fails=InputFormatError("is cut off"))
    waits = []
    for _ in range(10):
        (ran,) = played.once()
        assert ran.again_at is not None
        waits.append((ran.again_at - played.now) / timedelta(minutes=1))
        assert played.once(ran.again_at - played.now - timedelta(seconds=1)) == []
        played.now += timedelta(seconds=1)
    assert waits == [5, 10, 20, 40, 80, 160, 320, 360, 360, 360]
    played.jobs.clear()
    played.job("flaky", every=timedelta(minutes=1))
    assert played.once()[0].run.state == "done"
    assert played.once(timedelta(minutes=1))[0].again_at is None


def test_a_run_whose_process_died_is_told_as_lost_and_tried_again_at_once(played: Played) -> None:
    """Once at once; a job that takes its process down again and again waits like one that fails."""
    played.job("daily")
    history = [_run("lost", START)]
    with opened(played.settings) as workspace:
        at = Workspace(workspace.settings, workspace.database, START + timedelta(seconds=1))
        assert due_since(played.jobs[0], history, at) is not None
        assert due_since(played.jobs[0], [*history, _run("lost", START)], at) is None


def test_a_stopped_run_counts_for_nothing(played: Played) -> None:
    """A person's stop is no failure: the job is due as it was before."""
    played.job("daily")
    with opened(played.settings) as workspace:
        at = Workspace(workspace.settings, workspace.database, START + timedelta(seconds=1))
        assert due_since(played.jobs[0], [_run("stopped", START)], at) is not None


def test_a_job_that_waits_for_something_runs_only_then(played: Played) -> None:
    """Without a cadence a job runs when something waits, and is not recorded when nothing does."""
    laid: list[str] = []
    played.jobs.append(Job("inbox:x", lambda _: {"files": len(laid)}, waits=lambda *_: bool(laid)))
    assert played.once() == []
    laid.append("a file")
    assert played.once()[0].run.counts == {"files": 1}
    assert len(played.runs()) == 1


def test_a_second_watch_says_who_holds_the_first(settings: Settings, played: Played) -> None:
    """The message names the process, and the exit code is that of a busy store."""
    with opened(settings) as workspace, held_alone(workspace):
        with pytest.raises(StoreBusyError, match=f"another process .{os.getpid()} on ") as caught:
            played.once()
        assert caught.value.exit_code == 61
    played.once()


def test_a_lock_whose_holder_died_is_free(settings: Settings) -> None:
    """What a dead process wrote into the lock does not hold up the next one, which learns of it."""
    (settings.workspace / LOCK_FILE).write_text('{"pid": 1, "host": "elsewhere", "since": "2024-01-01T00:00:00Z"}')
    with opened(settings) as workspace, held_alone(workspace) as hold:
        assert hold.after_a_crash
        hold.require()
    with opened(settings) as workspace, held_alone(workspace) as hold:
        assert not hold.after_a_crash


def test_a_removed_lock_is_noticed(settings: Settings) -> None:
    """Whoever deletes the lock file lets nobody in unseen: the watch that held it stops."""
    with opened(settings) as workspace, held_alone(workspace) as hold:
        (settings.workspace / LOCK_FILE).unlink()
        with pytest.raises(StoreBusyError, match="removed"):
            hold.require()


def test_two_workspaces_on_one_sqlite_file_are_watched_by_one(tmp_path: Path) -> None:
    """The store is what must not be worked on twice, wherever the workspaces lie."""
    shared = f"sqlite:///{tmp_path / 'shared' / 'forewarn.db'}"
    (tmp_path / "shared").mkdir()
    both = [load_settings({"workspace": tmp_path / name, "database_url": shared}, {}) for name in ("a", "b")]
    for one in both:
        init(one)
    with opened(both[0]) as first, held_alone(first), opened(both[1]) as second, pytest.raises(StoreBusyError):
        held_alone(second).__enter__()


def test_two_workspaces_on_one_server_are_watched_by_one(tmp_path: Path, server: str) -> None:
    """PostgreSQL itself holds the watch, and lets go when it ends."""
    both = [load_settings({"workspace": tmp_path / name, "database_url": server}, {}) for name in ("a", "b")]
    for one in both:
        init(one)
    with opened(both[0]) as first, held_alone(first) as hold, opened(both[1]) as second:
        with pytest.raises(StoreBusyError, match="another process"):
            held_alone(second).__enter__()
        hold.require()
    with opened(both[1]) as second, held_alone(second):
        pass


@pytest.fixture
def server(postgresql: str) -> str:
    """The address of an empty database on a real PostgreSQL."""
    import sqlalchemy

    name = f"watch_{os.getpid()}_{time.monotonic_ns()}"
    engine = sqlalchemy.create_engine(
        postgresql.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return postgresql.replace("/postgres?", f"/{name}?")


def names(settings: Settings, channels: str) -> dict[str, timedelta | None]:
    """The jobs with their cadence when these channels are switched on."""
    with opened(replace(settings, watch_channels=channels)) as workspace:
        return {job.name: job.every for job in jobs_of(workspace)}


def test_nothing_is_fetched_but_what_is_switched_on(settings: Settings) -> None:
    """Without the setting no publisher is asked; with it, at its cadence and at least monthly."""
    assert list(names(settings, "")) == ["assess"]
    switched = names(settings, "reliefweb ucdp-ged reliefweb")
    assert switched["fetch:reliefweb"] == timedelta(days=channel("reliefweb").cadence_days or 1)
    assert switched["fetch:ucdp-ged"] == timedelta(days=30)
    assert len(switched) == 3


def test_a_channel_that_cannot_be_fetched_is_refused(settings: Settings) -> None:
    """A slip in the setting is said, not passed over."""
    with pytest.raises(UnknownNameError):
        names(settings, "relief-web")
    with pytest.raises(ConfigurationError, match="nothing to be fetched"):
        names(settings, "table")


SLOW = textwrap.dedent(
    """
    import sys, time
    from datetime import timedelta
    from pathlib import Path
    from forewarn.config import load_settings
    from forewarn.operations.watch import Job, watch, watch_once
    from forewarn.store import schema

    folder = Path(sys.argv[1])

    def work(workspace):
        with workspace.database.writing() as connection:
            row = dict.fromkeys((c.name for c in schema.fetches.columns if c.name != "sequence"), "half")
            connection.execute(schema.fetches.insert(), {**row, "status": 1})
            (folder / "at-work").write_text("x")
            time.sleep(0.1 if (folder / "quick").exists() else 60)
        return {"files": 1}

    jobs = lambda _: [Job("slow", work, timedelta(days=1))]
    settings = load_settings({"workspace": folder}, {})
    if sys.argv[2] == "once":
        watch_once(settings, lambda ran: None, jobs=jobs)
    else:
        watch(settings, lambda ran: None, every=timedelta(minutes=1), jobs=jobs)
    """
)
"""A watch whose only job writes a row and then takes a minute, or no time at all when told so."""


@pytest.fixture
def started(settings: Settings) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a watch with a slow job in a process of its own, and wait until the job is at work."""
    processes: list[subprocess.Popen[str]] = []

    def start(how: str = "on") -> subprocess.Popen[str]:
        command = [sys.executable, "-c", SLOW, str(settings.workspace), how]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        processes.append(process)
        deadline = time.monotonic() + LONGEST
        while not (settings.workspace / "at-work").exists() and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_killed_in_the_middle_it_starts_again_and_tells(
    settings: Settings, started: Callable[..., subprocess.Popen[str]]
) -> None:
    """After kill -9 nothing half-done is in the store, the lock is free, the run is told as lost and made up for."""
    process = started()
    process.kill()
    process.wait(LONGEST)
    assert _fetched(settings) == 0
    (settings.workspace / "quick").write_text("x")
    again = started("once")
    assert again.wait(LONGEST) == 0, again.communicate()[1]
    assert _fetched(settings) == 1
    with opened(settings) as workspace:
        assert [run.state for run in recorded_runs(workspace)] == ["done", "lost"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_rolls_back_and_ends_well(
    settings: Settings, started: Callable[..., subprocess.Popen[str]], number: signal.Signals
) -> None:
    """SIGTERM or Ctrl-C in the middle of a job: nothing of it is kept, it is recorded as stopped, the exit is clean."""
    process = started()
    process.send_signal(number)
    _, err = process.communicate(timeout=LONGEST)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert _fetched(settings) == 0
    with opened(settings) as workspace:
        assert [run.state for run in recorded_runs(workspace)] == ["stopped"]


def test_of_two_watches_the_second_leaves(settings: Settings, started: Callable[..., subprocess.Popen[str]]) -> None:
    """While one is at work in another process, the command says so in one line and exits 61."""
    started()
    command = [sys.executable, "-m", "forewarn", "watch", "--once", "--workspace", str(settings.workspace), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST)
    assert done.returncode == 61
    assert json.loads(done.stderr)["error"] == "StoreBusyError"


def _run(state: str, at: datetime) -> Run:
    return Run("daily", instant_text(at), instant_text(at), state)


def _fetched(settings: Settings) -> int:
    with opened(settings) as workspace, workspace.database.reading() as connection:
        return len(connection.exec_driver_sql("SELECT 1 FROM fetches").all())
