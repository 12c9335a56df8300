"""The stack that most tests share, and callers with addresses of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.compose.client import Client
from tests.e2e.compose.config import repaired
from tests.e2e.compose.stack import Stack
from tests.e2e.compose.stack import stack as laid_out
from tests.e2e.engine.docker import Docker
from tests.e2e.net.internet import Internet, Machine, internet


@pytest.fixture(scope="session")
def world(engine: Docker) -> Iterator[Internet]:
    """The internet around the server that the engine is on."""
    with internet(engine.namespace) as found:
        yield found


@pytest.fixture(scope="session")
def alice(world: Internet) -> Iterator[Machine]:
    with world.machine("alice", "198.51.100.7") as found:
        yield found


@pytest.fixture(scope="session")
def bob(world: Internet) -> Iterator[Machine]:
    with world.machine("bob", "198.51.100.8") as found:
        yield found


@pytest.fixture(scope="session")
def stack(engine: Docker, world: Internet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """examples/repaired, running and healthy, with the differences that config.py names."""
    with laid_out(engine, world, tmp_path_factory.mktemp("repaired"), repaired()) as found:
        print(f"\nexamples/repaired is healthy after {found.up():.1f} s")
        yield found


@pytest.fixture(scope="session")
def caller(stack: Stack, alice: Machine) -> Client:
    return stack.client(alice)


@pytest.fixture(scope="session")
def other_caller(stack: Stack, bob: Machine) -> Client:
    return stack.client(bob)
