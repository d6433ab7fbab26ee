"""Casualty records: many to many, no names, and unknown as a category of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from forewarn import taxonomy
from forewarn.errors import InputValueError, RuleError
from forewarn.ids import content_id
from forewarn.model import casualty as c
from forewarn.model.claim import CountRange

NOW = datetime(2020, 1, 2, tzinfo=UTC)
CLAIM = content_id("clm", "1")


def group(label: str = "v1", **said: Any) -> c.VictimGroup:
    """A group of three dead, the rest as given."""
    return c.VictimGroup(**({"group_id": label, "harm": "deaths", "number": CountRange(3, 3, 3)} | said))


def record(**said: Any) -> c.CasualtyRecord:
    """A record of one killing, the rest as given."""
    usual = {
        "claim_id": CLAIM,
        "acts": (c.CasualtyAct("killing", ("v1",), ("b1",)),),
        "victims": (group(),),
        "alleged": (c.AllegedBody("b1", "Army", (CLAIM,)),),
        "author": "analyst",
        "decided_at": NOW,
        "reason": "two lists agree",
    }
    return c.CasualtyRecord(**(usual | said))


@pytest.mark.parametrize(
    ("ours", "listed"),
    [
        (c.DEATH_KINDS, "sdg_16_1_2.death_kind"),
        (c.SEXES, "sdg_16_1_2.sex"),
        (c.AGES, "sdg_16_1_2.age"),
        (c.PERSON_STATUSES, "sdg_16_1_2.status"),
        (c.CAUSES, "sdg_16_1_2.cause"),
    ],
)
def test_categories_are_those_of_the_coded_lists(ours: tuple[str, ...], listed: str) -> None:
    """The nouns know the SDG 16.1.2 categories, all and no others."""
    assert tuple(code.code for code in taxonomy.codes(listed)) == ours


def test_standards_that_verify_are_listed() -> None:
    """An allegation and a suspicion verify nothing; every other standard of the list does."""
    listed = [standard.id for standard in taxonomy.proof_standards()]
    assert ["P0", "P1", *c.VERIFYING_STANDARDS] == listed


def test_what_nobody_said_is_unknown_and_unknown_is_a_category() -> None:
    """A group without categories has each of them as ``unknown``, which every list holds."""
    made = group()
    assert {made.sex, made.age, made.status, made.disability, made.displacement, made.death_kind} == {"unknown"}
    for choices in (c.SEXES, c.AGES, c.PERSON_STATUSES, c.DISABILITIES, c.DISPLACEMENTS, c.DEATH_KINDS):
        assert "unknown" in choices


def test_acts_groups_and_bodies_are_many_to_many() -> None:
    """A group may be harmed in two acts and a body alleged in both; the group is there once."""
    acts = (c.CasualtyAct("torture", ("v1",), ("b1", "b2")), c.CasualtyAct("killing", ("v1", "v2"), ("b1",)))
    bodies = (c.AllegedBody("b1", "Army", (CLAIM,)), c.AllegedBody("b2", "unknown"))
    made = record(acts=acts, victims=(group(), group("v2", harm="injured")), alleged=bodies)
    assert made.acts_of("v1") == acts
    assert made.acts_of("v2") == acts[1:]
    assert made.counts == {"deaths", "civilian_deaths", "injured"}


def test_indirect_deaths_say_through_what() -> None:
    """Disease or famine is told of indirect deaths only; not said is unknown."""
    assert group(death_kind="indirect").through == "unknown"
    assert group(death_kind="indirect", through="famine").through == "famine"
    with pytest.raises(InputValueError):
        group(death_kind="direct", through="famine")


@pytest.mark.parametrize(
    "said",
    [
        {"harm": "civilian_deaths"},
        {"harm": "sexual_violence"},
        {"sex": "none"},
        {"age": ""},
        {"status": "rebel"},
        {"harm": "injured", "death_kind": "direct"},
        {"number": CountRange(3, status="verified", standard="P0")},
        {"claim_ids": ("me",)},
        {"group_id": " "},
    ],
)
def test_a_group_outside_the_lists_is_refused(said: dict[str, Any]) -> None:
    """Codes are those of the lists; a number is not verified by an allegation."""
    with pytest.raises(InputValueError):
        group(**said)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"acts": ()}, InputValueError),
        ({"acts": (c.CasualtyAct("killing", ("v9",)),)}, RuleError),
        ({"acts": (c.CasualtyAct("killing", ("v1",), ("b9",)),)}, RuleError),
        ({"acts": (c.CasualtyAct("killing"),)}, InputValueError),
        ({"victims": (group(), group())}, InputValueError),
        ({"author": " "}, InputValueError),
        ({"reason": ""}, InputValueError),
        ({"replaces": "csr_1"}, InputValueError),
        ({"victims": tuple(group(f"v{n}") for n in range(600))}, InputValueError),
    ],
)
def test_a_record_whose_parts_do_not_hold_together_is_refused(said: dict[str, Any], error: type[Exception]) -> None:
    """Every link leads somewhere, every group is in an act, every decision has an author and a reason."""
    with pytest.raises(error):
        record(**said)


def test_dnh_28_who_is_alleged_is_alleged_by_a_claim() -> None:
    """A body cannot be named without the claims that name it; nobody knowing is sayable."""
    with pytest.raises(InputValueError):
        c.AllegedBody("b1", "Army")
    assert c.AllegedBody("b1", "unknown").name == "unknown"


def test_ids_change_with_what_is_said() -> None:
    """Two accounts that differ anywhere are two records."""
    assert record().record_id == record().record_id
    assert record().record_id != record(victims=(group(sex="woman"),)).record_id
    first = c.CountOverruling(CLAIM, "deaths", CountRange(3), "a", NOW, "r")
    assert first.death_kind == "unknown"
    assert first.overruling_id != c.CountOverruling(CLAIM, "deaths", CountRange(4), "a", NOW, "r").overruling_id
