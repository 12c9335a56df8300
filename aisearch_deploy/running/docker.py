"""The docker program: found, asked, and its failures told with what to do about them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from aisearch_deploy.errors import EngineProblem

# What rendered Compose files need.
OLDEST_COMPOSE = (2, 20)
# The last lines of a failure say what it was.
LINES_SHOWN = 15


def engine_version() -> str:
    """Raises EngineProblem unless there is an engine on this machine that answers."""
    if shutil.which("docker") is None:
        raise EngineProblem("Docker is not installed here.", "Install it: https://docs.docker.com/engine/install/")
    _refuse_remote()
    asked = ask("version", "--format", "{{.Server.Version}}")
    if asked.returncode:
        raise _unreachable(asked.stderr)
    return asked.stdout.strip()


def compose_version() -> str:
    """Raises EngineProblem unless there is a Compose that is new enough."""
    asked = ask("compose", "version", "--short")
    found = re.match(r"v?(\d+)\.(\d+)", asked.stdout.strip())
    if asked.returncode or found is None:
        raise EngineProblem(
            "Docker has no Compose plugin.", "Install docker-compose-plugin: https://docs.docker.com/compose/install/"
        )
    if (int(found[1]), int(found[2])) < OLDEST_COMPOSE:
        raise EngineProblem(
            f"Compose {asked.stdout.strip()} is too old; 2.20 or newer is needed.",
            "Renew docker-compose-plugin: https://docs.docker.com/compose/install/",
        )
    return asked.stdout.strip().removeprefix("v")


def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`docker ARGUMENTS`, whatever comes of it."""
    return subprocess.run(
        ["docker", *arguments],
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        check=False,
    )


def do(*arguments: str) -> str:
    """What `docker ARGUMENTS` prints. Raises EngineProblem with the end of what it said."""
    asked = ask(*arguments)
    if asked.returncode:
        raise EngineProblem(f"docker {_named(arguments)} failed:\n{last_lines(asked.stdout + asked.stderr)}")
    return asked.stdout.strip()


def last_lines(said: str) -> str:
    """The end of a program's output, indented."""
    lines = [line.rstrip() for line in said.splitlines() if line.strip()]
    return "\n".join(f"  {line}" for line in lines[-LINES_SHOWN:])


def compose(folder: Path) -> tuple[str, ...]:
    """The words before a Compose command for what was rendered into `folder`."""
    return ("compose", "--project-directory", str(folder), "--file", str(folder / "compose.yaml"))


def _named(arguments: Sequence[str]) -> str:
    """`compose up` and not its twenty words."""
    words = [word for word in arguments if not word.startswith(("-", "/"))]
    return " ".join(words[:2])


def _refuse_remote() -> None:
    """What is rendered names files on this machine; an engine elsewhere has others."""
    asked = ask("context", "inspect", "--format", "{{.Endpoints.docker.Host}}")
    host = asked.stdout.strip()
    if asked.returncode == 0 and host.startswith(("ssh://", "tcp://", "http://", "https://")):
        raise EngineProblem(
            f"Docker is set to an engine on another machine: {host}.",
            "Unset DOCKER_HOST, or choose the one here: docker context use default",
        )


def _unreachable(said: str) -> EngineProblem:
    if "permission denied" in said.lower():
        return EngineProblem(
            "Docker runs, but this user may not use it.",
            'Add yourself to its group and log in anew: sudo usermod -aG docker "$USER"',
        )
    return EngineProblem(
        f"Docker does not answer:\n{last_lines(said)}", "Start it: sudo systemctl start docker, or Docker Desktop."
    )
