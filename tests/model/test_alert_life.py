"""The life of an alert as its events tell it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import ForewarnError, InputValueError, LifecycleError, SeparationError
from forewarn.ids import content_id
from forewarn.model.alert_life import (
    CLOCK,
    DECISIONS,
    EVENT_KINDS,
    NO_ANSWER,
    OUTCOMES,
    AlertEvent,
    AlertState,
    replay,
    same_person,
)
from forewarn.taxonomy import alert_schema

ALERT = content_id("alr", "one")
NOW = datetime(2030, 7, 1, 8, tzinfo=UTC)
AUTHORS = ("analyst-1",)
WHO = {"review": "reviewer-1", "lapse": CLOCK, "read": "desk-1", "decide": "desk-1", "act": "desk-1"}
SAID: dict[str, dict[str, str]] = {
    **{kind: {"note": "because"} for kind in ("act", "cancel", "close", "comment")},
    "decide": {"decision": "watch"},
    "lapse": {"decision": NO_ANSWER},
    "after_action": {"outcome": "hit"},
    "update": {"second": "reviewer-1"},
}
WHOLE = ("draft", "review", "issue", "read", "decide", "act", "close", "after_action")
ISSUED = WHOLE[:3]
DECIDED = WHOLE[:5]
LAPSED = (*ISSUED, "lapse")


def event(kind: str, by: str | None = None, hours: int = 0, **said: Any) -> AlertEvent:
    """An event of the alert, so many hours in, by whom it takes unless said otherwise."""
    return AlertEvent(
        ALERT, kind, by or WHO.get(kind, "analyst-1"), NOW + timedelta(hours=hours), **(SAID.get(kind, {}) | said)
    )


def life(*kinds: str) -> tuple[AlertEvent, ...]:
    """A life of those kinds, one an hour; each revision or update brings the next version."""
    found: list[AlertEvent] = []
    version = 1
    for hours, kind in enumerate(kinds):
        version += kind in ("revise", "update")
        found.append(event(kind, hours=hours, version=version))
    return tuple(found)


def after(kinds: tuple[str, ...], step: AlertEvent, authors: tuple[str, ...] = AUTHORS) -> AlertState:
    """The state once the step follows those kinds."""
    return replay(authors, (*life(*kinds), step))


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
        (("draft", "review", "revise"), "issue"),
        (ISSUED, "decide"),
        (ISSUED, "close"),
        ((*ISSUED, "read"), "close"),
        ((*ISSUED, "read"), "act"),
        (("draft", "cancel"), "review"),
        (WHOLE, "update"),
    ],
)
def test_a_step_that_may_not_follow_is_refused(kinds: tuple[str, ...], refused: str) -> None:
    """No issue unreviewed, no decision unread, no closing undecided; the message says what is possible."""
    with pytest.raises(LifecycleError, match="possible"):
        replay(AUTHORS, life(*kinds, refused))


def test_the_draft_is_by_an_author() -> None:
    """Nobody drafts from the shadows, nobody is the clock, and the first version is version 1."""
    for by in ("desk-1", "analyst-2"):
        with pytest.raises(SeparationError, match="only an author drafts"):
            replay(AUTHORS, (event("draft", by),))
    with pytest.raises(SeparationError, match="no person"):
        replay((CLOCK,), (event("draft", CLOCK),))
    with pytest.raises(SeparationError, match="no person"):
        replay((*AUTHORS, "Clock"), (event("draft"),))
    with pytest.raises(LifecycleError, match="version 1"):
        replay(AUTHORS, (event("draft", version=2),))
    assert replay(AUTHORS, (event("draft", "Analyst-1"),)).status == "draft"


SAME = ["analyst-1", "Analyst-1", " analyst-1 ", "analyst-1\u00a0", "\uff41nalyst-1", "analyst\u200b-1", "analyst -1"]


@pytest.mark.parametrize("name", SAME)
def test_no_author_reviews_however_the_name_is_written(name: str) -> None:
    """Capitals, spaces, look-alike forms and unseen characters make no other person, in review or as second."""
    with pytest.raises(SeparationError, match="cannot review"):
        after(("draft",), event("review", name, 1))
    with pytest.raises(SeparationError, match="wrote none of it"):
        after(ISSUED, event("update", hours=9, version=2, second=name))


@given(
    st.text(max_size=20),
    st.sampled_from([str.casefold, lambda n: f"  {n}\t", "\u200b".join, lambda n: unicodedata.normalize("NFKC", n)]),
)
def test_a_person_stays_the_same_however_written(name: str, written: Callable[[str], str]) -> None:
    """Case, spacing and composition make no other person of any text; another letter does."""
    assert same_person(name, written(name))
    assert same_person(written(name), name)
    assert not same_person(f"{name}1", f"{name}2")


def test_whoever_wrote_any_version_cannot_review() -> None:
    """Not the author of another version, nor who revised or updated without being named an author."""
    assert replay(AUTHORS, life("draft")).writers == ("analyst-1", "analyst-1")
    with pytest.raises(SeparationError):
        after(("draft",), event("review", "analyst-2", 1), ("analyst-1", "analyst-2"))
    revised = (*life("draft"), event("revise", "ghost", 1, version=2))
    assert "ghost" in replay(AUTHORS, revised).writers
    with pytest.raises(SeparationError, match="cannot review"):
        replay(AUTHORS, (*revised, event("review", "Ghost", 2, version=2)))
    updated = (*life(*ISSUED), event("update", "ghost", 9, version=2))
    with pytest.raises(SeparationError, match="wrote none of it"):
        replay(AUTHORS, (*updated, event("update", "analyst-1", 10, version=3, second="GHOST")))


@pytest.mark.parametrize("second", ["", " ", "\u200b", "ghost", "analyst-1"])
def test_an_update_needs_a_second_person(second: str) -> None:
    """Nobody, the updater and an author are no reviewer of an update."""
    with pytest.raises(SeparationError, match="wrote none of it"):
        after(ISSUED, event("update", "ghost", 9, version=2, second=second))


def test_only_the_clock_says_that_nobody_answered() -> None:
    """No person lapses an alert, and the clock does nothing else, however its name is written."""
    assert after(ISSUED, event("lapse", hours=9)).decision == NO_ANSWER
    for by in ("desk-1", "analyst-1"):
        with pytest.raises(SeparationError, match="only the clock"):
            after(ISSUED, event("lapse", by, 9))
    others = [("draft", "review"), ("draft", "review", "issue"), (*ISSUED, "read"), (*ISSUED, "read", "decide")]
    others += [WHOLE[:6], WHOLE[:7], WHOLE, ("draft", "cancel"), ("draft", "comment"), ("draft", "revise")]
    for kinds in (*others, (*ISSUED, "update")):
        *before, last = life(*kinds)
        for name in (CLOCK, "Clock "):
            step = event(last.kind, name, 20, version=last.version)
            with pytest.raises(SeparationError, match="no person"):
                replay(AUTHORS, (*before, step))


def test_nothing_is_done_on_a_lapse() -> None:
    """Silence is no decision: no act rests on it, a late decision must be read first; then it may be acted on."""
    assert replay(AUTHORS, life(*LAPSED)).may() == ("close", "read", "update")
    for kind in ("act", "decide"):
        with pytest.raises(LifecycleError, match=f"'{kind}' may not follow '{NO_ANSWER}'"):
            after(LAPSED, event(kind, hours=9))
    with pytest.raises(LifecycleError, match=f"'act' may not follow '{NO_ANSWER}'"):
        after((*LAPSED, "read"), event("act", hours=9))
    assert replay(AUTHORS, life(*LAPSED, "read", "decide", "act")).status == "action_recorded"


@pytest.mark.parametrize("kind", sorted(set(EVENT_KINDS) - {"draft"}))
@pytest.mark.parametrize("version", [1, 3, 4])
def test_every_step_concerns_the_current_version(kind: str, version: int) -> None:
    """After an update to version 2, nothing speaks of version 1 or 4; a new version is 3 and only that."""
    brings = kind in ("revise", "update")
    if brings and version == 3:
        return
    with pytest.raises(LifecycleError, match=f"concerns version {version}, not {2 + brings}"):
        after((*ISSUED, "update"), event(kind, hours=9, version=version))


def test_only_an_author_or_the_reviewer_takes_back_what_was_issued() -> None:
    """The addressee and the State concerned may comment, not silence; before issue anybody may stop it."""
    for by in ("desk-1", "State concerned"):
        with pytest.raises(SeparationError, match="comment instead"):
            after(ISSUED, event("cancel", by, 9))
        assert after(("draft", "review"), event("cancel", by, 9)).status == "cancelled"
    for by in ("analyst-1", " REVIEWER-1"):
        assert after(ISSUED, event("cancel", by, 9)).status == "cancelled"


def test_an_update_asks_anew() -> None:
    """After an update the version is unread and undecided: neither deciding nor closing rests on what was before."""
    state = replay(AUTHORS, life(*DECIDED, "update"))
    assert (state.status, state.version, state.read_at) == ("updated", 2, None)
    for kind in ("decide", "close"):
        with pytest.raises(LifecycleError, match=f"'{kind}' may not follow 'updated'"):
            replay(AUTHORS, life(*DECIDED, "update", kind))
    assert replay(AUTHORS, life(*DECIDED, "update", "read", "decide", "close")).status == "closed"


def test_a_revision_asks_for_review_anew() -> None:
    """A reviewed draft that is revised is an unreviewed draft, and nobody has read it."""
    state = replay(AUTHORS, life("draft", "review", "revise"))
    assert (state.status, state.version, state.reviewer, state.read_at) == ("draft", 2, "", None)
    assert state.may() == ("cancel", "review", "revise")


def test_events_go_forward_and_belong_together() -> None:
    """An event before the one it follows, or of another alert, is refused; a life begins with a draft."""
    with pytest.raises(LifecycleError, match="before the one"):
        after(ISSUED, event("read", hours=0))
    other = AlertEvent(content_id("alr", "two"), "review", "reviewer-1", NOW)
    with pytest.raises(LifecycleError, match="another alert"):
        after(("draft",), other)
    for events in ((), life("review")):
        with pytest.raises(LifecycleError, match="begins with its draft"):
            replay(AUTHORS, events)


def test_a_comment_changes_no_status() -> None:
    """It is allowed at any time, to anybody, and kept."""
    for count in range(1, len(WHOLE) + 1):
        before = replay(AUTHORS, life(*WHOLE[:count]))
        commented = after(WHOLE[:count], event("comment", "State concerned", 20))
        assert (commented.status, commented.comments) == (before.status, ("because",))


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
        {"kind": "after_action"},
        {"kind": "after_action", "outcome": "success"},
        {"kind": "read", "outcome": "hit"},
        {"kind": "read", "at": datetime(2030, 7, 1)},
        {"kind": "read", "at": datetime(2030, 7, 1, tzinfo=timezone(timedelta(hours=2)))},
        {"kind": "read", "by": " "},
        {"kind": "read", "by": "\u200b"},
    ],
)
def test_events_that_say_too_little_or_too_much_do_not_exist(said: dict[str, Any]) -> None:
    """A decline has a reason, an outcome is a known one, only the clock gives no answer, every instant is UTC."""
    with pytest.raises(InputValueError):
        AlertEvent(**({"alert_id": ALERT, "by": "desk-1", "at": NOW} | said))


def test_coded_lists_are_those_of_the_taxonomy() -> None:
    """Decisions and outcomes are the ones ``alert.yaml`` lists."""
    assert set(DECISIONS) == set(alert_schema().decision_values)
    assert alert_schema().scoring_after == OUTCOMES


@given(
    st.lists(
        st.tuples(
            st.sampled_from(EVENT_KINDS),
            st.sampled_from(["analyst-1", "Analyst-1 ", "ghost", "reviewer-1", "desk-1", CLOCK]),
            st.integers(-1, 30),
            st.integers(-1, 1),
            st.sampled_from([d for d in DECISIONS if d != NO_ANSWER]),
        ),
        max_size=30,
    )
)
def test_no_list_of_events_breaks_the_rules(steps: list[tuple[str, str, int, int, str]]) -> None:
    """Whatever is tried, a life that replays was reviewed by nobody who had written any of it, was read before it
    was decided, was closed only on a decision, and lapsed only by the clock; replaying twice gives one state."""
    events: tuple[AlertEvent, ...] = (event("draft"),)
    state: AlertState = replay(AUTHORS, events)
    hours = 0
    for kind, by, more, slip, decision in steps:
        said: dict[str, Any] = {"version": max(1, state.version + (kind in ("revise", "update")) + slip)}
        if kind == "decide":
            said |= {"decision": decision, "note": "because"}
        step = event(kind, by, hours + more, **said)
        try:
            state = replay(AUTHORS, (*events, step))
        except ForewarnError:
            continue
        events, hours = (*events, step), hours + more
    assert replay(AUTHORS, events) == state
    assert [one.at for one in events] == sorted(one.at for one in events)
    assert all((one.by == CLOCK) == (one.kind == "lapse") for one in events)
    for position, one in enumerate(events[1:], start=1):
        _check_step(events[:position], one)


def _check_step(before: tuple[AlertEvent, ...], one: AlertEvent) -> None:
    """What must have come before a step, told from the events alone, without the replay."""
    bringing = [n for n, earlier in enumerate(before) if earlier.kind in ("draft", "revise", "update")]
    wrote = {"analyst-1"} | {before[n].by.strip().casefold() for n in bringing}
    since = before[bringing[-1] :]
    decisions = [earlier.decision for earlier in since if earlier.decision]
    kept = {
        "review": one.by.strip().casefold() not in wrote,
        "update": one.second not in wrote | {one.by.strip().casefold()},
        "issue": "review" in [earlier.kind for earlier in since],
        "decide": "read" in [earlier.kind for earlier in since],
        "act": bool(decisions) and decisions[-1] != NO_ANSWER,
        "close": bool(decisions),
    }
    assert kept.get(one.kind, True), one
    assert one.version == len(bringing) + (one.kind in ("revise", "update"))
