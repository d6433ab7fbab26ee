"""Briefs: for an alert, or for an area on a day, with every figure traced to the rows it came from.

Figures are those known on the day; what became known later is shown only when asked for, and apart. Rows are
quoted only where their sensitivity is low, and never with coordinates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection

from forewarn.assess import coverage, coverage_sentence
from forewarn.clock import add_days, day_from_text, first_day, last_complete_month, last_day
from forewarn.errors import UnknownNameError, UsageError, shorten
from forewarn.ids import is_id, short
from forewarn.model.alert import Alert, EvidenceLine
from forewarn.model.place import UnitLevel, unit_name
from forewarn.model.provenance import Sensitivity
from forewarn.model.releasability import audience_from_text, marking_of, most_sensitive_for, require_may_see
from forewarn.operations.alert import alert_life, clock_of, find_alert
from forewarn.operations.boundaries import atlas_of
from forewarn.operations.brief_figures import figures_of
from forewarn.operations.brief_known import MAP_MONTHS, SERIES_MONTHS, Ground, ground_of, rates_of
from forewarn.operations.brief_parts import incident_words, later_items, option_notes, trace_note
from forewarn.operations.brief_pictures import area_of, fan_of, series_of, timeline_of
from forewarn.operations.brief_scope import Months, Released, months_asked
from forewarn.operations.brief_sides import sides_of_area
from forewarn.operations.knowledge import Knowledge, unit_column
from forewarn.operations.measures import signs_in
from forewarn.operations.trace import trace_claims
from forewarn.operations.workspace import Workspace
from forewarn.respond import (
    AreaMap,
    BriefData,
    KnownItem,
    Reconstruction,
    Series,
    Sign,
    render_html,
    render_markdown,
    render_pdf,
)
from forewarn.store import reading
from forewarn.store.forecasts import forecast_run, latest_forecast
from forewarn.taxonomy import country, is_fictional
from forewarn.warn.lifecycle import AlertLife
from forewarn.warn.proposal import Sides

__all__ = ["FORMATS", "LENGTHS", "BriefMade", "BriefWish", "brief", "brief_bytes"]

FORMATS = ("html", "md", "pdf")
"""The formats a brief is written in; PDF needs the extra ``pdf``."""

LENGTHS = ("analyst", "desk")


@dataclass(frozen=True, slots=True)
class BriefWish:
    """What to write.

    Attributes:
        subject: an alert's id (or its beginning, or ``latest``), or a unit: ``MMR/Rakhine State``, or its name.
        as_known_at: day of knowledge; by default the latest forecast's, or today.
        format: one of :data:`FORMATS`.
        with_later: also show, apart, what became known later.
        length: ``analyst``, all of it; or ``desk``, one page and the trace behind it.
        audience: a colour of the Traffic Light Protocol; by default the alert's own mark, for an area ``red``.
        first, last: the months asked for, ``2017-01``; by default the last twelve and the last three.
    """

    subject: str
    as_known_at: date | None = None
    format: str = "html"
    with_later: bool = False
    length: str = "analyst"
    audience: str = ""
    first: str = ""
    last: str = ""

    def __post_init__(self) -> None:
        for value, known, option in ((self.format, FORMATS, "--format"), (self.length, LENGTHS, "--length")):
            if value not in known:
                names = ", ".join(sorted(known))
                raise UsageError(f"'{shorten(value)}' is none of {names}", where=option, mend="use one of them")


@dataclass(frozen=True, slots=True)
class BriefMade:
    """What was written, and how much it rests on."""

    file: str
    title: str
    unit: str
    as_known_at: str
    fictional: bool
    figures: int
    claims: int
    reports: int
    snapshots: int
    audience: str
    withheld: str


def brief(workspace: Workspace, wish: BriefWish, *, out: Path | None = None) -> BriefMade:
    """Write a brief; the same data give the same bytes but for the line that says when it was made."""
    data, written = brief_bytes(workspace, wish)
    name = "".join(c if c.isalnum() else "-" for c in data.unit).strip("-").lower()
    kind = "brief" if wish.length == "analyst" else f"brief-{wish.length}"
    target = workspace.output(out, f"{kind}-{name}-{data.as_known_at}.{wish.format}")
    aside = target.with_name(f".{target.name}.writing")
    try:
        aside.write_bytes(written)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    trace = data.trace
    return BriefMade(
        file=str(target),
        title=data.title,
        unit=data.unit,
        as_known_at=data.as_known_at.isoformat(),
        fictional=data.fictional,
        figures=len(data.figures),
        claims=len(trace.claims),
        reports=len(trace.reports),
        snapshots=len(trace.snapshots),
        audience=data.audience,
        withheld=data.withheld,
    )


def brief_bytes(
    workspace: Workspace, wish: BriefWish, *, pdf: Callable[[BriefData, str], bytes] = render_pdf
) -> tuple[BriefData, bytes]:
    """What a brief says, and its bytes in the format wished; nothing is written. ``pdf`` is who sets one."""
    with workspace.database.reading() as connection:
        data = _Maker.of(connection, workspace, wish).data()
    written = (pdf if wish.format == "pdf" else _RENDERERS[wish.format])(data, wish.length)
    return data, written if isinstance(written, bytes) else written.encode()


@dataclass(frozen=True, eq=False)
class _Maker:
    """One brief in the making: the unit, what is known of it, and where it is read from."""

    connection: Connection
    workspace: Workspace
    wish: BriefWish
    ground: Ground
    shown: Released
    audience: str
    spans: tuple[Months, ...]
    life: AlertLife | None
    forecast_id: str

    @property
    def incidents(self) -> pl.DataFrame:
        return self.shown.incidents

    @property
    def known(self) -> Knowledge:
        return self.ground.known

    @property
    def unit(self) -> str:
        return self.ground.unit

    @property
    def level(self) -> UnitLevel:
        return self.ground.level

    @classmethod
    def of(cls, connection: Connection, workspace: Workspace, wish: BriefWish) -> _Maker:
        life = _life_of(connection, wish.subject)
        alert = life.alert if life else None
        marking = marking_of(alert.releasability) if alert else "red"
        audience = audience_from_text(wish.audience) if wish.audience else marking
        if alert:
            require_may_see(audience, marking, f"alert {short(alert.alert_id)}")
        forecast_id, day = _forecast_of(connection, alert, wish, workspace.today)
        spans = months_asked(day, wish.first, wish.last)
        ground = ground_of(connection, day, alert or wish.subject, spans, atlas=atlas_of(workspace, connection))
        shown = ground.released(connection, audience)
        return cls(connection, workspace, wish, ground, shown, audience, spans, life, forecast_id)

    def data(self) -> BriefData:
        alert = self.life.alert if self.life else None
        later = self._later() if self.wish.with_later else pl.DataFrame()
        figures = figures_of(self.incidents, self.spans, self._sentence)
        series, area = self._series(later), self._area()
        timeline = timeline_of(self.known, self.unit, self.incidents, self.spans[0].span)
        shown = self._known_items()
        told = later_items(later)
        cited = {*(c for f in figures for c in f.claim_ids), *series.claim_ids, *series.later_claim_ids}
        cited |= {c for item in (*shown, *told) for c in item.claim_ids}
        cited |= {*(area.claim_ids if area else ()), *timeline.claim_ids}
        cited |= _claims_of((*alert.evidence_for, *alert.evidence_against) if alert else ())
        sides = None if alert else self._sides_shown()
        cited |= (
            {c for line in (*sides.reasons_for, *sides.reasons_against) for c in line.claim_ids} if sides else set()
        )
        return BriefData(
            title=self._title(alert),
            unit=self.unit,
            unit_words=self._unit_words(),
            as_known_at=self.known.as_known_at,
            made_at=self.workspace.now,
            fictional=is_fictional(self.unit[:3]),
            figures=figures,
            trace=trace_note(trace_claims(self.workspace, self.connection, cited), self.shown.claims),
            alert=alert,
            clock=clock_of(self.life, self.workspace.now) if self.life else None,
            series=series,
            fan=self._fan(),
            area=area,
            timeline=timeline,
            reconstruction=Reconstruction(shown, told),
            evidence_for=sides.reasons_for if sides else (),
            evidence_against=sides.reasons_against if sides else (),
            gaps=tuple(dict.fromkeys((*self._gaps(), *sides.gaps))) if sides else (),
            options=option_notes(self._signs()),
            notes=self._notes(),
            audience=f"TLP:{self.audience.upper()}",
            withheld=self.shown.sentence(self.audience),
        )

    def _series(self, later: pl.DataFrame) -> Series:
        last, longest = self.spans[0].last, max(SERIES_MONTHS, len(self.spans[0].span))
        months = range(last - longest + 1, last + 1)
        sentence = self._sentence(months)
        return series_of(self.known, self.unit, self.incidents, months, sentence=sentence, later=later)

    def _area(self) -> AreaMap | None:
        last, longest = self.spans[0].last, max(MAP_MONTHS, len(self.spans[0].span))
        months = self.spans[0].span if self.wish.first or self.wish.last else range(last - longest + 1, last + 1)
        return area_of(
            self.known,
            self.unit,
            self.incidents,
            sentence=self._sentence(months),
            since=first_day(months[0]),
            until=self.known.as_known_at
            if months[-1] == last_complete_month(self.known.as_known_at)
            else last_day(last),
            around=lambda: self.ground.cells(self.connection, self.shown, self.audience),
        )

    def _signs(self) -> tuple[Sign, ...]:
        if self.level is UnitLevel.CELL or self.shown.withheld:
            return ()
        return signs_in(self.connection, self.known, self.unit)

    def _title(self, alert: Alert | None) -> str:
        about = f"Alert {alert.level}: " if alert else ""
        return f"{about}{unit_name(self.unit)}, as known on {self.known.as_known_at}"

    def _unit_words(self) -> str:
        if self.level is UnitLevel.CELL:
            return f"half-degree cell {self.unit}"
        code = self.unit[:3]
        name = code if is_fictional(code) else country(code).name
        return name if self.level is UnitLevel.COUNTRY else f"{unit_name(self.unit)}, {name}"

    def _sentence(self, span: range) -> str:
        if not self.known.statements:
            return "Nobody has stated who could see what here: no reports does not mean no incidents."
        return coverage_sentence(coverage(self.known.statements, [self.unit], span), self.unit)

    def _known_items(self) -> tuple[KnownItem, ...]:
        since = first_day(self.spans[0].first).isoformat()
        until = last_day(self.spans[0].last).isoformat() if self.wish.last else self.known.as_known_at.isoformat()
        inside = pl.col("started_on").is_between(pl.lit(since), pl.lit(until))
        recent = self.incidents.filter(inside).sort("started_on", "incident_id")
        return tuple(
            KnownItem(incident_words(row), day_from_text(row["known_on"]), tuple(row["claim_ids"]))
            for row in recent.iter_rows(named=True)
        )

    def _later(self) -> pl.DataFrame:
        """Claims of the unit that became known only after the day, of the year before it or of half a year after."""
        day = self.known.as_known_at
        first, last = add_days(day, -365).isoformat(), add_days(day, 183).isoformat()
        claims = reading.claims_told(self.connection, self.unit, known_after=day.isoformat(), first=first, last=last)
        claims = claims.with_columns(unit_column(self.level).alias("unit"))
        window = pl.col("started_on").is_between(pl.lit(first), pl.lit(last))
        ranks = {one.value: one.rank for one in Sensitivity}
        rank = pl.col("sensitivity").replace_strict(ranks, default=max(ranks.values()), return_dtype=pl.Int64)
        may = rank <= most_sensitive_for(self.audience).rank
        return claims.filter((pl.col("unit") == self.unit) & (pl.col("known_on") > day.isoformat()) & window & may)

    def _fan(self) -> Any:
        if not self.forecast_id:
            return None
        run = forecast_run(self.connection, self.forecast_id)
        rates = rates_of(self.workspace, self.connection, self.forecast_id, run, self.ground)
        return fan_of(self.connection, self.forecast_id, self.unit, rates)

    def _sides_shown(self) -> Sides:
        """What speaks for and against, without the lines that rest on what is withheld; how many those are is a gap."""
        sides = sides_of_area(self.workspace, self.connection, self.ground, self.forecast_id)
        kept = [
            tuple(line for line in lines if set(line.claim_ids) <= self.shown.claims)
            for lines in (sides.reasons_for, sides.reasons_against)
        ]
        left_out = len(sides.reasons_for) + len(sides.reasons_against) - sum(map(len, kept))
        said = f"{left_out} reasons rest on what is withheld from this audience and are not shown."
        return Sides(kept[0], kept[1], (*sides.gaps, *((said,) if left_out else ())))

    def _gaps(self) -> tuple[str, ...]:
        unplaced = self.ground.unplaced(self.connection)
        gaps = [self._sentence(self.spans[0].span)]
        if unplaced:
            gaps.append(f"{unplaced:,} incidents of the country name no area and are not counted here.")
        return tuple(gaps)

    def _notes(self) -> tuple[str, ...]:
        bases = set(self.known.claims["known_basis"])
        notes = ["Which reports speak of one happening is judged with what is known today."]
        if bases & {"source_date", "ended_plus_delay"}:
            notes.append(
                "Some items come from a data set compiled later: they count as known from the day a source they cite "
                "was published, or else a stated delay after the event; their figures and attribution carry hindsight."
            )
        return tuple(notes)


def _life_of(connection: Connection, subject: str) -> AlertLife | None:
    """The alert a brief is asked of, with all that became of it; ``None`` where it is asked of an area."""
    if subject == "latest" or subject.startswith("alr_") or is_id(f"alr_{subject}", "alr"):
        return alert_life(connection, find_alert(connection, subject))
    return None


def _forecast_of(connection: Connection, alert: Alert | None, wish: BriefWish, today: date) -> tuple[str, date]:
    """The forecast a brief shows and the day it knows: the alert's own, else the latest of the day, else none."""
    for line in alert.evidence_for if alert else ():
        if line.basis.startswith("forecast:"):
            forecast_id = line.basis.removeprefix("forecast:")
            return forecast_id, day_from_text(forecast_run(connection, forecast_id).as_known_at)
    wanted = wish.as_known_at.isoformat() if wish.as_known_at else None
    try:
        forecast_id, run = latest_forecast(connection, as_known_at=wanted)
    except UnknownNameError:
        return "", wish.as_known_at or today
    return forecast_id, day_from_text(run.as_known_at)


_RENDERERS: Mapping[str, Callable[[BriefData, str], str]] = {"html": render_html, "md": render_markdown}


def _claims_of(lines: Iterable[EvidenceLine]) -> set[str]:
    return {claim for line in lines for claim in line.claim_ids}
