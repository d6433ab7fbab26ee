"""The whole loop on the fictional exercise: reports in, a decided alert and a brief out.

It plays a script with several people in a workspace of its own, each step through the same operations that real
work uses. Time is the script's: each step is given the instant at which it is played. Everything is fictional,
and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from forewarn.config import Settings
from forewarn.errors import WorkspaceError
from forewarn.learn import ExerciseFiles, ExerciseScript, exercise_script, write_exercise
from forewarn.model.alert_life import AlertState
from forewarn.model.place import UnitLevel
from forewarn.operations import alert as alerts
from forewarn.operations.assess import Assessed, assess
from forewarn.operations.brief import BriefMade, BriefWish, brief
from forewarn.operations.collect import Collected, collect
from forewarn.operations.drafting import Drafted, DraftWish, draft_alerts
from forewarn.operations.forecast import ForecastMade, ForecastWish, forecast
from forewarn.operations.init import init
from forewarn.operations.workspace import Progress, Workspace, no_progress, opened

__all__ = ["Demonstration", "demo", "free_folder"]

_STEPS = 8

_COMPLETED = {
    "by_whom_possibly": "Armed auxiliaries; who directs them, if anybody, is not known.",
    "to_whom": "Residents of the shore villages, who have been told to leave.",
    "alternatives_considered": [
        "The reports describe a crime wave along the smuggling roads, not a campaign against residents.",
        "Tension falls once the harvest is in, as it did in earlier years.",
    ],
    "primary_duty_holder": "The authorities of Merrowine (fictional)",
    "releasability": "TLP:AMBER",
    "source_protection": "Field monitors are named by network only; villages are not named.",
    "harm_check": "Naming villages could draw reprisals on those who spoke; none is named.",
}
"""What the analyst of the exercise writes into the draft: what no data could say."""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What the run came to, step by step."""

    workspace: str
    notice: str
    collected: list[Collected]
    revised: Collected
    assessed: Assessed
    forecast: ForecastMade
    drafted: Drafted
    proposed: int
    life: list[str] = field(default_factory=list)
    state: AlertState | None = None
    briefs: list[BriefMade] = field(default_factory=list)


_Played = tuple[Workspace, alerts.Step]
"""A step, and the workspace at the instant at which it is taken."""


@dataclass(frozen=True, eq=False)
class _Stage:
    """A workspace and its script, at an instant of the play."""

    workspace: Workspace
    script: ExerciseScript
    progress: Progress

    def at(self, instant: datetime) -> Workspace:
        return replace(self.workspace, now=instant)

    def day(self, days: int, hour: int = 9) -> Workspace:
        """The workspace so many days after the day of knowledge."""
        start = datetime.combine(self.script.as_known_at, time(hour), UTC)
        return self.at(start + timedelta(days=days))


def demo(settings: Settings, *, progress: Progress = no_progress) -> Demonstration:
    """Run the exercise in a new workspace. Raises :class:`WorkspaceError` where the folder is in use."""
    folder = settings.workspace
    if folder.exists() and any(folder.iterdir()):
        raise WorkspaceError("is not empty", where=folder.name, mend="name a new folder with --workspace")
    progress(0, _STEPS, "making the workspace and the exercise")
    init(settings)
    script = exercise_script()
    files = write_exercise(folder / "exercise")
    with _staged(settings, script, progress) as stage:
        return _play(stage, files)


def free_folder(parent: Path) -> Path:
    """The first of ``exercise-workspace``, ``exercise-workspace-2``... not there yet: nothing is overwritten."""
    names = ("exercise-workspace", *(f"exercise-workspace-{number}" for number in range(2, 1_000)))
    for name in names:
        if not (parent / name).exists():
            return parent / name
    raise WorkspaceError("a thousand exercises are there already", where="exercise-workspace", mend="remove some")


@contextmanager
def _staged(settings: Settings, script: ExerciseScript, progress: Progress) -> Iterator[_Stage]:
    with opened(settings) as workspace:
        yield _Stage(replace(workspace, now=script.collected_at), script, progress)


def _play(stage: _Stage, files: ExerciseFiles) -> Demonstration:
    script, workspace = stage.script, stage.workspace
    stage.progress(1, _STEPS, "collecting reports through the channels")
    first = [one for file in files.files if not file.is_later for one in _collect(stage, file.path, file.mapping)]
    later = [one for file in files.files if file.is_later for one in _collect(stage, file.path, file.mapping)]
    stage.progress(2, _STEPS, "linking claims into incidents")
    assessed = assess(workspace)
    stage.progress(3, _STEPS, f"forecasting as known on {script.as_known_at}")
    wish = ForecastWish("one_sided_deaths", UnitLevel.ADMIN1, script.as_known_at, script.horizon_months)
    forecasted = forecast(stage.day(0, 12), wish)
    stage.progress(4, _STEPS, "drafting an alert")
    drafts = draft_alerts(stage.day(0, 15), DraftWish((script.analyst,), propose_only=True))
    drafted = draft_alerts(stage.day(0, 15), _draft_wish(script)).drafted[0]
    stage.progress(5, _STEPS, "review, issue, a deadline, a decision")
    life = [f"{script.as_known_at} drafted by {script.analyst}, completed the same day"]
    _complete(stage, drafted.alert_id)
    state = _play_steps(stage, drafted.alert_id, _until_issued(stage), life)
    stage.progress(6, _STEPS, "writing the briefs for the desk officer")
    briefs = [brief(stage.day(1, 10), BriefWish(drafted.alert_id, format=form)) for form in ("html", "md")]
    state = _play_steps(stage, drafted.alert_id, _from_issued(stage), life)
    stage.progress(_STEPS, _STEPS, "done")
    return Demonstration(
        workspace=str(workspace.paths.root),
        notice=script.notice,
        collected=first,
        revised=later[0],
        assessed=assessed,
        forecast=forecasted,
        drafted=drafted,
        proposed=len(drafts.drafted),
        life=life,
        state=state,
        briefs=briefs,
    )


def _collect(stage: _Stage, path: Path, mapping: Path) -> list[Collected]:
    return collect(stage.workspace, "table", [path], mapping=mapping)


def _draft_wish(script: ExerciseScript) -> DraftWish:
    return DraftWish(
        authors=(script.analyst,),
        unit=script.unit,
        addressee=script.addressee,
        decision_asked=script.decision_asked,
    )


def _complete(stage: _Stage, alert_id: str) -> None:
    """The analyst writes what no data could say."""
    deadline = datetime.combine(stage.script.decide_by, time(12), UTC)
    fields = {**_COMPLETED, "decision_needed_by": deadline.isoformat()}
    alerts.edit(stage.day(0, 16), alert_id, fields, by=stage.script.analyst, note="what the data cannot say")


def _play_steps(stage: _Stage, alert_id: str, steps: Sequence[_Played], told: list[str]) -> AlertState:
    """Take steps one after the other, telling each; where the alert stands then."""
    for workspace, step in steps:
        state = alerts.step(workspace, alert_id, step)
        said = step.decision or step.outcome
        told.append(f"{workspace.today} {step.kind} by {step.by}{f': {said}' if said else ''}")
    return state


def _until_issued(stage: _Stage) -> list[_Played]:
    script = stage.script
    return [
        (stage.day(0, 17), alerts.Step("review", script.reviewer, "evidence and wording checked")),
        (stage.day(1), alerts.Step("issue", script.analyst)),
    ]


def _from_issued(stage: _Stage) -> list[_Played]:
    """Nobody answers in time; then it is read, declined, and twenty days later acted on."""
    script, officer = stage.script, stage.script.desk_officer
    late = (script.decide_by - script.as_known_at).days + 1
    declined = alerts.Step("decide", officer, script.decision_reason, decision="decline_with_reason")
    acted = alerts.Step("decide", officer, "new reports changed the assessment", decision="act")
    return [
        (stage.day(late), alerts.Step("lapse", "clock")),
        (stage.day(late, 14), alerts.Step("read", officer)),
        (stage.day(late, 16), declined),
        (stage.day(late + 20), acted),
        (stage.day(late + 24), alerts.Step("act", officer, "a good-offices mission was sent (M202)")),
        (stage.day(180), alerts.Step("close", script.analyst, "the period the alert spoke of is over")),
        (stage.day(181), alerts.Step("after_action", script.reviewer, _outcome_note(script), outcome="hit")),
    ]


def _outcome_note(script: ExerciseScript) -> str:
    total = sum(month.deaths for month in script.after)
    return f"{total} people were killed from {script.after[0].month} on, most in {script.peak_month}"
