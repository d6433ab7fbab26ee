"""The options of response, by pillar, and the gate: read from the coded lists, for every front door."""

from __future__ import annotations

from forewarn.respond import gate, measures

__all__ = ["gate_lines_of", "gate_of", "options_of"]


def options_of(families: tuple[str, ...] = (), lead_months: int | None = None) -> tuple[measures.PillarOptions, ...]:
    """The options under the three pillars, least coercive first; of these families only, where any are named."""
    return tuple(measures.options(wanted_families=families or None, lead_months=lead_months))


def gate_of(subject: str) -> tuple[gate.ProfileView, ...]:
    """The five attributed profiles of conditions for a subject; none is established by software."""
    return gate.gate_view(subject, ())


def gate_lines_of(subject: str) -> list[str]:
    """The same, as lines of text: no total, no colour, no recommendation."""
    return gate.gate_lines(gate_of(subject))
