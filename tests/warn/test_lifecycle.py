"""The steps of an alert's life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.errors import ForewarnError, InputValueError, LifecycleError, RuleError, SeparationError
from forewarn.model.alert import Alert
from forewarn.model.alert_life import NO_ANSWER, AlertEvent, replay
from forewarn.warn import lifecycle as step
from forewarn.warn.lifecycle import AlertLife

NOW = datetime(2030, 7, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
Next = Callable[..., Alert]


@pytest.fixture
def life(alert: Alert) -> AlertLife:
    """A drafted alert."""
    return AlertLife((alert,), (step.begin(alert, "analyst-1", NOW),))


@pytest.fixture
def issued(life: AlertLife) -> AlertLife:
    """An alert reviewed and issued."""
    reviewed = life.then(step.review(life, "reviewer-1", NOW + HOUR))
    return reviewed.then(step.issue(reviewed, "analyst-1", NOW + 2 * HOUR))


def test_a_whole_life_is_recorded_step_by_step(issued: AlertLife) -> None:
    """Draft, review, issue, read, decide, act, close, after-action."""
    at = NOW + 3 * HOUR
    life = issued.then(step.read(issued, "desk-1", at))
    life = life.then(step.decide(life, "desk-1", at + HOUR, "act"))
    life = life.then(step.act(life, "desk-1", at + 2 * HOUR, "A mission was sent."))
    life = life.then(step.close(life, "analyst-1", at + 3 * HOUR, "The mission reports calm talks."))
    life = life.then(step.after_action(life, "reviewer-1", at + 4 * HOUR, "prevented_or_unknown"))
    kinds = [event.kind for event in life.events]
    assert kinds == ["draft", "review", "issue", "read", "decide", "act", "close", "after_action"]
    assert (life.state.status, life.state.decision) == ("after_action", "act")


def test_review_is_refused_while_a_field_is_empty(alert: Alert) -> None:
    """The first obstacle is named, and how many more there are."""
    draft = replace(alert, harm_check="", addressee="")
    life = AlertLife((draft,), (step.begin(draft, "analyst-1", NOW),))
    with pytest.raises(RuleError, match=r"addressee: is empty.*and 1 more"):
        step.review(life, "reviewer-1", NOW + HOUR)


def test_review_is_refused_while_words_may_not_stand(alert: Alert) -> None:
    """Findings of the wording check block review."""
    draft = replace(alert, harm_check="Genocide is under way.")
    life = AlertLife((draft,), (step.begin(draft, "analyst-1", NOW),))
    with pytest.raises(RuleError, match="is a verdict"):
        step.review(life, "reviewer-1", NOW + HOUR)


@pytest.mark.parametrize("reviewer", ["analyst-1", "ANALYST-1", " analyst-1 ", "analyst-1\u00a0", "ａnalyst-1"])
def test_no_author_reviews_however_the_name_is_written(life: AlertLife, reviewer: str) -> None:
    """Spaces, capitals and look-alike forms make no second person."""
    with pytest.raises(SeparationError):
        step.review(life, reviewer, NOW + HOUR)


def test_whoever_revised_it_cannot_review_it(life: AlertLife, alert: Alert, next_version: Next) -> None:
    """Writing a version makes an author, of this and of every later one."""
    second = next_version(alert, authors=("analyst-1", "analyst-2"))
    life = life.then(step.revise(life, second, "analyst-2", NOW + HOUR), second)
    third = next_version(second, authors=("analyst-1",))
    life = life.then(step.revise(life, third, "analyst-1", NOW + HOUR), third)
    assert life.authors == ("analyst-1", "analyst-2")
    with pytest.raises(SeparationError):
        step.review(life, "analyst-2", NOW + 2 * HOUR)


def test_whoever_reviewed_it_cannot_write_it(life: AlertLife, alert: Alert, next_version: Next) -> None:
    """A reviewer who would rather rewrite it leaves that to another, before issue and after, named or as second."""
    reviewed = life.then(step.review(life, "reviewer-1", NOW + HOUR))
    second = next_version(alert, authors=("analyst-1", "Reviewer-1"))
    with pytest.raises(SeparationError, match="cannot write it"):
        step.revise(reviewed, second, "reviewer-1", NOW + 2 * HOUR)
    issued = reviewed.then(step.issue(reviewed, "analyst-1", NOW + 2 * HOUR))
    with pytest.raises(SeparationError, match="cannot write it"):
        step.update(issued, second, "analyst-1", NOW + 3 * HOUR, second="reviewer-2")
    second = next_version(alert)
    life = issued.then(step.update(issued, second, "analyst-1", NOW + 3 * HOUR, second="reviewer-2"), second)
    third = next_version(second, authors=("analyst-1", "reviewer-2"))
    with pytest.raises(SeparationError, match="cannot write it"):
        step.update(life, third, "reviewer-2", NOW + 4 * HOUR, second="reviewer-1")


def test_an_author_new_with_an_update_cannot_be_its_reviewer(
    issued: AlertLife, alert: Alert, next_version: Next
) -> None:
    """The authors of the version an update brings count, not only those before it."""
    content = next_version(alert, authors=("analyst-1", "analyst-2"))
    with pytest.raises(SeparationError, match="wrote none of it"):
        step.update(issued, content, "analyst-1", NOW + 3 * HOUR, second="analyst-2")


def test_a_writer_who_is_no_author_is_refused(life: AlertLife, alert: Alert, next_version: Next) -> None:
    """Nobody writes from the shadows: not the draft, not a revision."""
    with pytest.raises(SeparationError, match="one of its authors"):
        step.revise(life, next_version(alert), "somebody", NOW + HOUR)
    with pytest.raises(SeparationError, match="only an author drafts"):
        step.begin(alert, "somebody", NOW)


def test_versions_follow_one_another(life: AlertLife, alert: Alert, next_version: Next) -> None:
    """A version cannot be skipped, repeated, or be of another alert; an exercise stays one."""
    for content in (alert, replace(alert, version=3), replace(alert, version=2, alert_id="alr_" + "0" * 64)):
        with pytest.raises(LifecycleError, match="does not follow"):
            step.revise(life, content, "analyst-1", NOW + HOUR)
    with pytest.raises(LifecycleError, match="exercise"):
        step.revise(life, next_version(alert, fictional=False), "analyst-1", NOW + HOUR)


def test_only_the_clock_lapses_and_only_after_the_deadline(issued: AlertLife) -> None:
    """No person can end the waiting by recording that nobody answered; nor can the clock before the deadline."""
    deadline = issued.alert.decision_needed_by
    with pytest.raises(LifecycleError, match="no answer is missing"):
        step.lapse(issued, deadline)
    with pytest.raises(SeparationError, match="no person"):
        step.read(issued, "Clock", NOW + 3 * HOUR)
    life = issued.then(step.lapse(issued, deadline + HOUR))
    assert (life.state.decision, life.events[-1].by) == (NO_ANSWER, "clock")


def test_nothing_is_done_on_a_lapse_and_a_late_decision_needs_reading(issued: AlertLife) -> None:
    """After a lapse the alert must be read and decided before anybody's act is recorded."""
    late = issued.alert.decision_needed_by + HOUR
    life = issued.then(step.lapse(issued, late))
    with pytest.raises(LifecycleError, match="'act' may not follow 'no_answer"):
        step.act(life, "desk-1", late, "sent")
    with pytest.raises(LifecycleError, match=r"'decide' may not follow.*possible: close, read, update"):
        step.decide(life, "desk-1", late, "act")
    life = life.then(step.read(life, "desk-1", late))
    life = life.then(step.decide(life, "desk-1", late, "decline_with_reason", note="No mandate."))
    assert life.state.decision == "decline_with_reason"


def test_an_update_opens_the_question_anew(issued: AlertLife, alert: Alert, next_version: Next) -> None:
    """A decision on version 1 does not close version 2, and its reviewer wrote none of it."""
    at = NOW + 3 * HOUR
    life = issued.then(step.read(issued, "desk-1", at))
    life = life.then(step.decide(life, "desk-1", at, "watch"))
    second = next_version(alert, level="W3")
    with pytest.raises(SeparationError):
        step.update(life, second, "analyst-1", at, second="Analyst-1 ")
    life = life.then(step.update(life, second, "analyst-1", at, second="reviewer-1"), second)
    with pytest.raises(LifecycleError):
        step.close(life, "analyst-1", at, "done")
    with pytest.raises(LifecycleError, match="'decide' may not follow 'updated'"):
        step.decide(life, "desk-1", at, "act")


def test_the_state_concerned_can_comment_and_not_suppress(issued: AlertLife) -> None:
    """Comments stand beside; only authors or the reviewer take an issued alert back."""
    life = issued.then(step.comment(issued, "State concerned", NOW + 3 * HOUR, "We disagree."))
    assert (life.state.status, life.state.comments) == ("issued", ("We disagree.",))
    with pytest.raises(SeparationError, match="comment instead"):
        step.cancel(life, "State concerned", NOW + 3 * HOUR, "Withdraw it.")
    with pytest.raises(SeparationError, match="comment instead"):
        step.cancel(life, "desk-1", NOW + 3 * HOUR, "Inconvenient.")
    assert step.cancel(life, "reviewer-1", NOW + 3 * HOUR, "Sources retracted it.").kind == "cancel"


def test_issue_leaves_time_to_decide(life: AlertLife) -> None:
    """An alert is not issued after its own deadline."""
    reviewed = life.then(step.review(life, "reviewer-1", NOW + HOUR))
    with pytest.raises(LifecycleError, match="has passed"):
        step.issue(reviewed, "analyst-1", reviewed.alert.decision_needed_by)


def test_an_unknown_outcome_is_refused(issued: AlertLife) -> None:
    """After-action classes come from the coded list."""
    with pytest.raises(InputValueError, match="false_alarm"):
        step.after_action(issued, "reviewer-1", NOW + 3 * HOUR, "success")


def test_a_life_with_gaps_does_not_exist(alert: Alert, life: AlertLife) -> None:
    """Versions and events must match."""
    with pytest.raises(InputValueError, match="versions"):
        AlertLife((replace(alert, version=2),), life.events)
    with pytest.raises(InputValueError, match="its events 1"):
        AlertLife((alert, replace(alert, version=2)), life.events)


PEOPLE = ("analyst-1", "analyst-2", "reviewer-1", "desk-1")
STEPS = ("review", "issue", "read", "decide", "lapse", "act", "update", "revise", "comment", "cancel", "close")


def _try(life: AlertLife, kind: str, person: str, at: datetime) -> AlertLife:
    """One step, if the rules allow it; else the life as it was."""
    try:
        if kind in ("update", "revise"):
            content = replace(life.alert, version=life.alert.version + 1, authors=(person,))
            if kind == "revise":
                return life.then(step.revise(life, content, person, at), content)
            return life.then(step.update(life, content, person, at, second="reviewer-1"), content)
        return life.then(_event(life, kind, person, at))
    except ForewarnError:
        return life


def _event(life: AlertLife, kind: str, person: str, at: datetime) -> AlertEvent:
    if kind == "lapse":
        return step.lapse(life, at)
    if kind == "decide":
        return step.decide(life, person, at, "watch")
    if kind in ("act", "comment", "cancel", "close"):
        return getattr(step, kind)(life, person, at, "note")  # type: ignore[no-any-return]
    return getattr(step, kind)(life, person, at)  # type: ignore[no-any-return]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(PEOPLE), st.integers(0, 200)), max_size=25))
def test_no_walk_breaks_the_rules(life: AlertLife, walk: list[tuple[str, str, int]]) -> None:
    """Whatever is tried in whatever order: none skips review, no author reviews, none closes without a decision on
    its last version, and replaying the events gives the same state."""
    at = NOW
    for kind, person, hours in walk:
        at += timedelta(hours=hours)
        life = _try(life, kind, person, at)
    kinds = [event.kind for event in life.events]
    authors = {author for alert in life.versions for author in alert.authors}
    if "issue" in kinds:
        before = kinds[: kinds.index("issue")]
        assert "review" in before
        assert "revise" not in before[before.index("review") :] or before[-1] == "review"
    for event in life.events:
        if event.kind == "review":
            assert event.by not in authors
        if event.kind == "lapse":
            assert event.at > life.versions[event.version - 1].decision_needed_by
    if "close" in kinds:
        about_last = [e for e in life.events if e.kind in ("decide", "lapse") and e.version == life.alert.version]
        assert about_last
    assert replay(tuple(authors), life.events).status == life.state.status
