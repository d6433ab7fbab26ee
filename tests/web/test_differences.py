"""Two versions of a text beside each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forewarn.web.differences import differing

LINES = st.lists(st.text("ab c.", max_size=12), max_size=4)


@given(LINES, LINES)
def test_either_version_can_be_read_from_what_differs(before: list[str], after: list[str]) -> None:
    """Without what is new stands what was, without what was left out what is; lines that both have are left out."""
    found = differing(before, after)
    was = ["".join(text for kind, text in line if kind != "in") for line in found]
    now = ["".join(text for kind, text in line if kind != "out") for line in found]
    for told, lines in ((was, before), (now, after)):
        rest = iter(lines)
        assert all(any(line == one for one in rest) for line in told if line)
    assert bool(found) == (before != after)
