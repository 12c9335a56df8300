"""Putting staged folders in place: all of them or, after a failure, none."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Before:
    """What a target folder held when its files were compared."""

    entries: Mapping[str, os.stat_result]
    """A disk.scan() of the folder."""
    below: Collection[str]
    """The sub-folders that the scan looked into."""

    def refuse_change(self, folder: Path, tree: Path) -> None:
        """Raises FileProblem when `tree`, which was `folder` until now, no longer looks like that."""
        if _outline(disk.scan(tree, self.below)) != _outline(self.entries):
            raise FileProblem(f"{folder} changed while it was being rendered", fix="Render again.")


def _outline(entries: Mapping[str, os.stat_result]) -> dict[str, tuple[int, ...]]:
    return {
        path: (kind,) if stat.S_ISDIR(kind) else (kind, status.st_size, status.st_mtime_ns)
        for path, status in entries.items()
        for kind in [stat.S_IFMT(status.st_mode)]
    }


def commit(stagings: Sequence[tuple[Staging, Before]]) -> None:
    """Exchanges each folder with its next state. Raises FileProblem, with every folder as it was."""
    done: list[tuple[Path, Path, Path]] = []

    def exchange(one: Path, other: Path, spare: Path) -> None:
        with disk.naming(other):
            swap(one, other, spare)
        done.append((one, other, spare))

    try:
        for staging, before in stagings:
            exchange(staging.tree, staging.folder, staging.spare)
            before.refuse_change(staging.folder, staging.tree)
            for path in staging.lent:
                exchange(staging.tree / path, staging.folder / path, staging.spare)
            with disk.naming(staging.folder.parent):
                disk.sync_folder(staging.folder.parent)
    except BaseException:
        for one, other, spare in reversed(done):
            with disk.naming(other):
                swap(other, one, spare)
        raise
