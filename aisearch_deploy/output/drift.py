"""How a target folder differs from what rendering would write there, and whose doing each difference is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from aisearch_deploy.output import disk, record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aisearch_deploy.output.rendered import RenderedFile


class Change(StrEnum):
    """One difference between a folder and the render."""

    MISSING = "missing"
    """Not there: never rendered, or deleted. Rendering writes it."""
    STALE = "stale"
    """As it was rendered, but the config has moved on. Rendering replaces it."""
    EDITED = "edited"
    """Differs from what was rendered and from what would be now. Replaced only with --overwrite."""
    UNRECORDED = "unrecorded"
    """Never written by us, and different. Replaced only with --overwrite."""
    OBSOLETE = "obsolete"
    """As it was rendered, but no longer part of the render. Rendering removes it."""
    ORPHANED = "orphaned"
    """Edited, and no longer part of the render. Rendering keeps it and forgets it."""

    @property
    def is_somebodys(self) -> bool:
        """Whether rendering would destroy somebody's work here."""
        return self in (Change.EDITED, Change.UNRECORDED)


class FileChange(NamedTuple):
    """A difference at one path (POSIX, relative to the target folder)."""

    path: str
    change: Change


def compare(folder: Path, files: Mapping[str, RenderedFile]) -> tuple[FileChange, ...]:
    """Every difference between `folder` and `files`, sorted by path; files that are neither rendered nor recorded
    belong to somebody else and are not mentioned.

    A file that holds what would be rendered is no difference, whatever the record says. The record itself is missing,
    edited (unreadable) or stale (a merge conflict); that another version of the tool wrote it does not count.
    Raises FileProblem when something cannot be read, or could only be read through a symbolic link.
    """
    disk.refuse_detour(folder, folder)
    recorded, changes = _read_record(folder)
    known = recorded.files if recorded else {}
    for parent in sorted(disk.parents({*files, *known})):
        disk.refuse_link(folder / parent)
    for path, file in files.items():
        found = disk.look(folder / path)
        if found is None:
            changes[path] = Change.MISSING
        elif not found.holds(file.digest, executable=file.executable):
            changes[path] = _whose(found, path, recorded)
    for path in known.keys() - files.keys():
        found = disk.look(folder / path)
        if found is not None:
            changes[path] = Change.OBSOLETE if _whose(found, path, recorded) is Change.STALE else Change.ORPHANED
    return tuple(FileChange(path, change) for path, change in sorted(changes.items()))


def _whose(found: disk.Found, path: str, recorded: record.Record | None) -> Change:
    if recorded is None or path not in recorded.files:
        return Change.UNRECORDED
    as_written = found.holds(recorded.files[path], executable=path in recorded.executable)
    return Change.STALE if as_written else Change.EDITED


def _read_record(folder: Path) -> tuple[record.Record | None, dict[str, Change]]:
    try:
        text = record.read_text(folder)
        if text is None:
            return None, {record.NAME: Change.MISSING}
        one_side = record.ours(text)
        return record.loads(one_side), {} if one_side == text else {record.NAME: Change.STALE}
    except ValueError:
        return None, {record.NAME: Change.EDITED}
