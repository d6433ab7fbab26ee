"""Who may see what: the marks of the Traffic Light Protocol, and how sensitive a record each audience may be shown.

Owns the order of audiences, the narrowest last, and the reading of a mark from free text. What bears no mark that is
understood counts as ``red``: nobody beyond this workspace. Sources: TLP 2.0, FIRST, 2022; Permissible Actions Protocol,
as in the MISP taxonomy ``PAP``, 2020.
"""

from __future__ import annotations

import re

from forewarn.errors import InputValueError, RuleError, shorten
from forewarn.model.provenance import Sensitivity

__all__ = [
    "ACTS",
    "AUDIENCES",
    "PAP_LABELS",
    "TLP_LABELS",
    "audience_from_text",
    "mark_in",
    "marking_of",
    "may_do",
    "most_sensitive_for",
    "require_may_see",
]

AUDIENCES = ("clear", "green", "amber", "amber+strict", "red")
"""The world; a community; an organization and its clients; an organization alone; the people named."""

TLP_LABELS = tuple(f"TLP:{name.upper()}" for name in AUDIENCES)
"""The same as they are printed, widest first."""

PAP_LABELS = ("PAP:CLEAR", "PAP:GREEN", "PAP:AMBER", "PAP:RED")
"""Permissible Actions Protocol, least careful first: what a receiver may do that others could notice."""

ACTS = ("analyse", "check", "act")
"""What a receiver may want to do, least noticeable first: work on it here; ask or tell others, partners included, who
may notice; do what those concerned may notice."""

_MOST_NOTICEABLE = dict(zip(PAP_LABELS, ("act", "act", "check", "analyse"), strict=True))

_MOST_SENSITIVE = {
    "clear": Sensitivity.LOW,
    "green": Sensitivity.LOW,
    "amber": Sensitivity.MODERATE,
    "amber+strict": Sensitivity.HIGH,
    "red": Sensitivity.SEVERE,
}
_MARK = re.compile(r"\s*TLP\s*:\s*(CLEAR|WHITE|GREEN|AMBER\+STRICT|AMBER|RED)(?![\w+])", re.IGNORECASE)


def audience_from_text(text: str) -> str:
    """An audience by its colour, with or without ``TLP:``. Raises :class:`InputValueError` for any other word."""
    name = text.strip().lower().removeprefix("tlp:").strip()
    if name not in AUDIENCES:
        raise InputValueError(
            f"'{shorten(text)}' is no audience", where="audience", mend=f"use one of {', '.join(AUDIENCES)}"
        )
    return name


def mark_in(text: str) -> str:
    """The mark at the beginning of a statement of releasability; empty where there is none that is understood."""
    found = _MARK.match(text)
    name = found[1].lower() if found else ""
    return "clear" if name == "white" else name


def marking_of(text: str) -> str:
    """The same, with ``red`` where there is none that is understood."""
    return mark_in(text) or "red"


def most_sensitive_for(audience: str) -> Sensitivity:
    """The most sensitive records an audience may be shown."""
    return _MOST_SENSITIVE[audience]


def may_do(pap: str, act: str) -> bool:
    """Whether a label of :data:`PAP_LABELS` permits one of :data:`ACTS`. RED permits nothing beyond these walls."""
    return ACTS.index(act) <= ACTS.index(_MOST_NOTICEABLE[pap])


def require_may_see(audience: str, marking: str, what: str) -> None:
    """Refuse to show an audience what is marked for a narrower one. Raises :class:`RuleError`."""
    if AUDIENCES.index(audience) < AUDIENCES.index(marking):
        raise RuleError(
            f"is marked TLP:{marking.upper()} and not for TLP:{audience.upper()}",
            where=what,
            mend="choose a narrower audience, or have its authors release it more widely",
        )
