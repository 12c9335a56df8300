"""The other files that a deployment reads: certificate authorities and a target's patches. All beside the config."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from aisearch_deploy.config.load import ConfigPath, dotted
from aisearch_deploy.config.schema import Config
from aisearch_deploy.errors import FileProblem
from aisearch_deploy.findings import Position

LARGEST = 2**20

Place = Callable[[ConfigPath], tuple[ConfigPath, Position]]


def read_inputs(folder: Path, config: Config, target: str, place: Place) -> dict[str, bytes]:
    """Contents by path relative to the config's folder, POSIX. Raises FileProblem that names every unreadable file."""
    named = {("network", "ca_bundle"): config.network.ca_bundle, ("database", "ca"): config.database.ca}
    contents: dict[str, bytes] = {}
    problems = []
    for path, name in named.items():
        if name is not None:
            try:
                contents[name] = _content(folder / name)
            except _UnreadableError as error:
                written, position = place(path)
                problems.append(f"{position}  {dotted(written)}: {name} {error}.")
    patches = folder / "patches" / target
    for patch in sorted(path for path in patches.rglob("*") if path.is_file()) if patches.is_dir() else []:
        name = patch.relative_to(folder).as_posix()
        try:
            contents[name] = _content(patch)
        except _UnreadableError as error:
            problems.append(f"{name} {error}.")
    if problems:
        raise FileProblem("\n".join(problems), "Paths are relative to the config; a file has at most 1 MiB.")
    return contents


class _UnreadableError(Exception):
    """Why a file cannot be read, to follow its name in a sentence."""


def _content(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for ever
            raise _UnreadableError("is not a file")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise _UnreadableError("does not exist") from None
    except OSError as error:
        raise _UnreadableError(f"cannot be read: {error.strerror}") from None
    if len(content) > LARGEST:
        raise _UnreadableError("is larger than 1 MiB")
    return content
