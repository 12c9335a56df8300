"""A network is wide when it holds more addresses than a /8 of IPv4 or a /16 of IPv6."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

import pytest

from aisearch_deploy.checks.rules.security.wide_proxies import is_wide


@pytest.mark.parametrize("prefix", range(33))
def test_ipv4(prefix: int) -> None:
    network = IPv4Network((0, prefix))
    assert is_wide(str(network)) is (network.num_addresses > IPv4Network("10.0.0.0/8").num_addresses)


@pytest.mark.parametrize("prefix", range(0, 129, 4))
def test_ipv6(prefix: int) -> None:
    network = IPv6Network((0, prefix))
    assert is_wide(str(network)) is (network.num_addresses > IPv6Network("2002::/16").num_addresses)


@pytest.mark.parametrize("address", ["10.0.0.1", "2001:db8::1", "104.16.0.0/13", "2400:cb00::/32"])
def test_a_machine_and_a_cdn_are_narrow(address: str) -> None:
    assert not is_wide(address)
