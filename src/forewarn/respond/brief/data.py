"""What a brief says, before it is laid out: figures with ranges, a map, months, evidence, options and the trace.

Owns the nouns that ``operations`` fills. A brief that could not be checked does not exist: every claim that any
figure cites is in the trace with its report and snapshot, and nothing that became known after the day of
knowledge is cited anywhere but in the part that says so. Places are grid cells and towns, never points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from forewarn.errors import InputValueError
from forewarn.ids import short
from forewarn.model.alert import Alert, EvidenceLine
from forewarn.model.claim import COUNT_STATUSES, CountRange
from forewarn.model.provenance import KNOWN_BASES
from forewarn.model.validation import require_choice, require_id, require_instant, require_text
from forewarn.respond.brief.pictures import AreaMap, Fan, Series
from forewarn.respond.brief.timeline import Timeline
from forewarn.respond.clock import ResponseClock

__all__ = [
    "BriefData",
    "BriefOption",
    "ClaimNote",
    "Figure",
    "KnownItem",
    "Reconstruction",
    "ReportNote",
    "SnapshotNote",
    "Trace",
]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number in the text: a range, its standing, what could be seen, and the claims it adds up.

    Attributes:
        key: a name unique in the brief, small letters, digits and hyphens.
        label: what is counted, where and when.
        count: low, best, high and status; a status is never mixed with another.
        noun: what is counted, in the plural: ``deaths``.
        coverage: one sentence on what could be observed.
        claim_ids: the claims; none only where nothing was reported.
    """

    key: str
    label: str
    count: CountRange
    noun: str
    coverage: str
    claim_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.key or any(c not in "abcdefghijklmnopqrstuvwxyz0123456789-" for c in self.key):
            raise InputValueError(f"'{self.key}' is no key", where="figure", mend="use a-z, 0-9 and hyphens")
        for name in ("label", "noun", "coverage"):
            require_text(getattr(self, name), f"figure {self.key}: {name}")
        require_choice(self.count.status, "status", COUNT_STATUSES)
        if not self.claim_ids and not self.count.is_unknown:
            raise InputValueError("has a number and no claims", where=f"figure {self.key}", mend="name its claims")

    @property
    def said(self) -> str:
        """``at least 12 reported``; ``unknown`` where nothing is known: silence is never 0."""
        if self.count.is_unknown:
            return "unknown"
        low = next(n for n in (self.count.low, self.count.best, self.count.high) if n is not None)
        return (
            f"{'at least' if self.count.low is not None else 'up to' if self.count.best is None else 'about'} {low:,}"
        )

    @property
    def spread(self) -> str:
        """``best 15, up to 30``; empty where there is one number or none."""
        low, best, high = self.count.low, self.count.best, self.count.high
        parts = [
            f"best {best:,}" if best not in (None, low) else "",
            f"up to {high:,}" if high not in (None, best) else "",
        ]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class KnownItem:
    """One thing that became known: what, on which day, from which claims."""

    text: str
    known_on: date
    claim_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        require_text(self.text, "known item", longest=2_000)


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """What was known by the day of knowledge and, only when asked for, what became known later."""

    known: tuple[KnownItem, ...]
    later: tuple[KnownItem, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefOption:
    """A measure as an option. Options of one pillar are given least coercive first.

    ``on_selection`` marks what software may not propose: a person selects it, citing the body that decides.
    """

    pillar: int
    measure_id: str
    name: str
    coercion: int
    basis: str
    horizon: str
    caution: str = ""
    reason: str = ""
    on_selection: bool = False

    def __post_init__(self) -> None:
        if self.pillar not in (1, 2, 3) or not 0 <= self.coercion <= 3:
            raise InputValueError(
                f"pillar {self.pillar}, coercion {self.coercion}",
                where=self.measure_id,
                mend="leave force out of briefs",
            )


@dataclass(frozen=True, slots=True)
class ClaimNote:
    """A claim in the trace: what it says in one line, its report, and when and how it became known."""

    claim_id: str
    report_id: str
    said: str
    known_on: date
    known_basis: str

    def __post_init__(self) -> None:
        require_id(self.claim_id, "claim_id", "clm")
        require_id(self.report_id, "report_id", "rpt")
        require_choice(self.known_basis, "known_basis", KNOWN_BASES)


@dataclass(frozen=True, slots=True)
class ReportNote:
    """A report in the trace: the sender's id, its source and date, and the row of the snapshot as received.

    ``row_text`` may be empty where the reader may not see it; ``url`` is shown as a link only when it is http(s).
    """

    report_id: str
    external_id: str
    source: str
    published_on: date | None
    snapshot_id: str
    row: int
    row_text: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        require_id(self.report_id, "report_id", "rpt")
        require_id(self.snapshot_id, "snapshot_id", "snp")


@dataclass(frozen=True, slots=True)
class SnapshotNote:
    """A snapshot in the trace: the name it came under, its publisher, licence and how to cite it."""

    snapshot_id: str
    name: str
    publisher: str
    licence: str
    citation: str
    received_at: datetime

    def __post_init__(self) -> None:
        require_id(self.snapshot_id, "snapshot_id", "snp")
        require_instant(self.received_at, "received_at")

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, hexadecimal."""
        return self.snapshot_id.removeprefix("snp_")


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything cited: claims, their reports, the snapshots these were read from."""

    claims: tuple[ClaimNote, ...] = ()
    reports: tuple[ReportNote, ...] = ()
    snapshots: tuple[SnapshotNote, ...] = ()

    def __post_init__(self) -> None:
        reports = {report.report_id for report in self.reports}
        snapshots = {snapshot.snapshot_id for snapshot in self.snapshots}
        for claim in self.claims:
            if claim.report_id not in reports:
                raise _untraced(claim.claim_id, "its report")
        for report in self.reports:
            if report.snapshot_id not in snapshots:
                raise _untraced(report.report_id, "its snapshot")


@dataclass(frozen=True, eq=False)
class BriefData:
    """All that one brief says.

    Attributes:
        title: of the brief.
        unit: the unit's id; ``unit_words`` how people call it, empty for the id.
        as_known_at: the day of knowledge.
        made_at: the instant the brief is made, UTC; the one line that differs between two equal briefs.
        fictional: whether the data are an exercise.
        figures: the numbers of the text.
        trace: everything cited.
        alert, clock: where the brief is about an alert; its evidence, gaps and changes are shown from it.
        series, fan, area, timeline: the pictures.
        reconstruction: what was and what was not known.
        evidence_for, evidence_against, gaps, changes: where there is no alert, or beside what it says.
        options: by pillar.
        notes: further sentences on how to read the brief.
        audience: for whom it is, as a mark of the Traffic Light Protocol: ``TLP:AMBER``; empty where nobody said.
        withheld: what is kept from that audience, in words; empty where nothing is.
    """

    title: str
    unit: str
    as_known_at: date
    made_at: datetime
    fictional: bool
    figures: tuple[Figure, ...]
    trace: Trace
    unit_words: str = ""
    alert: Alert | None = None
    clock: ResponseClock | None = None
    series: Series | None = None
    fan: Fan | None = None
    area: AreaMap | None = None
    timeline: Timeline | None = None
    reconstruction: Reconstruction | None = None
    evidence_for: tuple[EvidenceLine, ...] = ()
    evidence_against: tuple[EvidenceLine, ...] = ()
    gaps: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    options: tuple[BriefOption, ...] = ()
    notes: tuple[str, ...] = ()
    audience: str = ""
    withheld: str = ""

    def __post_init__(self) -> None:
        require_text(self.title, "title", longest=300)
        require_text(self.unit, "unit", longest=300)
        require_instant(self.made_at, "made_at")
        keys = [figure.key for figure in self.figures]
        if len(set(keys)) != len(keys):
            raise InputValueError("uses a key twice", where="figures", mend="give each figure its own key")
        if self.alert is not None and self.alert.fictional != self.fictional:
            raise InputValueError("differs from the alert's", where="fictional", mend="carry the alert's flag over")
        self._check_trace()
        self._check_days()

    @property
    def lines_for(self) -> tuple[EvidenceLine, ...]:
        """Evidence for: the alert's, then what stands beside it."""
        return (*(self.alert.evidence_for if self.alert else ()), *self.evidence_for)

    @property
    def lines_against(self) -> tuple[EvidenceLine, ...]:
        """Evidence against: the alert's, then what stands beside it."""
        return (*(self.alert.evidence_against if self.alert else ()), *self.evidence_against)

    @property
    def all_gaps(self) -> tuple[str, ...]:
        """Gaps and blind spots, each once."""
        return tuple(dict.fromkeys((*(self.alert.gaps_and_blind_spots if self.alert else ()), *self.gaps)))

    def cited(self) -> Iterator[str]:
        """The claims cited anywhere but in what became known later."""
        for figure in self.figures:
            yield from figure.claim_ids
        for line in (*self.lines_for, *self.lines_against):
            yield from line.claim_ids
        for item in self.reconstruction.known if self.reconstruction else ():
            yield from item.claim_ids
        for picture in (self.series, self.area, self.timeline):
            yield from picture.claim_ids if picture else ()

    def cited_later(self) -> Iterator[str]:
        """The claims cited in what became known later."""
        for item in self.reconstruction.later if self.reconstruction else ():
            yield from item.claim_ids
        yield from self.series.later_claim_ids if self.series else ()

    def _check_trace(self) -> None:
        traced = {claim.claim_id for claim in self.trace.claims}
        for claim_id in (*self.cited(), *self.cited_later()):
            if claim_id not in traced:
                raise _untraced(claim_id, "its line in the trace")

    def _check_days(self) -> None:
        known_on = {claim.claim_id: claim.known_on for claim in self.trace.claims}
        for claim_id in self.cited():
            if known_on[claim_id] > self.as_known_at:
                raise InputValueError(
                    f"{short(claim_id)} became known on {known_on[claim_id]}, after {self.as_known_at}",
                    where="brief",
                    mend="cite it only among what became known later",
                )
        for item in self.reconstruction.known if self.reconstruction else ():
            if item.known_on > self.as_known_at:
                raise InputValueError(f"an item of {item.known_on} is told as known", where="brief", mend="move it")
        for item in self.reconstruction.later if self.reconstruction else ():
            if item.known_on <= self.as_known_at:
                raise InputValueError(f"an item of {item.known_on} is told as later", where="brief", mend="move it")


def _untraced(identifier: str, what: str) -> InputValueError:
    return InputValueError(f"{short(identifier)} is cited without {what}", where="trace", mend="add it to the trace")
