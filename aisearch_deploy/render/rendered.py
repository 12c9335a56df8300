"""A file as it will be on disk."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """Bytes and whether they can be executed."""

    content: bytes
    executable: bool = False
