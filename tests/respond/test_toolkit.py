"""The national toolkit: answers side by side, gaps apart from what nobody assessed, and never a score."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forewarn.errors import ConfigurationError, InputValueError
from forewarn.model.toolkit import SelfAnswer, SelfAssessment
from forewarn.respond.toolkit import gap_report, report_html, report_lines
from forewarn.taxonomy.toolkits import parse_toolkit, shipped_toolkits

NOW = datetime(2030, 7, 1, tzinfo=UTC)
TOOLKIT = shipped_toolkits()["national-protection"]
BEGUN = SelfAssessment(TOOLKIT.id, TOOLKIT.version, TOOLKIT.digest, "XAA", "desk", NOW)


def said(question: str, answer: str, by: str = "desk", minute: int = 0, **more: str) -> SelfAnswer:
    """An answer."""
    return SelfAnswer(BEGUN.assessment_id, question, answer, by, NOW + timedelta(minutes=minute), **more)


def test_every_matter_is_asked_about() -> None:
    """Protection, law, arms, security sector, 1325, health care under 2286, fairness; each question with its basis."""
    assert {"framework", "law", "arms", "security", "women", "health", "fairness"} == {s.id for s in TOOLKIT.sections}
    assert all(one.ask.endswith("?") and one.basis and one.look_for for one in TOOLKIT.questions.values())


def test_quotations_stand_in_their_files(shared_data: Path) -> None:
    """Each is found in the mission statement it names."""
    quoted = [section for toolkit in shipped_toolkits().values() for section in toolkit.sections if section.words]
    assert quoted
    for section in quoted:
        text = (shared_data / "un" / "statements" / section.file).read_text(encoding="utf-8")
        assert section.words in " ".join(text.split()), section.words


def test_gaps_stand_apart_from_what_nobody_assessed() -> None:
    """The last answer of each person stands; people who differ are shown side by side; taking back un-assesses."""
    answers = [
        said("F1", "no", minute=0),
        said("F1", "yes", minute=1, evidence="the law"),
        said("F2", "yes", evidence="the law"),
        said("F2", "no", "civil society", 2),
        said("F3", "partly", evidence="a decree"),
        said("F4", "no", minute=3),
        said("F4", "not_assessed", minute=4),
    ]
    report = gap_report(TOOLKIT, BEGUN, answers)
    views = {view.question.id: view for section in report.sections for view in section.questions}
    assert [views[name].state for name in ("F1", "F2", "F3", "F4")] == [
        "yes",
        "answers_differ",
        "partly",
        "not_assessed",
    ]
    assert report.gaps == ("F2", "F3")
    assert "F4" in report.not_assessed
    assert len(views["F2"].answers) == 2
    assert not report.has_changed
    assert gap_report(TOOLKIT, replace(BEGUN, digest="other"), []).has_changed


def test_no_report_scores_a_state() -> None:
    """Neither form holds a share, a sum or a rank, with nothing answered or with all."""
    for answers in ([], [said(name, "yes", evidence="x") for name in TOOLKIT.questions]):
        report = gap_report(TOOLKIT, BEGUN, answers)
        for text in ("\n".join(report_lines(report)), report_html(report)):
            assert "rates nobody" in text
            assert not re.search(
                r"%|per cent|\bscored?\b|\branking\b|\bgrade\b|\b\d+ (?:of|out of) \d+", text.casefold()
            )


def test_what_people_write_is_never_markup() -> None:
    """Answers and names are escaped; the page has no script and asks nobody for anything."""
    answers = [said("F1", "no", "<b>desk</b>", note="<script>alert(1)</script>")]
    page = report_html(gap_report(TOOLKIT, BEGUN, answers))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(?:src|href)=", page)


def test_an_answer_rests_on_something() -> None:
    """Yes and partly name evidence; what does not apply says why."""
    for answer in ("yes", "partly", "does_not_apply", "maybe"):
        with pytest.raises(InputValueError):
            said("F1", answer)


@pytest.mark.parametrize(
    "text",
    [
        "id: a-b\nversion: '1'\ntitle: T\npurpose: P\nsections: []\n",
        "id: A B\nversion: '1'\ntitle: T\npurpose: P\nsections: []\n",
        "id: a-b\nversion: '1'\ntitle: T\npurpose: P\nweights: 3\nsections: []\n",
        "id: a-b\nversion: '1'\ntitle: T\npurpose: P\nsections:\n- id: s-s\n  title: T\n  questions:\n"
        "  - {id: Q1, ask: a?, look_for: l, basis: b}\n  - {id: Q1, ask: a?, look_for: l, basis: b}\n",
    ],
    ids=["no question", "a bad id", "weights", "an id twice"],
)
def test_a_malformed_checklist_is_refused_whole(text: str) -> None:
    """With its file and place; weights have no place in one."""
    with pytest.raises(ConfigurationError, match=re.escape("own.yaml")):
        parse_toolkit(text.encode(), "own.yaml")
