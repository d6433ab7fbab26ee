"""Precisions, cells and ranges are settled by stated rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from forewarn.collect import Batch
from forewarn.collect.settling import COUNTS_SPANNED

Collect = Callable[..., list[Batch]]
Ged = Callable[..., bytes]


@pytest.mark.parametrize(
    ("given", "spanned"),
    [
        (("0", "3", "0"), (0, 3, 3)),
        (("2", "2", "1"), (1, 2, 2)),
        (("1", "0", "3"), (0, 0, 3)),
        (("1", "2", "3"), (1, 2, 3)),
    ],
)
def test_an_estimate_outside_its_range_widens_it(
    collect: Collect, ged: Ged, given: tuple[str, ...], spanned: tuple[int, ...]
) -> None:
    """UCDP's best estimate sometimes lies outside low..high: the range is widened, never narrowed, and it is said."""
    batch = collect("ucdp-ged", ged(dict(zip(("low", "best", "high"), given, strict=True))))[0]
    claim = batch.claims.row(0, named=True)
    assert tuple(claim[f"deaths_{end}"] for end in ("low", "best", "high")) == spanned
    assert tuple(claim[f"civilian_deaths_{end}"] for end in ("low", "best", "high")) == spanned
    assert (COUNTS_SPANNED, 1) in batch.notes or tuple(map(int, given)) == spanned


@pytest.mark.parametrize(
    ("code", "precision", "has_cell"),
    [
        ("1", "exact", True),
        ("2", "near", True),
        ("3", "admin2", True),
        ("4", "admin1", False),
        ("5", "admin2", True),
        ("6", "country", False),
        ("7", "unknown", False),
    ],
)
def test_a_cell_needs_a_place_known_closely(
    collect: Collect, ged: Ged, code: str, precision: str, has_cell: bool
) -> None:
    """Coordinates of a region's centre put nothing into a cell."""
    claim = collect("ucdp-ged", ged({"where_prec": code}))[0].claims.row(0, named=True)
    assert claim["place_precision"] == precision
    assert (claim["cell"] != 0) == has_cell


@pytest.mark.parametrize(
    ("first", "last", "precision"),
    [
        ("2017-01-01", "2017-01-01", "day"),
        ("2017-01-01", "2017-01-07", "week"),
        ("2017-01-01", "2017-01-31", "month"),
        ("2016-01-01", "2016-12-31", "year"),
        ("2010-01-01", "2016-12-31", "unknown"),
    ],
)
def test_an_unstated_date_precision_follows_the_period(
    collect: Collect, ged: Ged, first: str, last: str, precision: str
) -> None:
    """Where the source does not say how closely it knows the day, the length of the period does."""
    claim = collect("ucdp-ged", ged({"date_prec": "", "date_start": first, "date_end": last}))[0].claims
    assert claim["date_precision"].to_list() == [precision]


def test_area_names_are_folded(collect: Collect, ged: Ged) -> None:
    """Doubled spaces inside a name do not make another area."""
    assert collect("ucdp-ged", ged())[0].claims["admin1"].to_list() == ["Rakhine State"]
