"""Why a number on a page needs no way down to a report: the reasons there are, each in words.

Every other number stands in a link, or in a row or entry that has one, and from there it is at most three clicks to the
claim, its report and the row as received. A template declares a reason with ``data-number="REASON"`` on an element
around the number; a test crawls the pages and refuses a number with neither.
"""

from __future__ import annotations

__all__ = ["REASONS"]

REASONS: dict[str, str] = {
    "counted-here": "counts entries that stand on this page or behind its own list",
    "scale": "belongs to a list, scale or rule of doctrine, not to what happened",
    "said": "stands in words that a person or source wrote, shown with who wrote them",
    "ours": "belongs to this system's own work: files read, rows refused, versions, deadlines, sessions",
    "statistic": "says how good a method is, with the command or page that makes it",
}
"""The declared reasons, by the word in ``data-number``."""
