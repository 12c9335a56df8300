"""Where the validators' programs are, and how they are run."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

TIMEOUT = 120  # seconds: the slowest of them (trivy on a whole folder) takes under five


class ToolMissingError(RuntimeError):
    """A validator is not installed. The message says what installs it."""


def packaged(distribution: str, ending: str) -> Path:
    """The file of an installed distribution whose path ends with ``ending``, such as ``bin/hadolint``.

    Asked of the distribution's own list of files: the one that pip installed, not whatever PATH finds first.
    """
    try:
        files = importlib.metadata.files(distribution) or []
    except importlib.metadata.PackageNotFoundError:
        raise ToolMissingError(f"{distribution} is not installed: pip install --group test") from None
    for file in files:
        if f"/{file.as_posix()}".endswith(f"/{ending}"):
            return Path(str(file.locate())).resolve()
    raise ToolMissingError(f"{distribution} has no file {ending}: this release is laid out differently")


def fetched(*parts: str) -> Path:
    """A file that ``.ci/install-tools`` has put into the tools folder."""
    path = tools_folder().joinpath(*parts)
    if not path.exists():
        raise ToolMissingError(f"{path} is not there: run .ci/install-tools")
    return path


def tools_folder() -> Path:
    """Where tools from outside the test dependencies are: ``AISEARCH_TOOLS``, else ``.cache/tools`` of the checkout."""
    return Path(os.environ.get("AISEARCH_TOOLS") or CHECKOUT / ".cache" / "tools")


def run(
    command: list[str | Path], *, cwd: Path, stdin: str = "", variables: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a validator with an environment of its own: nothing the developer has set can change what it says."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "NO_COLOR": "1",
    }
    try:
        return subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=environment | (variables or {}),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        raise ToolMissingError(f"{command[0]} is not installed") from None


def complaint(finished: subprocess.CompletedProcess[str]) -> list[str]:
    """What a failed command said, a line each, and at least its exit status: a failure is never an empty list."""
    said = [line for line in (finished.stdout + finished.stderr).splitlines() if line.strip()]
    return said or [f"{finished.args[0]} exited {finished.returncode} without a word"]
