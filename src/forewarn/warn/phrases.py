"""How numbers are said in proposals and drafts: chances, counts with their range, ratios, targets in words.

Owns phrasing only; it decides nothing. No chance is ever said to be 0 or 100 per cent, and a sum of reported
counts is always "at least" its low end.
"""

from __future__ import annotations

from forewarn.clock import last_day, month_from_text, month_label, month_of
from forewarn.warn.windows import WindowCount

__all__ = [
    "act_words",
    "count_words",
    "joined",
    "month_runs",
    "number_words",
    "per_cent",
    "plural",
    "span_words",
    "target_words",
    "times",
]

_TARGETS = {
    "deaths": "deaths in organized violence",
    "one_sided_deaths": "deaths in one-sided violence",
    "state_based_deaths": "deaths in state-based violence",
    "non_state_deaths": "deaths in non-state violence",
    "civilian_deaths": "civilian deaths",
    "health_care_attacks": "attacks on health care",
    "abducted": "people abducted",
    "detained": "people detained",
    "displaced": "people displaced",
    "injured": "people injured",
}

_ACTS = {"other": "another act", "unknown": "an act not said"}


def per_cent(chance: float) -> str:
    """A chance 0..1 in whole per cent: ``31%``, ``below 1%``, ``above 99%``."""
    if chance < 0.01:
        return "below 1%"
    return "above 99%" if chance > 0.99 else f"{chance * 100:.0f}%"


def plural(number: int, noun: str) -> str:
    """``1 incident``, ``1,200 incidents``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def number_words(value: float) -> str:
    """A forecast quantity, rounded as far as it deserves: ``0``, ``3.4``, ``1,204``."""
    return f"{value:,.1f}".removesuffix(".0") if value < 10 else f"{value:,.0f}"


def times(ratio: float) -> str:
    """``2.4 times``."""
    return f"{number_words(ratio)} times"


def count_words(window: WindowCount) -> str:
    """``at least 12 (best 15, up to 30; 2 incidents give no number)``."""
    spread = "" if window.low == window.best == window.high else f"best {window.best:,}, up to {window.high:,}"
    unknown = f"{plural(window.uncounted, 'incident')} without a number" if window.uncounted else ""
    inside = "; ".join(part for part in (spread, unknown) if part)
    return f"at least {window.low:,}" + (f" ({inside})" if inside else "")


def target_words(target: str) -> str:
    """What a forecast counts, in words; an unknown target by its own name."""
    return _TARGETS.get(target, target.replace("_", " "))


def joined(parts: tuple[str, ...] | list[str]) -> str:
    """``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def act_words(acts: tuple[tuple[str, int], ...]) -> str:
    """``8 of threat, 6 of denial of access and 1 of detention``; the act alone where all are of one."""
    named = [(_ACTS.get(act, act.replace("_", " ")), number) for act, number in acts]
    return named[0][0] if len(named) == 1 else joined([f"{number:,} of {name}" for name, number in named])


def span_words(window: WindowCount) -> str:
    """``from 2025-06 to 2025-08`` where the days are whole months, else with the days."""
    first, last = window.first, window.last
    if first.day > 1 or last != last_day(month_of(last)):
        return f"from {first} to {last}"
    if month_of(first) == month_of(last):
        return f"in {month_label(month_of(first))}"
    return f"from {month_label(month_of(first))} to {month_label(month_of(last))}"


def month_runs(months: tuple[str, ...]) -> str:
    """Months in order, three or more on end as a span: ``2024-03, 2025-01 to 2025-08``."""
    runs: list[list[int]] = []
    for month in map(month_from_text, months):
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(_run_words(run) for run in runs)


def _run_words(run: list[int]) -> str:
    labels = [month_label(month) for month in run]
    return f"{labels[0]} to {labels[-1]}" if len(labels) > 2 else ", ".join(labels)
