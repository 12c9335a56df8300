"""Building a target folder's next state beside it.

A staging folder `.<name>.staging-<pid>-<random>/` holds a marker and `tree/`: the next state, and after the swap (see
commit.py) the previous one. Strangers are in both: a file as a second hard link; whatever has none (a folder, which may
be huge, or in use by a container) stays where it is, and the next state holds a symbolic link to it until commit()
moves it over. So they can be reached at every moment, and recovery.py finds a killed render's links by their text.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aisearch_deploy.output import disk, record
from aisearch_deploy.output.rendered import RenderedFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from aisearch_deploy.output.rendered import RenderedFolder

MARKER = ".aisearch-deploy-staging"
TREE = "tree"
SPARE = "spare"
_EXPLANATION = b"""\
Left by an aisearch-deploy render that was killed. Render again instead of deleting this:
the next render puts back what is yours and removes the rest.
"""


@dataclass(frozen=True, slots=True)
class Staging:
    """The next state of `folder`, complete on disk in `home`."""

    folder: Path
    home: Path
    strangers: Sequence[str]
    """What is not ours in `folder`, by its topmost paths."""
    lent: list[str] = field(default_factory=list)
    """The strangers that are symbolic links in the next state until commit() moves them over."""

    @property
    def tree(self) -> Path:
        """The next state; after the swap, the previous one."""
        return self.home / TREE

    @property
    def spare(self) -> Path:
        """Where swap() may put something for a moment."""
        return self.home / SPARE


def stage(
    folder: Path, content: RenderedFolder, strangers: Sequence[str], same: Mapping[str, os.stat_result]
) -> Staging:
    """Writes the next state of `folder`: `content` and the strangers. `same` are the files that already hold what is
    rendered. Raises FileProblem; the incomplete staging folder is recovery's to remove."""
    home = folder.with_name(f".{folder.name}.staging-{os.getpid()}-{os.urandom(4).hex()}")
    staging = Staging(folder, home, strangers)
    with disk.naming(folder):
        disk.make_folder(home)
        disk.write(home / MARKER, _EXPLANATION, 0o644)
    folders = ["", *sorted(disk.parents([*content.files, *strangers]))]
    for path in folders:
        with disk.naming(folder / path):
            disk.make_folder(staging.tree / path, like=folder / path)
    files = {**content.files, record.NAME: RenderedFile(record.dumps(content.record).encode())}
    new = [path for path, file in files.items() if path not in same or not _reuse(staging, path, same[path], file)]
    for path in new:
        with disk.naming(folder / path):
            disk.write(staging.tree / path, files[path].content, files[path].mode)
    for path in strangers:
        with disk.naming(folder / path):
            _carry(staging, path)
    for path in [*new, *folders]:
        with disk.naming(folder / path):
            disk.sync(staging.tree / path)
    return staging


def _reuse(staging: Staging, path: str, status: os.stat_result, file: RenderedFile) -> bool:
    """Keeps a file that is already right, with its time and its inode (which a container may have mounted)."""
    is_right = stat.S_IMODE(status.st_mode) == file.mode
    return is_right and _link(staging.folder / path, staging.tree / path)


def _carry(staging: Staging, path: str) -> None:
    source, target = staging.folder / path, staging.tree / path
    is_folder = source.is_dir() and not source.is_symlink()
    if is_folder or not _link(source, target):
        target.symlink_to(address(staging.home, path))
        staging.lent.append(path)


def _link(source: Path, target: Path) -> bool:
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        return False
    return True


def address(home: Path, path: str) -> str:
    """The text of the link that stands for a lent `path`: where it is, as seen from the target folder."""
    return "../" * (path.count("/") + 1) + f"{home.name}/{TREE}/{path}"


def addressed(home: Path, text: str) -> str:
    """The path for which address() gave `text`."""
    return text.partition(f"{home.name}/{TREE}/")[2]
