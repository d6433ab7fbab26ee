"""Which addresses are public."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.outbound import is_public


@pytest.mark.parametrize("address", ["8.8.8.8", "130.238.150.1", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_public_addresses_pass(address: str) -> None:
    """Ordinary servers can be asked, those behind an IPv6-only network's translation too."""
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:8.8.8.8",
        "::ffff:127.0.0.1",
        "::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "fec0::1",
    ],
)
def test_all_others_are_closed(address: str) -> None:
    """Loopback, private, link-local, shared, multicast, reserved, documentation, and every way to wrap one of them."""
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_no_wrapping_opens_a_closed_address(address: ipaddress.IPv4Address) -> None:
    """An IPv4 address inside an IPv6 one is never more public than by itself."""
    for wrapped in (
        f"::ffff:{address}",
        f"64:ff9b::{address}",
        f"2002:{int(address) >> 16:x}:{int(address) & 65535:x}::",
    ):
        assert is_public(str(address)) or not is_public(wrapped)
