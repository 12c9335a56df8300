"""What a person reads after `render`: the files, what became of them, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from aisearch_deploy.commands.unchanged import counted
from aisearch_deploy.output.drift import Change, FileChange
from aisearch_deploy.targets.base import Plan

WORDS = {
    Change.OBSOLETE: "removed: no longer rendered",
    Change.ORPHANED: "kept: no longer rendered, but you edited it; it is yours now",
}


class Written(Protocol):
    """One target folder and what was planned for it."""

    @property
    def folder(self) -> Path:
        """Where it is."""

    @property
    def plan(self) -> Plan:
        """Its files, and what a person does with them."""


def written(renderings: Sequence[Written], changes: Mapping[Path, tuple[FileChange, ...]]) -> Iterator[str]:
    """The lines, folder by folder; one that was there already shows only what has changed in it."""
    for rendering in renderings:
        yield from _folder(rendering, changes[rendering.folder])
    total = sum(len(rendering.plan.files) for rendering in renderings)
    yield f"{counted(total, 'file')}, each parsed back and compared."
    steps = [
        f"cd {rendering.folder.as_posix()} && {step}"
        for rendering in renderings
        if _is_new(rendering, changes[rendering.folder])
        for step in rendering.plan.next_steps
    ]
    if any(changes.values()) and not steps:
        steps = ['read the difference, then see RUNBOOK.md, "Update"']
    yield from (("Next:  " if number == 0 else "       ") + step for number, step in enumerate(steps))


def _folder(rendering: Written, changes: tuple[FileChange, ...]) -> Iterator[str]:
    place = rendering.folder.as_posix()
    if not changes:
        yield f"{place}/  nothing has changed"
        return
    changed = {change.path for change in changes}
    shown = [file for file in rendering.plan.files if file.path in changed]
    unchanged = len(rendering.plan.files) - len(shown)
    yield f"{place}/" + (f"  {counted(unchanged, 'file')} unchanged" if unchanged else "")
    width = max((len(file.path) for file in shown), default=0)
    for file in shown:
        yield f"  {file.path:<{width}}  {file.about}".rstrip()
    for change in changes:
        if change.change in WORDS:
            yield f"  {change.path}  {WORDS[change.change]}"


def _is_new(rendering: Written, changes: tuple[FileChange, ...]) -> bool:
    missing = {change.path for change in changes if change.change is Change.MISSING}
    return all(file.path in missing for file in rendering.plan.files)
