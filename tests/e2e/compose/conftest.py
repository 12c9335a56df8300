"""The stack that most tests share, and callers with addresses of their own; gone before other folders' tests begin."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.e2e.compose.client import Client
from tests.e2e.compose.config import repaired
from tests.e2e.compose.events import Event, events
from tests.e2e.compose.outside import Outside
from tests.e2e.compose.stack import Stack
from tests.e2e.compose.stack import stack as laid_out
from tests.e2e.engine.docker import Docker
from tests.e2e.net.internet import Internet, Machine, internet

CROWD = [f"198.51.100.{number}" for number in range(100, 160)]
SILENCE = 90  # seconds


@pytest.fixture(scope="package")
def world(engine: Docker) -> Iterator[Internet]:
    """The internet around the server that the engine is on."""
    with internet(engine.namespace) as found:
        yield found


@pytest.fixture(scope="package")
def alice(world: Internet) -> Iterator[Machine]:
    with world.machine("alice", "198.51.100.7") as found:
        yield found


@pytest.fixture(scope="package")
def bob(world: Internet) -> Iterator[Machine]:
    with world.machine("bob", "198.51.100.8") as found:
        yield found


@pytest.fixture(scope="package")
def crowd(world: Internet) -> Iterator[Machine]:
    """One machine that has every address of CROWD."""
    with world.machine("crowd", *CROWD) as found:
        yield found


@pytest.fixture(scope="package")
def outside(world: Internet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    """The API that the app asks."""
    with world.machine("outside", "198.51.100.50") as machine, Outside(machine, tmp_path_factory.mktemp("api")) as api:
        yield api


@pytest.fixture(scope="package")
def stack(
    engine: Docker, world: Internet, outside: Outside, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """examples/repaired, running and healthy, with the differences that config.py names, and an API to ask."""
    place = tmp_path_factory.mktemp("repaired")
    (place / "outside.pem").write_bytes(outside.authority.read_bytes())
    asks = {"app": {"env": {"UPSTREAM_URL": outside.url}}, "network": {"ca_bundle": "./outside.pem"}}
    with laid_out(engine, world, place, repaired(asks)) as found:
        print(f"\nexamples/repaired is healthy after {found.up():.1f} s")
        yield found


@pytest.fixture(scope="package")
def caller(stack: Stack, alice: Machine) -> Client:
    return stack.client(alice)


@pytest.fixture(scope="package")
def other_caller(stack: Stack, bob: Machine) -> Client:
    return stack.client(bob)


@pytest.fixture(scope="package")
def newcomers(stack: Stack, crowd: Machine) -> Iterator[Client]:
    """Callers from one address each that nobody has called from: `next(newcomers)`."""
    client = stack.client(crowd)
    return (client.at(address) for address in itertools.islice(CROWD, len(CROWD)))


@pytest.fixture(scope="package")
def silence(caller: Client) -> Iterator[Future[list[Event]]]:
    """A stream silent for over SILENCE seconds between its two tokens; begins with the first test that names it."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(lambda: list(events(caller, f"/chat/stream?number=2&gap={SILENCE + 1}")))
