"""What two claims can have in common, as levels in SQL: the comparison vector that Splink reads.

Owns the conditions, one ordered list of levels a rule; the first level whose condition holds is the one found, and
the last has no condition. What a level is worth and how it is told stands in ``rules.yaml``. Every condition is
symmetric: exchanging the two claims changes nothing. No condition names a party, a place or a day; names, texts and
acts come as numbers, 0 where nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["CONDITIONS", "SHARED", "UNTAUGHT"]

_GAP = "(greatest(first_l, first_r) - least(last_l, last_r))"
_BOTH_NAMED = "name_l <> 0 and name_r <> 0 and country_l = country_r"
_ABROAD = "country_l <> 0 and country_r <> 0 and country_l <> country_r"
_ELSEWHERE = "area_l <> 0 and area_r <> 0 and area_l <> area_r"
_PRINTED = "abs(printed_l - printed_r)"
_CROWD = "least(crowd_l, crowd_r)"
_LISTED = "greatest(items_l, items_r)"
_EARTH_KM = 12742.0
_STRAIGHT = "((x_l - x_r) * (x_l - x_r) + (y_l - y_r) * (y_l - y_r) + (z_l - z_r) * (z_l - z_r))"
_SHARED_BITS = 24

SHARED = 1 << _SHARED_BITS
"""What two claims share is weighed once for each pair and comes in one number, ``match_key``, the only one that Splink
carries with a pair: the weight of the words in common times this, and the weight of the parties in common."""

_COSINE = f"((match_key >> {_SHARED_BITS}) / sqrt(words_weight_l * words_weight_r))"
_JACCARD = f"((match_key & {SHARED - 1}) / (parties_weight_l + parties_weight_r - (match_key & {SHARED - 1})))"


def _within(km: float) -> str:
    """Whether the way around the earth is shorter: told by the square of the straight way through it."""
    return f"{_STRAIGHT} < {(_EARTH_KM * math.sin(km / _EARTH_KM)) ** 2:.12f}"


def _least(name: str) -> str:
    return f"least({name}_best_l, {name}_best_r)"


def _most(name: str) -> str:
    return f"greatest({name}_best_l, {name}_best_r)"


def _overlap(name: str) -> str:
    return f"{name}_low_l <= {name}_high_r and {name}_low_r <= {name}_high_l"


def _ratio(name: str) -> str:
    """How many times the greater count the lesser, one added to both."""
    return f"(({_most(name)} + 1.0) / ({_least(name)} + 1.0))"


def _unknown(column: str) -> str:
    return f"{column}_l is null or {column}_r is null"


CONDITIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "time": {
            "unknown": _unknown("first"),
            "same_day": "is_day_l and is_day_r and first_l = first_r",
            "same_start": "first_l = first_r",
            "overlap": f"{_GAP} <= 0",
            "one_day": f"{_GAP} = 1",
            "two_days": f"{_GAP} = 2",
            "days": "ELSE",
        },
        "place": {
            "same_exact_spot": f"{_within(0.05)} and is_exact_l and is_exact_r",
            "same_spot": _within(0.05),
            "close": _within(1),
            "near": _within(3),
            "around": _within(8),
            "apart": _within(20),
            "further": _within(40),
            "far": "x_l is not null and x_r is not null",
            "elsewhere": f"({_ABROAD}) or ({_ELSEWHERE})",
            "same_name": f"{_BOTH_NAMED} and name_l = name_r",
            "other_name": _BOTH_NAMED,
            "same_area": "area_l <> 0 and area_l = area_r",
            "same_country": "country_l <> 0 and country_l = country_r",
            "unknown": "ELSE",
        },
        "crowd": {
            "unknown": _unknown("crowd"),
            "quiet": f"{_CROWD} <= 1",
            "few": f"{_CROWD} <= 4",
            "several": f"{_CROWD} <= 11",
            "many": f"{_CROWD} <= 26",
            "crowded": "ELSE",
        },
        "act": {
            "unknown": "act_l = 0 or act_r = 0",
            "same": "act_l = act_r",
            "akin": "kin_l <> 0 and kin_l = kin_r",
            "different": "ELSE",
        },
        "violence": {
            "unknown": "violence_l = 0 or violence_r = 0",
            "same": "violence_l = violence_r",
            "different": "ELSE",
        },
        "actors": {
            "unknown": "parties_weight_l = 0 or parties_weight_r = 0",
            "same": f"{_JACCARD} >= 0.95",
            "most": f"{_JACCARD} >= 0.6",
            "half": f"{_JACCARD} >= 0.35",
            "some": f"{_JACCARD} >= 0.15",
            "little": f"{_JACCARD} >= 0.03",
            "different": "ELSE",
        },
        "target": {
            "unknown": "whom_l = 0 or whom_r = 0",
            "same_rare": "whom_l = whom_r and whom_share_l < 0.075",
            "same": "whom_l = whom_r and whom_share_l < 0.165",
            "same_common": "whom_l = whom_r",
            "different": "ELSE",
        },
        "deaths": {
            "unknown": _unknown("deaths_best"),
            "none": f"{_most('deaths')} = 0",
            "same_one": f"{_most('deaths')} = 1 and {_least('deaths')} = 1",
            "same_few": f"deaths_best_l = deaths_best_r and {_most('deaths')} <= 3",
            "same_number": f"deaths_best_l = deaths_best_r and {_most('deaths')} <= 9",
            "same_many": "deaths_best_l = deaths_best_r",
            "some_or_none": f"{_least('deaths')} = 0",
            "overlap": _overlap("deaths"),
            "close": f"{_ratio('deaths')} < 1.65",
            "of_one_order": f"{_ratio('deaths')} < 3",
            "far": "ELSE",
        },
        "injured": {
            "unknown": _unknown("injured_best"),
            "none": f"{_most('injured')} = 0",
            "same_few": f"injured_best_l = injured_best_r and {_most('injured')} <= 3",
            "same_number": "injured_best_l = injured_best_r",
            "some_or_none": f"{_least('injured')} = 0",
            "close": f"({_overlap('injured')}) or {_ratio('injured')} < 2",
            "far": "ELSE",
        },
        "text": {
            "copy": "copies_l = copies_r",
            "unknown": "said_l = 0 or said_r = 0",
            "separate_items": "said_l = said_r",
            "rewritten": f"{_COSINE} >= 0.7",
            "very_close": f"{_COSINE} >= 0.45",
            "close": f"{_COSINE} >= 0.25",
            "alike": f"{_COSINE} >= 0.12",
            "slight": f"{_COSINE} >= 0.05",
            "faint": f"{_COSINE} >= 0.01",
            "unlike": "ELSE",
        },
        "source": {
            "unknown": "teller_l = 0 or teller_r = 0 or (said_l = said_r and said_l <> 0)",
            "same": "teller_l = teller_r",
            "other": "ELSE",
        },
        "published": {
            "unknown": _unknown("printed"),
            "same_day": f"{_PRINTED} = 0",
            "next_day": f"{_PRINTED} = 1",
            "days": f"{_PRINTED} <= 3",
            "week": f"{_PRINTED} <= 10",
            "weeks": f"{_PRINTED} <= 60",
            "months": "ELSE",
        },
        "document": {
            "unknown": "said_l = said_r or said_l = 0 or said_r = 0",
            "single": f"{_LISTED} = 1",
            "few_items": f"{_LISTED} <= 7",
            "list": f"{_LISTED} <= 20",
            "long_list": "ELSE",
        },
    }
)
"""For each rule its levels and their conditions over two claims, ``_l`` and ``_r``."""

UNTAUGHT = ("unknown", "copy")
"""Levels whose points are never learnt: missing data says what it is set to say, and a copy is one by definition."""
