"""What makes this small app as inconvenient as a big one, for tests of what deploys it."""

from __future__ import annotations

import asyncio
import resource
from pathlib import Path

from src.settings import Settings

_held: list[bytearray] = []


async def turn(settings: Settings) -> None:
    """Start as slowly, and hold as much memory, as the settings say. RuntimeError: it is to fail."""
    if settings.broken == "start":
        raise RuntimeError("BROKEN=start: this version does not start")
    hold(settings.hold_memory * 2**20)
    await asyncio.sleep(settings.start_delay)


def hold(resident: int) -> None:
    """Grow this process to `resident` bytes. Each page is written to: what is only reserved is not there."""
    page = resource.getpagesize()
    missing = resident - resident_bytes()
    if missing > 0:
        block = bytearray(missing)
        block[::page] = b"\1" * len(range(0, missing, page))
        _held.append(block)


def resident_bytes() -> int:
    """What this process has in memory now (proc(5), statm: the second number, in pages)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
