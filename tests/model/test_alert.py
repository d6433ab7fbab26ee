"""The life of an alert as its events tell it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import ForewarnError, InputValueError, LifecycleError, SeparationError
from forewarn.ids import content_id
from forewarn.model.alert import (
    DECISIONS,
    EVENT_KINDS,
    NO_ANSWER,
    AlertEvent,
    AlertState,
    EvidenceLine,
    Likelihood,
    RightOfComment,
    replay,
)

ALERT = content_id("alr", "one")
NOW = datetime(2030, 7, 1, 8, tzinfo=UTC)
AUTHORS = ("analyst-1",)


def event(kind: str, by: str = "desk-1", hours: int = 0, **said: object) -> AlertEvent:
    """An event of the alert, so many hours in."""
    note = {"note": "because"} if kind in ("act", "cancel", "close", "comment") else {}
    decision = {"decision": "watch"} if kind == "decide" else {"decision": NO_ANSWER} if kind == "lapse" else {}
    return AlertEvent(ALERT, kind, by, NOW + timedelta(hours=hours), **(note | decision | said))  # type: ignore[arg-type]


def life(*kinds: str) -> tuple[AlertEvent, ...]:
    """A life of those kinds, reviewed by somebody else."""
    return tuple(event(kind, "reviewer-1" if kind == "review" else "desk-1", hours=i) for i, kind in enumerate(kinds))


WHOLE = ("draft", "review", "issue", "read", "decide", "act", "close", "after_action")


def test_a_whole_life_reaches_its_end() -> None:
    """Draft to after-action, with its instants kept."""
    state = replay(AUTHORS, life(*WHOLE))
    assert (state.status, state.reviewer, state.decision) == ("after_action", "reviewer-1", "watch")
    assert (state.issued_at, state.read_at, state.decided_at) == tuple(NOW + timedelta(hours=h) for h in (2, 3, 4))
    assert state.may() == ()


@pytest.mark.parametrize(
    ("kinds", "refused"),
    [
        (("draft",), "issue"),
        (("draft", "review"), "read"),
        (("draft", "review", "issue"), "decide"),
        (("draft", "review", "issue"), "close"),
        (("draft", "review", "issue", "read"), "close"),
        (("draft", "review", "issue", "read"), "act"),
        (WHOLE, "update"),
        (("draft", "cancel"), "review"),
    ],
)
def test_a_step_that_may_not_follow_is_refused(kinds: tuple[str, ...], refused: str) -> None:
    """No issue unreviewed, no decision unread, no closing undecided; the message says what is possible."""
    with pytest.raises(LifecycleError, match="possible"):
        replay(AUTHORS, (*life(*kinds), event(refused, hours=20)))


def test_an_author_cannot_review() -> None:
    """Neither their own draft nor, as second, an update; capitals make no other person."""
    with pytest.raises(SeparationError):
        replay(AUTHORS, (*life("draft"), event("review", "Analyst-1", 1)))
    with pytest.raises(SeparationError):
        replay(AUTHORS, (*life("draft", "review", "issue"), event("update", "x", 9, version=2, second="analyst-1")))
    with pytest.raises(SeparationError):
        replay(AUTHORS, (*life("draft", "review", "issue"), event("update", "x", 9, version=2)))


def test_an_update_asks_anew() -> None:
    """After an update the old decision does not close the alert."""
    events = (*life("draft", "review", "issue", "read", "decide"), event("update", "x", 9, version=2, second="y"))
    state = replay(AUTHORS, events)
    assert (state.status, state.version, state.read_at) == ("updated", 2, None)
    assert "close" not in state.may()
    with pytest.raises(LifecycleError):
        replay(AUTHORS, (*events, event("close", hours=10)))


def test_events_go_forward_and_belong_together() -> None:
    """An event before the one it follows, or of another alert, is refused; a life begins with a draft."""
    with pytest.raises(LifecycleError, match="before the one"):
        replay(AUTHORS, (*life("draft", "review", "issue"), event("read", hours=0)))
    other = AlertEvent(content_id("alr", "two"), "review", "reviewer-1", NOW)
    with pytest.raises(LifecycleError, match="another alert"):
        replay(AUTHORS, (*life("draft"), other))
    for events in ((), life("review")):
        with pytest.raises(LifecycleError, match="begins with its draft"):
            replay(AUTHORS, events)


def test_a_comment_changes_no_status() -> None:
    """It is allowed at any time and kept."""
    for count in range(1, len(WHOLE) + 1):
        before = replay(AUTHORS, life(*WHOLE[:count]))
        after = replay(AUTHORS, (*life(*WHOLE[:count]), event("comment", hours=20)))
        assert (after.status, after.comments) == (before.status, ("because",))


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "decide"},
        {"kind": "decide", "decision": NO_ANSWER},
        {"kind": "lapse", "decision": "watch"},
        {"kind": "decide", "decision": "decline_with_reason"},
        {"kind": "read", "decision": "act"},
        {"kind": "close"},
        {"kind": "vanish"},
        {"kind": "read", "at": datetime(2030, 7, 1)},
        {"kind": "read", "at": datetime(2030, 7, 1, tzinfo=timezone(timedelta(hours=2)))},
        {"kind": "read", "by": " "},
    ],
)
def test_events_that_say_too_little_or_too_much_do_not_exist(said: dict[str, object]) -> None:
    """A decline has a reason, only the clock gives no answer, every instant is UTC."""
    with pytest.raises(InputValueError):
        AlertEvent(**({"alert_id": ALERT, "by": "desk-1", "at": NOW} | said))  # type: ignore[arg-type]


def test_parts_of_an_alert_refuse_to_be_wrong() -> None:
    """Bands are bands, evidence rests on something, and not asking the State has a reason."""
    for low, high in ((0.5, 0.5), (0.6, 0.5), (-0.1, 0.2), (float("nan"), 0.2)):
        with pytest.raises(InputValueError):
            Likelihood("likely", low, high, "deaths", "Ombra", 6)
    with pytest.raises(InputValueError):
        EvidenceLine("Five incidents.")
    with pytest.raises(InputValueError):
        RightOfComment(asked=False)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(EVENT_KINDS),
            st.sampled_from(["analyst-1", "reviewer-1", "desk-1", "clock"]),
            st.integers(-1, 30),
            st.integers(1, 3),
            st.sampled_from([d for d in DECISIONS if d != NO_ANSWER]),
        ),
        max_size=30,
    )
)
def test_no_list_of_events_breaks_the_rules(steps: list[tuple[str, str, int, int, str]]) -> None:
    """Whatever is tried, a life that replays was reviewed before issue by no author, and closed only on a decision;
    replaying twice gives one state, and instants never run backwards."""
    events: tuple[AlertEvent, ...] = (event("draft", "analyst-1"),)
    state: AlertState = replay(AUTHORS, events)
    hours = 0
    for kind, by, more, version, decision in steps:
        said: dict[str, object] = {"version": version, "second": "reviewer-1" if kind == "update" else ""}
        if kind == "decide":
            said |= {"decision": decision, "note": "because"}
        step = event(kind, by, hours + more, **said)
        try:
            state = replay(AUTHORS, (*events, step))
        except ForewarnError:
            continue
        events, hours = (*events, step), hours + more
    kinds = [one.kind for one in events]
    assert replay(AUTHORS, events) == state
    assert [one.at for one in events] == sorted(one.at for one in events)
    assert all(one.by != "analyst-1" for one in events if one.kind == "review")
    if "issue" in kinds:
        assert "review" in kinds[: kinds.index("issue")]
    if "close" in kinds:
        last_asked = max(i for i, kind in enumerate(kinds) if kind in ("issue", "update"))
        assert {"decide", "lapse"} & set(kinds[last_asked:])
