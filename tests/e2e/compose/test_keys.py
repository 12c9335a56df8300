"""With API keys: who has none is turned away, and limits count per key, wherever it is used from."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.e2e.compose.client import Client
from tests.e2e.compose.config import Object, repaired
from tests.e2e.compose.stack import Stack
from tests.e2e.compose.stack import stack as laid_out
from tests.e2e.engine.docker import Docker
from tests.e2e.net.internet import Internet, Machine

pytestmark = pytest.mark.e2e

ALICE = {"X-API-Key": "alice-key-0123456789abcdef"}
BOB = {"X-API-Key": "bobs-key-0123456789abcdef"}
KEYS = f"alice {ALICE['X-API-Key']}\nbob {BOB['X-API-Key']}"
# A second deployment on the same server: small, and on ports of its own.
KEYED: Object = {
    "name": "keyed",
    "api_keys": {},
    "app": {"workers": 1},
    "scaling": {"min": 1, "max": 1, "memory": None},
    "database": {"pooler": "none"},
    "targets": {"compose": {"http_port": 8081, "https_port": 8444}},
}


@pytest.fixture(scope="module")
def keyed(engine: Docker, world: Internet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    place = tmp_path_factory.mktemp("keyed")
    with laid_out(engine, world, place, repaired(KEYED), {"API_KEYS": KEYS}) as found:
        print(f"\none replica with API keys is healthy after {found.up():.1f} s")
        yield found


@pytest.fixture(scope="module")
def client(keyed: Stack, alice: Machine) -> Client:
    return keyed.client(alice)


@pytest.mark.parametrize("headers", [{}, {"X-API-Key": "not-a-key-0123456789abcdef"}])
def test_without_a_key_nobody_gets_in(client: Client, headers: dict[str, str]) -> None:
    assert client.query(headers=headers).status == 401
    assert client.ask("GET", "/health").status == 200


def test_limits_count_per_key(client: Client, keyed: Stack, bob: Machine) -> None:
    elsewhere = keyed.client(bob)
    began = time.monotonic()
    statuses = [(client if number % 2 else elsewhere).query(headers=ALICE).status for number in range(60)]
    seconds = time.monotonic() - began
    passed = statuses.count(200)
    print(f"\nburst of 60 with one key from two addresses in {seconds:.2f} s: {passed} passed, the others 429")
    assert set(statuses) == {200, 429}
    assert 11 <= passed <= 11 + seconds / 2
    assert {client.query(headers=BOB).status for _ in range(5)} == {200}, "another key is not concerned"
