"""`aisearch-deploy try` on a real engine: from nothing to a healthy answer, twice, and away without a trace."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from aisearch_deploy.running.trial import IMAGE, PROJECT
from tests.e2e.engine.docker import Docker
from tests.validators.tools import CHECKOUT

pytestmark = pytest.mark.e2e

# An engine of our own reaches package registries from the machine's network alone, where the layers that fetch packages
# were built already, for the app's image: what `try` builds is told to look there. The rest goes to the real program.
WRAPPER = """\
#!/bin/sh
if [ "$1" = build ]; then shift; set -- build --network=host "$@"; export DOCKER_BUILDKIT=1; fi
exec '{docker}' "$@"
"""


@dataclass(frozen=True)
class Machine:
    """A person's machine: an engine, and a home folder."""

    docker: Docker
    home: Path
    variables: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`aisearch-deploy try ARGUMENTS`."""
        command = [sys.executable, "-m", "aisearch_deploy", "try", *arguments]
        return self.docker.run(*command, check=False, variables=self.variables, cwd=self.home)

    def left(self) -> list[str]:
        """What there is of a trial."""
        listed = [
            self.docker.says("ps", "--all", "--quiet", "--filter", PROJECT),
            self.docker.says("volume", "ls", "--quiet", "--filter", PROJECT),
            self.docker.says("network", "ls", "--quiet", "--filter", PROJECT),
            self.docker.says("images", "--quiet", IMAGE),
        ]
        return [*" ".join(listed).split(), *(path.name for path in self.home.glob("state/aisearch-deploy/*"))]


@pytest.fixture
def machine(engine: Docker, tmp_path: Path) -> Iterator[Machine]:
    path = {**os.environ, **engine.environment}["PATH"]
    variables = {"XDG_STATE_HOME": str(tmp_path / "state"), "PYTHONPATH": str(CHECKOUT)}
    if engine.own:
        found = engine.run("sh", "-c", "command -v docker").stdout.strip()
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin/docker").write_text(WRAPPER.format(docker=found))
        (tmp_path / "bin/docker").chmod(0o755)
        variables["PATH"] = f"{tmp_path / 'bin'}:{path}"
    here = Machine(engine, tmp_path, variables)
    yield here
    here.run("--down")


def test_from_nothing_to_a_healthy_answer_and_away(machine: Machine) -> None:
    began = time.monotonic()
    first = machine.run()
    took = time.monotonic() - began
    assert first.returncode == 0, first.stdout + first.stderr
    assert re.search(r"^Answer .* 200 .*healthy", first.stdout, re.MULTILINE), first.stdout
    assert "https://localhost:8443/" in first.stdout
    assert first.stderr == "", "no progress without a terminal"
    trial = machine.home / "state/aisearch-deploy/try"
    password = (trial / "secrets/DATABASE_PASSWORD").read_text()
    assert password not in first.stdout
    asked = ["curl", "-fsS", "--cacert", str(trial / "certificate.pem"), "https://localhost:8443/health"]
    assert '"healthy"' in machine.docker.run(*asked).stdout
    containers = machine.docker.says("ps", "--quiet", "--filter", PROJECT).split()
    assert not [one for one in machine.docker.inspect(*containers) if password in str(one)]

    began = time.monotonic()
    second = machine.run()
    again = time.monotonic() - began
    assert second.returncode == 0, second.stdout + second.stderr
    assert machine.docker.says("ps", "--quiet", "--filter", PROJECT).split() == containers, "nothing was started anew"
    assert (trial / "secrets/DATABASE_PASSWORD").read_text() == password

    began = time.monotonic()
    down = machine.run("--down")
    print(f"\ntry: {took:.0f} s, again {again:.0f} s, --down {time.monotonic() - began:.0f} s")
    assert down.returncode == 0, down.stderr
    assert machine.left() == []
    assert "There is no trial here" in machine.run("--down").stdout


def test_a_taken_port_leaves_nothing(machine: Machine) -> None:
    listen = (
        "import socket, time; s = socket.create_server(('0.0.0.0', 8443)); print('listens', flush=True); time.sleep(60)"
    )
    other = machine.docker.start(sys.executable, "-c", listen, stdout=subprocess.PIPE)
    try:
        assert other.stdout is not None
        other.stdout.readline()
        ran = machine.run()
    finally:
        other.kill()
        other.communicate()
    assert ran.returncode == 3
    assert ran.stderr == ("Port 8443 of this machine is taken.\nChoose others: aisearch-deploy try --https-port 9443\n")
    assert machine.left() == []


def test_a_failed_build_leaves_nothing(machine: Machine) -> None:
    wrapper = machine.home / "broken"
    wrapper.mkdir()
    real = machine.docker.run("sh", "-c", "command -v docker").stdout.strip()
    (wrapper / "docker").write_text(
        f'#!/bin/sh\nif [ "$1" = build ]; then echo "no space left on device" >&2; exit 1; fi\nexec {real} "$@"\n'
    )
    (wrapper / "docker").chmod(0o755)
    path = {**os.environ, **machine.docker.environment}["PATH"]
    broken = Machine(machine.docker, machine.home, {**machine.variables, "PATH": f"{wrapper}:{path}"})
    ran = broken.run()
    assert ran.returncode == 3
    assert "no space left on device" in ran.stderr
    assert machine.left() == []
