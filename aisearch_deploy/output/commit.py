"""Putting staged folders in place: all of them or, after a failure, none."""

from __future__ import annotations

import errno
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aisearch_deploy.errors import FileProblem
from aisearch_deploy.output import disk
from aisearch_deploy.output.swap import swap

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from aisearch_deploy.output.staging import Staging

_IMMOVABLE = (errno.EBUSY, errno.EXDEV)
_IMMOVABLE_FIX = "Mount points and folders of a container image's layer cannot be moved: name another folder with -o."


@dataclass(frozen=True, slots=True)
class Before:
    """What a target folder held when its files were compared."""

    entries: Mapping[str, os.stat_result]
    """A disk.scan() of the folder."""
    below: Collection[str]
    """The sub-folders that the scan looked into."""

    def refuse_change(self, staging: Staging) -> None:
        """Raises FileProblem when the previous state no longer looks like that: its changes would be lost."""
        after = disk.scan(staging.tree, self.below)
        if _outline(after, staging) != _outline(self.entries, staging):
            raise FileProblem(f"{staging.folder} changed while it was being rendered", fix="Render again.")


def _outline(entries: Mapping[str, os.stat_result], staging: Staging) -> dict[str, tuple[int, ...]]:
    """What must not have changed. A stranger's content may: both states share it."""
    outline: dict[str, tuple[int, ...]] = {}
    for path, status in entries.items():
        kind = stat.S_IFMT(status.st_mode)
        if path in staging.lent or stat.S_ISDIR(kind):
            outline[path] = (kind,)
        elif path in staging.strangers:
            outline[path] = (kind, status.st_ino)
        else:
            outline[path] = (kind, status.st_size, status.st_mtime_ns)
    return outline


def commit(stagings: Sequence[tuple[Staging, Before]]) -> None:
    """Exchanges each folder with its next state. Raises FileProblem, with every folder as it was."""
    done: list[tuple[Path, Path, Path]] = []

    def exchange(one: Path, other: Path, spare: Path) -> None:
        try:
            swap(one, other, spare)
        except OSError as error:
            fix = _IMMOVABLE_FIX if error.errno in _IMMOVABLE else ""
            raise FileProblem(f"{other}: {error.strerror}", fix) from error
        done.append((one, other, spare))

    try:
        for staging, before in stagings:
            exchange(staging.tree, staging.folder, staging.spare)
            before.refuse_change(staging)
            for path in staging.lent:
                exchange(staging.tree / path, staging.folder / path, staging.spare)
            with disk.naming(staging.folder.parent):
                disk.sync(staging.folder.parent)
    except BaseException:
        for one, other, spare in reversed(done):
            with disk.naming(other):
                swap(other, one, spare)
        raise
