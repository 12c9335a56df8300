"""The files in a target folder that are not ours: they outlive every render."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from aisearch_deploy.errors import FileProblem
from aisearch_deploy.output import disk, record

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path


def find_strangers(
    folder: Path, before: Mapping[str, os.stat_result], files: Collection[str], dropped: Collection[str]
) -> list[str]:
    """The topmost paths in `before` (a disk.scan() of `folder`) that hold neither a rendered file nor a dropped one.

    Raises FileProblem when one of them is in the way of `files`.
    """
    ours = {*files, *dropped, record.NAME}
    our_folders = disk.parents(ours)
    strangers: set[str] = set()
    for path in sorted(before):
        is_ours = path in (our_folders if stat.S_ISDIR(before[path].st_mode) else ours)
        if not is_ours and disk.parents([path]).isdisjoint(strangers):
            strangers.add(path)
    _refuse_in_the_way(folder, sorted(strangers), {*files, record.NAME})
    return sorted(strangers)


def _refuse_in_the_way(folder: Path, strangers: Collection[str], files: Collection[str]) -> None:
    folders = disk.parents(files)
    for path in strangers:
        if path in folders:
            raise FileProblem(f"{folder / path} is a file, and a folder is to be written there", fix="Move it away.")
        for place in sorted({path, *disk.parents([path])}):
            if place in files:
                raise FileProblem(
                    f"{folder / place} is a folder, and a file is to be written there", fix="Move it away."
                )


def refuse_immovable(folder: Path, before: Mapping[str, os.stat_result]) -> None:
    """Raises FileProblem unless every folder in `before` may be moved and emptied, which takes the right to write."""
    folders = [folder / path for path, status in before.items() if stat.S_ISDIR(status.st_mode)]
    for path in sorted([folder, *folders] if folder.exists() else []):
        if not os.access(path, os.W_OK):
            raise FileProblem(
                f"{path}: {os.strerror(errno.EACCES)}",
                fix=f"Rendering replaces {folder} as a whole: make it writable, or move it away.",
            )
