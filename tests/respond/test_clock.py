"""The response clock, and the reminders that follow from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.clock import instant_from_text, instant_text
from forewarn.errors import InputValueError, LifecycleError, SeparationError
from forewarn.ids import content_id
from forewarn.model.alert import Alert
from forewarn.model.alert_life import NO_ANSWER, AlertEvent
from forewarn.respond.clock import ResponseClock, due, overdue, response_clock, response_metrics
from forewarn.respond.reminders import REMIND_HOURS, Standing, notices_due
from forewarn.testing import complete_alert

NOW = datetime(2030, 7, 1, 8, tzinfo=UTC)
DEADLINE = NOW + timedelta(days=5)
DECISION = {"decide": "watch", "lapse": NO_ANSWER}
WHO = {"review": "reviewer-1", "lapse": "clock", "read": "desk-1", "decide": "desk-1"}


def alert(name: str = "one", **changes: object) -> Alert:
    """An alert whose decision is needed in five days."""
    told = {"alert_id": content_id("alr", name), "addressee": "the desk", "decision_needed_by": DEADLINE}
    return complete_alert(**(told | changes))


def events(*steps: tuple[str, float], of: Alert | None = None) -> tuple[AlertEvent, ...]:
    """Events by kind and hours from now, by whom each takes; an update brings the next version."""
    found: list[AlertEvent] = []
    version = 1
    for kind, hours in steps:
        version += kind == "update"
        found.append(
            AlertEvent(
                (of or alert()).alert_id,
                kind,
                WHO.get(kind, "analyst-1"),
                NOW + timedelta(hours=hours),
                version=version,
                note="note",
                decision=DECISION.get(kind, ""),
                second="reviewer-1" if kind == "update" else "",
            )
        )
    return tuple(found)


ISSUED = (("draft", 0.0), ("review", 1.0), ("issue", 2.0))


def clock(*steps: tuple[str, float], at: float) -> ResponseClock:
    """The clock after those steps, so many hours from now."""
    return response_clock(alert(), events(*steps), NOW + timedelta(hours=at))


def test_before_issue_no_clock_runs() -> None:
    """A draft owes its review, and nothing is overdue however late it is."""
    draft = clock(("draft", 0.0), at=10_000)
    assert (draft.asked_at, draft.is_overdue, draft.waits) == (None, False, False)
    assert draft.words.startswith("Not issued: no clock is running. Next: a reviewer who is not an author")


def test_reading_and_deciding_are_timed_from_the_asking() -> None:
    """Times run from issue; the duty names who owes what by when."""
    waiting = clock(*ISSUED, at=26)
    assert waiting.words == ("A decision is due in 3 days. Next: the desk: read it and decide by 2030-07-06T08:00:00Z.")
    decided = clock(*ISSUED, ("read", 5.0), ("decide", 50.0), at=60)
    assert (decided.time_to_read, decided.time_to_decision) == (timedelta(hours=3), timedelta(hours=48))
    assert decided.words == "Decided on 2030-07-03T10:00:00Z: watch. Next: the authors: close it."


def test_a_missed_deadline_is_overdue_until_a_person_decides() -> None:
    """The clock's own record that nobody answered ends no duty; a late decision does, and is called late."""
    late = clock(*ISSUED, ("read", 5.0), at=24 * 6)
    assert late.overdue_by == timedelta(days=1)
    assert "overdue by 24 hours" in late.words
    lapsed = clock(*ISSUED, ("lapse", 121.0), at=24 * 7)
    assert (lapsed.is_overdue, lapsed.decision, lapsed.lapsed_at) == (True, "", NOW + timedelta(hours=121))
    assert "record the decision that is missing" in lapsed.words
    decided = clock(*ISSUED, ("lapse", 121.0), ("read", 130.0), ("decide", 144.0), at=150)
    assert (decided.is_overdue, decided.overdue_by) == (False, None)
    assert "24 hours after the deadline" in decided.words


def test_an_update_starts_the_asking_anew() -> None:
    """After an update, reading and deciding on the old version count no more, even at the same instant."""
    steps = (*ISSUED, ("read", 5.0), ("decide", 6.0), ("update", 6.0))
    again = clock(*steps, at=7)
    assert (again.asked_at, again.read_at, again.decided_at, again.decision) == (
        NOW + timedelta(hours=6), None, None, "",
    )  # fmt: skip
    assert again.waits


def test_the_authors_of_all_versions_tell_whose_life_it_is() -> None:
    """The current version's authors need not have drafted it; somebody else's draft is refused."""
    current = alert(version=2, authors=("analyst-2",))
    steps = events(*ISSUED, ("update", 6.0))
    now = NOW + timedelta(hours=7)
    assert response_clock(current, steps, now, authors=("analyst-1", "analyst-2")).version == 2
    with pytest.raises(SeparationError, match="only an author drafts"):
        response_clock(current, steps, now)


def test_a_changed_decision_keeps_the_time_of_the_first() -> None:
    """The decision that stands is the last; the time to decide is that of the first."""
    twice = clock(*ISSUED, ("read", 3.0), ("decide", 4.0), ("decide", 30.0), at=40)
    assert twice.time_to_decision == timedelta(hours=2)
    assert twice.decided_at == NOW + timedelta(hours=30)


def test_an_alert_closed_on_a_lapse_says_that_nobody_decided() -> None:
    """Closing does not turn silence into a decision."""
    closed = clock(*ISSUED, ("lapse", 121.0), ("close", 122.0), at=130)
    assert closed.words.startswith("Closed without a decision by a person.")


def test_now_is_utc_and_not_before_what_happened() -> None:
    """A clock that runs behind, or a naive or local instant, is refused."""
    with pytest.raises(InputValueError, match="before the last event"):
        clock(*ISSUED, at=1)
    for now in (datetime(2030, 7, 2), datetime(2030, 7, 2, tzinfo=timezone(timedelta(hours=2)))):
        with pytest.raises(InputValueError, match="UTC"):
            response_clock(alert(), events(*ISSUED), now)


@given(
    st.lists(st.tuples(st.sampled_from(["read", "decide"]), st.integers(3, 200)), max_size=4).map(
        lambda steps: sorted(steps, key=lambda step: (step[1], step[0] == "decide"))
    ),
    st.integers(-14 * 4, 14 * 4),
)
def test_the_clock_survives_restarts_and_changes_of_zone(steps: list[tuple[str, int]], quarters: int) -> None:
    """Written out in any zone of the world and read back, the same instants give the same clock."""
    zone = timezone(timedelta(minutes=15 * quarters))
    before = events(*ISSUED, *((kind, float(hours)) for kind, hours in steps))
    texts = [instant_text(one.at.astimezone(zone)) for one in before]
    again = tuple(replace(one, at=instant_from_text(text)) for one, text in zip(before, texts, strict=True))
    local = [instant_from_text(one.at.astimezone(zone).isoformat()) for one in before]
    assert again == before
    assert [instant.astimezone(UTC) for instant in local] == [one.at for one in before]
    readings = [n for n, (kind, _) in enumerate(steps) if kind == "read"]
    if any(kind == "decide" and not any(n < i for n in readings) for i, (kind, _) in enumerate(steps)):
        with pytest.raises(LifecycleError):
            response_clock(alert(), again, NOW + timedelta(hours=300))
        return
    late, early = (response_clock(alert(), life, NOW + timedelta(hours=300)) for life in (again, before))
    assert late == early
    assert late.is_overdue == (not any(kind == "decide" for kind, _ in steps))


def test_due_and_overdue_lists_are_ordered_by_deadline() -> None:
    """Due: waiting and soon. Overdue: longest first. Nothing is in both."""
    now = NOW + timedelta(days=4, hours=20)
    one, two = alert("a"), alert("b", decision_needed_by=NOW + timedelta(days=4))
    three = alert("c", decision_needed_by=NOW + timedelta(days=30))
    clocks = [response_clock(a, events(*ISSUED, of=a), now) for a in (one, two, three)]
    assert [c.alert_id for c in due(clocks, timedelta(days=2))] == [one.alert_id]
    assert [c.alert_id for c in overdue(clocks)] == [two.alert_id]


def test_metrics_over_many_alerts() -> None:
    """Shares are of the issued; a lapse counts as no decision; lead time may be negative."""
    a, b, c = alert("a"), alert("b"), alert("c")
    now = NOW + timedelta(days=10)
    clocks = [
        response_clock(a, events(*ISSUED, ("read", 4.0), ("decide", 12.0), of=a), now),
        response_clock(b, events(*ISSUED, ("lapse", 121.0), of=b), now),
        response_clock(c, events(("draft", 0.0), of=c), now),
    ]
    found = response_metrics(clocks, {a.alert_id: date(2030, 7, 21), b.alert_id: date(2030, 6, 30)})
    assert (found.issued, found.read, found.decided, found.lapsed, found.overdue) == (2, 1, 1, 1, 1)
    assert (found.share_with_recorded_decision, found.hours_to_read, found.hours_to_decision) == (0.5, 2.0, 10.0)
    assert (found.lead_days, found.lead_known) == (9.5, 2)
    assert response_metrics([]).share_with_recorded_decision is None


@given(st.integers(0, 1_000), st.integers(0, 1_000), st.integers(0, 1_000))
def test_times_are_never_negative_and_never_shrink_the_overdue(read: int, decide: int, wait: int) -> None:
    """However long anybody takes, spans are not negative, and waiting longer never makes it less overdue."""
    steps = (*ISSUED, ("read", 2.0 + read), ("decide", 2.0 + read + decide))
    done = clock(*steps, at=2 + read + decide)
    assert done.time_to_read == timedelta(hours=read)
    assert done.time_to_decision == timedelta(hours=read + decide)
    first, later = clock(*ISSUED, at=2 + wait), clock(*ISSUED, at=3 + wait)
    assert (first.overdue_by or timedelta(0)) <= (later.overdue_by or timedelta(0))


def told(*steps: tuple[str, float], at: float, before: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The kinds and marks of notices due so many hours from now."""
    return [(one.kind, one.mark) for one in notices_due([Standing(alert(), clock(*steps, at=at))], before)]


def test_what_is_told_when() -> None:
    """Nothing of drafts; at issue at once; the nearest reminder only; overdue after the deadline; then no more."""
    assert told(("draft", 0.0), at=10_000) == []
    assert told(*ISSUED, at=3) == [("issued", "")]
    assert told(*ISSUED, at=5 * 24 - 60) == [("issued", ""), ("reminder", "72")]
    assert told(*ISSUED, at=5 * 24 - 1) == [("issued", ""), ("reminder", "24")]
    assert told(*ISSUED, at=5 * 24 + 1) == [("issued", ""), ("overdue", "")]
    assert told(*ISSUED, ("read", 3.0), ("decide", 4.0), at=5 * 24 + 1) == [("issued", "")]
    assert told(*ISSUED, ("update", 5.0), at=6) == [("updated", "")]
    assert told(*ISSUED, ("cancel", 5.0), at=6) == [("cancelled", "")]
    assert told(*ISSUED, ("read", 3.0), ("decide", 4.0), ("close", 5.0), at=6) == []


@given(st.lists(st.floats(2, 400), min_size=1, max_size=8))
def test_each_notice_is_told_once_however_often_one_looks(hours: list[float]) -> None:
    """What was handed over is not due again; at most one of each kind and mark goes out."""
    taken: list[str] = []
    for at in sorted(hours):
        standing = Standing(alert(), clock(*ISSUED, at=at))
        found = notices_due([standing], taken)
        taken += [one.notice_id for one in found]
        assert notices_due([standing], taken) == ()
    assert len(set(taken)) == len(taken) <= 2 + len(REMIND_HOURS)
