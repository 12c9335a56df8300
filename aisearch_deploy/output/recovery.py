"""Cleaning up beside a target folder: after this render, and after one that was killed."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from aisearch_deploy.errors import FileProblem
from aisearch_deploy.output import disk, lock
from aisearch_deploy.output.staging import MARKER, SPARE, TREE, address, addressed
from aisearch_deploy.output.swap import swap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def is_tidy(folder: Path) -> bool:
    """Whether no render of `folder` is under way or was killed."""
    return not os.path.lexists(lock.lock_path(folder)) and not _homes(folder)


@contextmanager
def tidied(folders: Iterable[Path]) -> Iterator[None]:
    """Leaves no staging folder beside `folders`, before and after; their locks must be held.

    Raises FileProblem when something cannot be recovered before; afterwards that is left to the next render.
    """
    for folder in folders:
        with disk.naming(folder):
            _recover(folder)
    try:
        yield
    finally:
        for folder in folders:
            with suppress(OSError, FileProblem):
                _recover(folder)


def _homes(folder: Path) -> list[Path]:
    """The staging folders beside `folder`: by name and by marker, or still empty."""
    name = re.compile(rf"\.{re.escape(folder.name)}\.staging-\d+-[0-9a-f]{{8}}")
    with disk.naming(folder.parent), suppress(FileNotFoundError, NotADirectoryError):
        return sorted(path for path in folder.parent.iterdir() if name.fullmatch(path.name) and _is_ours(path))
    return []


def _is_ours(home: Path) -> bool:
    with suppress(OSError):
        names = [path.name for path in home.iterdir()]
        return not home.is_symlink() and (not names or MARKER in names)
    return False


def _recover(folder: Path) -> None:
    for home in _homes(folder):
        tree, spare = home / TREE, home / SPARE
        if os.path.lexists(spare):
            _finish_swap(folder, home)
        if os.path.lexists(tree):
            for path in list(_lent(folder, home)):
                swap(tree / path, folder / path, spare)
            disk.remove(tree)
        (home / MARKER).unlink(missing_ok=True)
        home.rmdir()


def _finish_swap(folder: Path, home: Path) -> None:
    """Without an atomic exchange, a kill can leave the folder, or a lent stranger's link, at `spare`: see swap()."""
    tree, place, spare = home / TREE, folder, home / SPARE
    if spare.is_symlink():
        path = addressed(home, str(spare.readlink()))
        tree, place = tree / path, place / path
    spare.rename(tree if os.path.lexists(place) else place)


def _lent(folder: Path, home: Path, below: str = "") -> Iterator[str]:
    """The strangers of `folder` that are still links into `home`, where they are."""
    for found in list(os.scandir(home / TREE / below)):
        path = below + found.name
        link = folder / path
        if link.is_symlink() and str(link.readlink()) == address(home, path):
            yield path
        elif found.is_dir(follow_symlinks=False):
            yield from _lent(folder, home, f"{path}/")
