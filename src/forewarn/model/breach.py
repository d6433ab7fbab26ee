"""An incident with data, such as a loss or a leak: five steps, appended one after the other, each with an author.

Called a breach here, for an incident is what is held to have happened to people. A step tells what it has to tell or
does not exist; which steps may follow is settled where they are recorded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from forewarn.clock import instant_text
from forewarn.ids import content_id
from forewarn.model.validation import require_id, require_instant, require_text

__all__ = ["BreachEntry"]


@dataclass(frozen=True, slots=True)
class BreachEntry:
    """One step in the handling of a breach.

    Attributes:
        step: of ``taxonomy/breach.yaml``.
        by, at: who recorded it, a pseudonym, and when, UTC.
        said: what the step tells, by field; no content of the data concerned and nobody's name.
        breach_id: which breach; empty for the first step, which makes it.
    """

    step: str
    by: str
    at: datetime
    said: Mapping[str, str] = field(default_factory=dict)
    breach_id: str = ""

    def __post_init__(self) -> None:
        require_text(self.step, "step", longest=20)
        require_text(self.by, "by", longest=200)
        require_instant(self.at, "at")
        for name, value in self.said.items():
            require_text(value, name, longest=2_000)
        if self.breach_id:
            require_id(self.breach_id, "breach", "brc")
        else:
            object.__setattr__(self, "breach_id", content_id("brc", self.by, instant_text(self.at), self.said_text))

    @property
    def said_text(self) -> str:
        """What it tells as JSON with sorted keys."""
        return json.dumps(dict(self.said), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def entry_id(self) -> str:
        """``bre_`` and the SHA-256 over all of it."""
        return content_id("bre", self.breach_id, self.step, self.by, instant_text(self.at), self.said_text)
