"""Rows of the exercise's files: what a telling says, under the headers a sender would use.

Hidden knowledge (:attr:`Telling.happening_id`, ``told_as``, ``copied_from``) is never put into a row. Cells are
text: whole numbers and three decimals are written here, so no floating point is formatted. Unsaid is empty.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from forewarn.learn.exercise.accounts import Account, Range
from forewarn.learn.exercise.dice import DEFAULT_SEED, Dice
from forewarn.learn.exercise.notice import EXERCISE_NOTICE
from forewarn.learn.exercise.outlets import ngo
from forewarn.learn.exercise.phrases import phrasebook
from forewarn.learn.exercise.sight import SIGHT, sights
from forewarn.learn.exercise.statements import statements
from forewarn.learn.exercise.tellings import Telling, tellings

__all__ = ["RELEASED_ON", "coverage_rows", "form_rows", "outlet_rows", "release_rows", "statement_rows"]

RELEASED_ON = date(2026, 2, 16)
"""The day of the NGO's second release, which revises its entries of 2025."""

_MONITORS = 24
_RANGED = ("deaths", "civilian_deaths")
_SINGLE = ("injured", "abducted", "detained", "displaced")


def outlet_rows(seed: int = DEFAULT_SEED) -> dict[str, list[dict[str, str]]]:
    """The rows of the CSV files by file name, in order of publication."""
    tables: dict[str, list[dict[str, str]]] = {}
    for one in sorted(tellings(seed), key=lambda one: (one.published_on, one.report_id)):
        if one.outlet.file.endswith(".csv"):
            tables.setdefault(one.outlet.file, []).append(_report_row(one))
    return tables


def release_rows(seed: int = DEFAULT_SEED) -> list[dict[str, str]]:
    """The NGO's second release: its entries of 2025 as they were, but for those it revised."""
    dice = Dice(seed, "rows/release")
    name = ngo().name
    first = [one for one in tellings(seed) if one.outlet.name == name and one.published_on.year == 2025]
    return [_report_row(_revised(one, dice)) for one in first]


def form_rows(seed: int = DEFAULT_SEED) -> list[dict[str, str | int | float | None]]:
    """Field forms as a collection tool exports them, with columns that identify the person who filled them in.

    Names and numbers are plainly invented; the mapping names these columns as identity, so that they are dropped.
    """
    found: list[dict[str, str | int | float | None]] = []
    for one in tellings(seed):
        if one.outlet.file == "field_forms.jsonl":
            found.append(_form_row(one, Dice(seed, f"rows/monitor/{_area(one.account)}").whole(_MONITORS) + 1))
    return found


def statement_rows(seed: int = DEFAULT_SEED) -> list[dict[str, str]]:
    """The delegates' statements."""
    return [
        {
            "id": one.statement_id,
            "symbol": one.symbol,
            "body": one.body,
            "delivered": one.published_on.isoformat(),
            "speaker": one.speaker,
            "speaks_for": one.country,
            "language": one.language,
            "title": one.title,
            "text": one.text,
            "note": EXERCISE_NOTICE,
        }
        for one in statements(seed)
    ]


def coverage_rows(seed: int = DEFAULT_SEED) -> list[dict[str, str]]:
    """The coverage statements: who could see what, where and when."""
    return [
        {
            "id": one.statement_id,
            "source": one.source,
            "source_kind": one.kind,
            "published": one.published_on.isoformat(),
            "from": one.first.isoformat(),
            "to": one.last.isoformat(),
            "country": one.country,
            "admin1": one.admin1,
            "could_see": SIGHT[one.sight][0],
            "why": SIGHT[one.sight][1],
            "statement": f"{one.admin1}, {one.first} to {one.last}: {SIGHT[one.sight][1]}.",
            "language": "en",
            "note": EXERCISE_NOTICE,
        }
        for one in sights(seed)
    ]


def _report_row(one: Telling) -> dict[str, str]:
    account, setting = one.account, one.account.setting
    first, second = _two(account.parties)
    return {
        "id": one.report_id,
        "source": one.outlet.name,
        "source_kind": one.outlet.kind,
        "published": one.published_on.isoformat(),
        "date_start": account.started_on.isoformat(),
        "date_end": account.ended_on.isoformat(),
        "date_precision": account.date_precision,
        "country": setting.country,
        "admin1": setting.admin1,
        "place": setting.place,
        "latitude": _degrees(setting.latitude),
        "longitude": _degrees(setting.longitude),
        "precision": setting.precision,
        "act": account.act,
        "violence": account.violence,
        "party_1": first,
        "party_2": second,
        "alleged_by": account.alleged_by,
        "target": _target(one),
        **_count_cells(account),
        "cites": one.cites,
        "cites_date": one.cited_on.isoformat() if one.cited_on else "",
        "headline": one.headline,
        "text": one.text,
        "language": one.outlet.language,
        "note": EXERCISE_NOTICE,
    }


def _count_cells(account: Account) -> dict[str, str]:
    cells: dict[str, str] = {}
    for name in _RANGED:
        ends = zip(("low", "best", "high"), account.count(name), strict=True)
        cells |= {f"{name}_{end}": _whole(value) for end, value in ends}
    return cells | {name: _whole(account.count(name)[1]) for name in _SINGLE}


def _form_row(one: Telling, monitor: int) -> dict[str, str | int | float | None]:
    account, setting = one.account, one.account.setting
    counts = {name: account.count(name)[1] for name in ("deaths", *_SINGLE)}
    first, second = _two(account.parties)
    return {
        "form_id": one.report_id,
        "submitted_on": one.published_on.isoformat(),
        "reporter_name": f"Fictional Monitor {monitor:02d}",
        "reporter_phone": f"+000 000 00{monitor:02d}",
        "observed_from": account.started_on.isoformat(),
        "observed_to": account.ended_on.isoformat(),
        "date_precision": account.date_precision,
        "country": setting.country,
        "area": setting.admin1,
        "village": setting.place,
        "lat": _decimal(setting.latitude),
        "lon": _decimal(setting.longitude),
        "place_precision": setting.precision,
        "what": account.act,
        "violence": account.violence,
        "who_took_part": first,
        "and_who": second,
        "held_responsible": account.alleged_by,
        "who_was_harmed": _target(one),
        **counts,
        "title": one.headline,
        "account": one.text,
        "language": one.outlet.language,
        "note": EXERCISE_NOTICE,
    }


def _revised(one: Telling, dice: Dice) -> Telling:
    """Three in ten entries with deaths are revised: the range moves, narrows or widens, and the text follows."""
    low, best, high = one.account.count("deaths")
    if not best or low is None or high is None or not dice.chance(300):
        return one
    moved = max(1, best + dice.between(-best // 4, best // 2))
    span: Range = (min(low, moved), moved, max(high, moved + dice.between(0, 2)))
    others = tuple(count for count in one.account.counts if count[0] not in _RANGED)
    account = replace(one.account, counts=(("deaths", span), *others))
    book = phrasebook(one.outlet.language)
    text = f"Revised entry. {book.body(account, one.outlet.habits.counts, dice)}"
    headline = book.headline(account, dice)
    return replace(one, account=account, published_on=RELEASED_ON, headline=headline, text=text)


def _target(one: Telling) -> str:
    words: str = phrasebook(one.outlet.language).words["targets"][one.account.target]
    return words


def _two(parties: tuple[str, ...]) -> tuple[str, str]:
    """The parties in two columns; none of the exercise's accounts has more."""
    first, second = (*parties, "", "")[:2]
    return first, second


def _area(account: Account) -> str:
    return f"{account.setting.country}/{account.setting.admin1}"


def _whole(value: int | None) -> str:
    return "" if value is None else str(value)


def _decimal(milli: int | None) -> float | None:
    return None if milli is None else milli / 1000


def _degrees(milli: int | None) -> str:
    """Thousandths of a degree as decimal degrees with three places: -32120 as ``-32.120``."""
    if milli is None:
        return ""
    whole, rest = divmod(abs(milli), 1000)
    return f"{'-' if milli < 0 else ''}{whole}.{rest:03d}"
