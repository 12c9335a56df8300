"""The processes of a container, as the host sees them."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.e2e.compose.stack import Stack

Container = Mapping[str, Any]
SHORT = 60


def lasting(stack: Stack, container: Container) -> dict[str, list[int]]:
    """The numbers of the processes by title, without those that come and go, as health checks do."""
    first = _now(stack, container)
    time.sleep(1.5)
    later = _now(stack, container)
    found: dict[str, list[int]] = {}
    for number, title in later.items():
        if first.get(number) == title:
            found.setdefault(title, []).append(number)
    return found


def titled(stack: Stack, service: str, title: str) -> list[int]:
    """The numbers of the processes with a title in every container of a service that runs now."""
    containers = [each for each in stack.containers(service) if each["State"]["Running"]]
    return [number for each in containers for number, found in _now(stack, each).items() if found == title]


def _now(stack: Stack, container: Container) -> dict[int, str]:
    shown = stack.docker.run("docker", "top", container["Id"], "-eo", "pid", check=False).stdout
    return {int(number): title for number in shown.split()[1:] if (title := _title(int(number)))}


def _title(process: int) -> str:
    """Its command line; connections to PostgreSQL are all alike. Empty: it has ended."""
    try:
        line = Path("/proc", str(process), "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""
    if line.startswith("postgres: aisearch "):
        return "postgres: connection"
    # What Python's multiprocessing starts: which pipe is its own comes after that.
    if python := re.search(r"from (multiprocessing\.\w+) import", line):
        return python[1]
    return line[:SHORT].strip()
