"""Exchanging two paths in one step, so that a reader sees the one or the other and never neither."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_RENAME_EXCHANGE = 2  # linux/fs.h, for renameat2(2)
_AT_FDCWD = -100  # linux/fcntl.h: relative paths start at the working directory
_UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)


def swap(one: Path, other: Path, spare: Path) -> None:
    """Exchanges `one` and `other`, or renames when there is only one of them. Raises OSError, with nothing changed.

    Where the system cannot exchange, `other` stands at `spare` for a moment: recovery.py finds it there.
    """
    if not os.path.lexists(one):
        other.rename(one)
    elif not os.path.lexists(other):
        one.rename(other)
    elif not exchange(one, other):
        _rename_all([(other, spare), (one, other), (spare, one)])


def _rename_all(renames: list[tuple[Path, Path]]) -> None:
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in renames:
            source.rename(target)
            done.append((source, target))
    except BaseException:
        for source, target in reversed(done):
            target.rename(source)
        raise


def exchange(one: Path, other: Path) -> bool:
    """Exchanges two existing paths atomically; False when the system or the file system cannot. Raises OSError."""
    if sys.platform != "linux":
        return False
    try:
        import ctypes

        libc = ctypes.CDLL(None, use_errno=True)
        renameat2 = libc.renameat2  # not every C library has it
    except (ImportError, AttributeError):
        return False
    if renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNSUPPORTED:
        return False
    raise OSError(code, os.strerror(code), str(other))
