"""From what a brief says to what its pages show: numbering, anchors, words for each field.

Owns the order of the page and the links from each figure to its claims. It adds no fact and leaves none out; an
empty field of an alert is shown as still to be written, never skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from forewarn.clock import month_label
from forewarn.ids import short
from forewarn.model.alert import Alert, EvidenceLine
from forewarn.respond.brief.data import BriefData, BriefOption, Figure, KnownItem
from forewarn.respond.brief.desk import Desk, desk_of
from forewarn.respond.brief.escape import web_address
from forewarn.respond.brief.figures import number_range
from forewarn.respond.brief.pictures import Fan, SeriesMonth
from forewarn.respond.measures import PILLARS
from forewarn.taxonomy import alert_schema

__all__ = [
    "Citation",
    "Page",
    "claims_words",
    "coercion_words",
    "fan_words",
    "instant_words",
    "month_words",
    "page_of",
]

_COERCION = ("no coercion", "pressure", "coercion without arms", "armed presence with consent")
_BASES = {
    "published": "its publication date",
    "source_date": "the earliest date among its sources",
    "ended_plus_delay": "the end of what it describes, plus the channel's delay",
    "received": "the day it was received",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A statement and the claims under it: the anchor of its line in the trace, and the claims' numbers."""

    anchor: str
    label: str
    claims: tuple[int, ...]
    basis: str = ""


@dataclass(frozen=True, slots=True)
class CitedLine:
    """A sentence with its citation."""

    text: str
    citation: Citation
    note: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure as the page shows it."""

    figure: Figure
    citation: Citation


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim as the trace shows it."""

    number: int
    claim_id: str
    said: str
    known: str
    report_anchor: str
    report_name: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as the trace shows it; ``href`` is empty where its address may not be a link."""

    anchor: str
    report_id: str
    name: str
    source: str
    published: str
    snapshot_anchor: str
    snapshot: str
    row: int
    row_text: str
    url: str
    href: str


@dataclass(frozen=True, slots=True)
class PillarView:
    """The options of one pillar."""

    number: int
    name: str
    options: tuple[BriefOption, ...]


@dataclass(frozen=True, eq=False)
class Page:
    """Everything the templates print."""

    data: BriefData
    unit: str
    level: str
    status: str
    is_final: bool
    facts: tuple[tuple[str, str], ...]
    asked: tuple[tuple[str, str], ...]
    figures: tuple[FigureView, ...]
    lines_for: tuple[CitedLine, ...]
    lines_against: tuple[CitedLine, ...]
    changes: tuple[str, ...]
    known: tuple[CitedLine, ...]
    later: tuple[CitedLine, ...]
    pillars: tuple[PillarView, ...]
    citations: tuple[Citation, ...]
    claims: tuple[ClaimView, ...]
    reports: tuple[ReportView, ...]
    area: Citation | None
    series: Citation | None
    series_later: Citation | None
    timeline: Citation | None
    desk: Desk
    called: frozenset[str]


def page_of(data: BriefData) -> Page:
    """The page of a brief."""
    numbers = {claim.claim_id: number for number, claim in enumerate(data.trace.claims, start=1)}
    figures = tuple(FigureView(f, _cite(f"trace-{f.key}", f.label, f.claim_ids, numbers)) for f in data.figures)
    lines_for = tuple(_evidence("for", data.lines_for, numbers))
    lines_against = tuple(_evidence("against", data.lines_against, numbers))
    items = data.reconstruction
    known = tuple(_items("known", items.known if items else (), numbers))
    later = tuple(_items("later", items.later if items else (), numbers))
    area = _cite("trace-map", f"Map: {data.area.label}", data.area.claim_ids, numbers) if data.area else None
    series = (
        _cite("trace-months", f"Months: {data.series.label}", data.series.claim_ids, numbers) if data.series else None
    )
    series_later = (
        _cite("trace-months-later", "Months, as became known later", data.series.later_claim_ids, numbers)
        if data.series and data.series.later
        else None
    )
    timeline = _cite("trace-timeline", data.timeline.label, data.timeline.claim_ids, numbers) if data.timeline else None
    lines = (*lines_for, *lines_against, *known, *later)
    pictures = (area, series, series_later, timeline)
    cited = (*(view.citation for view in figures), *pictures, *(line.citation for line in lines))
    alert = data.alert
    changes = tuple(text for text in (alert.what_changed_since_last if alert else "", *data.changes) if text)
    pillars = _pillars(data.options)
    return Page(
        data=data,
        unit=data.unit_words or data.unit,
        level=f"{alert.level} {alert_schema().levels[alert.level].replace('_', ' ')}" if alert else "",
        status=_status(data),
        is_final=bool(data.clock and data.clock.issued_at),
        facts=_facts(alert) if alert else (),
        asked=_asked(data, alert) if alert else (),
        figures=figures,
        lines_for=lines_for,
        lines_against=lines_against,
        changes=changes,
        known=known,
        later=later,
        pillars=pillars,
        citations=tuple(one for one in cited if one is not None and one.claims),
        claims=tuple(_claims(data, numbers)),
        reports=tuple(_reports(data)),
        area=area,
        series=series,
        series_later=series_later,
        timeline=timeline,
        desk=desk_of(data, figures, changes, lines_against, pillars),
        called=_called(data),
    )


def fan_words(fan: Fan) -> tuple[str, ...]:
    """What the forecast says of its whole horizon, a sentence each, base rate beside chance."""
    span = f"{month_label(fan.months[0].month)} to {month_label(fan.months[-1].month)}"
    said = []
    if fan.total is not None:
        low, middle, high = fan.total
        said.append(
            f"{number_range(low, high)} {fan.noun} in all from {span} (nine courses in ten; median {middle:,.0f})."
        )
    for one in fan.exceedances:
        base = "unknown" if one.base_rate is None else _chance(one.base_rate)
        said.append(f"At least {one.number:,}: {_chance(one.chance)}; the unit's own past: {base}.")
    return (*said, fan.skill or "Nobody has measured the skill of this model on this target.")


def month_words(month: SeriesMonth) -> tuple[str, str, str, str]:
    """Low, best, high and whether observed, as a table shows them: unknown is said, never 0."""
    seen = "yes" if month.observed else "no: not known"
    if month.low is None:
        return ("unknown", "unknown", "unknown", seen)
    return (f"{month.low:,}", f"{month.best:,}", f"{month.high:,}", seen)


def instant_words(instant: datetime) -> str:
    """``2017-08-14 08:00 UTC``."""
    return instant.strftime("%Y-%m-%d %H:%M UTC")


def claims_words(claims: tuple[int, ...]) -> str:
    """``1 claim``, ``9 claims``."""
    return f"{len(claims):,} claim{'s' if len(claims) != 1 else ''}"


def _chance(chance: float) -> str:
    if chance < 0.01:
        return "below 1%"
    return "above 99%" if chance > 0.99 else f"{chance * 100:.0f}%"


def _cite(anchor: str, label: str, claim_ids: tuple[str, ...], numbers: dict[str, int]) -> Citation:
    return Citation(anchor, label, tuple(sorted({numbers[claim] for claim in claim_ids})))


def _evidence(side: str, lines: tuple[EvidenceLine, ...], numbers: dict[str, int]) -> Iterator[CitedLine]:
    for position, line in enumerate(lines, start=1):
        label = f"Evidence {side}, {position}"
        citation = _cite(f"trace-{side}-{position}", label, line.claim_ids, numbers)
        origins = line.independent_origins
        note = claims_words(citation.claims) if citation.claims else ""
        if citation.claims and origins:
            note += f", at least {origins:,} independent origin{'s' if origins != 1 else ''}"
        if not citation.claims:
            note = _basis_words(line.basis)
        yield CitedLine(line.text, citation, note)


def _basis_words(basis: str) -> str:
    if basis.startswith("forecast:"):
        return f"forecast {basis.removeprefix('forecast:')}"
    return {"coverage": "record of coverage"}.get(basis, basis)


def _items(name: str, items: tuple[KnownItem, ...], numbers: dict[str, int]) -> Iterator[CitedLine]:
    for position, item in enumerate(items, start=1):
        citation = _cite(f"trace-{name}-{position}", f"{name.capitalize()}, {position}", item.claim_ids, numbers)
        yield CitedLine(item.text, citation, f"known on {item.known_on}")


def _status(data: BriefData) -> str:
    if data.clock is None:
        return "Draft, not reviewed" if data.alert else ""
    words = {"draft": "Draft, not reviewed", "reviewed": "Reviewed, not issued"}
    return words.get(data.clock.status, data.clock.status.replace("_", " ").capitalize())


def _facts(alert: Alert) -> tuple[tuple[str, str], ...]:
    chance = alert.likelihood
    base = "how often it happened before is unknown"
    if chance.base_rate is not None:
        base = f"in the unit's own past it happened in {_chance(chance.base_rate)} of such spans"
    likely = (
        f"{chance.term.capitalize()} ({chance.low * 100:.0f}% to below {chance.high * 100:.0f}%): {chance.event} in "
        f"{chance.area} within {chance.horizon_months} months; {base}."
    )
    return (
        ("To whom", alert.to_whom),
        ("Where and by when", alert.where_and_when),
        ("By whom, possibly", alert.by_whom_possibly),
        ("How likely", likely),
        ("How sure", alert.confidence_because or f"Confidence is {alert.confidence}."),
        ("How severe", alert.severity_range),
    )


def _asked(data: BriefData, alert: Alert) -> tuple[tuple[str, str], ...]:
    clock = data.clock
    return (
        ("Of whom", alert.addressee),
        ("By when", instant_words(alert.decision_needed_by)),
        ("Where it stands", clock.words if clock else "Not issued: no clock is running."),
        ("Who bears the first duty", alert.primary_duty_holder),
        ("Who may see this", alert.releasability),
        ("Valid until", str(alert.valid_until)),
    )


def _called(data: BriefData) -> frozenset[str]:
    """The measures that a sign calls to mind or the alert names; on paper the others are counted, if there are any."""
    named = {text.split()[0] for text in (data.alert.options if data.alert else ()) if text.strip()}
    return frozenset(one.measure_id for one in data.options if one.reason or one.measure_id in named)


def _pillars(options: tuple[BriefOption, ...]) -> tuple[PillarView, ...]:
    """The three pillars, each least coercive first; an empty one is shown as empty."""
    if not options:
        return ()
    return tuple(
        PillarView(
            number,
            name,
            tuple(sorted((o for o in options if o.pillar == number), key=lambda o: (o.on_selection, o.coercion))),
        )
        for number, name in PILLARS.items()
    )


def coercion_words(coercion: int) -> str:
    """The degree of coercion in words."""
    return _COERCION[coercion]


def _claims(data: BriefData, numbers: dict[str, int]) -> Iterator[ClaimView]:
    reports = {report.report_id: report for report in data.trace.reports}
    for claim in data.trace.claims:
        report = reports[claim.report_id]
        yield ClaimView(
            numbers[claim.claim_id],
            claim.claim_id,
            claim.said,
            f"{claim.known_on}, by {_BASES[claim.known_basis]}",
            short(claim.report_id),
            report.external_id or short(claim.report_id),
        )


def _reports(data: BriefData) -> Iterator[ReportView]:
    for report in data.trace.reports:
        yield ReportView(
            anchor=short(report.report_id),
            report_id=report.report_id,
            name=report.external_id or short(report.report_id),
            source=report.source,
            published=str(report.published_on) if report.published_on else "not said",
            snapshot_anchor=short(report.snapshot_id),
            snapshot=report.snapshot_id.removeprefix("snp_"),
            row=report.row,
            row_text=report.row_text,
            url=report.url,
            href=web_address(report.url),
        )
