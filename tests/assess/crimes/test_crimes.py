"""Crimes and norms: proposals that set nothing, a sheet that concludes nothing, a pattern that only counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn import taxonomy
from forewarn.assess.crimes import Proposal, ethnic_cleansing_pattern, propose, require_codable, sheet
from forewarn.errors import InputValueError, RuleError, UnknownNameError
from forewarn.ids import content_id
from forewarn.model.aggregate import Sight
from forewarn.model.claim import ACTS
from forewarn.model.coding import LOCKED_ELEMENTS, BodyFinding, Coding

NOW = datetime(2020, 1, 2, tzinfo=UTC)
CLAIM = content_id("clm", "1")
NOWHERE = Sight((), 0, 0, 0, 0, 0)


def incident(**said: Any) -> dict[str, Any]:
    """A killing of villagers told by one origin."""
    usual = {"incident_id": content_id("inc", CLAIM), "act": "killing", "target": "villagers", "violence": "unknown"}
    usual |= {"independent_origins": 1, "claim_ids": [CLAIM], "month": 445, "alleged_by": "Army", "parties": "[]"}
    return usual | {f"civilian_deaths_{end}": None for end in ("low", "best", "high")} | said


def coding(code: str = "E1", state: str = "coded", **said: Any) -> Coding:
    """A coding by the analyst."""
    usual = {"scheme": "element", "author": "analyst", "decided_at": NOW, "reason": "seen", "basis_claims": (CLAIM,)}
    return Coding(claim_id=CLAIM, code=code, state=state, **(usual | said))


def codes_of(row: dict[str, Any]) -> set[str]:
    """What is proposed."""
    return {one.code for one in propose(row)}


ROWS = st.fixed_dictionaries(
    {
        "act": st.sampled_from(ACTS),
        "target": st.sampled_from(
            ["", "villagers", "hospital", "pupils", "aid workers", "prisoners", "soldiers", "\x00"]
        ),
        "violence": st.sampled_from(["one_sided", "unknown", "state_based"]),
        "independent_origins": st.integers(0, 5),
        "civilian_deaths_best": st.none() | st.integers(0, 9),
    }
)


@given(ROWS, st.sampled_from(["", "Army", "Rebels"]))
def test_proposals_never_touch_what_is_locked_nor_read_the_actor(said: dict[str, Any], actor: str) -> None:
    """Machine, explained, with claims; no inferential element, no code of genocide; the actor changes nothing."""
    made = propose(incident(**said))
    assert made == propose(incident(**said, alleged_by=actor, parties="[]"))
    genocide = {one.code for one in taxonomy.crime("genocide").acts} | {"G1", "G2"}
    for one in made:
        assert one.code not in LOCKED_ELEMENTS | genocide
        assert (one.label, one.claim_ids) == ("machine", (CLAIM,))
        assert one.basis.startswith("rule ")
        assert one.confidence == ("moderate" if said["independent_origins"] >= 2 else "low")
        assert one.scheme == "element" or one.wording.startswith("may engage ")


def test_what_calls_for_a_proposal_is_said() -> None:
    """The act and the word, count or kind of violence behind it; whole words only."""
    assert {"CAH-a", "WC-01", "W3", "E1", "IHRL-life", "IHL-distinction"} <= codes_of(incident())
    assert {"WC-17", "IHL-medical"} <= codes_of(incident(act="bombardment", target="the Hospital of X"))
    assert "WC-17" not in codes_of(incident(act="bombardment", target="hospitality tent"))
    assert "CAH-a" not in codes_of(incident(target="soldiers"))
    assert "CAH-a" in codes_of(incident(target="", civilian_deaths_best=2))
    assert "CAH-a" not in codes_of(incident(act="bombardment"))
    assert codes_of(incident(act="unknown")) == set()
    assert codes_of(incident(act="protest", target="")) == set()


@pytest.mark.parametrize("element", sorted(LOCKED_ELEMENTS))
def test_software_is_locked_out(element: str) -> None:
    """A proposal of an inferential element cannot exist, and asking whether it may be coded raises."""
    with pytest.raises(RuleError, match="inferential"):
        Proposal("element", element, "w", "b", "low", (CLAIM,))
    with pytest.raises(RuleError, match="inferential"):
        require_codable("element", element)
    with pytest.raises(InputValueError):
        Proposal("element", "E1", "w", "b", "low", (CLAIM,), label="human")


@pytest.mark.parametrize(("scheme", "code"), [("element", "Z9"), ("act", "CAH-z"), ("norm", "IHL-x")])
def test_what_is_in_no_list_is_not_codable(scheme: str, code: str) -> None:
    """A made-up code is refused by name."""
    with pytest.raises(UnknownNameError):
        require_codable(scheme, code)


def test_a_sheet_shows_every_element_and_the_default_is_unknown() -> None:
    """Without codings every observable element is unknown and every inferential one locked; titles conclude nothing."""
    made = sheet([], propose(incident()))
    lines = {line.code: line for one in made for line in one.lines}
    listed = {one.id for crime in taxonomy.crimes() for one in crime.elements}
    assert listed <= set(lines)
    for code in listed:
        assert lines[code].state == ("locked" if code in LOCKED_ELEMENTS else "unknown")
    assert lines["E1"].proposed is not None
    assert all(one.title.startswith(("Indicators relevant to", "Norms that the conduct may engage")) for one in made)


def test_people_stand_above_the_machine_and_beside_each_other() -> None:
    """The latest coding shows, with its author; whoever says otherwise stays visible; a changed mind counts once."""
    later = NOW + timedelta(hours=1)
    other = coding(state="not_coded", author="second", decided_at=later)
    changed = coding(state="unknown", decided_at=NOW + timedelta(minutes=1))
    made = sheet([coding(), changed, other], propose(incident()))
    line = next(line for one in made for line in one.lines if line.code == "E1")
    assert (line.state, line.coded_by, line.proposed) == ("not_coded", "second", None)
    assert line.also == (changed,)


def test_a_locked_line_shows_findings_of_bodies_and_nothing_else() -> None:
    """The quotation stands with its citation; the state stays locked."""
    found = BodyFinding("XAA", "E3", "Commission", "S/1 para. 2", date(2019, 1, 1), "P2", "words", "a", NOW)
    line = next(line for one in sheet([], [], [found]) for line in one.lines if line.code == "E3")
    assert (line.state, line.findings, line.proposed) == ("locked", (found,), None)


def test_the_pattern_counts_and_keeps_people_and_machine_apart() -> None:
    """Coded, not coded and unknown fill the incidents; proposals are part of unknown; E3 and intent are not counted."""
    rows = [incident(incident_id=f"i{n}", month=445 + n) for n in range(4)]
    said = {"i0": [coding()], "i1": [coding(state="not_coded")], "i2": [coding(state="unknown")]}
    made = ethnic_cleansing_pattern(rows, said, NOWHERE, as_known_at=NOW.date())
    counts = {one.code: one for one in made.figures.indicators}
    one = counts["E1"]
    assert (one.coded, one.not_coded, one.unknown, one.proposed) == (1, 1, 2, 2)
    assert (one.months, one.incident_ids) == ((445,), ("i0",))
    assert "E3" not in counts
    assert {"CAH-d", "CAH-h", "WC-07", "E2"} <= set(counts)
    assert any(text.startswith("E3") for text in made.figures.not_counted)
    assert any(text.startswith("genocide") for text in made.figures.not_counted)


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["coded", "not_coded", "unknown"])), max_size=8))
def test_no_coding_is_counted_twice(made: list[tuple[int, str]]) -> None:
    """However often people change their minds, each incident is in one place for each indicator."""
    rows = [incident(incident_id=f"i{n}") for n in range(4)]
    said: dict[str, list[Coding]] = {}
    for minute, (which, state) in enumerate(made):
        said.setdefault(f"i{which}", []).append(coding(state=state, decided_at=NOW + timedelta(minutes=minute)))
    for one in ethnic_cleansing_pattern(rows, said, NOWHERE, as_known_at=NOW.date()).figures.indicators:
        assert one.coded + one.not_coded + one.unknown == 4
        assert one.proposed <= one.unknown
