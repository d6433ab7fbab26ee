"""The force gate as a read view: five attributed profiles, each condition with who said what, and where.

Owns the folding of recorded assertions into the standing of each condition. It checks and shows; it neither
recommends nor authorizes. There is no total, no colour and no verdict, and there must never be one: a profile
is a list of separate conditions, and a condition nobody spoke about is ``not_established``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forewarn.errors import UnknownNameError, shorten
from forewarn.model.response import GateAssertion, GateCondition, GateState
from forewarn.taxonomy import ConditionEntry, ProfileEntry, force_gate

__all__ = ["ConditionView", "ProfileView", "gate_lines", "gate_view"]


_MOST_CAUTIOUS_FIRST = (GateState.CONTESTED, GateState.ESTABLISHED, GateState.ASSERTED)


@dataclass(frozen=True, slots=True)
class ConditionView:
    """A condition and the standing assertion of each body, the earliest recorded first."""

    condition: GateCondition
    standing: tuple[GateAssertion, ...]


@dataclass(frozen=True, slots=True)
class ProfileView:
    """One profile: whose it is, whether anyone agreed to it, and its conditions in their own order."""

    id: str
    status: str
    conditions: tuple[ConditionView, ...]
    operational: tuple[str, ...]


def gate_view(subject: str, assertions: Iterable[GateAssertion]) -> tuple[ProfileView, ...]:
    """The five profiles for one subject, from all assertions recorded.

    Of each body the latest assertion on a condition stands. One body that contests makes it ``contested``,
    whatever others say; else it is ``established_by_authorizing_body`` if a body recorded as such said so, else
    ``asserted_by_named_body``; where none stands it is ``not_established``. An assertion on one profile's
    condition says nothing about another's. The order in which assertions are given does not matter.

    Raises:
        UnknownNameError: an assertion names a condition that no profile has.
    """
    gate = force_gate()
    known = {one.id for profile in gate.profiles for one in profile.conditions}
    by_condition: dict[str, list[GateAssertion]] = {name: [] for name in known}
    for assertion in assertions:
        if assertion.condition_id not in known:
            raise UnknownNameError(
                f"no condition '{shorten(assertion.condition_id)}'", where="gate", mend="use an id such as S3"
            )
        if assertion.subject == subject:
            by_condition[assertion.condition_id].append(assertion)
    return tuple(_profile(profile, by_condition) for profile in gate.profiles)


def gate_lines(profiles: Iterable[ProfileView]) -> list[str]:
    """The view as lines of text: each condition, its state, who said so and where. Nothing is added up."""
    lines: list[str] = []
    for profile in profiles:
        lines.append(f"{profile.id} ({profile.status})")
        for view in profile.conditions:
            lines.append(f"  {view.condition.id} {view.condition.text}: {view.condition.state.value}")
            lines.extend(f"    {_line(assertion)}" for assertion in view.standing)
        lines.extend(f"  operational: {principle}" for principle in profile.operational)
    lines.append(force_gate().principle)
    return lines


def _line(assertion: GateAssertion) -> str:
    said = f"{assertion.body}: {assertion.state.value}, {assertion.citation}"
    line = f"{said} (recorded by {assertion.by}, {assertion.at.date().isoformat()})"
    return " ".join(line.split())


def _profile(entry: ProfileEntry, by_condition: dict[str, list[GateAssertion]]) -> ProfileView:
    conditions = tuple(_condition(entry.id, one, by_condition[one.id]) for one in entry.conditions)
    return ProfileView(entry.id, entry.status, conditions, entry.operational)


def _condition(profile_id: str, entry: ConditionEntry, recorded: list[GateAssertion]) -> ConditionView:
    standing = _standing(recorded)
    states = {assertion.state for assertion in standing}
    if not states:
        return ConditionView(GateCondition(profile_id, entry.id, entry.text), ())
    condition = GateCondition(
        profile_id,
        entry.id,
        entry.text,
        state=next(state for state in _MOST_CAUTIOUS_FIRST if state in states),
        body="; ".join(assertion.body for assertion in standing),
        citation="; ".join(assertion.citation for assertion in standing),
    )
    return ConditionView(condition, standing)


def _standing(recorded: list[GateAssertion]) -> tuple[GateAssertion, ...]:
    """The latest word of each body, what was taken back left out; ties in time are settled by the id."""
    latest: dict[str, GateAssertion] = {}
    for assertion in sorted(recorded, key=lambda one: (one.at, one.assertion_id)):
        body = " ".join(assertion.body.casefold().split())
        latest.pop(body, None)
        if assertion.state is not GateState.NOT_ESTABLISHED:
            latest[body] = assertion
    return tuple(latest.values())
