"""The two pictures of a brief: months with what may come, and deaths by cell on a map.

Owns what is drawn and how it is told to who cannot see it. A range is drawn as a range: solid to its low end,
pale to its high end. Unobserved months are hatched and observed months without a death carry a mark at zero, so
silence never looks like calm. Numbers beyond the top of the scale are cut with a mark and written out.
"""

from __future__ import annotations

from forewarn.clock import month_label
from forewarn.respond.brief.canvas import Look, Paper, Span, Told, paper
from forewarn.respond.brief.pictures import Fan, FanMonth, Series, SeriesMonth

__all__ = ["months_svg", "number_range", "series_description"]

_WIDE = 500
"""From this width on, a picture has room for every label."""

_MOST_TICKS = 4


def number_range(low: float, high: float) -> str:
    """``4–12``, or ``4`` where both ends are one."""
    return f"{low:,.0f}" if round(low) == round(high) else f"{low:,.0f}–{high:,.0f}"


def months_svg(series: Series, fan: Fan | None, *, width: int, prefix: str, height: int = 330) -> str:
    """Months as known, the line of the day of knowledge, and the forecast behind it, as an SVG element.

    Args:
        series: what was reported, by month.
        fan: what may come; ``None`` leaves the space out.
        width, height: in CSS pixels.
        prefix: for the ids in the drawing.
    """
    first, last = series.months[0].month, series.months[-1].month
    top = _top(series, fan)
    ahead = [month.month for month in fan.months] if fan else []
    end = max([last, *ahead, *(month.month for month in series.later)])
    drawn = paper(width, height, (46, 34, 14, 34), across=(first - 0.7, end + 0.7), up=(0, top), prefix=prefix)
    _scales(drawn, first, end, is_wide=width >= _WIDE)
    for month in series.months:
        _draw_month(drawn, month, series.noun)
    for coming in fan.months if fan else ():
        _draw_ahead(drawn, coming)
    for month in series.later:
        _draw_later(drawn, month, series.noun)
    _draw_knowledge_line(drawn, last, has_ahead=fan is not None or bool(series.later))
    _label_peak(drawn, series)
    title = f"{series.label}, {month_label(first)} to {month_label(end)}"
    return drawn.written(title, series_description(series, fan))


def series_description(series: Series, fan: Fan | None) -> str:
    """What the picture shows, in words."""
    seen = [month for month in series.months if month.observed]
    low, high = sum(m.low or 0 for m in series.months), sum(m.high or 0 for m in series.months)
    said = (
        f"{len(series.months)} months, {len(seen)} of them observed; at least {low:,} and up to {high:,} {series.noun} "
        f"reported."
    )
    peak = max(series.months, key=lambda month: month.high or 0)
    if peak.high:
        said += f" Most in {month_label(peak.month)}: {number_range(peak.low or 0, peak.high)}."
    if fan:
        widest = max(fan.months, key=lambda month: month.q95)
        said += (
            f" Forecast for {len(fan.months)} months: by month, up to {widest.q95:,.0f} in nineteen courses of twenty."
        )
    return said


def _top(series: Series, fan: Fan | None) -> float:
    """The top of the scale: everything known fits; what became known later may be cut and written out."""
    known = max((month.high or 0 for month in series.months), default=0)
    ahead = max((month.q95 for month in fan.months), default=0) if fan else 0
    later = max((month.high or 0 for month in series.later), default=0)
    fits = max(known, ahead, 4)
    return 1.18 * min(max(fits, later), 2.5 * fits)


def _scales(drawn: Paper, first: int, last: int, *, is_wide: bool) -> None:
    top = drawn.up[1]
    step = next(n * 10**power for power in range(20) for n in (1, 2, 5) if top / (n * 10**power) <= _MOST_TICKS)
    heights = range(0, int(top) + 1, step)
    for value in heights[1:]:
        drawn.line([(edge, value) for edge in drawn.across], "line", 0.8)
    drawn.ticks_up((value, f"{value:,}") for value in heights)
    months = range(first, last + 1)
    room = 16 if is_wide else 8
    every = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(months) / step <= room)
    ticks = [month for month in months if (month - 1) % every == 0]
    drawn.ticks_across((month, _tick(month, ticks[0], every)) for month in ticks)
    drawn.line([(edge, 0) for edge in drawn.across], "muted", 1)


_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _tick(month: int, first: int, every: int) -> str:
    """``Jul``, with the year below the first and each January; years alone where months do not fit."""
    year, name = month_label(month)[:4], _NAMES[(month - 1) % 12]
    if every >= 12:
        return year
    return f"{name}\n{year}" if month == first or name == "Jan" else name


def _middle(month: int, width: float) -> Span:
    """So many months wide, around a month."""
    return month - width / 2, month + width / 2


def _draw_month(drawn: Paper, month: SeriesMonth, noun: str) -> None:
    said, top = f"{month_label(month.month)}: ", drawn.up[1]
    if not month.observed:
        told = Told(f"unseen-{month.month}", f"{said}not observed; nobody knows")
        drawn.hatched(_middle(month.month, 1.0), (0, top / 1.18), told)
    if month.high is None or month.low is None or month.best is None:
        return
    if not month.high:
        drawn.dot(month.month, 0, 2.1, Look("muted"))
        return
    words = f"{said}at least {month.low:,} {noun}, best {month.best:,}, up to {month.high:,}"
    slot = _middle(month.month, 0.78)
    drawn.bar(slot, (month.low, month.high), Look("deaths-soft"), Told(f"high-{month.month}", words))
    drawn.bar(slot, (0, max(month.low, top * 0.006)), Look("deaths"), Told(f"low-{month.month}", words))
    if month.low < month.best < month.high:
        drawn.line([(edge, month.best) for edge in slot], "ink", 1.4)


def _draw_ahead(drawn: Paper, month: FanMonth) -> None:
    words = (
        f"{month_label(month.month)}, forecast: median {month.q50:,.0f}; half of the courses "
        f"{number_range(month.q25, month.q75)}; nine in ten {number_range(month.q05, month.q95)}"
    )
    slot, bottom = _middle(month.month, 0.86), 0 if month.q05 < 0.5 else month.q05
    drawn.bar(slot, (bottom, month.q95), Look("ahead-softer"), Told(f"ninety-{month.month}", words))
    drawn.bar(slot, (month.q25, month.q75), Look("ahead-soft"), Told(f"half-{month.month}", words))
    drawn.line([(edge, max(month.q50, drawn.up[1] * 0.003)) for edge in slot], "ahead", 2.4)


def _draw_later(drawn: Paper, month: SeriesMonth, noun: str) -> None:
    """What became known later: an open bar, cut at the top of the scale and written out."""
    if month.high is None or month.low is None:
        return
    limit, said = drawn.up[1] / 1.18, number_range(month.low, month.high)
    words = f"{month_label(month.month)}, as became known later: {said} {noun}"
    slot = _middle(month.month, 0.5)
    drawn.bar(slot, (0, min(month.high, limit)), Look("", "deaths", 1.4), Told(f"later-{month.month}", words))
    if month.high > 0.1 * drawn.up[1]:
        _label_later(drawn, month.month, min(month.high, limit), said + (" ↑" if month.high > limit else ""))


def _label_later(drawn: Paper, month: int, at: float, text: str) -> None:
    """Beside the bar where there is room up to the edge, else above it and up to the edge."""
    end = drawn.across[1]
    has_room = month + 0.4 + 7.6 * len(text) / drawn.pixels_per_x < end
    side = ("left", "top") if has_room else ("right", "bottom")
    drawn.words(month + 0.4 if has_room else end, at, text, "deaths", at=side, weight="bold")


def _draw_knowledge_line(drawn: Paper, last: int, *, has_ahead: bool) -> None:
    edge, top = last + 0.5, drawn.up[1]
    drawn.line([(edge, 0), (edge, top)], "ink", 1.2, "4.8 3.6")
    sides = (("as known ←", "right", -0.15), ("→ ahead", "left", 0.15))
    for text, side, gap in sides if has_ahead else sides[:1]:
        drawn.words(edge + gap, top * 1.015, text, "ink", at=(side, "bottom"))


def _label_peak(drawn: Paper, series: Series) -> None:
    peak = max(series.months, key=lambda month: month.high or 0)
    if not peak.high or peak.low is None:
        return
    is_right = peak.month > (series.months[0].month + series.months[-1].month) / 2
    side, above = "right" if is_right else "left", peak.high + drawn.up[1] * 0.015
    drawn.words(peak.month, above, number_range(peak.low, peak.high), "ink", at=(side, "bottom"), weight="bold")
