"""A forecast as one HTML page: fan charts, the chances of 1, 25, 100 and 1,000 for every unit, and whether to trust it.

Units stand by name, never by rank. Fan charts are drawn for the units with a notable chance, or else the first by
name; every unit has its row. Self-contained; every text is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl
from markupsafe import Markup

from forewarn.clock import month_label
from forewarn.model.panel import Panel
from forewarn.model.place import unit_name
from forewarn.operations.calibration_page import page
from forewarn.respond import Fan, FanMonth, Series, SeriesMonth
from forewarn.respond.brief.figures import months_svg
from forewarn.taxonomy import is_fictional

__all__ = ["forecast_page"]

MOST_FANS = 12
_PAST_MONTHS = 36
_QUANTILES = ("q05", "q25", "q50", "q75", "q95")
_HEADS = ("unit", "mean", "5 %", "half", "95 %", "1 or more", "25 or more", "100 or more", "1,000 or more")


def forecast_page(
    rows: pl.DataFrame, panel: Panel, told: Mapping[str, object], *, target: str, notable: float, notes: Sequence[str]
) -> str:
    """The page.

    Args:
        rows: summaries by unit and month, month 0 being the whole horizon.
        panel: what the forecast was made from.
        told: ``model``, ``forecast_id`` and ``as_known_at``.
        target: what is forecast.
        notable: the chance of 25 from which a unit gets a fan chart.
        notes: sentences on skill, late reports and what was left out.
    """
    totals = rows.filter(pl.col("month") == 0).sort("unit")
    chosen = totals.filter(pl.col("p25") >= notable)["unit"].to_list() or totals["unit"].to_list()
    drawn = [_figure(k, unit, rows, panel, told, target) for k, unit in enumerate(chosen[:MOST_FANS])]
    left = len(chosen) - len(drawn)
    more = Markup("<p>{}</p>").format(f"{left} further units have no chart here, only their row.") if left > 0 else ""
    body = Markup('<section><h2>{}</h2><ul class="tight">{}</ul></section>{}{}{}').format(
        "Whether to trust it", _items(notes), Markup("").join(drawn), more, _table(totals)
    )
    span = f"{month_label(panel.last_month + 1)} to {month_label(max(rows['month'].to_list()))}"
    meta = f"{told['model']}, forecast {told['forecast_id']}, as known on {told['as_known_at']}"
    fictional = all(is_fictional(unit[:3]) for unit in panel.units)
    return page(f"{target.replace('_', ' ').capitalize()}, {span}", meta, body, fictional=fictional)


def _figure(
    number: int, unit: str, rows: pl.DataFrame, panel: Panel, told: Mapping[str, object], target: str
) -> Markup:
    noun = target.replace("_", " ")
    own = rows.filter((pl.col("unit") == unit) & (pl.col("month") > 0)).sort("month")
    fan = Fan(
        months=tuple(FanMonth(row["month"], *(row[q] for q in _QUANTILES)) for row in own.iter_rows(named=True)),
        noun=noun,
        model=str(told["model"]),
        forecast_id=str(told["forecast_id"]),
        data_through=panel.last_month,
        as_known_at=date.fromisoformat(str(told["as_known_at"])),
    )
    svg = months_svg(_series(unit, panel, target, noun), fan, width=620, height=240, prefix=f"u{number}")
    # the writer of the drawing has escaped every text in it
    return Markup("<section><h2>{}</h2><figure>{}</figure></section>").format(unit_name(unit), Markup(svg))  # noqa: S704


def _series(unit: str, panel: Panel, target: str, noun: str) -> Series:
    """The last three years as the panel has them; a month nobody states to have watched is not calm."""
    place = panel.units.index(unit)
    values = panel.feature(target)[place]
    months = []
    for column in range(max(0, values.size - _PAST_MONTHS), values.size):
        value = values[column]
        number = None if np.isnan(value) else round(float(value))
        seen = panel.observed is not None and bool(panel.observed[place, column]) and number is not None
        months.append(SeriesMonth(panel.first_month + column, number, number, number, seen))
    return Series(unit_name(unit), noun, tuple(months), "Months nobody is known to have watched are hatched.", ())


def _table(totals: pl.DataFrame) -> Markup:
    head = Markup("").join(Markup("<th>{}</th>").format(name) for name in _HEADS)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in _cells(row)))
        for row in totals.iter_rows(named=True)
    )
    return Markup(
        '<section><div class="scroll"><table><caption>Over all months, by name</caption><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div></section>"
    ).format(head, body)


def _cells(row: Mapping[str, float | str]) -> tuple[str, ...]:
    numbers = (f"{float(row[k]):,.0f}" for k in ("mean", "q05", "q50", "q95"))
    chances = (f"{float(row[k]):.1%}" for k in ("p1", "p25", "p100", "p1000"))
    return (str(row["unit"]), *numbers, *chances)


def _items(lines: Sequence[str]) -> Markup:
    return Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
