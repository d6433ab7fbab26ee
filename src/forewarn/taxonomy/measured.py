"""The rules by which incident data propose evidence for risk indicators that can be measured.

Owns the typed reading of ``measured.yaml``. Each rule names an indicator of the framework, what it looks at and what it
needs; the windows and thresholds are one set for all rules and every area. A rule proposes; only a person assesses.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forewarn.taxonomy.framework import indicator
from forewarn.taxonomy.protection import Wanted, protection_theme
from forewarn.taxonomy.reading import Node, load_list
from forewarn.taxonomy.wording import expanded

__all__ = ["MEASURED_FILE", "MeasuredRule", "Windows", "measured_rules", "windows"]

MEASURED_FILE = "measured.yaml"
_CONDITIONS = ("acts", "violence", "theme", "words")


@dataclass(frozen=True, slots=True)
class Windows:
    """The months and thresholds of every rule.

    Attributes:
        recent_months: length of the recent window, and of the one before it.
        fewest_months: with fewer months of sight in a window nothing is said of a trend.
        times, least: what is a rise: so many times the rate before, and so many more found.
        clear_from: incidents from which, one of them corroborated, a sign is proposed as clear and not weak.
    """

    recent_months: int
    fewest_months: int
    times: float
    least: int
    clear_from: int


@dataclass(frozen=True, slots=True)
class MeasuredRule:
    """What is looked at for one indicator.

    Attributes:
        indicator: its number.
        needs: ``presence`` or ``rise``.
        counts: ``incidents``, ``deaths`` or ``displaced``.
        acts, violence, theme, words: conditions that hold together; empty ones always hold.
        says: what is counted, in words.
    """

    indicator: str
    needs: str
    counts: str
    acts: tuple[str, ...]
    violence: tuple[str, ...]
    theme: str
    words: Wanted
    says: str


@cache
def windows() -> Windows:
    """The months and thresholds."""
    top = _top()
    whole = {name: top[name].whole(1, 120) for name in ("recent_months", "fewest_months", "least", "clear_from")}
    try:
        times = float(top["times"].text())
    except ValueError:
        top["times"].refuse("is no number")
    if not 1 < times <= 10:
        top["times"].refuse("is outside 1 to 10")
    return Windows(times=times, **whole)


@cache
def measured_rules() -> tuple[MeasuredRule, ...]:
    """The rules, in the order of the file."""
    return tuple(_rule(number, node) for number, node in _top()["rules"].entries.items())


def _top() -> dict[str, Node]:
    numbers = ("recent_months", "fewest_months", "times", "least", "clear_from")
    return load_list(MEASURED_FILE).fields("id", "version", *numbers, "rules")


def _rule(number: str, node: Node) -> MeasuredRule:
    fields = node.fields("needs", "counts", "says", optional=_CONDITIONS)
    if not any(name in fields for name in _CONDITIONS):
        node.refuse("has no condition", mend=f"give one of {', '.join(_CONDITIONS)}")
    theme = fields["theme"].text() if "theme" in fields else ""
    if theme and not protection_theme(theme).is_listed:
        fields["theme"].refuse(f"incidents of '{theme}' may not be listed, so that they can be no evidence")
    return MeasuredRule(
        indicator=indicator(number).id,
        needs=fields["needs"].choice("presence", "rise"),
        counts=fields["counts"].choice("incidents", "deaths", "displaced"),
        acts=fields["acts"].texts() if "acts" in fields else (),
        violence=fields["violence"].texts() if "violence" in fields else (),
        theme=theme,
        words=_words(fields["words"]) if "words" in fields else Wanted(),
        says=fields["says"].text(),
    )


def _words(node: Node) -> Wanted:
    try:
        return Wanted(node.texts(), tuple(dict.fromkeys(one for text in node.texts() for one in expanded(text))))
    except ValueError as error:
        node.refuse(str(error))
