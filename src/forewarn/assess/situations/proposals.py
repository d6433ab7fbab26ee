"""What incident data propose for risk indicators that can be measured, each with its rule, figures and claims.

Owns the working of ``measured.yaml``. A proposal is the machine's: it says which state the rule would give and enters
no assessment by itself. Months nobody could see are no zero: without sight nothing is proposed to be absent, and no
trend is told. The same rules, windows and thresholds hold for every area and every party.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from forewarn.assess.themes.marks import folded_text, phrase_pattern
from forewarn.clock import day_from_text, month_label, month_of
from forewarn.ids import content_id
from forewarn.taxonomy.measured import MeasuredRule, Windows, measured_rules, windows

__all__ = ["MOST_CLAIMS", "Proposal", "propose"]

MOST_CLAIMS = 50
"""Claims that a proposal names, the last ones; the rest stay in the incidents."""
_DATED = ("day", "week", "month")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a rule would say of one indicator of one area.

    Attributes:
        unit, indicator: of what.
        state, trend: as a person might assess them.
        rule: what was looked at and when the state follows, in words.
        because: the figures found.
        first, last: the recent window, month ids.
        found, before: incidents or people in it, and in the window before.
        seen, seen_before: months of each window in which somebody could see or something was told.
        claim_ids: what it rests on.
        kind: ``machine``, always.
    """

    unit: str
    indicator: str
    state: str
    trend: str
    rule: str
    because: str
    first: int
    last: int
    found: int
    before: int
    seen: int
    seen_before: int
    claim_ids: tuple[str, ...]
    kind: str = "machine"

    @property
    def proposal_id(self) -> str:
        """``prp_`` and the SHA-256 over what is proposed, for what window, by which rule, on which claims."""
        said = (self.unit, self.indicator, self.state, self.trend, self.rule, self.because, self.first, self.last)
        return content_id("prp", *said, list(self.claim_ids))


@dataclass(frozen=True, slots=True)
class _Window:
    """What was found in some months: how much, in how many months of sight, and the incidents."""

    found: int
    seen: int
    incidents: pl.DataFrame

    @property
    def rate(self) -> float:
        return self.found / self.seen if self.seen else 0.0


def propose(
    unit: str, *, incidents: pl.DataFrame, claims: pl.DataFrame, marks: pl.DataFrame, covered: pl.DataFrame
) -> list[Proposal]:
    """The proposals for an area, in the order of the rules.

    Args:
        unit: a country or admin1 area.
        incidents: all of ``INCIDENT_COLUMNS`` with ``unit`` and ``claim_ids``.
        claims: ``claim_id, act, violence, target, text`` of them.
        marks: their protection themes, of :func:`~forewarn.assess.themes.marks.theme_marks`.
        covered: ``unit, month, state`` for at least twice the recent months, up to the last complete one.
    """
    state = covered.filter(pl.col("unit") == unit).sort("month")
    observed = set(state.filter(pl.col("state") == "observed")["month"])
    last = int(state["month"].max() or 0)  # type: ignore[arg-type]
    inside = _monthly(incidents.filter(pl.col("unit") == unit))
    links = inside.select("incident_id", claim_id="claim_ids").explode("claim_id")
    own = claims.join(links.select("claim_id"), on="claim_id", how="semi").with_columns(
        _said=folded_text(pl.concat_str(pl.col("target", "text").fill_null(""), separator=". "))
    )
    made = []
    for rule in measured_rules():
        matching = _matching(rule, own, marks)
        found = links.filter(pl.col("claim_id").is_in(matching.implode()))
        kept = inside.filter(pl.col("incident_id").is_in(found["incident_id"].unique().implode()))
        made.append(_proposal(unit, rule, _windows(rule, kept, observed, last), (found, observed, last)))
    return made


def _monthly(frame: pl.DataFrame) -> pl.DataFrame:
    """The incidents known to a month, with it."""
    dated = frame.filter(pl.col("started_on").is_not_null() & pl.col("date_precision").is_in(_DATED))
    months = [month_of(day_from_text(day)) for day in dated["started_on"]]
    return dated.with_columns(pl.Series("month", months, dtype=pl.Int64))


def _matching(rule: MeasuredRule, claims: pl.DataFrame, marks: pl.DataFrame) -> pl.Series:
    """The ids of claims for which all conditions of the rule hold."""
    kept = claims
    if rule.acts:
        kept = kept.filter(pl.col("act").is_in(rule.acts))
    if rule.violence:
        kept = kept.filter(pl.col("violence").is_in(rule.violence))
    if rule.words.phrases:
        kept = kept.filter(pl.col("_said").str.contains(phrase_pattern(rule.words)))
    if rule.theme:
        kept = kept.join(marks.filter(pl.col("theme") == rule.theme), on="claim_id", how="semi")
    return kept["claim_id"]


def _windows(rule: MeasuredRule, kept: pl.DataFrame, observed: set[int], last: int) -> tuple[_Window, _Window]:
    """The recent window and the one before it."""
    length = windows().recent_months
    recent = _window(rule, kept, observed, range(last - length + 1, last + 1))
    return recent, _window(rule, kept, observed, range(last - 2 * length + 1, last - length + 1))


def _window(rule: MeasuredRule, kept: pl.DataFrame, observed: set[int], months: range) -> _Window:
    inside = kept.filter(pl.col("month").is_in(list(months)))
    seen = len((observed | set(inside["month"])) & set(months))
    if rule.counts == "incidents":
        return _Window(inside.height, seen, inside)
    best, low, high = (pl.col(f"{rule.counts}_{end}") for end in ("best", "low", "high"))
    total = inside.select(pl.coalesce(best, low, high).sum()).item()
    return _Window(int(total or 0), seen, inside)


def _proposal(
    unit: str, rule: MeasuredRule, found: tuple[_Window, _Window], context: tuple[pl.DataFrame, set[int], int]
) -> Proposal:
    links, observed, last = context
    (recent, before), settings = found, windows()
    first = last - settings.recent_months + 1
    trend = _trend(recent, before, settings)
    all_seen = set(range(first, last + 1)) <= observed
    evidence = links.join(recent.incidents.select("incident_id", "started_on"), on="incident_id")
    claims = evidence.sort("started_on", "claim_id")["claim_id"].unique(maintain_order=True).tail(MOST_CLAIMS)
    return Proposal(
        unit=unit,
        indicator=rule.indicator,
        state=_state(rule, recent, trend, all_seen=all_seen),
        trend=trend,
        rule=_told(rule, settings),
        because=_because(rule, recent, before, (first, last, settings.recent_months)),
        first=first,
        last=last,
        found=recent.found,
        before=before.found,
        seen=recent.seen,
        seen_before=before.seen,
        claim_ids=tuple(sorted(claims)),
    )


def _trend(recent: _Window, before: _Window, settings: Windows) -> str:
    if min(recent.seen, before.seen) < settings.fewest_months:
        return "unknown"
    more = recent.found - before.found
    if more >= settings.least and recent.rate >= settings.times * before.rate:
        return "rising"
    if -more >= settings.least and before.rate >= settings.times * recent.rate:
        return "falling"
    return "steady"


def _state(rule: MeasuredRule, recent: _Window, trend: str, *, all_seen: bool) -> str:
    if recent.incidents.is_empty():
        return "observed_absent" if all_seen else "not_observed"
    if rule.needs == "rise" and trend != "rising":
        # Months nobody saw may hold the rise: only what was seen throughout can be absent.
        return "observed_absent" if all_seen and trend != "unknown" else "not_observed"
    if (recent.incidents["contested"] == 1).all():
        return "contested"
    enough = recent.incidents.height >= windows().clear_from
    return "clear" if enough and (recent.incidents["status"] == "corroborated").any() else "weak"


def _told(rule: MeasuredRule, settings: Windows) -> str:
    """The rule in words."""
    parts = [
        *_conditions(rule),
        f"recent is the last {settings.recent_months} complete months, before are as many before them",
    ]
    if rule.needs == "rise":
        parts.append(
            f"the sign is a rise: {settings.times:g} times the monthly rate, and at least {settings.least} more"
        )
    parts.append(f"clear from {settings.clear_from} incidents with one of two independent origins, else weak")
    parts.append("absent only where somebody could see in every recent month")
    return "; ".join(parts)


def _conditions(rule: MeasuredRule) -> Iterator[str]:
    yield f"{rule.says}: {rule.counts}"
    for noun, values in (("act", rule.acts), ("violence", rule.violence), ("words", rule.words.said)):
        if values:
            yield f"{noun} {' or '.join(values)}"
    if rule.theme:
        yield f"theme {rule.theme}"


def _because(rule: MeasuredRule, recent: _Window, before: _Window, span: Sequence[int]) -> str:
    first, last, length = span
    noun = "incidents" if rule.counts == "incidents" else f"{rule.counts} in {recent.incidents.height:,} incidents"
    noun = noun.replace("incidents", "incident") if recent.incidents.height == 1 else noun
    return (
        f"{recent.found:,} {noun} from {month_label(first)} to {month_label(last)} ({recent.seen} of {length} months "
        f"seen), {before.found:,} in the {length} months before ({before.seen} seen)"
    )
