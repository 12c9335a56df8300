"""examples/repaired under traffic. Its backups go to a place of their own that outlives the server."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest

from tests.e2e.compose.client import Client
from tests.e2e.compose.config import Object, repaired
from tests.e2e.compose.faults.away import away
from tests.e2e.compose.stack import Stack
from tests.e2e.compose.stack import stack as laid_out
from tests.e2e.engine.docker import Docker
from tests.e2e.net.internet import Internet, Machine

# Nobody is limited, and two replicas with two workers each are enough to see one of each kind killed.
CHANGES: Object = {
    "app": {"workers": 2, "streaming_paths": ["/stream"]},
    "scaling": {"min": 2},
    "rate_limit": {"requests": 1_000_000},
}


@pytest.fixture(scope="package")
def customers(world: Internet) -> Iterator[Machine]:
    """Where the traffic comes from."""
    with world.machine("customers", "198.51.100.20") as found:
        yield found


@pytest.fixture(scope="package")
def steady(engine: Docker, world: Internet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Running and healthy; each test leaves it so."""
    with laid_out(engine, world, tmp_path_factory.mktemp("steady"), repaired(CHANGES)) as found, away(found):
        print(f"\nhealthy after {found.up():.1f} s")
        yield found


class Trusting(Client):
    """Trusts any certificate: the edge makes itself another one when it starts anew."""

    def trusting(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context


@pytest.fixture
def client(steady: Stack, customers: Machine) -> Client:
    return Trusting(**vars(steady.client(customers)))
