"""The declared policy by which alerts are proposed: thresholds, ratios to the own past, hysteresis, quiet time.

Owns reading ``policy.yaml`` and an override into one frozen :class:`AlertPolicy`. It refuses unknown keys and
numbers out of range. A policy is data with a name and a version, printed with every proposal it leads to; no
threshold lives anywhere else in this room.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from importlib import resources

from forewarn.errors import InputValueError
from forewarn.model.alert import LEVELS
from forewarn.model.claim import ACTS, COUNTED, VIOLENCE_TYPES
from forewarn.taxonomy import Node, parse_yaml, risk_framework

__all__ = [
    "AlertPolicy",
    "ConfidenceRule",
    "ForecastRule",
    "MissingRule",
    "PrecursorPolicy",
    "PrecursorRule",
    "RecentPolicy",
    "RecentRule",
    "alert_policy",
]

_LARGEST = 10_000_000
_PRECURSOR_LEVELS = LEVELS[:3]
"""Early signs alone never reach more: they do not show that killing will follow."""


@dataclass(frozen=True, slots=True)
class ForecastRule:
    """A level is reached when the chance of at least ``deaths`` over the horizon is at least ``probability``
    and at least ``ratio`` times the unit's own base rate; ``ratio`` 0 asks nothing of the past."""

    level: str
    deaths: int
    probability: float
    ratio: float


@dataclass(frozen=True, slots=True)
class RecentRule:
    """A level is reached when the recent months have at least so many deaths in so many incidents, and the deaths
    a month are at least ``ratio`` times those of the months compared with."""

    level: str
    deaths: int
    incidents: int
    ratio: float


@dataclass(frozen=True, slots=True)
class RecentPolicy:
    """How recent incidents are looked at.

    Attributes:
        months: how many months back from the day of knowledge count as recent.
        compared_months: how many months before those they are compared with.
        violence: kinds counted, of :data:`~forewarn.model.claim.VIOLENCE_TYPES`; empty means all.
        count: which count, of :data:`~forewarn.model.claim.COUNTED`.
        rules: when a level is reached.
        single_origin_cap: the highest level that incidents of one origin alone can reach.
    """

    months: int
    compared_months: int
    violence: tuple[str, ...]
    count: str
    rules: tuple[RecentRule, ...]
    single_origin_cap: str


@dataclass(frozen=True, slots=True)
class PrecursorRule:
    """A level is reached when the recent months have at least so many early signs of at least so many kinds of act,
    and the incidents a month are at least ``ratio`` times those of the months compared with."""

    level: str
    incidents: int
    kinds: int
    ratio: float


@dataclass(frozen=True, slots=True)
class PrecursorPolicy:
    """How early signs are looked at: acts that prepare or permit killing, counted in incidents.

    Attributes:
        factor: the risk factor of the UN Framework of Analysis that lists such signs, ``RF1`` to ``RF14``.
        months: how many months back from the day of knowledge count as recent.
        compared_months: how many months before those they are compared with.
        acts: the acts counted, of :data:`~forewarn.model.claim.ACTS`, each once.
        rules: when a level is reached; W2 at most; without any, early signs are only listed.
        single_origin_cap: the highest level that signs of one origin alone can reach; W2 at most.
    """

    factor: str
    months: int
    compared_months: int
    acts: tuple[str, ...]
    rules: tuple[PrecursorRule, ...]
    single_origin_cap: str

    def __post_init__(self) -> None:
        if len(set(self.acts)) != len(self.acts):
            raise InputValueError("names an act twice", where="precursors.acts", mend="name each once")
        for rule in self.rules:
            if rule.kinds > len(self.acts):
                raise InputValueError(
                    f"asks for {rule.kinds} kinds of {len(self.acts)} acts",
                    where="precursors.rules",
                    mend="ask for fewer, or name more acts",
                )

    def held(self, share: float) -> PrecursorPolicy:
        """With thresholds lowered to that share."""
        rules = tuple(
            replace(
                r, incidents=math.ceil(r.incidents * share), kinds=math.ceil(r.kinds * share), ratio=r.ratio * share
            )
            for r in self.rules
        )
        return replace(self, rules=rules)


@dataclass(frozen=True, slots=True)
class MissingRule:
    """A level for a unit that was watched for ``watched_months`` of the compared ones and has gone unseen since."""

    silent_months: int
    watched_months: int
    level: str


@dataclass(frozen=True, slots=True)
class ConfidenceRule:
    """What a confidence level asks for: independent origins, and the share of months in which somebody looked."""

    origins: int
    coverage: float


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """When an alert is proposed, and at which level.

    Attributes:
        name, version: printed with every proposal.
        headline_deaths: the number of deaths whose chance becomes the likelihood word.
        minimum_level: nothing below it is proposed.
        forecast_rules, recent, precursors, missing: what reaches a level; the highest reached holds.
        usual_rate: from this base rate 0..1 on, a chance no higher than usual is said to be usual violence.
        hold_share: a unit already at a level keeps it until its signals fall below this share of the thresholds.
        quiet_days: after a proposal, the same unit is not proposed again for so many days unless it rises.
        valid_days, decision_days: by level, how long an alert is valid and how soon a decision is needed.
        moderate, high: what these confidence levels ask for; anything less is low.
    """

    name: str
    version: str
    headline_deaths: int
    minimum_level: str
    forecast_rules: tuple[ForecastRule, ...]
    recent: RecentPolicy
    precursors: PrecursorPolicy
    missing: MissingRule
    usual_rate: float
    hold_share: float
    quiet_days: int
    valid_days: tuple[tuple[str, int], ...]
    decision_days: tuple[tuple[str, int], ...]
    moderate: ConfidenceRule
    high: ConfidenceRule

    def __post_init__(self) -> None:
        if self.high.origins < self.moderate.origins or self.high.coverage < self.moderate.coverage:
            raise InputValueError("asks less for high than for moderate", where="confidence", mend="raise high")
        for name, days in (("valid_days", self.valid_days), ("decision_days", self.decision_days)):
            if [level for level, _ in days] != list(LEVELS):
                raise InputValueError("does not name each level once", where=name, mend="give W0 to W4 in order")

    def days_valid(self, level: str) -> int:
        """How many days an alert of that level is valid."""
        return dict(self.valid_days)[level]

    def days_to_decide(self, level: str) -> int:
        """Within how many days a decision on an alert of that level is asked for."""
        return dict(self.decision_days)[level]

    def held(self) -> AlertPolicy:
        """The policy with thresholds lowered to the share at which a level once reached is kept."""
        share = self.hold_share
        forecast = tuple(
            replace(r, probability=r.probability * share, ratio=r.ratio * share) for r in self.forecast_rules
        )
        recent = tuple(
            replace(
                r,
                deaths=math.ceil(r.deaths * share),
                incidents=math.ceil(r.incidents * share),
                ratio=r.ratio * share,
            )
            for r in self.recent.rules
        )
        return replace(
            self,
            forecast_rules=forecast,
            recent=replace(self.recent, rules=recent),
            precursors=self.precursors.held(share),
        )


def alert_policy(override: bytes | str | None = None, *, name: str = "policy override") -> AlertPolicy:
    """The shipped policy, with the keys of an override put in place of its own.

    Args:
        override: YAML with any of the keys of ``policy.yaml``; mappings are merged, lists replaced whole.
        name: what to call the override in messages.

    Raises:
        ConfigurationError: on unknown keys, wrong kinds or numbers out of range, naming the key.
        InputValueError: where the parts contradict each other.
    """
    shipped = parse_yaml(resources.files("forewarn.warn").joinpath("policy.yaml").read_bytes(), "policy.yaml")
    return _policy(shipped if override is None else _merged(shipped, parse_yaml(override, name)))


def _merged(shipped: Node, override: Node) -> Node:
    value = dict(shipped.value)
    for key, node in override.entries.items():
        if key not in value:
            override.refuse(f"has the unknown key '{key[:60]}'", mend="use the keys of policy.yaml")
        is_mapping = isinstance(value[key], dict) and node.is_mapping
        value[key] = _merged(Node(value[key], override.file, node.path), node).value if is_mapping else node.value
    return Node(value, override.file, override.path)


def _policy(top: Node) -> AlertPolicy:
    fields = top.fields(
        "name", "version", "headline_deaths", "minimum_level", "forecast_rules", "recent", "precursors",
        "missing_reports", "usual_rate", "hold_share", "quiet_days", "valid_days", "decision_days", "confidence",
    )  # fmt: skip
    confidence = fields["confidence"].fields("moderate", "high")
    return AlertPolicy(
        name=fields["name"].text(),
        version=fields["version"].text(),
        headline_deaths=fields["headline_deaths"].whole(1, _LARGEST),
        minimum_level=fields["minimum_level"].choice(*LEVELS),
        forecast_rules=tuple(_forecast_rule(node) for node in fields["forecast_rules"].items()),
        recent=_recent(fields["recent"]),
        precursors=_precursors(fields["precursors"]),
        missing=_missing(fields["missing_reports"]),
        usual_rate=_number(fields["usual_rate"], 0.0, 1.0),
        hold_share=_number(fields["hold_share"], 0.1, 1.0),
        quiet_days=fields["quiet_days"].whole(0, 3_660),
        valid_days=_days(fields["valid_days"]),
        decision_days=_days(fields["decision_days"]),
        moderate=_confidence(confidence["moderate"]),
        high=_confidence(confidence["high"]),
    )


def _forecast_rule(node: Node) -> ForecastRule:
    fields = node.fields("level", "deaths", "probability", "ratio")
    return ForecastRule(
        fields["level"].choice(*LEVELS),
        fields["deaths"].whole(1, _LARGEST),
        _number(fields["probability"], 0.001, 1.0),
        _number(fields["ratio"], 0.0, 1_000.0),
    )


def _recent(node: Node) -> RecentPolicy:
    fields = node.fields("months", "compared_months", "violence", "count", "rules", "single_origin_cap")
    return RecentPolicy(
        months=fields["months"].whole(1, 24),
        compared_months=fields["compared_months"].whole(1, 120),
        violence=tuple(item.choice(*VIOLENCE_TYPES) for item in fields["violence"].items()),
        count=fields["count"].choice(*COUNTED),
        rules=tuple(_recent_rule(item) for item in fields["rules"].items()),
        single_origin_cap=fields["single_origin_cap"].choice(*LEVELS),
    )


def _recent_rule(node: Node) -> RecentRule:
    fields = node.fields("level", "deaths", "incidents", "ratio")
    return RecentRule(
        fields["level"].choice(*LEVELS),
        fields["deaths"].whole(0, _LARGEST),
        fields["incidents"].whole(1, _LARGEST),
        _number(fields["ratio"], 0.0, 1_000.0),
    )


def _precursors(node: Node) -> PrecursorPolicy:
    fields = node.fields("factor", "months", "compared_months", "acts", "rules", "single_origin_cap")
    return PrecursorPolicy(
        factor=fields["factor"].choice(*(factor.id for factor in risk_framework())),
        months=fields["months"].whole(1, 24),
        compared_months=fields["compared_months"].whole(1, 120),
        acts=tuple(item.choice(*ACTS) for item in fields["acts"].items()),
        rules=tuple(_precursor_rule(item) for item in fields["rules"].items()),
        single_origin_cap=fields["single_origin_cap"].choice(*_PRECURSOR_LEVELS),
    )


def _precursor_rule(node: Node) -> PrecursorRule:
    fields = node.fields("level", "incidents", "kinds", "ratio")
    return PrecursorRule(
        fields["level"].choice(*_PRECURSOR_LEVELS),
        fields["incidents"].whole(1, _LARGEST),
        fields["kinds"].whole(1, len(ACTS)),
        _number(fields["ratio"], 0.0, 1_000.0),
    )


def _missing(node: Node) -> MissingRule:
    fields = node.fields("silent_months", "watched_months", "level")
    silent, watched = fields["silent_months"].whole(1, 24), fields["watched_months"].whole(1, 120)
    return MissingRule(silent, watched, fields["level"].choice(*LEVELS))


def _confidence(node: Node) -> ConfidenceRule:
    fields = node.fields("origins", "coverage")
    return ConfidenceRule(fields["origins"].whole(1, 100), _number(fields["coverage"], 0.0, 1.0))


def _days(node: Node) -> tuple[tuple[str, int], ...]:
    return tuple((level, node.fields(*LEVELS)[level].whole(1, 3_660)) for level in LEVELS)


def _number(node: Node, lowest: float, highest: float) -> float:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        node.refuse("is not a number")
    if not lowest <= value <= highest:  # NaN compares false
        node.refuse(f"{value} is outside {lowest} to {highest}")
    return float(value)
