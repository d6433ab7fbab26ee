"""ODK Central, Aggregate and Collect: submissions of a form as OData pages, exports, or XML alone or in a zip.

Owns nothing but where ODK puts the list in a page; what a submission is, is told in ``collect.forms``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from forewarn.collect.forms import tell_submission
from forewarn.collect.submissions import read_submissions
from forewarn.collect.tabular import Chunk, TableOptions

__all__ = ["read", "tell"]

tell = tell_submission


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The submissions of a file as rows."""
    return read_submissions(path, name, options, ("value", "results"))
