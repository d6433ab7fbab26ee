"""What of an alert may leave, and for whom: default deny, the wider the scope the less.

Owns the refusal: only an alert that was issued and has not ended leaves, to no wider scope than its Traffic Light
label allows, with nothing left that stands between it and review. Authors, claims, source protection, the harm check
and the life of an alert never leave. In public, who may do or suffer it and what is asked of whom stay behind too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time

from forewarn.errors import DisclosureError, LifecycleError
from forewarn.model.alert import Alert, Likelihood
from forewarn.model.alert_life import AlertState
from forewarn.model.releasability import TLP_LABELS, mark_in

__all__ = ["SCOPES", "ReleasedAlert", "release_alert"]

SCOPES = ("Public", "Restricted", "Private")
_WIDEST = {"TLP:CLEAR": 0, "TLP:GREEN": 1, "TLP:AMBER": 1, "TLP:AMBER+STRICT": 1, "TLP:RED": 2}
_OUT = ("issued", "updated", "read", "decision_recorded", "action_recorded", "cancelled")


@dataclass(frozen=True, slots=True)
class ReleasedAlert:
    """The parts of an alert that may leave; only :func:`release_alert` makes one.

    Attributes:
        alert_id, version, unit, level, fictional: of the alert.
        is_cancelled: it has been taken back after it was issued; then only that leaves.
        scope: for whom these parts are.
        label: its Traffic Light label.
        ends_at: the last instant it holds, UTC.
        likelihood, confidence: as the alert says.
        what, where: the sentences on what could happen, and where and when.
        lines: further sentences by their headings, each heading with one or more.
        asked: what is asked of whom by when; empty in public.
    """

    alert_id: str
    version: int
    unit: str
    level: str
    fictional: bool
    is_cancelled: bool
    scope: str
    label: str
    ends_at: datetime
    likelihood: Likelihood
    confidence: str
    what: str
    where: str
    lines: tuple[tuple[str, tuple[str, ...]], ...]
    asked: str


def release_alert(
    alert: Alert, state: AlertState, scope: str, now: datetime, *, obstacles: tuple[str, ...] = ()
) -> ReleasedAlert:
    """The parts of an issued alert that may leave to a scope.

    Args:
        alert: its current version.
        state: where it stands.
        scope: one of :data:`SCOPES`.
        now: the present instant, UTC.
        obstacles: what the wording rules find in it now; any refuses it, though it passed them when reviewed.

    Raises:
        LifecycleError: it has not been issued, or has been closed or has expired.
        DisclosureError: its label is none, or does not allow the scope, or its words may not leave.
    """
    where = f"alert {alert.alert_id[:16]}"
    ends = datetime.combine(alert.valid_until, time(23, 59, 59), UTC)
    if state.issued_at is None or state.status not in _OUT:
        what = "has not been issued" if state.issued_at is None else "has been closed"
        raise LifecycleError(f"{what}: nothing of it may leave", where=where, mend="see 'forewarn alert show'")
    if ends <= now:
        raise LifecycleError(f"has ended on {alert.valid_until}", where=where, mend="update it with a later end")
    label = _label(alert, where)
    if SCOPES.index(scope) < _WIDEST[label]:
        raise DisclosureError(f"{label} does not allow the scope {scope}", where=where, mend="choose a narrower scope")
    if obstacles:
        raise DisclosureError(f"its words may not leave: {obstacles[0]}", where=where, mend="update the alert first")
    return ReleasedAlert(
        alert_id=alert.alert_id,
        version=alert.version,
        unit=alert.unit,
        level=alert.level,
        fictional=alert.fictional,
        is_cancelled=state.status == "cancelled",
        scope=scope,
        label=label,
        ends_at=ends,
        likelihood=alert.likelihood,
        confidence=alert.confidence,
        what=alert.what_could_happen,
        where=alert.where_and_when,
        lines=tuple((heading, said) for heading, said in _lines(alert, scope) if said),
        asked="" if scope == "Public" else f"Asked of {alert.addressee}: {alert.decision_asked}",
    )


def _label(alert: Alert, where: str) -> str:
    mark = mark_in(alert.releasability)
    if not mark:
        raise DisclosureError(
            "its releasability begins with no Traffic Light label",
            where=where,
            mend=f"write one of {', '.join(TLP_LABELS)} first; without a label nothing leaves",
        )
    return f"TLP:{mark.upper()}"


def _lines(alert: Alert, scope: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is said beside the likelihood, most needed first; in public no group, actor or small number.

    Evidence goes out for and against together, or not at all.
    """
    always = (
        ("Not known", alert.gaps_and_blind_spots),
        ("Other explanations", alert.alternatives_considered),
        ("The State concerned says", _said(alert.right_of_comment.comment)),
    )
    if scope == "Public":
        return always
    return (
        ("To whom", _said(alert.to_whom)),
        ("By whom, possibly", _said(alert.by_whom_possibly)),
        ("For", tuple(line.text for line in alert.evidence_for)),
        ("Against", tuple(line.text for line in alert.evidence_against) or _said(alert.no_evidence_against_because)),
        *always,
        ("What would raise the level", _said(alert.trigger_to_upgrade)),
        ("What would lower it", _said(alert.trigger_to_downgrade)),
        ("Options, least coercive first; none is recommended", alert.options),
        ("Primary duty to protect", _said(alert.primary_duty_holder)),
        ("Dissent", _said(alert.dissent)),
    )


def _said(text: str) -> tuple[str, ...]:
    return (text,) if text.strip() else ()
