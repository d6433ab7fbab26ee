"""An action: a measure that somebody plans, takes, ended or refused, where, since when, and what came of it.

Owns the entry of the who-does-what-where ledger. An entry is appended and never changed; a later entry on the same
action says how it stands now, and the earlier ones remain. It refuses an action of coercion 2 or more that cites no
deciding body, and a judgement of inadequacy that nobody is named for. It records; it holds nobody's act right or wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from forewarn.errors import InputValueError, RuleError, shorten
from forewarn.ids import content_id
from forewarn.model.response import HIGHEST_PROPOSED_COERCION, require_somebody
from forewarn.model.validation import require_choice, require_id, require_instant, require_order, require_text

__all__ = ["ACTION_STANDINGS", "Action", "standing_actions"]

ACTION_STANDINGS = ("planned", "under_way", "ended", "refused", "mistaken")
"""How an action stands: refused by whom it was offered to; ``mistaken`` takes the entries on it back."""

_LONGEST = {"actor": 200, "by": 200, "judged_by": 200, "result": 4_000, "why_inadequate": 4_000, "authority": 1_000}
_MEASURE = re.compile(r"M[123]\d\d")


@dataclass(frozen=True, slots=True)
class Action:
    """One entry on one action.

    Attributes:
        measure_id: which measure of the library.
        coercion: of that measure, 0 to 4; what authority is needed follows from it.
        unit: where: a country, or an area as ``CODE/area``.
        actor: who takes it: an institution or a role, never a private person.
        started_on: the day it began or is to begin; with measure, unit and actor it names the action.
        standing: one of :data:`ACTION_STANDINGS`.
        source: where this is known from: a symbol, a record, a report id.
        by, at: who recorded it, when (UTC).
        ended_on: the day it ended or was refused; needed for both, missing otherwise.
        result: what came of it, in words; may be empty.
        why_inadequate: why it was judged not enough, in words; needs ``judged_by``.
        judged_by: who judged it so: a named body or person in charge.
        authority: the deciding body and its decision; needed from coercion 2 on.
        alert_id: the alert whose decision it carries out, if any.
    """

    measure_id: str
    coercion: int
    unit: str
    actor: str
    started_on: date
    standing: str
    source: str
    by: str
    at: datetime
    ended_on: date | None = None
    result: str = ""
    why_inadequate: str = ""
    judged_by: str = ""
    authority: str = ""
    alert_id: str = ""

    def __post_init__(self) -> None:
        where = f"action {shorten(self.measure_id)}"
        if not _MEASURE.fullmatch(self.measure_id):
            raise InputValueError(f"'{shorten(self.measure_id)}' is not a measure id", where="action", mend="use M202")
        self._require_form(where)
        require_choice(self.standing, f"{where}: standing", ACTION_STANDINGS)
        require_order(self.started_on, self.ended_on, f"{where}: ended_on")
        if (self.standing in ("ended", "refused")) != (self.ended_on is not None) and self.standing != "mistaken":
            raise InputValueError(
                "has a day of ending exactly when it ended or was refused", where=where, mend="give it, or leave it out"
            )
        if bool(self.why_inadequate.strip()) != bool(self.judged_by.strip()):
            raise RuleError(
                "a judgement of inadequacy has a reason and a judge", where=where, mend="name who judged it so, and why"
            )
        if self.judged_by:
            require_somebody(self.judged_by, f"{where}: judged_by", "name the body that judged it so")
        if self.coercion > HIGHEST_PROPOSED_COERCION:
            require_somebody(self.authority, f"{where}: authority", "cite the deciding body and its decision")

    def _require_form(self, where: str) -> None:
        require_text(self.unit, f"{where}: unit", longest=300)
        require_text(self.source, f"{where}: source")
        require_somebody(self.actor, f"{where}: actor", "name the institution or role that acts")
        require_somebody(self.by, f"{where}: by", "name who records it")
        for name, longest in _LONGEST.items():
            if value := getattr(self, name):
                require_text(value, f"{where}: {name}", longest=longest)
        if type(self.started_on) is not date or (self.ended_on is not None and type(self.ended_on) is not date):
            raise InputValueError("is not a day", where=f"{where}: started_on or ended_on", mend="use YYYY-MM-DD")
        require_instant(self.at, f"{where}: at")
        if self.alert_id:
            require_id(self.alert_id, f"{where}: alert_id", "alr")

    @property
    def action_id(self) -> str:
        """``act_`` and the digest of measure, place, actor (however cased or spaced) and first day."""
        actor = " ".join(self.actor.casefold().split())
        return content_id("act", self.measure_id, self.unit, actor, self.started_on.isoformat())

    @property
    def entry_id(self) -> str:
        """``ent_`` and the digest of all that was recorded."""
        ended = self.ended_on.isoformat() if self.ended_on else None
        said = (self.standing, self.source, self.by, self.result, self.why_inadequate, self.judged_by, self.authority)
        return content_id("ent", self.action_id, *said, ended, self.alert_id, self.at.isoformat())

    def under_way_on(self, day: date) -> bool:
        """Whether it had begun and not ended on the day, as far as this entry says; a plan has not begun."""
        begun = self.standing in ("under_way", "ended") and self.started_on <= day
        return begun and (self.ended_on is None or day <= self.ended_on)


def standing_actions(entries: Iterable[Action]) -> tuple[Action, ...]:
    """How each action stands: its latest entry, mistaken ones left out; by place, first day, measure and actor.

    The order in which entries are given does not matter; ties in time are settled by the id.
    """
    latest: dict[str, Action] = {}
    for one in sorted(entries, key=lambda entry: (entry.at, entry.entry_id)):
        latest[one.action_id] = one
    kept = [one for one in latest.values() if one.standing != "mistaken"]
    return tuple(sorted(kept, key=lambda one: (one.unit, one.started_on, one.measure_id, one.actor)))
