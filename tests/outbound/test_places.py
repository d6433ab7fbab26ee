"""Addresses are read strictly and shown without secrets."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import ConfigurationError, ForewarnError, InputValueError, RuleError
from forewarn.outbound import Credential, Policy, public_address
from forewarn.outbound.places import Place

NAME = Credential("appname", "very-secret-name", in_query=True)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a.example/",
        "a.example",
        "",
        "https://",
        "https://a.example:99999/",
        "https://a b.example/",
        "https://a.example/\nHost: b",
        "https://ü.example/",
        "https://[::1",
        "https://" + "a" * 3_000,
        "https://token@a.example/",
        "https://user:password@a.example/",
    ],
)
def test_strange_addresses_are_refused(address: str) -> None:
    """Only plain http and https, and no secrets in them."""
    with pytest.raises(InputValueError) as caught:
        Place.of(address)
    assert "password" not in str(caught.value).replace("a user or password", "")


@given(st.text(max_size=60))
def test_any_text_gives_a_place_or_our_error(text: str) -> None:
    """Whatever stands in a Location header: a place, or an error of ours."""
    with contextlib.suppress(ForewarnError):
        Place.of("https://a.example/b").moved(text)


def test_a_way_down_to_http_is_refused() -> None:
    """What began on https stays there."""
    with pytest.raises(RuleError, match="from https to http"):
        Place.of("https://a.example/").moved("http://a.example/")


def test_credentials_stay_with_scheme_host_and_port() -> None:
    """Another port, or a host that only begins alike, is somebody else."""
    here = Place.of("https://a.example/x", NAME)
    assert here.moved("/y").credential == NAME
    for elsewhere in ("https://a.example:8443/", "https://a.example.evil/", "//b.example/"):
        assert here.moved(elsewhere).credential is None


def test_a_folder_narrows_a_host() -> None:
    """Where many share a host, only the folder named may be asked, however the path is written."""
    policy = Policy(frozenset({"store.example/ours/"}))
    Place.of("https://store.example/ours/a.csv").require_allowed(policy)
    for path in ("theirs/a.csv", "ours/../theirs/a.csv", "ours/%2e%2e/theirs/a.csv", "ours"):
        with pytest.raises(ConfigurationError):
            Place.of(f"https://store.example/{path}").require_allowed(policy)


def test_shown_addresses_hold_no_secret() -> None:
    """User, password, fragment and the credential's parameter are gone; the rest stays in order."""
    shown = public_address("https://u:p@a.example/x?b=1&appname=very-secret-name&c=#t", NAME)
    assert shown == "https://a.example/x?b=1&c="
