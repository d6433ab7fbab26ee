"""An alert as text and as a form: its content, life and clock for reading, and its fields read from a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forewarn.clock import instant_text
from forewarn.errors import InputNotFoundError, UsageError, shorten
from forewarn.model.alert import Alert
from forewarn.model.alert_life import AlertEvent, AlertState
from forewarn.operations.alert import alert_life, clock_of, find_alert
from forewarn.operations.workspace import Workspace
from forewarn.respond import ResponseClock
from forewarn.taxonomy import parse_yaml
from forewarn.warn import lifecycle

__all__ = ["ShownAlert", "alert_lines", "fields_of", "share_words", "show_alert"]

_LISTS = ("alternatives_considered", "gaps_and_blind_spots", "options")


@dataclass(frozen=True, slots=True)
class ShownAlert:
    """An alert with its life, its clock, and what stands between it and its review."""

    alert: Alert
    state: AlertState
    events: tuple[AlertEvent, ...]
    clock: ResponseClock
    may: tuple[str, ...]
    obstacles: tuple[str, ...]


def show_alert(workspace: Workspace, name: str) -> ShownAlert:
    """An alert in full."""
    with workspace.database.reading() as connection:
        life = alert_life(connection, find_alert(connection, name))
    obstacles = lifecycle.obstacles(life.alert) if life.state.status == "draft" else ()
    clock = clock_of(life, workspace.now)
    return ShownAlert(life.alert, life.state, life.events, clock, life.state.may(), obstacles)


def fields_of(pairs: Sequence[str], source: Path | None) -> dict[str, Any]:
    """Fields from ``name=text`` pairs and a YAML file; lists may be given one item per line or by `` | ``."""
    fields: dict[str, Any] = {}
    if source is not None:
        try:
            data = source.read_bytes()
        except OSError as error:
            raise InputNotFoundError(f"cannot be read ({error.strerror})", where=source.name, mend="check it") from None
        fields |= dict(parse_yaml(data, source.name).value)
    for pair in pairs:
        name, mark, text = pair.partition("=")
        if not mark:
            raise UsageError(f"'{shorten(pair)}' has no '='", where="--set", mend="write --set field='text'")
        fields[name.strip()] = text.strip()
    for name in _LISTS:
        if isinstance(fields.get(name), str):
            fields[name] = [part.strip() for part in fields[name].split(" | ") if part.strip()]
    if not fields:
        raise UsageError("no field is given", mend="use --set field='text' or --from FILE")
    return fields


def alert_lines(shown: ShownAlert) -> Iterator[str]:
    """An alert as lines of text, most important first."""
    alert, state = shown.alert, shown.state
    if alert.fictional:
        yield "EXERCISE: this alert is fictional."
    likelihood = alert.likelihood
    rate = share_words(likelihood.base_rate)
    yield f"{alert.level} {alert.unit}: {alert.what_could_happen}"
    yield f"Likelihood of {likelihood.event}, {likelihood.area}, within {likelihood.horizon_months} months:"
    yield f"  {likelihood.term} ({likelihood.low:.0%} to {likelihood.high:.0%}); base rate {rate}."
    yield f"Confidence: {alert.confidence}. {alert.confidence_because}"
    yield f"Asked of {alert.addressee or '(not yet said)'}: {alert.decision_asked or '(not yet said)'}"
    yield f"  by {instant_text(alert.decision_needed_by)}."
    yield from _listed("For", [line.text for line in alert.evidence_for])
    yield from _listed("Against", [line.text for line in alert.evidence_against])
    yield from _listed("Not known", alert.gaps_and_blind_spots)
    yield from _listed("Options, least coercive first", alert.options)
    yield f"Status: {state.status}, version {alert.version}; authors {', '.join(alert.authors)}"
    if shown.clock.duty:
        yield f"Next: {shown.clock.duty}"
    for event in shown.events:
        said = event.decision or event.outcome or ""
        yield f"  {instant_text(event.at)} {event.kind} by {event.by} {said} {event.note}".rstrip()
    yield from _listed("Before review", shown.obstacles)


def share_words(share: float | None) -> str:
    """A share as people read it: ``below 1%``, never 0 %, and ``unknown`` where nobody knows."""
    if share is None:
        return "unknown"
    return "below 1%" if share < 0.01 else f"{share:.0%}"


def _listed(title: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f"{title}:"
        yield from (f"  - {item}" for item in items)
