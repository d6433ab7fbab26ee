"""Grades are entered blind of each other; sources, quarantine and rulings change counts and are undone exactly."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from forewarn.errors import InputValueError, RuleError, SeparationError, UsageError
from forewarn.operations import review, sources
from forewarn.operations.grading import HIDDEN, GradeEntry, grade, grading_sheet
from forewarn.operations.show import show
from forewarn.operations.workspace import Workspace
from forewarn.store import reading, schema

UNSEEN = "the reason nobody else may see"


def _claim(workspace: Workspace) -> tuple[str, str]:
    """A claim of an incident of several origins, and its source."""
    with workspace.database.reading() as connection:
        query = (
            select(schema.claims.c.claim_id, schema.reports.c.source_id)
            .join(schema.reports, schema.reports.c.report_id == schema.claims.c.report_id)
            .join(schema.incident_claims, schema.incident_claims.c.claim_id == schema.claims.c.claim_id)
            .join(schema.incidents, schema.incidents.c.incident_id == schema.incident_claims.c.incident_id)
            .where(schema.incidents.c.independent_origins >= 2)
            .order_by(schema.claims.c.claim_id)
        )
        return tuple(connection.execute(query.limit(1)).one())


def _incidents(workspace: Workspace) -> list[dict[str, object]]:
    with workspace.database.reading() as connection:
        return reading.read_incidents(connection).to_dicts()


def _later(workspace: Workspace, seconds: int) -> Workspace:
    return replace(workspace, now=workspace.now + timedelta(seconds=seconds))


def test_nobody_is_shown_a_grade_before_entering_their_own(exercise: Workspace) -> None:
    """Not the source's reliability, not the other's credibility, not the reasons; all of it afterwards."""
    claim, source = _claim(exercise)
    grade(exercise, source, GradeEntry("B", UNSEEN), by="Ann")
    grade(exercise, claim, GradeEntry("4", UNSEEN), by="Ben")
    before = grading_sheet(exercise, claim, by="Cleo")
    assert before.grades == ()
    assert before.graded_by == 1
    shown = show(exercise, claim, by="Cleo").grades
    assert {row["value"] for row in shown} == {HIDDEN}
    assert UNSEEN not in str(asdict(before)) + str(shown)
    assert UNSEEN not in str(asdict(sources.show_source(exercise, source, by="Cleo")))
    made = grade(exercise, claim, GradeEntry("2", "two accounts agree", basis="corroboration"), by="Cleo")
    assert made.grade.entered == "blind"
    assert {(row["axis"], row["author"], row["value"]) for row in made.shown} == {
        ("reliability", "Ann", "B"),
        ("credibility", "Ben", "4"),
        ("credibility", "Cleo", "2"),
    }
    assert grading_sheet(exercise, claim, by="Cleo").grades == made.shown


def test_the_sheet_of_a_claim_does_not_say_who_told_it(exercise: Workspace) -> None:
    """Neither the source nor its id is on it; a suggestion is labelled as no grade."""
    claim, source = _claim(exercise)
    sheet = grading_sheet(exercise, claim, by="Cleo")
    assert source not in str(asdict(sheet))
    assert "not a grade" in sheet.suggestion.label


def test_whoever_asked_to_see_the_grades_gives_no_first_grade_there(exercise: Workspace) -> None:
    """On the claim, or on its source; under another spelling of the name too. A later grade of one's own is marked."""
    claim, source = _claim(exercise)
    grade(exercise, source, GradeEntry("B", "known methods"), by="Ann")
    grade(exercise, claim, GradeEntry("4", "vague"), by="Ben")
    sources.show_source(exercise, source, by="Dora", grades=True)
    show(exercise, claim, by="Emil", grades=True)
    for person in ("Dora", "emil "):
        with pytest.raises(SeparationError, match="has been shown"):
            grade(exercise, claim, GradeEntry("1", "sure"), by=person)
    assert grade(_later(exercise, 5), claim, GradeEntry("3", "on reflection"), by="Ben").grade.entered == "revised"
    assert grade(exercise, claim, GradeEntry("3", "plausible"), by="Ann").grade.entered == "own_source"


def test_review_grades_through_the_same_door(exercise: Workspace) -> None:
    """``review grade`` is blind as well."""
    claim, _ = _claim(exercise)
    review.grade(exercise, claim, "4", by="Ben", why="vague")
    show(exercise, claim, by="Emil", grades=True)
    with pytest.raises(SeparationError):
        review.grade(exercise, claim, "1", by="Emil", why="sure")


def test_a_source_keeps_the_history_of_its_grades_with_dates_and_basis(exercise: Workspace) -> None:
    """Re-graded, with the day from which the new grade holds; that day cannot lie ahead; suggestions set nothing."""
    _, source = _claim(exercise)
    assert sources.show_source(exercise, source, by="Ann").reliability["value"] == "F"
    grade(exercise, source, GradeEntry("B", "publishes its methods", "methods_published"), by="Ann")
    since = GradeEntry("D", "changed hands", "interest_in_the_matter", date(2020, 3, 1))
    grade(_later(exercise, 60), source, since, by="Ann")
    shown = sources.show_source(exercise, source, by="Ann")
    assert shown.reliability["value"] == "D"
    assert [(row["value"], row["basis"], row["holds_from"]) for row in shown.history] == [
        ("B", "methods_published", ""),
        ("D", "interest_in_the_matter", "2020-03-01"),
    ]
    assert "not a grade" in shown.proposal.label
    with pytest.raises(InputValueError, match="ahead"):
        grade(exercise, source, GradeEntry("C", "later", holds_from=date(2999, 1, 1)), by="Ann")


def test_quarantine_changes_counts_visibly_and_release_restores_them(exercise: Workspace) -> None:
    """An incident says how many of its claims are kept out; with the release every figure is as it was.

    What is released or ruled on here is sensitive: one person proposes, another says the same, and only then it holds.
    """
    claim, _ = _claim(exercise)
    before = _incidents(exercise)
    made = sources.quarantine(exercise, claim, "known_hoax", by="Ann", why="the picture is from another war")
    assert made.incidents_with_quarantine == 1
    incident = next(row for row in _incidents(exercise) if row["in_quarantine"])
    shown = show(exercise, str(incident["incident_id"]))
    assert [(one["claim_id"], one["reason"]) for one in shown.kept_out] == [(claim, "the picture is from another war")]
    assert claim in {one["claim_id"] for one in shown.claims}
    with pytest.raises(RuleError, match="already"):
        sources.quarantine(exercise, claim, "known_hoax", by="Ann", why="again")
    for by in ("Ben", "Cem"):
        sources.release(_later(exercise, 5), claim, by=by, why="the picture is genuine")
    assert _incidents(exercise) == before
    with pytest.raises(RuleError, match="not in quarantine"):
        sources.release(exercise, claim, by="Ben", why="again")


def test_a_deceptive_source_is_kept_out_with_all_its_claims(exercise: Workspace) -> None:
    """No incident counts any of them, the list says why, and the release restores everything."""
    _, source = _claim(exercise)
    before = _incidents(exercise)
    sources.quarantine(exercise, source, "deceptive_source", by="Ann", why="a made-up agency")
    line = next(one for one in sources.list_sources(exercise, by="Ann") if one.source_id == source)
    assert line.quarantine == "deceptive_source: a made-up agency"
    assert sum(int(str(row["claims"])) for row in _incidents(exercise)) < sum(int(str(r["claims"])) for r in before)
    for by in ("Ben", "Cem"):
        sources.release(_later(exercise, 5), source, by=by, why="mistaken for another")
    assert _incidents(exercise) == before
    assert len(sources.show_source(exercise, source, by="Ann").quarantines) == 2


def test_a_ruling_on_origins_changes_the_count_and_is_taken_back_exactly(exercise: Workspace) -> None:
    """All origins of an incident ruled dependent leave one; with the rulings withdrawn the count is as it was."""
    claim, _ = _claim(exercise)
    before = _incidents(exercise)
    incident = show(exercise, claim).claims[0]["claim_id"]
    with exercise.database.reading() as connection:
        members = reading.incident_members(connection)
    of_it = members.filter(members["claim_id"] == incident)["incident_id"][0]
    counted = [row["claim_id"] for row in sources.show_origins(exercise, of_it).trace if row["counted"]]
    rulings = [
        sources.rule_origins(_later(exercise, n), counted[0], other, "dependent", by=by, why="one witness told both")
        for n, other in enumerate(counted[1:])
        if other != counted[0]
        for by in ("Ann", "Ben")
    ][::2]
    after = sources.show_origins(exercise, of_it)
    assert after.independent_origins < len(counted)
    assert any(row["strength"] == "ruled" and row["author"] == "Ann" for row in after.dependences)
    for n, made in enumerate(rulings):
        for by in ("Ann", "Ben"):
            sources.withdraw_ruling(_later(exercise, 100 + n), made.id, by=by, why="two witnesses after all")
    assert _incidents(exercise) == before
    with pytest.raises(UsageError, match="one claim"):
        sources.rule_origins(exercise, claim, claim, "dependent", by="Ann", why="slip")


def test_the_list_of_sources_is_by_name_and_without_grades(exercise: Workspace) -> None:
    """It ranks nobody; reliability is there only on request."""
    _, source = _claim(exercise)
    grade(exercise, source, GradeEntry("B", "known methods"), by="Ann")
    plain = sources.list_sources(exercise, by="")
    assert {one.reliability for one in plain} == {""}
    assert [one.name for one in plain] == sorted(one.name for one in plain)
    asked = sources.list_sources(exercise, by="Ann", grades=True)
    assert {one.reliability for one in asked if one.source_id == source} == {"B"}
