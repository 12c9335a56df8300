"""Which engine the tests use."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.engine.daemon import alone, daemon
from tests.e2e.engine.docker import Docker, commands
from tests.e2e.net.namespaces import HERE, namespace, remove_left_behind
from tests.validators.tools import CHECKOUT

STATE = CHECKOUT / ".cache" / "engine"


@contextmanager
def engine(build: Callable[[Docker], None]) -> Iterator[Docker]:
    """An engine that has the images which `build` makes.

    Where one runs already, on a developer's machine, it is used as it is, and its real images are pulled. Otherwise one
    of our own is started twice: on the machine's network to build, since package registries are reached from there
    alone, and then as a server in a namespace of its own, so that no port, rule or bridge of it is the machine's.
    """
    if _answers():
        folder = Path(tempfile.mkdtemp(prefix="aisearch-engine-"))
        try:
            docker = Docker(HERE, own=False, environment=_environment_beside(folder))
            build(docker)
            yield docker
        finally:
            shutil.rmtree(folder)
        return
    remove_left_behind()
    with alone(STATE):
        with daemon(STATE, HERE) as builder:
            build(builder)
            _tidy(builder)
        with namespace("server") as server, daemon(STATE, server) as docker:
            yield docker


def _tidy(docker: Docker) -> None:
    """What earlier versions of the images left in the cache folder, which would grow for ever."""
    docker.says("image", "prune", "--force")
    docker.says("builder", "prune", "--force", "--keep-storage=1GB")


def _answers() -> bool:
    if shutil.which("docker") is None:
        return False
    found = subprocess.run(["docker", "info", "--format", "{{.ServerVersion}}"], capture_output=True, check=False)
    return found.returncode == 0 and bool(found.stdout.strip())


def _environment_beside(folder: Path) -> dict[str, str]:
    """The developer's own `docker compose` where there is one."""
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0:
        return {}
    environment = commands(folder, None)
    own = Path(os.environ.get("DOCKER_CONFIG", Path.home() / ".docker")) / "config.json"
    if own.exists():
        shutil.copy(own, folder / "config" / "config.json")
    return environment
