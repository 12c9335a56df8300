"""The fast path of `render --check`: can it be seen from the record alone that rendering would change nothing?

Rendering is a function of the tool's version, the config, the environment and the files that the config names, so when
all of those are as recorded, and so is every file that was written, the answer is yes without rendering. Nothing heavy
is imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisearch_deploy.errors import FileProblem
from aisearch_deploy.output import disk, record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def is_unchanged(folder: Path, *, tool: str, config: str, config_folder: Path, patches: Path) -> bool:
    """Whether `folder` holds exactly what this version of the tool renders from this config (a config_hash()).

    `patches` is the folder of this target's patches, below `config_folder`; it may not exist. Anything odd gives False:
    the slow path explains it.
    """
    try:
        text = record.read_text(folder)
        recorded = None if text is None else record.loads(text)
        if recorded is None or (recorded.tool, recorded.config) != (tool, config):
            return False
        prefix = f"{patches.relative_to(config_folder).as_posix()}/"
        if {path for path in recorded.inputs if path.startswith(prefix)} != _files_below(patches, prefix):
            return False
        return _hold(config_folder, recorded.inputs, frozenset()) and _hold(folder, recorded.files, recorded.executable)
    except (OSError, ValueError, FileProblem):
        return False


def _files_below(folder: Path, prefix: str) -> set[str]:
    """The files in `folder`, as paths behind `prefix`. Raises OSError or FileProblem on whatever cannot be a patch."""
    disk.refuse_link(folder)
    found = set()
    for path in sorted(folder.iterdir()) if folder.exists() else ():
        is_folder = path.is_dir() and not path.is_symlink()
        found |= _files_below(path, f"{prefix}{path.name}/") if is_folder else {prefix + path.name}
    return found


def _hold(folder: Path, files: Mapping[str, str], executable: frozenset[str]) -> bool:
    """Whether each of `files` is in `folder`, reached without a symbolic link, with its hash and its executable bit."""
    for parent in ("", *disk.parents(files)):
        disk.refuse_link(folder / parent)
    found = ((path, digest, disk.look(folder / path)) for path, digest in files.items())
    return all(file is not None and file.holds(digest, executable=path in executable) for path, digest, file in found)
