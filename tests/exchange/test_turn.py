"""Turns of a sync: whatever was not made exactly so, by whom it says, for us, is not heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import DisclosureError, ForewarnError, InputFormatError
from forewarn.exchange import turn as t
from forewarn.exchange.envelope import new_keys
from forewarn.ids import content_id

OURS, THEIRS, OTHER = new_keys("ours"), new_keys("theirs"), new_keys("other")
CARDS = {THEIRS.card.fingerprint: THEIRS.card}
PACKAGES = [b"first", b"second package"]
ASK = t.Turn(
    kind="ask",
    sender=THEIRS.card.fingerprint,
    recipient=OURS.card.fingerprint,
    at=datetime(2026, 1, 2, tzinfo=UTC),
    nonce="0" * 32,
    after=content_id("pkg", "a"),
    since="",
    upto=content_id("pkg", "b"),
    sizes=(5, 14),
)
SAID, DIGEST = t.said(ASK, PACKAGES, THEIRS, OURS.card)


def heard(data: bytes, *, answers: str = "") -> tuple[t.Turn, list[bytes]]:
    """What those bytes say to us."""
    end = t.PREFIX + t.head_size(data[: t.PREFIX])
    found = t.hear(data[t.PREFIX : end], OURS, CARDS, answers=answers)
    return found.turn, found.packages(data[end:], OURS)


def test_a_turn_is_heard_as_it_was_said() -> None:
    """With its packages; nothing of it can be read on the way; an answer only by who asked just that."""
    assert heard(SAID) == (ASK, PACKAGES)
    assert b"first" not in SAID
    assert ASK.sender.encode() not in SAID
    answer, _ = t.said(replace(ASK, kind="answer"), PACKAGES, THEIRS, OURS.card, DIGEST)
    assert heard(answer, answers=DIGEST)[1] == PACKAGES
    for digest in ("", "0" * 64):
        with pytest.raises(DisclosureError):
            heard(answer, answers=digest)
    for keys in (OTHER, OURS):
        with pytest.raises(DisclosureError):
            heard(t.said(ASK, PACKAGES, keys, OURS.card)[0])


@given(st.integers(0, len(SAID) - 1), st.integers(1, 255))
def test_no_changed_byte_passes(position: int, change: int) -> None:
    """Anywhere in the prefix, head or body."""
    changed = bytearray(SAID)
    changed[position] ^= change
    with pytest.raises(ForewarnError):
        heard(bytes(changed))


@given(st.integers(0, len(SAID) - 1), st.binary(max_size=20))
def test_no_cut_or_longer_turn_passes(length: int, more: bytes) -> None:
    """Cut anywhere, or with something behind it."""
    with pytest.raises(ForewarnError):
        heard(SAID[:length])
    if more:
        with pytest.raises(InputFormatError):
            heard(SAID + more)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "order"},
        {"after": "pkg_1"},
        {"upto": content_id("rel", "a")},
        {"nonce": "0" * 31},
        {"refused": ("x",)},
        {"sizes": (19, 0)},
        {"sizes": (20, -1)},
        {"sizes": (True,) * 19},
        {"sizes": (1,) * (t.MOST_PACKAGES + 1)},
        {"sizes": (t.LARGEST + 1,)},
        {"sender": OTHER.card.fingerprint},
        {"recipient": OTHER.card.fingerprint},
    ],
)
def test_what_a_partner_may_not_say_is_refused_though_signed(change: dict[str, Any]) -> None:
    """Other kinds, ids, sizes and counts than there are; in another's name; to another."""
    with pytest.raises(ForewarnError):
        heard(t.said(replace(ASK, **change), PACKAGES, THEIRS, OURS.card)[0])
