"""An explanation as one HTML page: the fan chart, what moved it and what would change it as bars, and the words.

Takes what :mod:`forewarn.operations.explain` found and computes nothing. Self-contained; every text is escaped.
"""

from __future__ import annotations

from typing import Protocol

from markupsafe import Markup

from forewarn.clock import month_label
from forewarn.forecast.explanation import Answer, Explanation
from forewarn.model.place import unit_name
from forewarn.operations.calibration_page import page
from forewarn.operations.forecast_pictures import bars_svg
from forewarn.respond import Fan, Series
from forewarn.respond.brief.figures import months_svg
from forewarn.taxonomy import is_fictional

__all__ = ["answer_bars", "exceedance_table", "explanation_page"]


class _Explained(Protocol):
    """What the page reads of an explanation."""

    @property
    def unit(self) -> str: ...
    @property
    def forecast_id(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def explanation(self) -> Explanation: ...
    @property
    def skill(self) -> str: ...
    @property
    def sentences(self) -> list[str]: ...
    @property
    def caveats(self) -> list[str]: ...
    @property
    def claims(self) -> dict[str, list[str]]: ...


def explanation_page(explained: _Explained, series: Series, fan: Fan) -> str:
    """The page."""
    found = explained.explanation
    pictures = [
        ("What was reported, and what may come", months_svg(series, fan, width=620, prefix="months")),
        *(
            (title, bars_svg(made, title=title, noun=noun, prefix=prefix))
            for title, noun, prefix, made in (
                ("What moved the chance of 25 or more: what each stretch of the past added", "added", "moved",
                 answer_bars(found.moved)),
                ("What one more month would change it by", "change", "change", answer_bars(found.would_change)),
            )
            if made
        ),
    ]  # fmt: skip
    figures = Markup("").join(
        # the writer of the drawing has escaped every text in it
        Markup("<section><h2>{}</h2><figure>{}</figure></section>").format(title, Markup(svg))  # noqa: S704
        for title, svg in pictures
    )
    body = Markup("{}{}{}{}{}{}").format(
        exceedance_table(fan),
        figures,
        _list("In words", explained.sentences),
        _list("Whether to trust it", [explained.skill]),
        _list("To bear in mind", explained.caveats),
        _list("The claims behind the months", [f"{m}: {', '.join(ids)}" for m, ids in explained.claims.items()]),
    )
    meta = f"{explained.model}, forecast {explained.forecast_id}, as known on {fan.as_known_at}"
    return page(
        f"Why the forecast for {unit_name(explained.unit)} says what it says",
        meta,
        body,
        fictional=is_fictional(explained.unit[:3]),
    )


def exceedance_table(fan: Fan) -> Markup:
    """The chances of 1, 25, 100 and 1,000 over the horizon, beside the unit's own past."""
    rows = Markup("").join(
        Markup("<tr><td>{}</td><td>{}</td><td>{}</td></tr>").format(
            f"{one.number:,} or more", f"{one.chance:.1%}",
            "unknown" if one.base_rate is None else f"{one.base_rate:.1%}",
        )
        for one in fan.exceedances
    )  # fmt: skip
    span = f"{month_label(fan.months[0].month)} to {month_label(fan.months[-1].month)}"
    return Markup(
        "<section><table><caption>{}, {}</caption><thead><tr><th>over all months</th><th>chance</th>"
        "<th>its own past</th></tr></thead><tbody>{}</tbody></table></section>"
    ).format(fan.noun, span, rows)


def answer_bars(answers: tuple[Answer, ...]) -> list[tuple[str, float]]:
    """Answers as bars: what months taken as unknown had added, or what one more month would add."""
    return [
        (_span(a.months), -a.change) if a.kind == "unknown" else (f"a month {a.words}", a.change)
        for a in answers
        if a.change is not None
    ]


def _span(months: tuple[int, int]) -> str:
    first, last = (month_label(month) for month in months)
    return first if first == last else f"{first} to {last}"


def _list(title: str, lines: list[str]) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    return Markup('<section><h2>{}</h2><ul class="tight">{}</ul></section>').format(title, items)
