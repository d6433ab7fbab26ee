"""SPEC.toml: one line per mistake, naming the key."""

from __future__ import annotations

import pytest

from forewarn.errors import ConfigurationError, ForewarnError, InputValueError, UnknownNameError
from forewarn.forecast import backtest_spec

GOOD = {
    "panel": "p.csv",
    "unit": "country_id",
    "period": "month_id",
    "target": "ged_sb",
    "kind": "count",
    "models": ["zero"],
    "windows": [{"first": 457, "last": 468, "data_through": 454}],
}


def test_the_words_of_the_contract_are_enough():
    """Without draws and seed there are 1000 draws from seed 0."""
    spec = backtest_spec(GOOD, where="spec.toml")
    assert (spec.draws, spec.seed, spec.kind, spec.windows[0].data_through) == (1000, 0, "count", 454)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"modls": ["zero"]}, r"spec.toml: unknown key 'modls'; did you mean 'models'\?"),
        ({"weather": 1}, "unknown key 'weather'; known keys are"),
        ({"windows": [{"first": 1, "last": 2, "data_trough": 0}]}, "(data_through|did you mean)"),
        ({"windows": []}, "spec.toml, windows"),
        ({"models": []}, "spec.toml, models"),
        ({"models": ["zero", "zero"]}, "zero comes twice"),
        ({"windows": GOOD["windows"] * 2}, "457-468 comes twice"),
        ({"draws": 0}, "spec.toml, draws"),
        ({"draws": "many"}, "spec.toml, draws"),
        ({"seed": -1}, "spec.toml, seed"),
        ({"kind": "guess"}, "spec.toml, kind"),
        ({"target": "month_id"}, "three columns"),
        ({"backend": "hadoop"}, "backend"),
        ({"covariates": ["ged_sb"]}, "covariates may not"),
    ],
)
def test_mistakes_are_one_line_naming_the_key(change, message):
    """Unknown, missing and malformed keys are configuration errors, exit code 10."""
    with pytest.raises(ConfigurationError, match=message) as caught:
        backtest_spec({**GOOD, **change}, where="spec.toml")
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 10


@pytest.mark.parametrize("key", ["panel", "unit", "period", "target", "models", "windows"])
def test_missing_keys_are_named(key):
    """The line says which key to add."""
    with pytest.raises(ConfigurationError, match=f"key '{key}' is missing; add it"):
        backtest_spec({k: v for k, v in GOOD.items() if k != key}, where="spec.toml")


def test_unknown_models_are_refused_with_those_of_the_kind():
    """A count model does not forecast an onset."""
    with pytest.raises(UnknownNameError, match=r"no onset model 'zero'.*climatology"):
        backtest_spec({**GOOD, "kind": "onset"}, where="spec.toml")


def test_windows_that_look_ahead_are_refused():
    """data_through lies before the first period."""
    with pytest.raises(InputValueError, match="not before first"):
        backtest_spec({**GOOD, "windows": [{"first": 457, "last": 468, "data_through": 457}]}, where="s")


@pytest.mark.parametrize(
    "garbage", [{}, {"windows": 3}, {"windows": [3]}, {**GOOD, "panel": ["a"]}, {**GOOD, "seed": 1.5}]
)
def test_garbage_is_an_error_of_ours(garbage):
    """Whatever TOML holds, the failure is explained."""
    with pytest.raises(ForewarnError):
        backtest_spec(garbage, where="spec.toml")
