"""Decisions: kept only if the rules allow them, and the state is what their replay gives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from sqlalchemy import Connection

from forewarn.errors import InputValueError, LifecycleError, SeparationError, StoreError, UnknownNameError
from forewarn.ids import content_id
from forewarn.model.alert import Alert, EvidenceLine
from forewarn.model.alert_life import NO_ANSWER, AlertEvent
from forewarn.model.incident import Grade, Judgement, JudgementKind
from forewarn.store import Database, schema
from forewarn.store import decisions as d
from forewarn.testing import complete_alert

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ALERT = content_id("alr", "x")
CLAIMS = sorted(content_id("clm", str(n)) for n in range(2))


def alert(version: int = 1, author: str = "analyst", addressee: str = "desk officer") -> Alert:
    """A complete alert."""
    claims = (EvidenceLine("said", tuple(CLAIMS), independent_origins=2),)
    deadline = NOW + timedelta(days=3)
    return complete_alert(
        alert_id=ALERT, version=version, evidence_for=claims, addressee=addressee, decision_needed_by=deadline,
        valid_until=date(2026, 6, 1), authors=(author,), fictional=False,
    )  # fmt: skip


def event(kind: str, by: str, hours: int = 0, **more: str | int) -> AlertEvent:
    """A step of the alert's life."""
    return AlertEvent(ALERT, kind, by, NOW + timedelta(hours=hours), **more)  # type: ignore[arg-type]


@pytest.fixture
def drafted(database: Database) -> Database:
    """A store with one drafted alert."""
    with database.writing() as connection:
        d.add_alert_version(connection, alert(), written_at="2026-01-02T00:00:00Z")
        d.append_alert_event(connection, event("draft", "analyst"))
    return database


@pytest.fixture
def issued(drafted: Database) -> Database:
    """A store with one issued alert, its answer needed within 72 hours."""
    with drafted.writing() as connection:
        d.append_alert_event(connection, event("review", "reviewer", 1))
        d.append_alert_event(connection, event("issue", "analyst", 2))
    return drafted


def test_an_alert_reads_back_as_written(drafted: Database) -> None:
    """Nothing of an alert's content is lost in the store."""
    with drafted.reading() as connection:
        assert d.read_alert(connection, ALERT) == alert()
        assert d.alert_ids(connection) == [ALERT]
        assert d.alert_state(connection, ALERT).status == "draft"


def test_a_full_life_is_kept_in_order(drafted: Database) -> None:
    """Draft to after-action, each step by whom it needs."""
    steps = [
        event("review", "reviewer", 1),
        event("issue", "analyst", 2),
        event("read", "desk", 3),
        event("decide", "desk", 4, decision="act", note="send an envoy"),
        event("act", "desk", 5, note="envoy sent"),
        event("close", "analyst", 6, note="risk fell"),
        event("after_action", "analyst", 7, outcome="prevented_or_unknown"),
    ]
    for step in steps:
        with drafted.writing() as connection:
            state = d.append_alert_event(connection, step)
    assert state.status == "after_action"
    with drafted.reading() as connection:
        assert d.alert_events(connection, ALERT)[1:] == tuple(steps)


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (("review", "analyst"), SeparationError),
        (("review", "ANALYST"), SeparationError),
        (("review", " analyst "), SeparationError),
        (("review", "ana\u200blyst"), SeparationError),
        (("review", "clock"), SeparationError),
        (("review", "Clock "), SeparationError),
        (("issue", "analyst"), LifecycleError),
        (("close", "analyst"), LifecycleError),
    ],
)
def test_the_store_refuses_what_the_rules_forbid(
    drafted: Database, step: tuple[str, str], error: type[Exception]
) -> None:
    """No caller can skip review, review their own, or close without a decision: the store itself refuses."""
    with pytest.raises(error), drafted.writing() as connection:
        d.append_alert_event(connection, event(*step, hours=1, note="n"))
    with drafted.reading() as connection:
        assert len(d.alert_events(connection, ALERT)) == 1


STRAIGHT = [
    (event("lapse", "clock", 72, decision=NO_ANSWER), LifecycleError, "has not passed"),
    (event("lapse", "desk", 73, decision=NO_ANSWER), SeparationError, "only the clock"),
    (event("read", "clock", 3), SeparationError, "no person"),
    (event("read", "desk", 3, version=2), LifecycleError, "concerns version 2, not 1"),
    (event("decide", "desk", 3, decision="watch"), LifecycleError, "may not follow"),
    (event("cancel", "desk", 3, note="inconvenient"), SeparationError, "comment instead"),
    (event("update", "analyst", 3, version=2, second="reviewer"), LifecycleError, "newest written is 1"),
]


@pytest.mark.parametrize(("step", "error", "says"), STRAIGHT, ids=[f"{s.kind} by {s.by}" for s, _, _ in STRAIGHT])
def test_events_written_straight_to_the_store_are_checked_too(
    issued: Database, step: AlertEvent, error: type[Exception], says: str
) -> None:
    """Whoever goes round the rooms meets the same rules, and nothing of a refused step is kept."""
    with pytest.raises(error, match=says), issued.writing() as connection:
        d.append_alert_event(connection, step)
    with issued.reading() as connection:
        assert len(d.alert_events(connection, ALERT)) == 3


def test_the_clock_lapses_once_the_deadline_has_passed(issued: Database) -> None:
    """After it, silence is recorded; and no act rests on it."""
    with issued.writing() as connection:
        lapsed = d.append_alert_event(connection, event("lapse", "clock", 73, decision=NO_ANSWER))
    assert lapsed.decision == NO_ANSWER
    with pytest.raises(LifecycleError, match="may not follow"), issued.writing() as connection:
        d.append_alert_event(connection, event("act", "desk", 74, note="went ahead"))


def test_a_stale_version_is_refused(drafted: Database) -> None:
    """Once a new version is written, nobody reviews the old one, not even before the new one's event is there."""
    with drafted.writing() as connection:
        d.add_alert_version(connection, alert(version=2), written_at="2026-01-02T01:00:00Z")
    with pytest.raises(LifecycleError, match="newest written is 2"), drafted.writing() as connection:
        d.append_alert_event(connection, event("review", "reviewer", 1))
    with drafted.writing() as connection:
        d.append_alert_event(connection, event("revise", "analyst", 1, version=2))
    with pytest.raises(LifecycleError, match="concerns version 1, not 2"), drafted.writing() as connection:
        d.append_alert_event(connection, event("review", "reviewer", 2))
    with drafted.writing() as connection:
        assert d.append_alert_event(connection, event("review", "reviewer", 2, version=2)).status == "reviewed"


def test_a_reviewer_cannot_become_an_author(issued: Database) -> None:
    """Such a version is refused as it is written, so that the life so far can always be replayed."""
    with pytest.raises(SeparationError), issued.writing() as connection:
        d.add_alert_version(connection, alert(version=2, author="Reviewer"), written_at="2026-01-02T03:00:00Z")
    with issued.reading() as connection:
        assert d.alert_state(connection, ALERT).status == "issued"


def test_an_update_with_empty_fields_is_refused(issued: Database) -> None:
    """An update goes out reviewed, so it is as complete as what was first issued."""
    with issued.writing() as connection:
        d.add_alert_version(connection, alert(version=2, addressee=" "), written_at="2026-01-02T03:00:00Z")
    with pytest.raises(LifecycleError, match="addressee"), issued.writing() as connection:
        d.append_alert_event(connection, event("update", "analyst", 3, version=2, second="reviewer"))


def test_an_incomplete_alert_cannot_be_reviewed(database: Database) -> None:
    """Empty fields are named, and review waits for them."""
    with database.writing() as connection:
        d.add_alert_version(connection, alert(addressee=""), written_at="2026-01-02T00:00:00Z")
        d.append_alert_event(connection, event("draft", "analyst"))
    with pytest.raises(LifecycleError, match="addressee"), database.writing() as connection:
        d.append_alert_event(connection, event("review", "reviewer", 1))


def test_whoever_wrote_any_version_cannot_review(drafted: Database) -> None:
    """Handing the pen on does not make the first author a reviewer."""
    with drafted.writing() as connection:
        d.add_alert_version(connection, alert(version=2, author="second"), written_at="2026-01-02T01:00:00Z")
        d.append_alert_event(connection, event("revise", "second", 1, version=2))
    for writer in ("analyst", "Second"):
        with pytest.raises(SeparationError), drafted.writing() as connection:
            d.append_alert_event(connection, event("review", writer, 2, version=2))
    with drafted.reading() as connection:
        assert d.alert_state(connection, ALERT).writers.count("second") == 2


def test_versions_are_counted_without_gaps(drafted: Database) -> None:
    """Two people writing the next version at once cannot both succeed."""
    for version in (1, 3):
        with pytest.raises(LifecycleError), drafted.writing() as connection:
            d.add_alert_version(connection, alert(version=version), written_at="2026-01-02T00:00:00Z")


def _raw(connection: Connection, position: int, kind: str, by: str, **said: str | int) -> None:
    """A step written by a program that knows nothing of the rules."""
    row = {
        "event_id": content_id("evt", kind, by, str(position), str(said)),
        "alert_id": ALERT,
        "position": position,
        "kind": kind,
        "by": by,
        "at": "2026-01-02T05:00:00Z",
        "version": 1,
        **dict.fromkeys(("note", "decision", "second", "outcome"), ""),
    }
    connection.execute(schema.alert_events.insert(), row | said)


RAW: list[tuple[int, str, str, dict[str, str | int], str]] = [
    (4, "close", "analyst", {"note": "done"}, "may not follow"),
    (4, "decide", "desk", {"decision": "watch"}, "before it was read"),
    (4, "act", "desk", {"note": "went ahead"}, "may not follow"),
    (4, "lapse", "desk", {"decision": NO_ANSWER}, "only the clock"),
    (4, "lapse", "clock", {"decision": NO_ANSWER}, "deadline has not passed"),
    (4, "read", "Clock ", {}, "only the clock"),
    (4, "read", "desk", {"version": 2}, "another version"),
    (4, "read", "desk", {"at": "2026-01-01T00:00:00Z"}, "before the one it follows"),
    (3, "read", "desk", {}, "not the next"),
    (9, "read", "desk", {}, "not the next"),
    (4, "draft", "analyst", {}, "begins with its draft"),
    (4, "cancel", "analyst", {}, "needs its reason"),
]


@pytest.mark.parametrize(("position", "kind", "by", "said", "why"), RAW, ids=[f"{r[1]}: {r[4]}" for r in RAW])
def test_the_database_itself_refuses_a_step_that_may_not_follow(
    issued: Database, position: int, kind: str, by: str, said: dict[str, str | int], why: str
) -> None:
    """A row inserted without the program meets the order, the clock, the versions and the reasons all the same."""
    with pytest.raises(StoreError, match=why), issued.writing() as connection:
        _raw(connection, position, kind, by, **said)
    with issued.writing() as connection:
        _raw(connection, 4, "read", "desk")
        _raw(connection, 5, "decide", "desk", decision="watch")
    with issued.reading() as connection:
        assert d.alert_state(connection, ALERT).status == "decision_recorded"


def test_the_database_itself_keeps_writing_and_review_apart(drafted: Database) -> None:
    """Not even a row inserted by hand skips review, reviews its own, or reviews what is not complete."""
    for kind, by, why in (("issue", "analyst", "may not follow"), ("review", " ANALYST", "cannot review")):
        with pytest.raises(StoreError, match=why), drafted.writing() as connection:
            _raw(connection, 2, kind, by)
    with drafted.writing() as connection:
        d.add_alert_version(connection, alert(version=2, addressee=" "), written_at="2026-01-02T01:00:00Z")
        d.append_alert_event(connection, event("revise", "analyst", 1, version=2))
    with pytest.raises(StoreError, match="still empty"), drafted.writing() as connection:
        _raw(connection, 3, "review", "reviewer", version=2)
    body = {"unit": "XKA", "level": "W1", "body": "{}", "written_at": "x"}
    with pytest.raises(StoreError, match="counted on"), drafted.writing() as connection:
        connection.execute(schema.alerts.insert(), {"alert_id": ALERT, "version": 7, **body})


def test_an_update_inserted_by_hand_needs_a_second_person(issued: Database) -> None:
    """Nobody, an author, and whoever updates are no reviewer."""
    with issued.writing() as connection:
        d.add_alert_version(connection, alert(version=2), written_at="2026-01-02T03:00:00Z")
    for second in ("", "Analyst", "ghost"):
        with pytest.raises(StoreError, match="cannot review"), issued.writing() as connection:
            _raw(connection, 4, "update", "ghost", version=2, second=second)
    with issued.writing() as connection:
        _raw(connection, 4, "update", "analyst", version=2, second="reviewer")


def test_an_unknown_alert_is_named_as_such(database: Database) -> None:
    """Asking for what is not there says where to look."""
    with pytest.raises(UnknownNameError, match="alert list"), database.reading() as connection:
        d.read_alert(connection, ALERT)


def test_a_judgement_is_kept_once_and_in_order(database: Database) -> None:
    """Judgements are never lost and never doubled."""
    first = Judgement(*CLAIMS, "same", JudgementKind.MACHINE, "rule", NOW, "alike", 0.9)
    second = Judgement(*CLAIMS, "different", JudgementKind.HUMAN, "analyst", NOW, "two villages")
    with database.writing() as connection:
        assert d.add_judgements(connection, [first, second]) == 2
        assert d.add_judgements(connection, [second, first]) == 0
        frame = d.read_judgements(connection)
    assert frame["judgement_id"].to_list() == [first.judgement_id, second.judgement_id]
    assert frame["score"].to_list() == [0.9, None]


def test_judgements_of_a_rule_are_kept_as_if_one_by_one(database: Database) -> None:
    """A frame of them becomes the rows, ids among them, that the same judgements make; one that is none is refused
    in the words of a single one, and nothing of the frame is kept."""
    pairs = [sorted((content_id("clm", str(n)), content_id("clm", str(n + 1)))) for n in range(3)]
    reasons = ["same day", 'a "quoted" word\n\u00e9', "\x01"]
    single = [
        Judgement(left, right, "same", JudgementKind.MACHINE, "a rule", NOW, why, 0.5)
        for (left, right), why in zip(pairs, reasons, strict=True)
    ]
    names = ("left", "right", "verdict", "score", "reason")
    frame = pl.DataFrame([[getattr(one, name) for name in names] for one in single], schema=names, orient="row")
    turned = pl.concat([frame, frame.rename({"left": "right", "right": "left"}).select(names)])
    with pytest.raises(InputValueError, match="left must sort before right"), database.writing() as connection:
        d.add_machine_judgements(connection, turned, author="a rule", decided_at=NOW)
    with database.writing() as connection:
        assert d.read_judgements(connection).is_empty()
        assert d.add_machine_judgements(connection, frame, author="a rule", decided_at=NOW) == 3
        assert d.add_judgements(connection, single) == 0
        kept = d.read_judgements(connection)
    assert kept["judgement_id"].to_list() == [one.judgement_id for one in single]
    assert kept.select(names).equals(frame)
    assert set(kept.select("kind", "author", "decided_at", "withdraws").rows()) == {
        ("machine", "a rule", "2026-01-02T00:00:00Z", "")
    }


def test_grades_are_kept_with_their_reason(database: Database) -> None:
    """Every grade ever given stays readable."""
    with database.writing() as connection:
        d.add_grade(connection, Grade(CLAIMS[0], "credibility", "3", "analyst", NOW, "plausible"))
        frame = d.read_grades(connection)
    assert frame["value"].to_list() == ["3"]
