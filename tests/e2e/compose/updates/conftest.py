"""A stack of its own, asked by customers at many addresses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.compose.config import Object, repaired
from tests.e2e.compose.conftest import CROWD
from tests.e2e.compose.stack import Stack
from tests.e2e.compose.stack import stack as laid_out
from tests.e2e.compose.updates.service import Service
from tests.e2e.engine.docker import Docker
from tests.e2e.load.answers import Place
from tests.e2e.net.internet import Internet, Machine

# Two small replicas, for two cores; a name and ports that no other stack of these tests has.
OWN: Object = {
    "name": "updated",
    "app": {
        "workers": 2,
        "memory": "3Gi",
        "startup": "5s",
        "streaming_paths": ["/stream"],
    },
    "scaling": {"min": 2, "max": 2},
    "load": {"streams": 500},
    "backup": {"to": None},
    "targets": {"compose": {"http_port": 10080, "https_port": 10443}},
}


@pytest.fixture(scope="package")
def started(engine: Docker, world: Internet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with laid_out(engine, world, tmp_path_factory.mktemp("updated"), repaired(OWN)) as found:
        print(f"\n2 replicas are healthy after {found.up():.1f} s")
        yield found


@pytest.fixture(scope="package")
def running(started: Stack, crowd: Machine) -> Service:
    """As the test before left it, for those that change it anyway."""
    place = Place(started.world.server.address, started.port, started.domain, str(started.folder.parent / "edge.pem"))
    return Service(started, crowd.namespace.prefix, CROWD, place)


@pytest.fixture
def service(running: Service) -> Service:
    """As it was rendered at first, whatever the test before did."""
    running.begin_again()
    return running
