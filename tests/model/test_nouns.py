"""The nouns refuse to exist wrong, and their flat form loses nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.claim import ACTS, COUNTED, VIOLENCE_TYPES, Claim, CountRange, Origin
from forewarn.model.evidence import CUSTODY_ACTS, Consent, CustodyEntry, EvidenceItem, first_break
from forewarn.model.incident import Grade, Judgement, JudgementKind
from forewarn.model.package import PackageManifest
from forewarn.model.place import PLACE_PRECISIONS, Place
from forewarn.model.provenance import Locator, Sensitivity, Snapshot
from forewarn.model.report import Report, Source
from forewarn.model.situation import IndicatorAssessment, current_assessments
from forewarn.model.tables import CLAIM_COLUMNS, REPORT_COLUMNS, claim_from_row, claim_row, report_from_row, report_row

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SNAPSHOT = content_id("snp", "x")
REPORT = content_id("rpt", "x")
CLAIMS = tuple(sorted(content_id("clm", str(n)) for n in range(3)))
EVIDENCE = content_id("evd", "x")

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)
NAMES = TEXT.filter(lambda text: bool(text.strip()))
DAYS = st.dates(date(1900, 1, 1), date(2026, 1, 1))


@st.composite
def ranges(draw: st.DrawFn) -> CountRange:
    low, best, high = sorted(draw(st.lists(st.integers(0, 10_000_000), min_size=3, max_size=3)))
    return CountRange(*(draw(st.sampled_from([value, None])) for value in (low, best, high)))


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    start, end = sorted((draw(DAYS), draw(DAYS)))
    latitude = draw(st.none() | st.floats(-90, 90))
    counted = draw(st.dictionaries(st.sampled_from(COUNTED), ranges().filter(lambda r: not r.is_unknown)))
    return Claim(
        claim_id=CLAIMS[0],
        report_id=REPORT,
        channel="table:x",
        known_on=draw(DAYS),
        known_basis="published",
        act=draw(st.sampled_from(ACTS)),
        violence=draw(st.sampled_from(VIOLENCE_TYPES)),
        started_on=draw(st.sampled_from([None, start])),
        ended_on=draw(st.sampled_from([None, end])),
        place=Place(
            country=draw(st.sampled_from(["", "XKA"])),
            admin1=draw(TEXT),
            name=draw(TEXT),
            latitude=latitude,
            longitude=None if latitude is None else draw(st.floats(-180, 180)),
            precision=draw(st.sampled_from(PLACE_PRECISIONS)),
        ),
        parties=tuple(draw(st.lists(TEXT, max_size=3))),
        counts=tuple((name, counted[name]) for name in COUNTED if name in counted),
        origins=tuple(draw(st.lists(st.builds(Origin, NAMES, st.none() | DAYS), max_size=3))),
        text=draw(TEXT),
        sensitivity=draw(st.sampled_from(Sensitivity)),
    )


@given(claims())
def test_a_claim_survives_its_flat_form(claim: Claim) -> None:
    """A claim written as a row and read back is the same claim, and the row has the declared columns."""
    row = claim_row(claim)
    assert list(row) == [column.name for column in CLAIM_COLUMNS]
    assert claim_from_row(row) == claim


def test_a_report_survives_its_flat_form() -> None:
    """A report written as a row and read back is the same report."""
    source = Source.named("  An  Agency ", "news_agency", "fr")
    report = Report(
        REPORT, "ucdp-ged", source.source_id, Locator(SNAPSHOT, 7), "0" * 64, date(2017, 8, 1), "published", NOW
    )
    row = report_row(report)
    assert list(row) == [column.name for column in REPORT_COLUMNS]
    assert report_from_row(row) == report
    assert report.sensitivity is Sensitivity.SEVERE


def test_a_source_has_one_id_however_it_is_typed() -> None:
    """Case and white space do not make another source."""
    assert Source.named("An  AGENCY").source_id == Source.named(" an agency ").source_id


@pytest.mark.parametrize(
    ("low", "best", "high"), [(-1, None, None), (3, 2, None), (None, 5, 4), (0, 0, 10**8), (0.5, 1, 2)]
)
def test_impossible_counts_are_refused(low: float | None, best: float | None, high: float | None) -> None:
    """Negative, disordered, fractional and absurd counts do not become ranges."""
    with pytest.raises(InputValueError):
        CountRange(low, best, high)  # type: ignore[arg-type]


def test_verified_names_its_standard() -> None:
    """A verified count says to which standard, and only a verified one does."""
    CountRange(1, 1, 1, "verified", "reasonable grounds to believe")
    with pytest.raises(InputValueError):
        CountRange(1, 1, 1, "verified")
    with pytest.raises(InputValueError):
        CountRange(1, 1, 1, "reported", "reasonable grounds to believe")


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (CountRange(), "unknown"),
        (CountRange(3), "at least 3"),
        (CountRange(1, 3, 8), "3 (1–8)"),
        (CountRange(3, 3, 3), "3"),
        (CountRange(None, None, 8), "0–8"),
    ],
)
def test_a_range_reads_as_people_write_it(count: CountRange, text: str) -> None:
    """A missing number prints as unknown, never as nought."""
    assert str(count) == text


@pytest.mark.parametrize(("latitude", "longitude"), [(91.0, 0.0), (0.0, 181.0), (float("nan"), 0.0), (1.0, None)])
def test_impossible_coordinates_are_refused(latitude: float, longitude: float | None) -> None:
    """Coordinates off the globe, or one without the other, make no place."""
    with pytest.raises(InputValueError):
        Place(latitude=latitude, longitude=longitude)


def test_a_coarse_place_has_no_cell() -> None:
    """Coordinates of a province's centre do not pretend to be a place in a half-degree cell."""
    assert Place(latitude=10.1, longitude=20.1, precision="admin1").cell == 0
    assert Place(latitude=10.1, longitude=20.1, precision="exact").cell > 0


def test_snapshots_and_locators_refuse_nonsense() -> None:
    """A snapshot is named by a full digest, a row counts from one, a span has two ends."""
    Snapshot(SNAPSHOT, 1, "table:x", "file:a.csv", NOW, "text/csv", "P", "CC0")
    with pytest.raises(InputValueError):
        Snapshot("snp_12", 1, "table:x", "file:a.csv", NOW, "text/csv", "P", "CC0")
    for arguments in ((SNAPSHOT, 0), (SNAPSHOT, 1, 3, None), (SNAPSHOT, 1, 4, 3)):
        with pytest.raises(InputValueError):
            Locator(*arguments)


def test_a_judgement_has_an_author_and_an_order() -> None:
    """Two claims in order, an author, a reason; a withdrawal names what it withdraws."""
    left, right = CLAIMS[:2]
    made = Judgement(left, right, "same", JudgementKind.HUMAN, "analyst", NOW, "one happening")
    other = Judgement(left, right, "different", JudgementKind.HUMAN, "analyst", NOW, "no")
    assert made.judgement_id != other.judgement_id
    for wrong in (
        {"left": right, "right": left},
        {"author": " "},
        {"reason": ""},
        {"verdict": "withdrawn"},
        {"score": 1.5},
    ):
        values = {"left": left, "right": right, "verdict": "same", "author": "a", "reason": "r", **wrong}
        with pytest.raises(InputValueError):
            Judgement(kind=JudgementKind.HUMAN, decided_at=NOW, **values)  # type: ignore[arg-type]


def test_the_two_axes_of_grading_do_not_mix() -> None:
    """Reliability is a letter for a source, credibility a figure for a claim."""
    Grade(CLAIMS[0], "credibility", "6", "analyst", NOW, "nothing to judge by")
    with pytest.raises(InputValueError):
        Grade(CLAIMS[0], "reliability", "A", "analyst", NOW, "r")
    with pytest.raises(InputValueError):
        Grade(CLAIMS[0], "credibility", "A", "analyst", NOW, "r")


def test_an_observed_sign_needs_evidence() -> None:
    """A risk indicator is weak, clear or contested only on named claims; absence needs somebody who looked."""
    with pytest.raises(InputValueError):
        IndicatorAssessment("XKA", "7.3", "clear", "analyst", NOW, "seen")
    first = IndicatorAssessment("XKA", "7.3", "not_observed", "analyst", NOW, "no access")
    later = IndicatorAssessment("XKA", "7.3", "clear", "analyst", NOW.replace(year=2027), "seen", CLAIMS[:1])
    assert current_assessments([later, first]) == current_assessments([first, later]) == {("XKA", "7.3"): later}


@given(st.integers(0, 4), st.sampled_from(["drop", "swap", "edit"]))
def test_any_tampering_breaks_the_custody_chain(position: int, how: str) -> None:
    """A removed, reordered or edited link is found, and where."""
    chain: list[CustodyEntry] = []
    for number in range(6):
        previous = chain[-1].digest if chain else ""
        act = CUSTODY_ACTS[number % len(CUSTODY_ACTS)]
        chain.append(CustodyEntry(number + 1, previous, EVIDENCE, act, "officer", NOW, f"reason {number}"))
    assert first_break(chain) is None
    if how == "drop":
        del chain[position]
    elif how == "swap":
        chain[position], chain[position + 1] = chain[position + 1], chain[position]
    else:
        link = chain[position]
        chain[position] = CustodyEntry(link.sequence, link.previous, EVIDENCE, link.act, "other", NOW, link.why)
    assert first_break(chain) == (position + 1 if how == "edit" else position)


def test_evidence_has_its_circumstances() -> None:
    """Nothing is taken in without where, how, why and by whom."""
    with pytest.raises(InputValueError):
        EvidenceItem(
            EVIDENCE,
            1,
            "0" * 128,
            "place",
            NOW,
            "handed over",
            "camera",
            " ",
            "officer",
            Consent("a", "b"),
            "proceedings",
        )


def test_a_package_permits_only_its_purpose_until_its_day() -> None:
    """Use for another purpose, or later, is refused without asking anybody."""
    given = ("a" * 64, ("b" * 64,), 1, NOW)
    manifest = PackageManifest("release", *given, "protection", date(2026, 6, 1), "TLP:AMBER", "PAP:AMBER", CLAIMS)
    assert manifest.permits("protection", date(2026, 6, 1))
    assert not manifest.permits("protection", date(2026, 6, 2))
    assert not manifest.permits("migration control", date(2026, 1, 1))
    with pytest.raises(InputValueError):
        PackageManifest("release", *given, "p", date(2026, 6, 1), "TLP:AMBER", "PAP:AMBER", CLAIMS[::-1])
