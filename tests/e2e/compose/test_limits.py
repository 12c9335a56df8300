"""G6, G27, G34: one limit for three replicas of four workers, counted by the caller's real address."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.e2e.compose.client import Client

pytestmark = pytest.mark.e2e

BURST = 60


def test_g27_g34_of_60_at_once_11_pass_and_one_more_every_two_seconds(
    newcomers: Iterator[Client], other_caller: Client
) -> None:
    newcomer = next(newcomers)
    began = time.monotonic()
    statuses = [newcomer.query().status for _ in range(BURST)]
    seconds = time.monotonic() - began
    passed = statuses.count(200)
    print(f"\nburst of {BURST} in {seconds:.2f} s: {passed} passed, {statuses.count(429)} refused with 429")
    assert set(statuses) == {200, 429}
    assert 11 <= passed <= 11 + seconds / 2
    assert {other_caller.query().status for _ in range(5)} == {200}, "another address is not concerned"


def test_g6_the_app_sees_the_callers_own_address(caller: Client, other_caller: Client) -> None:
    for client in (caller, other_caller):
        seen = client.ask("GET", "/whoami").json()
        assert seen["client"] == client.machine.address
        assert (seen["scheme"], seen["host"]) == ("https", client.domain)


def test_g6_a_forged_address_changes_nothing(newcomers: Iterator[Client]) -> None:
    newcomer = next(newcomers)
    for number in range(14):
        claimed = f"203.0.113.{number}"
        forged = {"X-Forwarded-For": claimed, "X-Real-IP": claimed, "Forwarded": f"for={claimed}"}
        seen = newcomer.ask("GET", "/whoami", headers=forged).json()
        assert seen["client"] == seen["forwarded_for"] == newcomer.machine.address
        status = newcomer.query(headers=forged).status
        assert status == 200 or number >= 11
    assert status == 429
