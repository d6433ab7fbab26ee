"""Notes: one text, one report, no claim."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from forewarn.collect import Batch
from forewarn.collect.channels.note import LONGEST_BYTES
from forewarn.errors import InputError

Collect = Callable[..., list[Batch]]


def test_a_note_is_kept_as_it_is(collect: Collect) -> None:
    """Its first line is the title; it is severe and claims nothing."""
    (batch,) = collect("note", "\ufeff\nMarket closed é\n\nSince Monday.\n".encode())
    report = batch.reports.row(0, named=True)
    assert (report["title"], report["kind"], report["sensitivity"]) == ("Market closed é", "note", "severe")
    assert (report["known_basis"], batch.claims.height) == ("received", 0)


@pytest.mark.parametrize("data", [b"", b" \n", b"a\0b", b"\xff\xfe", b"x" * (LONGEST_BYTES + 1)])
def test_what_is_no_text_is_refused(collect: Collect, data: bytes) -> None:
    """Empty, binary, or too long."""
    with pytest.raises(InputError):
        collect("note", data)
