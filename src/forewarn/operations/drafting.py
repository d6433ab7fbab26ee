"""Drafting alerts: the latest forecast, recent incidents and coverage are put to the declared policy.

What the policy proposes becomes drafts with a named human author; fields only people can know stay empty and are
named. The base rate beside each chance is how often the unit's own past windows of the same length had as many.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.lib.stride_tricks import sliding_window_view
from sqlalchemy import Connection

from forewarn.assess import coverage
from forewarn.clock import day_from_text, instant_text
from forewarn.collect.places import Atlas
from forewarn.errors import UnknownNameError, UsageError, shorten
from forewarn.forecast.grouping import status_of_history
from forewarn.model.alert import LEVELS, Alert, EvidenceLine
from forewarn.model.panel import Panel
from forewarn.model.place import UnitLevel
from forewarn.operations.alert import alert_life
from forewarn.operations.boundaries import atlas_of
from forewarn.operations.drafting_sides import assessed_sides, silences, with_assessed
from forewarn.operations.knowledge import Knowledge, knowledge
from forewarn.operations.measures import signs_in
from forewarn.operations.panels import PanelMade, panel_of
from forewarn.operations.workspace import Workspace
from forewarn.respond import Sign, options
from forewarn.respond.measures import Option
from forewarn.store import decisions
from forewarn.store.forecasts import ForecastRun, SkillRow, latest_forecast, read_forecast_units, read_skill
from forewarn.taxonomy import is_fictional
from forewarn.warn import (
    DraftRequest,
    Proposal,
    Standing,
    TriggerInputs,
    UnitCoverage,
    UnitForecast,
    alert_policy,
    draft,
    lifecycle,
    propose,
)

__all__ = [
    "DraftWish",
    "Drafted",
    "DraftsMade",
    "base_rates",
    "draft_alerts",
    "everything_of",
    "skill_by_unit",
    "trigger_inputs",
    "unit_forecast",
]

_THRESHOLDS = (1, 25, 100, 1000)
_ENDED = ("closed", "after_action", "cancelled")


@dataclass(frozen=True, slots=True)
class DraftWish:
    """What to draft.

    Attributes:
        authors: who will stand behind the alerts.
        unit: this unit, whether or not the policy proposes it; empty for all that the policy proposes.
        level: kind of unit whose latest forecast is used.
        as_known_at: day of knowledge; the forecast's own when missing.
        least: lowest alert level drafted.
        addressee, decision_asked, primary_duty_holder, releasability: taken into the drafts where given.
        propose_only: show the proposals and draft nothing.
    """

    authors: tuple[str, ...]
    unit: str = ""
    level: UnitLevel = UnitLevel.ADMIN1
    as_known_at: date | None = None
    least: str = "W1"
    addressee: str = ""
    decision_asked: str = ""
    primary_duty_holder: str = ""
    propose_only: bool = False
    releasability: str = ""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A proposal and, unless only proposed, the draft made of it; ``reason`` says why there is none."""

    unit: str
    level: str
    likelihood: str
    probability: float | None
    base_rate: float | None
    confidence: str
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]
    gaps: tuple[str, ...]
    alert_id: str = ""
    missing: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DraftsMade:
    """What came of drafting, from which forecast, under which policy."""

    as_known_at: str
    forecast_id: str
    policy: str
    drafted: list[Drafted] = field(default_factory=list)


def draft_alerts(workspace: Workspace, wish: DraftWish) -> DraftsMade:
    """Propose, and draft what is proposed; all drafts or none."""
    policy = alert_policy()
    with workspace.database.writing() as connection:
        atlas = atlas_of(workspace, connection)
        inputs, forecast_id = trigger_inputs(connection, wish.level, wish.as_known_at, atlas=atlas)
        inputs = replace(inputs, silences=silences(workspace, inputs.as_known_at))
        found = _asked_for(inputs, wish.unit) if wish.unit else _high_enough(propose(inputs, policy), wish.least)
        signs = _signs(connection, found, wish, inputs.as_known_at, atlas=atlas)
        made = [_one(connection, workspace, proposal, wish, signs.get(proposal.unit, ())) for proposal in found]
    return DraftsMade(inputs.as_known_at.isoformat(), forecast_id, f"{policy.name} {policy.version}", made)


def trigger_inputs(
    connection: Connection, level: UnitLevel, as_known_at: date | None, *, atlas: Atlas
) -> tuple[TriggerInputs, str]:
    """All that a policy looks at, and the id of the forecast it rests on."""
    wanted = as_known_at.isoformat() if as_known_at else None
    forecast_id, run = latest_forecast(connection, level=level, as_known_at=wanted)
    day = day_from_text(run.as_known_at)
    known = knowledge(connection, day, atlas=atlas)
    made = panel_of(known, level, run.target)
    incidents = known.incidents(level).filter(pl.col("unit").is_not_null())
    return TriggerInputs(
        as_known_at=day,
        level=level,
        forecasts=_forecasts(connection, forecast_id, run, made.panel),
        incidents=incidents,
        coverage=_coverage(known, made),
        standing=_standing(connection, made.panel.units, day),
    ), forecast_id


def base_rates(panel: Panel, target: str, horizon: int) -> dict[str, dict[int, float]]:
    """By unit, the share of its own past windows of ``horizon`` months with at least each threshold.

    Windows with a missing month are left out; a unit without a whole window has no base rate.
    """
    values = panel.feature(target)
    if values.shape[1] < horizon:
        return {}
    sums = sliding_window_view(values, horizon, axis=1).sum(axis=2)
    rates: dict[str, dict[int, float]] = {}
    for unit, row in zip(panel.units, sums, strict=True):
        whole = row[~np.isnan(row)]
        if whole.size:
            rates[unit] = {number: float((whole >= number).mean()) for number in _THRESHOLDS}
    return rates


def _forecasts(connection: Connection, forecast_id: str, run: ForecastRun, panel: Panel) -> tuple[UnitForecast, ...]:
    totals = read_forecast_units(connection, forecast_id).filter(pl.col("month") == 0)
    rates = base_rates(panel, run.target, run.horizon)
    skill = skill_by_unit(connection, forecast_id, panel, run.target)
    return tuple(
        unit_forecast(row, run, forecast_id, rates.get(row["unit"], {}), skill.get(row["unit"]))
        for row in totals.iter_rows(named=True)
    )


def unit_forecast(
    row: Mapping[str, Any], run: ForecastRun, forecast_id: str, rates: Mapping[int, float], skill: SkillRow | None
) -> UnitForecast:
    """The forecast of a unit from its row of the whole horizon, with its own past and what the look back said."""
    return UnitForecast(
        unit=row["unit"],
        horizon_months=run.horizon,
        first_month=run.data_through + 1,
        exceedance={number: row[f"p{number}"] for number in _THRESHOLDS},
        q05=row["q05"],
        q50=row["q50"],
        q95=row["q95"],
        mean=row["mean"],
        base_rate_exceedance=rates,
        model=run.model,
        target=run.target,
        as_known_at=day_from_text(run.as_known_at),
        forecast_id=forecast_id,
        skill=skill.sentence if skill else "",
        skill_shown=skill is not None and skill.verdict == "shown",
    )


def skill_by_unit(connection: Connection, forecast_id: str, panel: Panel, target: str) -> dict[str, SkillRow]:
    """By unit, what the forecast's look back said of units of its status; a unit whose status it never saw has none."""
    said = {row.name: row for row in read_skill(connection, forecast_id) if row.kind == "status"}
    status = status_of_history(panel.feature(target)).tolist()
    return {unit: said[name] for unit, name in zip(panel.units, status, strict=True) if name in said}


def _coverage(known: Knowledge, made: PanelMade) -> tuple[UnitCoverage, ...]:
    """Sight per unit; without any statement it is unknown for all, which is not observed."""
    panel = made.panel
    if not known.statements:
        return ()
    covered = coverage(known.statements, panel.units, panel.months)
    states = covered.group_by("unit", maintain_order=True).agg(pl.col("state") == "observed")
    return tuple(UnitCoverage(unit, panel.first_month, tuple(seen)) for unit, seen in states.iter_rows())


def _standing(connection: Connection, units: tuple[str, ...], day: date) -> tuple[Standing, ...]:
    """The levels held on the day: alerts begun later do not count, so that a past day can be looked at again."""
    held: dict[str, Standing] = {}
    for alert_id in decisions.alert_ids(connection):
        life = alert_life(connection, alert_id)
        begun = life.events[0].at.date() <= day
        if begun and life.state.status not in _ENDED and life.alert.unit in units:
            held[life.alert.unit] = Standing(life.alert.unit, life.alert.level, life.events[-1].at.date())
    return tuple(held[unit] for unit in sorted(held))


def _high_enough(found: list[Proposal], least: str) -> list[Proposal]:
    if least not in LEVELS:
        raise UnknownNameError(f"'{shorten(least)}' is no level", where="--least", mend="use W0 to W4")
    return [one for one in found if LEVELS.index(one.level) >= LEVELS.index(least)]


def _asked_for(inputs: TriggerInputs, unit: str) -> list[Proposal]:
    """What the data say of a unit a person names, whether or not the policy would propose it."""
    named = [one for one in everything_of(inputs) if unit in (one.unit, one.name)]
    if len(named) == 1:
        return named
    if named:
        raise UsageError(
            f"'{shorten(unit)}' names {len(named)} units", mend=f"write {' or '.join(n.unit for n in named)}"
        )
    raise UnknownNameError(
        f"nothing is known of '{shorten(unit)}' on {inputs.as_known_at}",
        where="--unit",
        mend="name an area as COUNTRY/Name, or another --level",
    )


def everything_of(inputs: TriggerInputs) -> list[Proposal]:
    """What the data say of every unit, without the policy's minimum, its quiet days and the levels already held."""
    policy = replace(alert_policy(), minimum_level=LEVELS[0], quiet_days=0)
    return propose(replace(inputs, standing=()), policy)


def _signs(
    connection: Connection, found: list[Proposal], wish: DraftWish, day: date, *, atlas: Atlas
) -> dict[str, tuple[Sign, ...]]:
    """By unit to be drafted, what people assessed there and what the data propose; cells have none."""
    if wish.propose_only or wish.level is UnitLevel.CELL or not found:
        return {}
    known = knowledge(connection, day, atlas=atlas)
    return {one.unit: signs_in(connection, known, one.unit) for one in found}


def _one(
    connection: Connection, workspace: Workspace, proposal: Proposal, wish: DraftWish, signs: tuple[Sign, ...]
) -> Drafted:
    told = _told(proposal)
    if wish.propose_only:
        return told
    if proposal.probability is None:
        return replace(told, reason="no forecast gives a likelihood: forecast the unit first")
    request = DraftRequest(
        authors=wish.authors,
        now=workspace.now,
        options=_options(signs, proposal.horizon_months),
        addressee=wish.addressee,
        decision_asked=wish.decision_asked,
        primary_duty_holder=wish.primary_duty_holder,
        fictional=is_fictional(proposal.unit[:3]),
        releasability=wish.releasability,
    )
    alert = _marked(draft(proposal, request, alert_policy()), proposal)
    alert = with_assessed(alert, assessed_sides(connection, proposal.unit, proposal.as_known_at))
    decisions.add_alert_version(connection, alert, written_at=instant_text(workspace.now))
    decisions.append_alert_event(connection, lifecycle.begin(alert, wish.authors[0], workspace.now))
    return replace(told, alert_id=alert.alert_id, missing=alert.missing())


def _marked(alert: Alert, proposal: Proposal) -> Alert:
    """The draft, saying so where the policy by itself would propose none."""
    policy = alert_policy()
    if LEVELS.index(proposal.level) >= LEVELS.index(policy.minimum_level):
        return alert
    text = f"The policy {proposal.policy} proposes no alert here: a person asked for this draft."
    line = EvidenceLine(text, basis=f"policy:{proposal.policy}")
    return replace(alert, evidence_against=(*alert.evidence_against, line), no_evidence_against_because="")


def _options(signs: tuple[Sign, ...], lead_months: int) -> tuple[str, ...]:
    """Pillar by pillar, the measures that signs of the situation call to mind, least coercive first, each with why.

    Only measures software may list are, and one whose effect cannot begin in time says so. The others are counted,
    never hidden: where no sign calls a measure of a pillar to mind, those whose effect can begin in time are named.
    """
    found = []
    for pillar in options(lead_months=lead_months, signs=signs):
        called = [option for option in pillar.proposed if option.because]
        timely = [option for option in pillar.proposed if _begins_within(option, lead_months)]
        found += [_option_words(option, lead_months) for option in called or timely]
        if left := len(pillar.proposed) - len(called or timely):
            found.append(f"Pillar {pillar.pillar}: {left} more, see 'forewarn measures'")
    return tuple(found)


def _begins_within(option: Option, months: int) -> bool:
    span = option.measure.horizon_months
    return span is not None and span[0] < months


def _option_words(option: Option, lead_months: int) -> str:
    """A measure with what calls it to mind: the reason of the match, and the indicators by number."""
    reasons = dict.fromkeys(said.partition(":")[0] for said in option.because)
    late = "" if _begins_within(option, lead_months) else f"; an effect may come after the {lead_months} months ahead"
    why = f"called to mind because {', and '.join(reasons)}" if reasons else "no sign calls it to mind"
    measure = option.measure
    return f"{measure.id} {measure.name} (pillar {measure.pillar}, {measure.coercion_words}): {why}{late}"


def _told(proposal: Proposal) -> Drafted:
    return Drafted(
        unit=proposal.unit,
        level=proposal.level,
        likelihood=proposal.likelihood_term,
        probability=proposal.probability,
        base_rate=proposal.base_rate,
        confidence=proposal.confidence,
        reasons_for=tuple(line.text for line in proposal.sides.reasons_for),
        reasons_against=tuple(line.text for line in proposal.sides.reasons_against),
        gaps=proposal.sides.gaps,
    )
