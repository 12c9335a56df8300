"""What an image was made from, kept as a label: the same key means that there is nothing to make."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.e2e.engine.docker import Docker

LABEL = "aisearch-e2e.made-from"


def key_of(docker: Docker, image: str) -> str | None:
    """The key of an image that is there, None without it."""
    found = docker.run(
        "docker", "image", "inspect", "--format", f'{{{{index .Config.Labels "{LABEL}"}}}}', image, check=False
    )
    return found.stdout.strip() if found.returncode == 0 else None


def folder_key(folder: Path, *more: str) -> str:
    """Changes with a file's name or content below `folder`, hidden ones and caches left out, and with `more`."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in relative.parts):
            digest.update(relative.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for text in more:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()
