"""The words that mark everything of the exercise as fictional.

One constant, owned here, so that files, pages and briefs say the same. It refuses nothing; the invariant is
that no output of the exercise goes without it.
"""

from __future__ import annotations

__all__ = ["EXERCISE_NOTICE"]

EXERCISE_NOTICE = "EXERCISE - fictional. No real place, person, group or event."
"""On every row of every file of the exercise; every page and brief made from it must show it."""
