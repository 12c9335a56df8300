"""A disk that is full."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of its own, mounted at `folder`."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def leave_free(disk: Path, free: int) -> Path:
    """Fills the disk but for `free` bytes; the file that does it."""
    state = os.statvfs(disk)
    full = disk / "full"
    full.write_bytes(b"\0" * (state.f_bavail * state.f_frsize - free))
    return full
