"""Runs rendered scripts with stand-ins for the programs that they call."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.targets.k8s_cases import folder

# Writes its arguments, one a line, and what it reads to a log, and passes the latter on.
RECORDER = """#!/bin/bash
{ printf '%s\\n' "${0##*/}" "$@"; echo --; } >>"$LOG"
"""


def written(case: str, place: Path) -> Path:
    """The rendered folder, on disk."""
    for path, content in folder(case).items():
        file = place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        if path.endswith(".sh"):
            file.chmod(0o755)
    return place


def program(place: Path, name: str, body: str) -> None:
    """A stand-in that records how it is called, then does `body`."""
    place.mkdir(exist_ok=True)
    file = place / name
    file.write_text(RECORDER + body)
    file.chmod(0o755)


def run(script: Path, *words: str, programs: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A script, from a folder that is not its own."""
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "LOG": str(programs / "log"),
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        **variables,
    }
    shell = shutil.which("bash") or "/bin/bash"
    first = script.read_text().splitlines()[0]
    command = [shell if "bash" in first else "/bin/sh", str(script), *words]
    return subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, check=False, timeout=60)


def calls(programs: Path) -> str:
    """What the stand-ins were called with."""
    log = programs / "log"
    return log.read_text() if log.exists() else ""
