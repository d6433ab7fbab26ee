"""The ledger shows overlaps and gaps, and what was tried; it concludes nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

from forewarn.model.action import Action
from forewarn.respond import Sign, exhaustion, exhaustion_lines, gaps, options, overlaps

NOW = datetime(2017, 9, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
ACTION = Action("M203", 0, "XKA", "Regional body", date(2017, 3, 1), "under_way", "S/2017/1", "desk", NOW)
SIGN = Sign("6.4", "Little outside presence", "clear for XKA, assessed by desk on 2017-08-01")


def test_two_who_act_at_once_are_shown_with_the_day_since_when() -> None:
    """Parallel tracks are visible; one actor twice, a plan, and an ended action are none."""
    other = replace(ACTION, actor="A neighbour", started_on=date(2017, 6, 1))
    (found,) = overlaps([ACTION, other], TODAY)
    assert found.actors == ("Regional body", "A neighbour")
    assert found.since == date(2017, 6, 1)
    assert not overlaps([ACTION, replace(other, actor="regional body")], TODAY)
    assert not overlaps([ACTION, replace(other, standing="planned")], TODAY)
    assert not overlaps([ACTION, replace(other, standing="ended", ended_on=date(2017, 7, 1))], TODAY)
    assert not overlaps([ACTION, replace(other, unit="XKB")], TODAY)


def test_what_signs_call_to_mind_and_nobody_takes_up_is_a_gap() -> None:
    """Without a sign there is no gap; an action in the whole country answers for its areas, one elsewhere does not."""
    called = options(signs=[SIGN])
    names = {gap.measure.id for gap in gaps(called, [], "XKA/North", TODAY)}
    assert "M206" in names
    assert not gaps(options(), [], "XKA/North", TODAY)
    aid = replace(ACTION, measure_id="M206")
    assert "M206" not in {gap.measure.id for gap in gaps(called, [aid], "XKA/North", TODAY)}
    assert "M206" in {gap.measure.id for gap in gaps(called, [replace(aid, unit="XKA/South")], "XKA/North", TODAY)}


def test_the_ledger_of_what_was_tried_has_no_total_and_no_force() -> None:
    """Every measure short of force is listed, tried or not; words that conclude are not there."""
    tried = replace(
        ACTION,
        standing="ended",
        ended_on=date(2017, 7, 1),
        result="a truce of nine days",
        why_inadequate="shelling went on",
        judged_by="The Council",
    )
    ledger = exhaustion([tried, replace(tried, unit="XKB")], "XKA")
    assert all(one.measure.coercion < 4 for one in ledger)
    assert [one.measure.id for one in ledger if one.actions] == ["M203"]
    text = "\n".join(exhaustion_lines(ledger))
    assert "judged inadequate by The Council: shelling went on; source: S/2017/1" in text
    assert "not tried, as far as is recorded" in text
    assert not re.search(r"\b(total|exhausted|sufficient|recommend\w*|should|score)\b", text, re.IGNORECASE)


def test_signs_call_to_mind_and_move_nothing() -> None:
    """With signs the same options stand in the same order; coercion of 2 and more is called by none."""
    plain, called = options(), options(signs=[SIGN])
    assert [[o.measure for o in p.proposed] for p in plain] == [[o.measure for o in p.proposed] for p in called]
    reasons = {o.measure.id: o.because for p in called for o in p.proposed if o.because}
    assert "assessed by desk" in reasons["M206"][0]
    assert not any(o.because for p in called for o in p.on_selection)
    assert called == options(signs=[SIGN, SIGN])


def test_every_measure_says_what_to_check_first_and_what_it_asks_for_women() -> None:
    """Side effects and a note on women, peace and security stand with each."""
    assert all(o.measure.harm and o.measure.wps for p in options() for o in (*p.proposed, *p.on_selection))
