"""A checklist and the answers to it folded into a report of gaps: a pure function of the two.

Of each person the last answer to a question stands. A question is a gap where anybody's standing answer is ``no`` or
``partly``, and not assessed where nobody's stands; the two are never put together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from forewarn.model.toolkit import NOT_ASSESSED, SelfAnswer, SelfAssessment
from forewarn.taxonomy.toolkits import Question, Section, Toolkit

__all__ = ["GapReport", "QuestionView", "SectionView", "gap_report"]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question, where it stands, and the standing answer of each person, the latest last.

    ``state`` is the one answer, ``answers_differ`` where people's do, or ``not_assessed``.
    """

    question: Question
    state: str
    is_gap: bool
    answers: tuple[SelfAnswer, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section and its questions, in the order of the checklist."""

    section: Section
    questions: tuple[QuestionView, ...]


@dataclass(frozen=True, slots=True)
class GapReport:
    """The report.

    Attributes:
        assessment_id, assessment: what it reports on.
        title, purpose: of the checklist.
        sections: all of it.
        gaps: ids of the questions somebody answered ``no`` or ``partly``.
        not_assessed: ids of those without a standing answer.
        left_over: ids that were answered and are no longer asked.
        has_changed: whether the checklist is another than when the assessment began.
    """

    assessment_id: str
    assessment: SelfAssessment
    title: str
    purpose: str
    sections: tuple[SectionView, ...]
    gaps: tuple[str, ...]
    not_assessed: tuple[str, ...]
    left_over: tuple[str, ...]
    has_changed: bool


def gap_report(toolkit: Toolkit, assessment: SelfAssessment, answers: Iterable[SelfAnswer]) -> GapReport:
    """The report of one assessment."""
    standing: dict[str, dict[str, SelfAnswer]] = defaultdict(dict)
    for one in sorted(answers, key=lambda one: one.at):
        standing[one.question].pop(one.by.casefold(), None)
        if one.answer != NOT_ASSESSED:
            standing[one.question][one.by.casefold()] = one
    sections = tuple(
        SectionView(section, tuple(_view(one, tuple(standing[one.id].values())) for one in section.questions))
        for section in toolkit.sections
    )
    views = [view for section in sections for view in section.questions]
    return GapReport(
        assessment_id=assessment.assessment_id,
        assessment=assessment,
        title=toolkit.title,
        purpose=toolkit.purpose,
        sections=sections,
        gaps=tuple(view.question.id for view in views if view.is_gap),
        not_assessed=tuple(view.question.id for view in views if view.state == NOT_ASSESSED),
        left_over=tuple(sorted({name for name, held in standing.items() if held} - set(toolkit.questions))),
        has_changed=toolkit.digest != assessment.digest,
    )


def _view(question: Question, answers: tuple[SelfAnswer, ...]) -> QuestionView:
    said = {one.answer for one in answers}
    state = "answers_differ" if len(said) > 1 else next(iter(said), NOT_ASSESSED)
    return QuestionView(question, state, bool(said & {"no", "partly"}), answers)
