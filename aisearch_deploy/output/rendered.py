"""Rendered files on their way to the disk."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from aisearch_deploy.output.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping


class RenderedFile(NamedTuple):
    """One file of a target folder, ready to write: mode 0755 when executable, else 0644."""

    content: bytes
    executable: bool = False

    @property
    def mode(self) -> int:
        """The permission bits, whatever the umask."""
        return 0o755 if self.executable else 0o644

    @property
    def digest(self) -> str:
        """SHA-256 of the content, in hex."""
        return hashlib.sha256(self.content).hexdigest()


class RenderedFolder(NamedTuple):
    """Everything that belongs into one target folder: POSIX path -> file, and the record of them."""

    files: Mapping[str, RenderedFile]
    record: Record


def record_of(
    files: Mapping[str, RenderedFile], *, tool: str, edition: str, config: str, inputs: Mapping[str, str]
) -> Record:
    """The record of these files, rendered by this tool version from this config (a config_hash()) and these inputs."""
    return Record(
        tool=tool,
        edition=edition,
        config=config,
        inputs=dict(inputs),
        files={path: file.digest for path, file in files.items()},
        executable=frozenset(path for path, file in files.items() if file.executable),
    )
