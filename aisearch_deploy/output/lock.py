"""One render at a time for each target folder."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from aisearch_deploy.errors import FileProblem
from aisearch_deploy.output import disk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 10.0
"""Seconds to wait for another render."""


def lock_path(folder: Path) -> Path:
    """The lock file beside a target folder; it exists only while a render runs, or was killed."""
    return folder.with_name(f".{folder.name}.lock")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds the lock of a target folder, whose parent must exist. Raises FileProblem after PATIENCE seconds.

    The system releases the lock of a killed process. Where there are no locks (Windows, some network file systems)
    there is no waiting either.
    """
    path = lock_path(folder)
    deadline = time.monotonic() + PATIENCE
    while (descriptor := _try(path)) is None:
        if time.monotonic() > deadline:
            raise FileProblem(
                f"another render is writing {folder} (waited {PATIENCE:g} s)", fix="Try again when it is done."
            )
        time.sleep(0.02)
    try:
        yield
    finally:
        with suppress(OSError):  # a lock file without a lock holds up nobody, and the next render removes it
            path.unlink()
        os.close(descriptor)


def _try(path: Path) -> int | None:
    """The descriptor of the lock file, locked; None while somebody else holds it."""
    disk.refuse_link(path)
    with disk.naming(path if os.path.lexists(path) else path.parent):
        descriptor = disk.open_or_create(path)
    try:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever held the lock before us removed the file: then this is a lock on a file without a name.
        is_ours = os.path.samestat(path.lstat(), os.fstat(descriptor))
    except (BlockingIOError, FileNotFoundError):
        is_ours = False
    except (ImportError, OSError):
        is_ours = True  # no locks here
    if is_ours:
        return descriptor
    os.close(descriptor)
    return None
