"""The gap report of a self-assessment: what is there, what is missing, and what nobody has looked at.

Owns the folding of answers and the page. There is no score, no percentage, no rank and no comparison of States, and
there must never be one. Answers of several people stand side by side; none outvotes another.
"""

from __future__ import annotations

from forewarn.respond.toolkit.gaps import GapReport, QuestionView, SectionView, gap_report
from forewarn.respond.toolkit.page import report_html, report_lines

__all__ = ["GapReport", "QuestionView", "SectionView", "gap_report", "report_html", "report_lines"]
