"""The calibration of forecasts as one HTML page: pictures of the whole, a line for each group, and what follows.

Self-contained: no script and no outside request, which its own policy forbids. Names from files are escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources

from markupsafe import Markup

from forewarn.forecast.calibration import GroupCalibration
from forewarn.operations.forecast_pictures import pit_svg, reliability_svg

__all__ = ["calibration_page", "page"]

_PAGE = Markup(
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    "<title>{title}</title><style>{style}</style></head><body>{banner}<header><h1>{title}</h1>"
    '<p class="meta">{meta}</p>'
    "</header>{body}</body></html>\n"
)
_FICTION = "EXERCISE: fictional. No real place, person, group or event."
_HEADS = ("group", "units", "unit-months", "1 or more", "25 or more", "held by 50 %", "held by 90 %", "width of 90 %",
          "what follows")  # fmt: skip


def page(title: str, meta: str, body: Markup, *, fictional: bool = False) -> str:
    """A page of its own around a body; one about fictional countries says so before all else."""
    banner = Markup('<p class="fiction">{}</p>').format(_FICTION) if fictional else Markup("")
    style = resources.files("forewarn.respond.brief").joinpath("templates", "brief.css").read_text("utf-8")
    return _PAGE.format(title=title, meta=meta, style=Markup(style), body=body, banner=banner)  # noqa: S704 - our own file


def calibration_page(calibrations: Mapping[str, Sequence[GroupCalibration]], *, title: str, meta: str) -> str:
    """One section a model: the whole in pictures, then each group as a row with its sentence."""
    sections = [_section(k, model, groups) for k, (model, groups) in enumerate(calibrations.items())]
    return page(title, meta, Markup("").join(sections))


def _section(number: int, model: str, groups: Sequence[GroupCalibration]) -> Markup:
    whole = groups[0]
    drawn = [
        ("Where what happened fell in what was said (flat is calibrated)", pit_svg(whole, prefix=f"m{number}-pit")),
        *(
            (f"{t} or more: said against happened", reliability_svg(whole, t, prefix=f"m{number}-r{t}"))
            for t in whole.reliability
        ),
    ]
    figures = Markup("").join(
        # the writer of the drawing has escaped every text in it
        Markup("<figure>{}<figcaption>{}</figcaption></figure>").format(Markup(svg), text)  # noqa: S704
        for text, svg in drawn
    )
    return Markup('<section><h2>{}</h2><p>{}</p><div class="three">{}</div>{}</section>').format(
        model, whole.sentence, figures, _table(groups)
    )


def _table(groups: Sequence[GroupCalibration]) -> Markup:
    head = Markup("").join(Markup("<th>{}</th>").format(name) for name in _HEADS)
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in _cells(group)))
        for group in groups
    )
    return Markup('<div class="scroll"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>').format(
        head, rows
    )


def _cells(group: GroupCalibration) -> tuple[str, ...]:
    half, ninety = group.coverage
    name = group.group if group.by == "all" else f"{group.by}: {group.group}"
    return (
        name, f"{group.units:,}", f"{group.unit_periods:,}", f"{group.happened['1']:,}",
        f"{group.happened['25']:,}", f"{half['share']:.0%}", f"{ninety['share']:.0%}", f"{ninety['mean_width']:.1f}",
        group.sentence,
    )  # fmt: skip
