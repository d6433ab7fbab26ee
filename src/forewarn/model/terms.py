"""The terms on which something is released to others: for whom, for what, until when, and how coarsely.

Owns what two people agree to. It refuses an audience of named persons (what is for them goes by hand), an end that is
past, and limits below those of the standards: five alike, 3 % risk. Sources: TLP 2.0 (FIRST, 2022); OCHA Centre for
Humanitarian Data, guidance note on statistical disclosure control (2019).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from forewarn.clock import day_from_text
from forewarn.errors import InputValueError
from forewarn.model.releasability import AUDIENCES, PAP_LABELS
from forewarn.model.validation import require_choice, require_text

__all__ = [
    "FORMS",
    "LEAST_ALIKE",
    "LEAST_PEOPLE",
    "MOST_RISK",
    "PERIODS",
    "TERM_COLUMNS",
    "ReleaseTerms",
    "require_note",
]

FORMS = ("table", "records")
"""Incidents counted by place and month; or claims, each like at least some others."""

PERIODS = ("month", "year")
"""How closely a time is told."""

TERM_COLUMNS = ("releasability", "permissible_actions", "purpose", "expires_on")
"""The columns in which every row that leaves carries the terms."""

LEAST_ALIKE = 5
"""No cell and no group of like records is smaller than this."""

MOST_RISK = 0.03
"""The mean chance that a record is told from those like it stays below this."""

LEAST_PEOPLE = 10_000
"""People who live in every place told, unless more are asked for."""


def require_note(benefit: str, risk: str) -> None:
    """Raise :class:`InputValueError` unless somebody wrote whom sharing helps, and whom it could harm."""
    require_text(benefit, "benefit", longest=1_000)
    require_text(risk, "risk", longest=1_000)


@dataclass(frozen=True, slots=True)
class ReleaseTerms:
    """What a release is made for.

    Attributes:
        form: one of :data:`FORMS`.
        audience: one of ``AUDIENCES`` but ``red``.
        pap: one of ``PAP_LABELS``.
        purpose: what it may be used for.
        expires_on: the last day of use.
        country: ISO 3166 alpha-3, or empty for all.
        alike: fewest records in a cell or alike, 5 or more.
        people: fewest inhabitants of a place told, 1,000 or more.
        period: ``month`` or ``year``, as which the time is told at the closest.
        delay_days: what became known or ended less than these days ago stays.
        benefit, risk: whom it helps; whom it could harm, and what is done about that. For the second person, not for
            the receiver; without both nothing is proposed.
    """

    form: str
    audience: str
    pap: str
    purpose: str
    expires_on: date
    country: str = ""
    alike: int = LEAST_ALIKE
    people: int = LEAST_PEOPLE
    delay_days: int = 30
    period: str = "month"
    benefit: str = ""
    risk: str = ""

    def __post_init__(self) -> None:
        require_choice(self.form, "form", FORMS)
        require_choice(self.audience, "audience", AUDIENCES[:-1])
        require_choice(self.pap, "pap", PAP_LABELS)
        require_choice(self.period, "period", PERIODS)
        require_text(self.purpose, "purpose", longest=300)
        bounds = (("alike", LEAST_ALIKE, 1_000), ("people", 1_000, 100_000_000), ("delay_days", 1, 3_650))
        for name, lowest, highest in bounds:
            if not lowest <= getattr(self, name) <= highest:
                raise InputValueError(
                    f"{getattr(self, name)} is not {lowest:,} to {highest:,}", where=name, mend="choose within it"
                )

    def require_note(self) -> None:
        """Raise :class:`InputValueError` unless benefit and risk have been written down."""
        require_note(self.benefit, self.risk)

    @property
    def label(self) -> str:
        """The Traffic Light label."""
        return f"TLP:{self.audience.upper()}"

    def plain(self) -> dict[str, Any]:
        """The terms as JSON can hold them; :meth:`read` is the inverse."""
        return {**asdict(self), "expires_on": self.expires_on.isoformat()}

    @classmethod
    def read(cls, plain: dict[str, Any]) -> ReleaseTerms:
        """The terms of :meth:`plain`."""
        return cls(**{**plain, "expires_on": day_from_text(plain["expires_on"])})
