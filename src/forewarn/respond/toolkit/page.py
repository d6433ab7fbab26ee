"""The gap report as lines of text and as one HTML file: no script, no style from elsewhere, no score.

Everything that people wrote is escaped. The page says of itself that it rates nobody and that what is not assessed is
neither good nor bad.
"""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup, escape

from forewarn.model.toolkit import SelfAnswer
from forewarn.respond.toolkit.gaps import GapReport, QuestionView

__all__ = ["report_html", "report_lines"]

_NOTE = "This report rates nobody and compares no States. What is not assessed is neither there nor missing."
_CHANGED = "The checklist has changed since this assessment began."
_STYLE = Markup(
    "body{font:16px/1.5 sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}"
    "h2{margin-top:2rem}blockquote{margin:0 0 1rem;color:#555}dt{margin-top:1rem;font-weight:600}"
    "dd{margin:0 0 0 1.5rem}.state{font-weight:600}"
)


def report_lines(report: GapReport) -> Iterator[str]:
    """The report as text: gaps first, then what nobody looked at, then everything by section."""
    assessment = report.assessment
    yield f"{report.title}: {assessment.unit}, begun {assessment.at.date()} by {assessment.by}"
    yield _NOTE
    if report.has_changed:
        yield _CHANGED
    views = {view.question.id: view for section in report.sections for view in section.questions}
    yield f"Gaps that somebody named: {', '.join(report.gaps) or 'none named'}"
    for name in report.gaps:
        yield from _question_lines(views[name])
    yield f"Not assessed: {', '.join(report.not_assessed) or 'nothing'}"
    if report.left_over:
        yield f"Answered, and no longer asked: {', '.join(report.left_over)}"
    for section in report.sections:
        yield f"{section.section.title}"
        for view in section.questions:
            if not view.is_gap:
                yield from _question_lines(view)


def report_html(report: GapReport) -> str:
    """The report as one HTML file."""
    assessment = report.assessment
    head = f"{report.title}: {assessment.unit}"
    parts = [
        Markup(
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{}</title><style>{}</style></head>'
        ).format(head, _STYLE),
        Markup("<body><h1>{}</h1><p>{}</p><p>{}</p><p>Begun {} by {}.</p>").format(
            head, report.purpose, _NOTE, assessment.at.date(), assessment.by
        ),
        Markup("<p>{}</p>").format(_CHANGED) if report.has_changed else Markup(""),
        Markup("<h2>Gaps that somebody named</h2><p>{}</p>").format(", ".join(report.gaps) or "None named."),
        Markup("<h2>Not assessed</h2><p>{}</p>").format(", ".join(report.not_assessed) or "Nothing."),
    ]
    for section in report.sections:
        parts.append(Markup("<h2>{}</h2>").format(section.section.title))
        if section.section.words:
            quoted = Markup("<blockquote>“{}” ({})</blockquote>")
            parts.append(quoted.format(section.section.words, section.section.file))
        asked = Markup("").join(_question_html(view) for view in section.questions)
        parts.append(Markup("<dl>{}</dl>").format(asked))
    return str(Markup("\n").join(parts) + Markup("\n</body></html>\n"))


def _question_lines(view: QuestionView) -> Iterator[str]:
    one = view.question
    yield f"  {one.id} {one.ask} [{view.state.replace('_', ' ')}]"
    for answer in view.answers:
        yield f"    {_said(answer)}"
    if not view.answers:
        yield f"    look for: {one.look_for} ({one.basis})"


def _question_html(view: QuestionView) -> Markup:
    one = view.question
    state = view.state.replace("_", " ")
    said = Markup("").join(Markup("<dd>{}</dd>").format(_said(answer)) for answer in view.answers)
    asked = Markup("<dt>{} {}</dt><dd><span class=state>{}</span></dd>").format(one.id, one.ask, state)
    return asked + said + Markup("<dd>Look for: {}. {}</dd>").format(escape(one.look_for), one.basis)


def _said(answer: SelfAnswer) -> str:
    parts = [f"{answer.answer.replace('_', ' ')}, {answer.by}, {answer.at.date()}"]
    parts += [f"as of {answer.on}"] if answer.on else []
    parts += [f"evidence: {answer.evidence}"] if answer.evidence else []
    return "; ".join([*parts, *([answer.note] if answer.note else [])])
