"""The content of an alert."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.alert import Alert, EvidenceLine, Likelihood, RightOfComment

TEXTS = (
    "what_could_happen", "to_whom", "where_and_when", "by_whom_possibly", "confidence_because", "severity_range",
    "what_changed_since_last", "trigger_to_upgrade", "trigger_to_downgrade", "primary_duty_holder", "addressee",
    "decision_asked", "releasability", "source_protection", "harm_check",
)  # fmt: skip
LISTS = ("gaps_and_blind_spots", "alternatives_considered", "options")


def alert(**changes: Any) -> Alert:
    """A complete alert, with changes."""
    fields: dict[str, Any] = dict.fromkeys(TEXTS, "said") | dict.fromkeys(LISTS, ("said",))
    fields |= {
        "alert_id": content_id("alr", "one"), "version": 1, "unit": "XAA/Ombra", "level": "W2",
        "valid_until": date(2030, 9, 1), "likelihood": Likelihood("unlikely", 0.2, 0.45, "deaths", "Ombra", 6),
        "confidence": "low", "evidence_for": (EvidenceLine("x", basis="coverage"),), "evidence_against": (),
        "no_evidence_against_because": "none was found", "decision_needed_by": datetime(2030, 7, 6, tzinfo=UTC),
        "right_of_comment": RightOfComment(False, "too early"), "authors": ("analyst-1",),
    }  # fmt: skip
    return Alert(**(fields | changes))


def test_a_complete_alert_misses_nothing() -> None:
    """With every field written, nothing stands between it and review."""
    assert alert().missing() == ()


@pytest.mark.parametrize("name", TEXTS)
def test_a_blank_text_is_missing(name: str) -> None:
    """Neither nothing nor spaces alone count as written."""
    for blank in ("", " \n"):
        assert alert(**{name: blank}).missing() == (name,)


@pytest.mark.parametrize("name", [*LISTS, "evidence_for"])
def test_an_empty_list_is_missing(name: str) -> None:
    """A list that must say something is missing while it is empty."""
    assert alert(**{name: ()}).missing() == (name,)


@pytest.mark.parametrize(
    "changes",
    [
        {"authors": ()},
        {"authors": ("analyst-1", " ")},
        {"version": 0},
        {"level": "W5"},
        {"confidence": "certain"},
        {"unit": ""},
        {"alert_id": "alr_1"},
        {"decision_needed_by": datetime(2030, 7, 6)},
        {"no_evidence_against_because": " "},
    ],
)
def test_an_alert_that_breaks_its_promises_does_not_exist(changes: dict[str, Any]) -> None:
    """A named author, a known level, a deadline in UTC, and counter-evidence or the reason there is none."""
    with pytest.raises(InputValueError):
        alert(**changes)


def test_parts_of_an_alert_refuse_to_be_wrong() -> None:
    """Bands are bands, evidence rests on something, and not asking the State has a reason."""
    for low, high in ((0.5, 0.5), (0.6, 0.5), (-0.1, 0.2), (float("nan"), 0.2)):
        with pytest.raises(InputValueError):
            Likelihood("likely", low, high, "deaths", "Ombra", 6)
    with pytest.raises(InputValueError):
        EvidenceLine("Five incidents.")
    with pytest.raises(InputValueError):
        RightOfComment(asked=False)
