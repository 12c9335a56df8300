"""Uploaded files, each under the SHA-256 of its content: the same file twice is one file."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO, NamedTuple

PIECE = 2**20


class Saved(NamedTuple):
    """A file that is on disk."""

    file_hash: str
    size: int


class Uploads:
    """One folder. Nothing in it is ever half-written under its name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def save(self, source: BinaryIO) -> Saved:
        """Copy it, durably. Blocks: call it in a thread."""
        digest, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".part-", delete=False) as part:
            try:
                while piece := source.read(PIECE):
                    digest.update(piece)
                    size += part.write(piece)
                part.flush()
                os.fsync(part.fileno())
                Path(part.name).replace(self._folder / digest.hexdigest())
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
        return Saved(digest.hexdigest(), size)

    def path(self, file_hash: str) -> Path | None:
        """Where it is; None: there is no such file."""
        if not re.fullmatch(r"[0-9a-f]{64}", file_hash):
            return None
        path = self._folder / file_hash
        return path if path.is_file() else None
