"""A brief set as PDF for a page: in another process, kept in memory by what it says, and never too many at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from forewarn.config import load_settings
from forewarn.errors import BusyError, MissingExtraError
from forewarn.operations import brief_setting
from forewarn.operations.brief import BriefWish, brief_bytes
from forewarn.operations.brief_setting import Kept, pdf_for_page
from forewarn.operations.demo import Demonstration
from forewarn.operations.workspace import opened
from forewarn.respond import BriefData, render_pdf


@pytest.fixture(scope="module")
def data(played: Demonstration) -> BriefData:
    """A brief of the exercise."""
    with opened(load_settings({"workspace": played.workspace}, environ={})) as workspace:
        return brief_bytes(workspace, BriefWish("XKC/Kostondel", length="desk", audience="clear"))[0]


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brief_setting, "_KEPT", Kept())


def test_another_process_sets_the_same_bytes(data: BriefData) -> None:
    """What comes back is what the command writes."""
    try:
        expected = render_pdf(data, "desk")
    except MissingExtraError as error:
        pytest.skip(error.what)
    assert pdf_for_page(data, "desk") == expected


def test_only_the_very_same_brief_is_given_again(data: BriefData, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made later it is the same; for another audience, with less shown, at another length it is set anew."""
    asked: list[str] = []
    monkeypatch.setattr(brief_setting, "_set", lambda html: asked.append(html) or html.encode())
    first = pdf_for_page(data, "desk")
    assert pdf_for_page(replace(data, made_at=data.made_at + timedelta(minutes=3)), "desk") == first
    assert len(asked) == 1
    others = [
        (replace(data, audience="TLP:GREEN"), "desk"),
        (replace(data, withheld="1 incident is withheld"), "desk"),
        (replace(data, options=data.options[1:]), "desk"),
        (data, "analyst"),
    ]
    made = {pdf_for_page(*one) for one in others}
    assert len(asked) == 1 + len(others)
    assert first not in made
    assert len(made) == len(others)


def test_no_more_wait_than_have_room_and_who_waits_for_the_same_sets_it_once(
    data: BriefData, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one is set two may wait; the next is told to come again; the two get what the first set."""
    begun, go, set_ones = threading.Event(), threading.Event(), []

    def slow(html: str) -> bytes:
        set_ones.append(html)
        begun.set()
        assert go.wait(30)
        return b"set"

    monkeypatch.setattr(brief_setting, "_set", slow)
    got: list[bytes] = []
    threads = [threading.Thread(target=lambda: got.append(pdf_for_page(data, "desk"))) for _ in range(3)]
    for one in threads:
        one.start()
    assert begun.wait(30)
    for _ in range(300):
        if brief_setting._ROOM._value == 0:
            break
        threads[0].join(0.1)
    with pytest.raises(BusyError, match="ask again"):
        pdf_for_page(data, "desk")
    go.set()
    for one in threads:
        one.join(30)
    assert got == [b"set"] * 3
    assert len(set_ones) == 1


def test_a_failure_leaves_room_and_keeps_nothing(data: BriefData, monkeypatch: pytest.MonkeyPatch) -> None:
    """As often as it fails, the next is set."""

    def fails(_html: str) -> bytes:
        raise MissingExtraError("not here")

    monkeypatch.setattr(brief_setting, "_set", fails)
    for _ in range(5):
        with pytest.raises(MissingExtraError):
            pdf_for_page(data, "desk")
    monkeypatch.setattr(brief_setting, "_set", lambda _html: b"set")
    assert pdf_for_page(data, "desk") == b"set"


def test_what_is_kept_is_bounded_in_bytes_and_in_age() -> None:
    """The one asked for longest ago goes first; none outlives its time; what is larger than all is not kept."""
    now = [0.0]
    kept: Any = Kept(most_bytes=10, most_seconds=60, clock=lambda: now[0])
    kept.keep("a", b"12345")
    kept.keep("b", b"12345")
    assert kept.get("a") == b"12345"
    kept.keep("c", b"1")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (b"12345", None, b"1")
    kept.keep("d", b"x" * 11)
    assert kept.get("d") is None
    now[0] = 59.0
    kept.keep("e", b"1")
    now[0] = 60.0
    assert (kept.get("a"), kept.get("c"), kept.get("e")) == (None, None, b"1")
