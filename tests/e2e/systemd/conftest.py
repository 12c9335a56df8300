"""A server that was deployed once by its runbook, and copies of it for every test that changes something."""

from __future__ import annotations

import itertools
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.net.internet import Internet, internet
from tests.e2e.net.namespaces import namespace
from tests.e2e.systemd import debian
from tests.e2e.systemd.machine import Machine, eventually
from tests.e2e.systemd.operator import EXAMPLE, NAME, Operator

READY = f"--unix-socket /run/{NAME}/app.sock http://localhost/ready"
_numbers = itertools.count()


@dataclass(frozen=True)
class Server:
    """A running server, who looks after it, and the internet that it is at."""

    machine: Machine
    operator: Operator
    internet: Internet


@dataclass(frozen=True)
class Deployed:
    """A server after the runbook's first section, switched off. `layers` make copies of it, `desk` the operator's."""

    layers: list[Path]
    desk: Path
    seconds: float
    said: str

    @contextmanager
    def copy(self, folder: Path, *changes: dict[str, Any]) -> Iterator[Server]:
        """The same server, running; what happens to it happens to nobody else."""
        shutil.copytree(self.desk, folder / "desk")
        with started(folder, self.layers, *changes) as server:
            eventually(lambda: server.machine.holds(f"curl --silent --fail --output /dev/null {READY}"))
            yield server


@contextmanager
def started(folder: Path, layers: list[Path], *changes: dict[str, Any]) -> Iterator[Server]:
    """A machine over these layers."""
    with ExitStack() as stack:
        place = stack.enter_context(namespace(f"server{next(_numbers)}"))
        net = stack.enter_context(internet(place))
        machine = stack.enter_context(Machine(folder / "machine", layers, place))
        yield Server(machine, Operator(folder / "desk", machine, *changes), net)


@pytest.fixture(scope="session")
def bare_layers() -> list[Path]:
    """A rented server that nobody has touched, with a Debian and a Python archive in reach."""
    requirements = (EXAMPLE / "requirements.txt").read_text(encoding="utf-8")
    return [debian.wheels(requirements), debian.packages(), debian.bare()]


@pytest.fixture(scope="session")
def deployed(bare_layers: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The whole section "Deploy" of the runbook, followed once on an empty server."""
    folder = tmp_path_factory.mktemp("deployed")
    with started(folder, bare_layers) as server:
        began = time.monotonic()
        said = server.operator.deploy()
        seconds = time.monotonic() - began
        server.machine.power_off()
        return Deployed([server.machine.upper, *bare_layers], folder / "desk", seconds, said)


@pytest.fixture
def server(deployed: Deployed, tmp_path: Path) -> Iterator[Server]:
    """A copy for one test."""
    with deployed.copy(tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def shared(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A copy for the tests of a module that only look."""
    with deployed.copy(tmp_path_factory.mktemp("shared")) as found:
        yield found


@pytest.fixture(scope="module")
def bare(bare_layers: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """The server before anybody touched it."""
    with started(tmp_path_factory.mktemp("bare"), bare_layers) as found:
        yield found.machine
