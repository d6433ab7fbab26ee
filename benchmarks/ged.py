"""A data set in the form of UCDP GED as large as wanted: 41 columns, the same bytes for the same number of rows.

Every row is invented. The columns, their share of missing cells and the forms of their texts are those of release
19.1; headlines are longer, so that a million rows take the 0.7 GB that large releases take.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forewarn.taxonomy import countries

__all__ = ["write_ged"]

STEP = 100_000
FIRST_DAY = np.datetime64("1989-01-01")
DAYS = 12_000
OFFICES = ("Reuters News", "Agence France Presse", "BBC Monitoring Asia Pacific", "Associated Press", "Xinhua", "Radio")
SYLLABLES = str.split("Al Ban Bor Dar El Gao Hara Jos Kal Lem Mara Nor Ola Pul Qar Ras Sen Tal Um Val Wad Yar Zin Dé")
WORDS = str.split(
    "the of in and to at least were killed when men opened fire on a market near village army said rebels attacked "
    "convoy district hospital sources police reported clashes between government forces civilians dead wounded bomb "
    "exploded soldiers militants insurgents town residents fled houses burned officials spokesman told agency Monday "
    "Friday morning night region province border group claimed responsibility security operation raid camp displaced "
    "people women children witnesses according local media network radio daily ceasefire violated talks artillery"
)

Random = np.random.Generator


def write_ged(path: Path, rows: int, *, first_id: int = 1) -> None:
    """Write that many rows as CSV, their ids counting up."""
    with path.open("wb") as file:
        for start in range(0, rows, STEP):
            ids = np.arange(start, min(start + STEP, rows)) + first_id
            _rows(ids, np.random.default_rng([20240601, start])).write_csv(file, include_header=start == 0)


def _rows(ids: NDArray[np.int64], random: Random) -> pl.DataFrame:
    """The columns of the release, in its order, without active_year."""
    count = ids.size
    lands = [(one.name, str(one.gw[0].number)) for one in countries() if one.gw and not one.first and not one.last]
    chosen = np.array(lands)[random.integers(len(lands), size=count)]
    land, number = pl.Series(chosen[:, 0]), pl.Series(chosen[:, 1])
    party, town, area = (_places(random, count, many) for many in (900, 20_000, 600))
    side_a, side_b = "Government of " + land, party + " Liberation Front"
    first = FIRST_DAY + random.integers(DAYS, size=count)
    last = first + random.integers(3, size=count)
    printed = pl.Series((last + 1).astype(str))
    office = pl.Series(np.array(OFFICES)[random.integers(len(OFFICES), size=count)])
    y, x = random.uniform(-35, 37, count).round(6), random.uniform(-17, 120, count).round(6)
    parts = random.geometric(0.4, size=(4, count)) - 1
    best = parts.sum(axis=0)
    columns: dict[str, Any] = {
        "id": ids,
        "year": first.astype("datetime64[Y]").astype(str),
        "type_of_violence": random.integers(1, 4, size=count),
        "conflict_new_id": random.integers(200, 16_000, size=count),
        "conflict_name": land + ": " + area,
        "dyad_new_id": random.integers(400, 17_000, size=count),
        "dyad_name": side_a + " - " + side_b,
        "side_a_new_id": random.integers(1, 300, size=count),
        "gwnoa": number,
        "side_a": side_a,
        "side_b_new_id": random.integers(300, 9_000, size=count),
        "gwnob": pl.Series([None], dtype=pl.String).new_from_index(0, count),
        "side_b": side_b,
        "number_of_sources": random.integers(1, 6, size=count),
        "source_article": office + "," + printed + "," + _sentences(random, count, 10),
        "source_office": _some(random, office, 0.6),
        "source_date": printed,
        "source_headline": _sentences(random, count, 30),
        "source_original": _some(random, town + " police, hospital sources", 0.5),
        "where_prec": random.integers(1, 7, size=count),
        "where_coordinates": town + " town",
        "adm_1": _some(random, area + " Province", 0.9),
        "adm_2": _some(random, town + " District", 0.7),
        "latitude": y,
        "longitude": x,
        "geom_wkt": pl.DataFrame({"x": x, "y": y}).select(pl.format("POINT ({} {})", "x", "y")).to_series(),
        "priogrid_gid": (np.floor((y + 90) * 2) * 720 + np.floor((x + 180) * 2) + 1).astype(np.int64),
        "country": land,
        "country_id": number,
        "region": np.array(["Africa", "Asia", "Middle East", "Europe", "Americas"])[random.integers(5, size=count)],
        "event_clarity": random.integers(1, 3, size=count),
        "date_prec": random.integers(1, 6, size=count),
        "date_start": first,
        "date_end": last,
        **dict(zip(("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"), parts, strict=True)),
        "low": best,
        "best": best,
        "high": best + random.integers(4, size=count),
    }
    return pl.DataFrame(columns)


def _places(random: Random, count: int, many: int) -> pl.Series:
    """Names drawn from ``many`` made ones, a few far oftener than most."""
    parts = np.array(SYLLABLES)
    digits = np.arange(many)
    names = (
        pl.Series(parts[digits % len(parts)])
        + pl.Series(parts[digits * 7 // len(parts) % len(parts)]).str.to_lowercase()
    )
    names = names + pl.Series(parts[digits * 3 // len(parts) ** 2 % len(parts)]).str.to_lowercase()
    return names[(many * random.random(count) ** 2).astype(np.int64)]


def _sentences(random: Random, count: int, length: int) -> pl.Series:
    """Words in a row with a comma in the middle, so that the cell stands in quotes, as most headlines do."""
    words = pl.Series(WORDS)
    drawn = {str(n): words[random.integers(len(WORDS), size=count)] for n in range(length)}
    half = length // 2
    left, right = (pl.concat_str(list(drawn)[part], separator=" ") for part in (slice(half), slice(half, None)))
    return pl.DataFrame(drawn).select(left + pl.lit(", ") + right).to_series()


def _some(random: Random, texts: pl.Series, share: float) -> pl.Series:
    """The texts, that share of them filled."""
    return pl.select(pl.when(pl.Series(random.random(texts.len()) < share)).then(texts)).to_series()
