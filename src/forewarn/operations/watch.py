"""The watch: does what is due, one job after the other in one process, and records every run.

What is due is derived from the recorded runs alone: a job is due its cadence after its last success, so a restart
loses nothing and what was missed is caught up once. A failing job waits longer each time and holds up no other. Only
one watch runs for a workspace and for a store. A stop rolls back what is under way, records it and ends.
"""

from __future__ import annotations

import queue
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import or_, select

from forewarn.clock import instant_from_text, instant_text
from forewarn.collect import channel
from forewarn.config import Settings
from forewarn.errors import ConfigurationError, ForewarnError, StoreBusyError, StoreFullError
from forewarn.logs import get_logger
from forewarn.operations.assess import assess
from forewarn.operations.collect import collect
from forewarn.operations.inbox import collect_inbox, inbox_channels, waiting
from forewarn.operations.lock import Hold, held_alone
from forewarn.operations.notices import due_notices, send_notices
from forewarn.operations.workspace import Workspace, now_of, opened
from forewarn.store import runs, schema
from forewarn.store.runs import Run

__all__ = ["Job", "Ran", "Watch", "due_since", "jobs_of", "recorded_runs", "watch", "watch_once"]

_log = get_logger(__name__)

FIRST_WAIT = timedelta(minutes=5)
"""How long a job waits after its first failure; twice as long after each further one in a row."""
LONGEST_WAIT = timedelta(hours=6)
_LONGEST_UNASKED = timedelta(days=30)
_GLANCE_SECONDS = 5.0
"""Between two glances at the lock, and at whether to stop, while nothing is to be done."""

_Work = Callable[[Workspace], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Job:
    """Something the watch does.

    Attributes:
        name: under which its runs are recorded; holds nothing of what is collected.
        work: does it, and says what it did by number.
        every: its cadence; ``None`` for one that is done whenever something waits.
        waits: whether something waits for it, given the start of its last success (``None`` if there was none).
    """

    name: str
    work: _Work
    every: timedelta | None = None
    waits: Callable[[Workspace, datetime | None], bool] | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """A run as it ended, with the error in full for whoever is looking on, and when it is tried again."""

    run: Run
    error: ForewarnError | None = None
    again_at: datetime | None = None


Jobs = Callable[[Workspace], Sequence[Job]]
Tell = Callable[[Ran], None]


def jobs_of(workspace: Workspace) -> list[Job]:
    """The jobs of a workspace in the order of the work: what is fetched, what lies in the inbox, the assessment.

    Nothing is fetched but through the channels that the setting ``watch_channels`` names.

    Raises:
        UnknownNameError: it names no channel.
        ConfigurationError: it names one that has nothing to be fetched.
    """
    return [
        *(_fetching(name) for name in dict.fromkeys(workspace.settings.watch_channels.split())),
        *(Job(f"inbox:{name}", partial(_collect, name=name), waits=_laid(name)) for name in inbox_channels(workspace)),
        Job("assess", _assess, waits=_has_news),
        *([Job("notices", _notices, waits=_owes_notices)] if workspace.settings.watch_notices else []),
    ]


def due_since(job: Job, history: Sequence[Run], workspace: Workspace) -> datetime | None:
    """Since when a job is due, as instant not after the workspace's now; ``None`` when it is not.

    Args:
        job: the job.
        history: its last runs, oldest first.
        workspace: its ``now`` is what counts as now.
    """
    success = next((instant_from_text(run.started_at) for run in reversed(history) if run.state == "done"), None)
    earliest = _again_at(history)
    if earliest is not None and earliest > workspace.now:
        return None
    if job.waits is not None and job.waits(workspace, success):
        return earliest or workspace.now
    if job.every is None:
        return None
    due = max(filter(None, (earliest, success + job.every if success else None)), default=workspace.now)
    return due if due <= workspace.now else None


def _again_at(history: Sequence[Run]) -> datetime | None:
    """When a job that failed may be tried again: five minutes after the first failure in a row, then twice as long
    each time, six hours at most. A run that was stopped counts for nothing; one whose process died is tried again at
    once, and counts as a failure when it dies again."""
    bad: list[Run] = []
    for run in reversed(history):
        if run.state == "done":
            break
        bad += [run] if run.state in ("failed", "lost") else []
    if not bad:
        return None
    failures = sum(run.state == "failed" for run in bad)
    times = failures + max(len(bad) - failures - 1, 0)
    wait = min(FIRST_WAIT * 2 ** (times - 1), LONGEST_WAIT) if times else timedelta(0)
    return instant_from_text(bad[0].finished_at) + wait


@dataclass(slots=True)
class Watch:
    """A watch at work in an open workspace.

    Attributes:
        workspace: open; its ``now`` is replaced by the clock's at each step.
        hold: what makes it the only one.
        jobs: what there is to do, asked anew at each pass.
        clock: what time it is.
        stopping: set once a stop was asked for.
    """

    workspace: Workspace
    hold: Hold
    jobs: Jobs = jobs_of
    clock: Callable[[], datetime] = field(kw_only=True)
    stopping: bool = False

    def work(self) -> Iterator[Ran]:
        """Do what is due, each job once, and say how each run ended. Only one that holds the lock may call this.

        Raises:
            StoreBusyError: the hold was lost.
            KeyboardInterrupt: a stop was asked for; the run under way is rolled back and recorded as stopped.
        """
        self.hold.require()
        self._close_lost()
        for job in self.jobs(self._present()):
            if self.stopping:
                raise KeyboardInterrupt
            present = self._present()
            with present.database.reading() as connection:
                history = runs.runs_of(connection, job.name)
            if due_since(job, history, present) is not None:
                ran = self._run(job, present)
                yield replace(ran, again_at=_again_at([*history, ran.run]))

    def _present(self) -> Workspace:
        return replace(self.workspace, now=self.clock())

    def _close_lost(self) -> None:
        """Nothing runs while the lock is held and no job was started: what is still open has died."""
        with self.workspace.database.reading() as connection:
            died = runs.open_runs(connection)
        for run in died:
            self._record(replace(run, state="lost", finished_at=instant_text(self.clock())))

    def _run(self, job: Job, present: Workspace) -> Ran:
        started = instant_text(present.now)
        with present.database.writing() as connection:
            run = runs.begin_run(connection, job.name, started)
        error: ForewarnError | None = None
        try:
            run = replace(run, state="done", counts=job.work(present))
        except KeyboardInterrupt:
            self._end(replace(run, state="stopped"))
            raise
        except ForewarnError as refused:
            error = refused
        except Exception as unforeseen:  # one job that breaks must not take the others with it
            error = ForewarnError(f"an unexpected {type(unforeseen).__name__}", where=job.name, mend="please report it")
        if error is not None:
            run = replace(run, state="failed", message=_message(error))
        return Ran(self._end(run), error)

    def _end(self, run: Run) -> Run:
        ended = replace(run, finished_at=instant_text(self.clock()))
        self._record(ended)
        return ended

    def _record(self, run: Run) -> None:
        with self.workspace.database.writing() as connection:
            runs.end_run(connection, run)
        _log.info("job ended", operation=run.job, outcome=run.state)


def watch_once(
    settings: Settings, tell: Tell, *, jobs: Jobs = jobs_of, clock: Callable[[], datetime] | None = None
) -> bool:
    """Do what is due now, and end; whether all went well.

    Raises:
        StoreBusyError: another watch is at work.
        KeyboardInterrupt: stopped; what was under way is rolled back and recorded.
    """
    with _begun(settings, jobs, clock) as begun:
        ended = [_told(ran, tell) for ran in begun.work()]
    return all(ended)


def watch(
    settings: Settings,
    tell: Tell,
    *,
    every: timedelta,
    jobs: Jobs = jobs_of,
    clock: Callable[[], datetime] | None = None,
) -> None:
    """Do what is due, now and every so often, until stopped by a signal.

    A store that is busy or full for the moment is met by waiting for the next time. Any other trouble with the
    store or the workspace ends the watch with its error.

    Raises:
        StoreBusyError: another watch is at work.
    """
    with _begun(settings, jobs, clock) as begun:
        try:
            _watch(begun, tell, every)
        except KeyboardInterrupt:
            return


def recorded_runs(workspace: Workspace, limit: int = 20) -> list[Run]:
    """The last runs of the watch, newest first."""
    with workspace.database.reading() as connection:
        return runs.last_runs(connection, limit)


def _watch(begun: Watch, tell: Tell, every: timedelta) -> None:
    with _ticks(every) as ticks:
        while not begun.stopping:
            begun.hold.require()
            try:
                ticks.get(timeout=_GLANCE_SECONDS)
            except queue.Empty:
                continue
            _pass(begun, tell)


def _pass(begun: Watch, tell: Tell) -> None:
    try:
        for ran in begun.work():
            _told(ran, tell)
    except (StoreBusyError, StoreFullError) as error:
        begun.hold.require()
        now = instant_text(begun.clock())
        tell(Ran(Run("watch", now, now, "failed", _message(error)), error))


def _told(ran: Ran, tell: Tell) -> bool:
    tell(ran)
    return ran.run.state == "done"


@contextmanager
def _begun(settings: Settings, jobs: Jobs, clock: Callable[[], datetime] | None) -> Iterator[Watch]:
    with opened(settings) as workspace, held_alone(workspace) as hold:
        begun = Watch(workspace, hold, jobs, clock=clock or partial(now_of, settings))
        with _stoppable(begun):
            yield begun


@contextmanager
def _stoppable(begun: Watch) -> Iterator[None]:
    """Turn SIGINT and SIGTERM into one KeyboardInterrupt; further ones do not disturb the rolling back."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        if not begun.stopping:
            begun.stopping = True
            raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


@contextmanager
def _ticks(every: timedelta) -> Iterator[queue.Queue[None]]:
    """A queue in which the scheduler lays when it is time; missed times count once.

    The scheduler's thread only tells the time: jobs run in the main thread, where a signal can stop them.
    """
    ticks: queue.Queue[None] = queue.Queue(maxsize=1)

    def tick() -> None:
        if ticks.empty():
            ticks.put(None)

    scheduler = BackgroundScheduler(timezone=UTC)
    start = datetime.now(UTC)
    trigger = IntervalTrigger(seconds=max(int(every.total_seconds()), 1), start_date=start, timezone=UTC)
    scheduler.add_job(tick, trigger, next_run_time=start, coalesce=True, max_instances=1, misfire_grace_time=None)
    scheduler.start()
    try:
        yield ticks
    finally:
        scheduler.shutdown(wait=False)


def _message(error: ForewarnError) -> str:
    """How it failed, by the sort of error alone: messages may quote a file's name or a cell."""
    meaning = (type(error).__doc__ or "").strip().splitlines()[0]
    return f"{type(error).__name__} ({error.exit_code}): {meaning}"


def _fetching(name: str) -> Job:
    """A publisher is asked at its cadence, and at least monthly: the day of a yearly release is not known."""
    definition = channel(name)
    if definition.fetch is None:
        raise ConfigurationError(
            f"'{name}' has nothing to be fetched", where="watch_channels", mend="lay its files in the inbox instead"
        )
    every = min(timedelta(days=definition.cadence_days or 1), _LONGEST_UNASKED)
    return Job(f"fetch:{name}", partial(_fetch, name=name), every)


def _fetch(workspace: Workspace, name: str) -> Mapping[str, int]:
    made = collect(workspace, name, [])
    counted = ("accepted", "revised", "rejected")
    return {"files": len(made), **{key: sum(getattr(one, key) for one in made) for key in counted}}


def _laid(name: str) -> Callable[[Workspace, datetime | None], bool]:
    return lambda workspace, _: bool(waiting(workspace, name))


def _collect(workspace: Workspace, name: str) -> Mapping[str, int]:
    return collect_inbox(workspace, name)


def _assess(workspace: Workspace) -> Mapping[str, int]:
    made = assess(workspace)
    return {"claims": made.claims, "incidents": made.incidents, "judged": made.judged, "to_review": made.to_review}


def _notices(workspace: Workspace) -> Mapping[str, int]:
    sent = send_notices(workspace)
    return {"handed_over": sent.handed_over, "failed": sent.failed}


def _owes_notices(workspace: Workspace, _last: datetime | None) -> bool:
    return any(one.to for one in due_notices(workspace))


def _has_news(workspace: Workspace, success: datetime | None) -> bool:
    """Whether anything was collected since the last assessment began."""
    table = schema.collections
    query = select(table.c.sequence).where(or_(table.c.accepted > 0, table.c.withdrawn > 0)).limit(1)
    if success is not None:
        query = query.where(table.c.collected_at >= instant_text(success))
    with workspace.database.reading() as connection:
        return connection.execute(query).first() is not None
