"""The only way out for rows: default deny, by the class of the field and of the row. Only this module makes a Release.

:func:`release` is for the owner's own use: rows of class ``low`` are whole, ``moderate`` ones lose words and points,
``high``, ``severe`` and unclassified ones all but ids, so that no row is silently missing. :func:`hand_back` gives the
owner what their own file was read into. :func:`release_to` is for everybody else: names, words, areas and points never
leave, places stand for so many people, and small numbers and differences between releases are hidden.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from forewarn.errors import DisclosureError
from forewarn.exchange.alike import KNOWN_BY, grouped, risk_of
from forewarn.exchange.generalizing import PLACE, People, generalized, kept_rows, reasons_of
from forewarn.exchange.rows_text import rows_from_text
from forewarn.exchange.suppression import TOTAL, Key, hidden_keys, small_changes, with_totals
from forewarn.ids import sha256_hex
from forewarn.model.grid import cell_centres
from forewarn.model.package import PackageManifest
from forewarn.model.releasing import ReleaseEntry
from forewarn.model.terms import MOST_RISK, ReleaseTerms
from forewarn.taxonomy.disclosing import classified_fields, field_class

__all__ = ["IDENTIFYING", "WORDS", "Release", "approved_again", "hand_back", "passed_on", "release", "release_to"]

WORDS = ("text", "title", "target", "place_name", "admin2", "parties", "alleged_by", "origins")
"""Columns that can tell more than a figure does: withheld from moderate rows."""

IDENTIFYING = ("claim_id", "report_id", "incident_id", "external_id", "channel", "sensitivity", "report_ids")
"""Columns that leave with every row for the owner: they name records, not people or places."""

COUNTS = ("incidents", "deaths_at_least")
_FIGURES = tuple(f"{name}_{end}" for name in ("deaths", "civilian_deaths") for end in ("low", "best", "high"))
_RECORD = ("claim_id", *PLACE, "month", "act", "violence", *_FIGURES)
_SEAL = object()


@dataclass(frozen=True, slots=True)
class Release:
    """Rows that may leave, and what was done to them. Only the functions of this module can make one.

    Attributes:
        rows: what leaves.
        coarsened, withheld: rows made coarser, and rows reduced to ids or left out.
        terms: on which it leaves; none for the owner's own use.
        removed: why something is not there, and how often.
        risk: mean chance that a record is picked from those like it; 0 for a table.
    """

    rows: pl.DataFrame
    coarsened: int
    withheld: int
    terms: ReleaseTerms | None = None
    removed: tuple[tuple[str, int], ...] = ()
    risk: float = 0.0
    seal: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise DisclosureError(
                "was not made by disclosure", where="release", mend="pass the rows through forewarn.exchange.release"
            )

    def text(self) -> str:
        """The rows as one JSON text; ``rows_text`` reads it."""
        columns = [[name, str(kind)] for name, kind in self.rows.schema.items()]
        kept = {"columns": columns, "rows": self.rows.rows()}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def approved_again(entry: ReleaseEntry) -> Release:
    """What two people let out, to be sent once more. Raises :class:`DisclosureError` for anything else."""
    if entry.kind != "approved" or sha256_hex(entry.content.encode()) != entry.digest:
        raise DisclosureError("was not approved", where="release", mend="have it approved first")
    return Release(rows_from_text(entry.content), 0, 0, entry.terms, entry.removed, seal=_SEAL)


def passed_on(manifest: PackageManifest, content: str, today: date) -> Release:
    """What a partner sent, to be passed on. Raises :class:`DisclosureError` where its labels or end forbid it."""
    is_open = manifest.releasability in ("TLP:CLEAR", "TLP:GREEN")
    if not is_open or not manifest.permits(manifest.purpose, today, "check"):
        labels = f"{manifest.releasability}, {manifest.permissible_actions}"
        raise DisclosureError(
            f"{labels}, until {manifest.expires_on}: may not be passed on",
            where="package",
            mend="ask its sender to send it to them",
        )
    return Release(rows_from_text(content), 0, 0, seal=_SEAL)


def hand_back(rows: pl.DataFrame) -> Release:
    """Rows that a file of the owner, given in the same command, was read into: as they are, to the owner alone."""
    return Release(rows, 0, 0, seal=_SEAL)


def release(rows: pl.DataFrame) -> Release:
    """What of the rows the owner may take out. ``rows`` has a ``sensitivity`` column; unknown classes are severe.

    Columns that nobody has classified stay empty, whatever the row.
    """
    coarse = pl.col("sensitivity") == "moderate"
    hidden = ~pl.col("sensitivity").is_in(["low", "moderate"])
    counts = rows.select(coarse.sum().alias("coarse"), hidden.sum().alias("hidden")).row(0)
    shown = _coarsened(rows, coarse)
    known = classified_fields()
    blank = [
        pl.when(hidden if name in known else pl.lit(value=True)).then(None).otherwise(pl.col(name)).alias(name)
        for name in shown.columns
        if name not in IDENTIFYING
    ]
    return Release(shown.with_columns(blank), int(counts[0] or 0), int(counts[1] or 0), seal=_SEAL)


def release_to(
    rows: pl.DataFrame, terms: ReleaseTerms, *, people: People, today: date, earlier: Iterable[pl.DataFrame] = ()
) -> Release:
    """What of the rows others may have on those terms.

    Args:
        rows: incidents with their ``sensitivity`` for a table, claims for records.
        terms: who, for what, until when, how coarse.
        people: inhabitants by country and cell.
        today: the day from which the delay is reckoned.
        earlier: rows of earlier releases of this form to anybody. What was hidden in one stays hidden, a number that
            would differ from one by too little is hidden too, and a record told once is told the same way again.

    Raises:
        DisclosureError: the terms have run out, or nothing is left that may leave.
    """
    if terms.expires_on < today:
        raise DisclosureError(f"ended on {terms.expires_on}", where="the terms", mend="set a later day")
    if terms.country:
        rows = rows.filter(pl.col("country") == terms.country)
    kept, removed = kept_rows(rows, terms, today)
    coarse, coarser = generalized(kept, terms, people)
    make = _table if terms.form == "table" else _records
    made, hidden = make(coarse, terms, list(earlier))
    if not made.height:
        raise DisclosureError(
            f"nothing may leave: of {rows.height:,} rows none is left",
            where="release",
            mend="ask for a wider area or a longer time, or wait until more is known",
        )
    leaves = made.with_columns(
        pl.lit(terms.label).alias("releasability"),
        pl.lit(terms.pap).alias("permissible_actions"),
        pl.lit(terms.purpose).alias("purpose"),
        pl.lit(terms.expires_on.isoformat()).alias("expires_on"),
    )
    never = {f"field {name} ({field_class(name)}) never leaves": kept.height for name in _left_out(rows)}
    reasons = reasons_of(removed, coarser, hidden, never)
    risk = risk_of(made) if terms.form == "records" else 0.0
    return Release(leaves, sum(coarser.values()), sum(removed.values()), terms, reasons, risk, seal=_SEAL)


def _left_out(rows: pl.DataFrame) -> list[str]:
    return [name for name in rows.columns if field_class(name) in ("high", "severe")]


def _table(rows: pl.DataFrame, terms: ReleaseTerms, earlier: list[pl.DataFrame]) -> tuple[pl.DataFrame, dict[str, int]]:
    """Counts by place and month with totals of each country; what is hidden stands empty."""
    before = [_read_table(frame) for frame in earlier]
    made, reasons = [], {"cells hidden: too few, or needed to hide them": 0, "countries left out: all hidden": 0}
    for (country,), part in rows.sort("country").group_by("country", maintain_order=True):
        table = with_totals(_counted(part))
        also: set[Key] = set()
        for one in before:
            also |= small_changes(table, one.get(str(country), {}), terms.alike)
        table = {**dict.fromkeys(sorted(also), (0,) * len(COUNTS)), **table}
        hidden = hidden_keys(table, terms.alike, also)
        if len(hidden) == len(table):
            reasons["countries left out: all hidden"] += 1
            continue
        reasons["cells hidden: too few, or needed to hide them"] += len(hidden)
        made += [_table_row(str(country), key, None if key in hidden else table[key]) for key in sorted(table)]
    shape: dict[str, Any] = {"country": pl.String, "place": pl.String, "month": pl.String}
    shape |= {**dict.fromkeys(PLACE[1:], pl.Float64), **dict.fromkeys(COUNTS, pl.Int64), "is_hidden": pl.Boolean}
    return pl.DataFrame(made, schema=shape, orient="row"), {k: v for k, v in reasons.items() if v}


def _counted(part: pl.DataFrame) -> dict[Key, tuple[int, ...]]:
    deaths = pl.coalesce("deaths_low", "deaths_best").fill_null(0).sum()
    summed = part.group_by(*PLACE[1:], "month").agg(pl.len(), deaths.alias("deaths"))
    names = ("elsewhere", "unknown")
    return {
        (names[0] if side is None else f"{side:g} {north:g} {east:g}", month or names[1]): (int(n), int(deaths))
        for north, east, side, month, n, deaths in summed.iter_rows()
    }


def _table_row(country: str, key: Key, counts: tuple[int, ...] | None) -> tuple[Any, ...]:
    place, month = key
    is_block = place not in (TOTAL, "elsewhere")
    side, north, east = (float(one) for one in place.split()) if is_block else (None, None, None)
    return (country, place, month, north, east, side, *(counts or (None, None)), counts is None)


def _read_table(frame: pl.DataFrame) -> dict[str, dict[Key, tuple[int, ...] | None]]:
    read: dict[str, dict[Key, tuple[int, ...] | None]] = {}
    for row in frame.select("country", "place", "month", *COUNTS, "is_hidden").iter_rows():
        counts = None if row[-1] else tuple(int(one) for one in row[3:-1])
        read.setdefault(row[0], {})[(row[1], row[2])] = counts
    return read


def _records(
    rows: pl.DataFrame, terms: ReleaseTerms, earlier: list[pl.DataFrame]
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Claims without anything they could be known by alone; those told before as they were told."""
    plain = rows.select(_RECORD).with_columns(pl.col("act", "violence").fill_null(""))
    told = pl.concat([plain.clear(), *(frame.select(_RECORD) for frame in earlier)], how="vertical_relaxed")
    told = told.unique("claim_id", keep="first").filter(pl.col("claim_id").is_in(plain["claim_id"].implode()))
    fresh = plain.filter(~pl.col("claim_id").is_in(told["claim_id"].implode()))
    made = grouped(fresh, terms.alike)
    together = pl.concat([told, made])
    lone = together.height and together.select(pl.len().over(KNOWN_BY).min()).item(0, 0) < terms.alike
    if lone or risk_of(together) >= MOST_RISK:
        together = made
    reasons = {
        f"records left out: fewer than {terms.alike} alike": fresh.height - made.height,
        "acts, months or places made coarser so that enough are alike": _coarser(fresh, made),
    }
    return together.sort("claim_id"), {reason: count for reason, count in reasons.items() if count}


def _coarser(before: pl.DataFrame, after: pl.DataFrame) -> int:
    joined = after.join(before, on="claim_id", suffix="_was")
    changed = [~pl.col(name).eq_missing(pl.col(f"{name}_was")) for name in KNOWN_BY]
    return joined.filter(pl.any_horizontal(changed)).height


def _coarsened(rows: pl.DataFrame, coarse: pl.Expr) -> pl.DataFrame:
    words = [pl.when(coarse).then(None).otherwise(pl.col(name)).alias(name) for name in WORDS if name in rows.columns]
    rows = rows.with_columns(words)
    if not {"cell", "latitude", "longitude"} <= set(rows.columns):
        return rows
    cells = rows["cell"].fill_null(0).to_numpy()
    latitude, longitude = cell_centres(np.maximum(cells, 1))
    centres = pl.DataFrame({"_latitude": latitude, "_longitude": longitude, "_known": cells > 0})
    centre = {
        name: pl.when(coarse)
        .then(pl.when("_known").then(f"_{name}").otherwise(None))
        .otherwise(pl.col(name))
        .alias(name)
        for name in ("latitude", "longitude")
    }
    return rows.hstack(centres).with_columns(*centre.values()).drop(centres.columns)
