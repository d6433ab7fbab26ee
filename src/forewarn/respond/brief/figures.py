"""The two pictures of a brief: months with what may come, and deaths by cell on a map.

Owns what is drawn and how it is told to who cannot see it. A range is drawn as a range: solid to its low end,
pale to its high end. Unobserved months are hatched and observed months without a death carry a mark at zero, so
silence never looks like calm. Numbers beyond the top of the scale are cut with a mark and written out.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator

from forewarn.clock import month_label
from forewarn.respond.brief.canvas import COLOURS, paper, write
from forewarn.respond.brief.pictures import Fan, FanMonth, Series, SeriesMonth

__all__ = ["months_svg", "number_range", "series_description"]

_WIDE = 500
"""From this width on, a picture has room for every label."""


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
    drawn = paper(width, height, (46, 34, 14, 34))
    axes = drawn.axes
    last = series.months[-1].month
    top = _top(series, fan)
    ahead = [month.month for month in fan.months] if fan else []
    end = max([last, *ahead, *(month.month for month in series.later)])
    axes.set_xlim(series.months[0].month - 0.7, end + 0.7)
    axes.set_ylim(0, top)
    _scales(axes, series.months[0].month, end, is_wide=width >= _WIDE)
    tips: dict[str, str] = {}
    for month in series.months:
        _draw_month(axes, month, top, tips, series.noun)
    for coming in fan.months if fan else ():
        _draw_ahead(axes, coming, top, tips)
    for month in series.later:
        _draw_later(axes, month, top, tips, series.noun)
    _draw_knowledge_line(axes, last, top, has_ahead=fan is not None or bool(series.later))
    _label_peak(axes, series, top)
    title = f"{series.label}, {month_label(series.months[0].month)} to {month_label(end)}"
    return write(drawn, prefix=prefix, title=title, description=series_description(series, fan), tips=tips)


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


def _scales(axes: Axes, first: int, last: int, *, is_wide: bool) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True, min_n_ticks=2))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.yaxis.grid(True, color=COLOURS["line"], linewidth=0.8)
    axes.set_axisbelow(True)
    months = range(first, last + 1)
    room = 16 if is_wide else 8
    every = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(months) / step <= room)
    ticks = [month for month in months if (month - 1) % every == 0]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_major_formatter(FixedFormatter([_tick(month, ticks[0], every) for month in ticks]))
    axes.axhline(0, color=COLOURS["muted"], linewidth=1, clip_on=False)


_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _tick(month: int, first: int, every: int) -> str:
    """``Jul``, with the year below the first and each January; years alone where months do not fit."""
    year, name = month_label(month)[:4], _NAMES[(month - 1) % 12]
    if every >= 12:
        return year
    return f"{name}\n{year}" if month == first or name == "Jan" else name


def _bar(axes: Axes, month: int, bottom: float, top: float, look: tuple[str, str, float, float]) -> Rectangle:
    """A bar from bottom to top: fill, edge, width in months, line width."""
    fill, edge, width, line = look
    bar = Rectangle(
        (month - width / 2, bottom), width, top - bottom,
        facecolor=COLOURS.get(fill, "none"), edgecolor=COLOURS.get(edge, "none"), linewidth=line,
    )  # fmt: skip
    axes.add_artist(bar)  # the limits are set: none is worked out again for each bar
    return bar


def _draw_month(axes: Axes, month: SeriesMonth, top: float, tips: dict[str, str], noun: str) -> None:
    said = f"{month_label(month.month)}: "
    if not month.observed:
        empty = _bar(axes, month.month, 0, top / 1.18, ("none", "none", 1.0, 0))
        empty.set_hatch("////")
        empty.set_edgecolor(COLOURS["hatch"])
        empty.set_gid(f"unseen-{month.month}")
        tips[f"unseen-{month.month}"] = f"{said}not observed; nobody knows"
    if month.high is None or month.low is None or month.best is None:
        return
    if not month.high:
        axes.plot([month.month], [0], marker="o", markersize=3.2, color=COLOURS["muted"], zorder=3, clip_on=False)
        return
    high = _bar(axes, month.month, month.low, max(month.high, month.low), ("deaths-soft", "none", 0.78, 0))
    low = _bar(axes, month.month, 0, max(month.low, top * 0.006), ("deaths", "none", 0.78, 0))
    axes.plot(
        [month.month - 0.39, month.month + 0.39], [month.best] * 2, color=COLOURS["ink"], linewidth=1.4,
        solid_capstyle="butt", visible=month.low < month.best < month.high,
    )  # fmt: skip
    words = f"at least {month.low:,} {noun}, best {month.best:,}, up to {month.high:,}"
    for name, bar in (("high", high), ("low", low)):
        bar.set_gid(f"{name}-{month.month}")
        tips[f"{name}-{month.month}"] = said + words


def _draw_ahead(axes: Axes, month: FanMonth, top: float, tips: dict[str, str]) -> None:
    pale = _bar(axes, month.month, 0 if month.q05 < 0.5 else month.q05, month.q95, ("ahead-softer", "none", 0.86, 0))
    half = _bar(axes, month.month, month.q25, max(month.q75, month.q25), ("ahead-soft", "none", 0.86, 0))
    axes.plot(
        [month.month - 0.43, month.month + 0.43], [max(month.q50, top * 0.003)] * 2, color=COLOURS["ahead"],
        linewidth=2.4, solid_capstyle="butt",
    )  # fmt: skip
    for name, bar in (("ninety", pale), ("half", half)):
        bar.set_gid(f"{name}-{month.month}")
        tips[f"{name}-{month.month}"] = (
            f"{month_label(month.month)}, forecast: median {month.q50:,.0f}; half of the courses "
            f"{number_range(month.q25, month.q75)}; nine in ten {number_range(month.q05, month.q95)}"
        )


def _draw_later(axes: Axes, month: SeriesMonth, top: float, tips: dict[str, str], noun: str) -> None:
    """What became known later: an open bar, cut at the top of the scale and written out."""
    if month.high is None or month.low is None:
        return
    limit = top / 1.18
    bar = _bar(axes, month.month, 0, min(month.high, limit), ("none", "deaths", 0.5, 1.4))
    bar.set_gid(f"later-{month.month}")
    said = number_range(month.low, month.high)
    tips[f"later-{month.month}"] = f"{month_label(month.month)}, as became known later: {said} {noun}"
    if month.high > 0.1 * top:
        _label_later(axes, month.month, min(month.high, limit), said + (" ↑" if month.high > limit else ""))


def _label_later(axes: Axes, month: int, at: float, text: str) -> None:
    """Beside the bar where there is room up to the edge, else above it and up to the edge."""
    first, end = axes.get_xlim()
    months_wide = 7.6 * len(text) * (end - first) / axes.bbox.width
    has_room = month + 0.4 + months_wide < end
    axes.text(
        month + 0.4 if has_room else end, at, text, ha="left" if has_room else "right",
        va="top" if has_room else "bottom", color=COLOURS["deaths"], fontsize=11.5, fontweight="bold", clip_on=False,
    )  # fmt: skip


def _draw_knowledge_line(axes: Axes, last: int, top: float, *, has_ahead: bool) -> None:
    edge = last + 0.5
    axes.plot([edge, edge], [0, top], color=COLOURS["ink"], linewidth=1.2, linestyle=(0, (4, 3)), clip_on=False)
    sides = (("as known ←", "right", -0.15), ("→ ahead", "left", 0.15))
    for text, align, gap in sides if has_ahead else sides[:1]:
        axes.text(
            edge + gap, top * 1.015, text, ha=align, va="bottom", fontsize=11.5, color=COLOURS["ink"], clip_on=False
        )


def _label_peak(axes: Axes, series: Series, top: float) -> None:
    peak = max(series.months, key=lambda month: month.high or 0)
    if not peak.high or peak.low is None:
        return
    is_right = peak.month > (series.months[0].month + series.months[-1].month) / 2
    axes.text(
        peak.month, peak.high + top * 0.015, number_range(peak.low, peak.high),
        ha="right" if is_right else "left", va="bottom", fontsize=11.5, color=COLOURS["ink"], fontweight="bold",
    )  # fmt: skip
