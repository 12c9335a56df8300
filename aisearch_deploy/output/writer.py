"""Writing target folders: each changes as a whole or not at all, and nobody's work is overwritten unasked.

The order of events, for all folders at once: refuse symbolic links; stop if everything is there already; lock; finish
what a killed render left; compare, and refuse to replace what somebody edited; stage every folder beside its place;
exchange them; remove what was exchanged. A failure on the way leaves every folder as it was, a kill leaves each folder
old or new. Two folders are not exchanged in the same instant: after a kill, rendering again brings the rest.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from aisearch_deploy.errors import Bug, Refused
from aisearch_deploy.output import disk, record
from aisearch_deploy.output.commit import Before, commit
from aisearch_deploy.output.drift import Change, FileChange, compare
from aisearch_deploy.output.lock import locked
from aisearch_deploy.output.recovery import is_tidy, tidied
from aisearch_deploy.output.rendered import RenderedFile, RenderedFolder
from aisearch_deploy.output.staging import Staging, stage
from aisearch_deploy.output.strangers import find_strangers, refuse_immovable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from aisearch_deploy.output.record import Record

__all__ = ["RenderedFile", "RenderedFolder", "write_folder", "write_folders"]

_WHY = {
    Change.EDITED: "edited since it was rendered",
    Change.UNRECORDED: "not written by aisearch-deploy",
}


def write_folder(
    folder: Path, files: Mapping[str, RenderedFile], record: Record, *, overwrite: bool
) -> tuple[FileChange, ...]:
    """write_folders() for one folder that the user named."""
    return write_folders(folder, {folder: RenderedFolder(files, record)}, overwrite=overwrite)[folder]


def write_folders(
    root: Path, folders: Mapping[Path, RenderedFolder], *, overwrite: bool
) -> dict[Path, tuple[FileChange, ...]]:
    """Makes each target folder, at or below `root` (the folder that the user named), hold what is rendered for it.

    Returns what differed before. Files that are not ours stay; edited files that are no longer rendered stay too and
    are reported as ORPHANED. A folder that is already right is not touched.

    Raises Refused when `overwrite` is not given and an edited or foreign file would be replaced, FileProblem when
    something cannot be read or written or a symbolic link is in the way; then no folder has changed.
    """
    for folder, content in folders.items():
        _refuse_nonsense(content)
        disk.refuse_detour(root, folder)
    if all(is_tidy(folder) and _is_current(folder, content) for folder, content in folders.items()):
        return dict.fromkeys(folders, ())
    with ExitStack() as stack:
        for folder in sorted(folders):
            stack.enter_context(_existing(folder.parent))
            stack.enter_context(locked(folder))
        stack.enter_context(tidied(sorted(folders)))
        return _write(folders, overwrite=overwrite)


def _write(folders: Mapping[Path, RenderedFolder], *, overwrite: bool) -> dict[Path, tuple[FileChange, ...]]:
    befores = {folder: _look(folder, content) for folder, content in folders.items()}
    changes = {folder: compare(folder, content.files) for folder, content in folders.items()}
    if not overwrite:
        _refuse_edited(changes)
    strangers = {
        folder: find_strangers(folder, befores[folder].entries, content.files.keys(), _dropped(changes[folder]))
        for folder, content in folders.items()
    }
    for folder, before in befores.items():
        refuse_immovable(folder, before.entries)
    stagings: list[tuple[Staging, Before]] = []
    for folder, content in folders.items():
        if changes[folder] or not _is_recorded(folder, content):
            entries, different = befores[folder].entries, {record.NAME, *(change.path for change in changes[folder])}
            same = {path: status for path, status in entries.items() if path not in different}
            stagings.append((stage(folder, content, strangers[folder], same), befores[folder]))
    commit(stagings)
    return changes


def _look(folder: Path, content: RenderedFolder) -> Before:
    recorded = None
    with suppress(ValueError):  # compare() reports a damaged record
        recorded = record.read(folder)
    below = disk.parents({*content.files, *(recorded.files if recorded else ())})
    return Before(disk.scan(folder, below), below)


def _dropped(changes: tuple[FileChange, ...]) -> set[str]:
    return {change.path for change in changes if change.change is Change.OBSOLETE}


def _is_current(folder: Path, content: RenderedFolder) -> bool:
    return not compare(folder, content.files) and _is_recorded(folder, content)


def _is_recorded(folder: Path, content: RenderedFolder) -> bool:
    return record.read_text(folder) == record.dumps(content.record)


def _refuse_edited(changes: Mapping[Path, tuple[FileChange, ...]]) -> None:
    edited = [
        (folder / change.path, _WHY[change.change])
        for folder, found in changes.items()
        for change in found
        if change.change.is_somebodys
    ]
    if edited:
        width = max(len(str(path)) for path, _ in edited)
        lines = [f"  {path!s:{width}}  {why}" for path, why in edited]
        raise Refused(
            "\n".join(["nothing written: rendering would replace", *lines]),
            fix="Undo the edit (what it was for belongs in the config or in patches/), or replace it with --overwrite.",
        )


def _refuse_nonsense(content: RenderedFolder) -> None:
    """Raises Bug when files and record do not fit together or a path leaves the folder."""
    for path in content.files:
        if not record.is_safe(path) or path == record.NAME:
            raise Bug(f"{path!r} cannot be the path of a rendered file")
    clash = disk.parents(content.files) & content.files.keys()
    if clash:
        raise Bug(f"{min(clash)} is both a rendered file and a folder of rendered files")
    if {path: file.digest for path, file in content.files.items()} != content.record.files:
        raise Bug("the record is not that of the rendered files")


@contextmanager
def _existing(folder: Path) -> Iterator[None]:
    """Creates a folder with those above it; the ones that are still empty when something fails go again."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        for path in reversed(missing):
            with disk.naming(path):
                disk.make_folder(path)
                disk.sync(path.parent)
        yield
    except BaseException:
        for path in missing:
            with suppress(OSError):
                path.rmdir()
        raise
