"""The record beside rendered files: what was written, and from which config, so that edits can be told apart.

A text file, `.aisearch-deploy`, in each target folder:

    # comment
    tool 1.4.0
    edition 2026.11
    config 3f79bb7b...              config_hash() of the config and the environment
    input 9b74c989... patches/compose/app.yaml
    5891b5b5...  compose.yaml       SHA-256, two spaces, path
    e258d248... *verify.sh          SHA-256, space, star, path: an executable file

One line a file, sorted by path, so that pull requests which change different files merge, and the one line that always
differs (`config`) is settled by rendering again: `ours` reads one side of a conflict. The file lines are those of
`sha256sum`, so `sha256sum --check .aisearch-deploy` works without this tool. Paths are relative, POSIX, printable.

Only the standard library's light modules are imported: an unchanged `render --check` must start fast.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from aisearch_deploy.output import disk

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = ".aisearch-deploy"

_COMMENT = """\
# What aisearch-deploy rendered here, to tell your edits from its output. Keep this file in version control.
# Rendering again settles a merge conflict in it.
"""
_HEX = re.compile(r"[0-9a-f]{64}")
_CONFLICT_SIDES = {"<<<<<<< ": True, "||||||| ": False, "=======": False, ">>>>>>> ": True}


class Record(NamedTuple):
    """What one render wrote into one target folder; all hashes are SHA-256 in lower-case hex."""

    tool: str
    """Version of the tool."""
    edition: str
    config: str
    """config_hash() of the config's bytes and the environment's name."""
    inputs: Mapping[str, str]
    """Other files that were read: path relative to the config's folder -> hash."""
    files: Mapping[str, str]
    """Path in the target folder -> hash, without the record itself."""
    executable: frozenset[str] = frozenset()
    """Those of `files` that were written executable."""


def config_hash(content: bytes, environment: str | None) -> str:
    """One hash over the config's bytes and the environment it is rendered for; `None` is the base, no environment."""
    name = b"base" if environment is None else b"environment " + environment.encode()
    return hashlib.sha256(hashlib.sha256(content).digest() + name).hexdigest()


def dumps(record: Record) -> str:
    """The record as text. Raises ValueError when reading it back would not give the same record."""
    lines = [f"tool {record.tool}", f"edition {record.edition}", f"config {record.config}"]
    lines += [f"input {digest} {path}" for path, digest in sorted(record.inputs.items())]
    lines += [
        f"{digest} {'*' if path in record.executable else ' '}{path}" for path, digest in sorted(record.files.items())
    ]
    text = _COMMENT + "\n".join(lines) + "\n"
    if loads(text) != record:
        raise ValueError("the record cannot be written as text")
    return text


def loads(text: str) -> Record:
    """The record in `text`. Raises ValueError, with the line, on anything that dumps() would not write."""
    settings: dict[str, str] = {}
    inputs: dict[str, str] = {}
    files: dict[str, str] = {}
    executable: set[str] = set()
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        word, _, rest = line.partition(" ")
        if line.startswith("#"):
            continue
        if word in ("tool", "edition", "config"):
            _add(settings, word, rest, number)
        elif word == "input":
            _add_file(inputs, rest[65:], rest[:64], number, intact=rest[64:65] == " ")
        else:
            path = rest[1:]
            _add_file(files, path, word, number, intact=rest[:1] in (" ", "*") and path != NAME)
            if rest[0] == "*":
                executable.add(path)
    missing = [word for word in ("tool", "edition", "config") if not settings.get(word)]
    if missing:
        raise ValueError(f"the line `{missing[0]} ...` is missing")
    if not _HEX.fullmatch(settings["config"]):
        raise ValueError("`config` is not a SHA-256")
    return Record(settings["tool"], settings["edition"], settings["config"], inputs, files, frozenset(executable))


def _add(lines: dict[str, str], key: str, value: str, number: int) -> None:
    if key in lines:
        raise ValueError(f"line {number}: a second line for {key}")
    if not value.isprintable():
        raise ValueError(f"line {number}: control characters")
    lines[key] = value


def _add_file(lines: dict[str, str], path: str, digest: str, number: int, *, intact: bool) -> None:
    if not intact or not _HEX.fullmatch(digest):
        raise ValueError(f"line {number}: not a line of a record")
    if not is_safe(path):
        raise ValueError(f"line {number}: unsafe path {path!r}")
    _add(lines, path, digest, number)


def is_safe(path: str) -> bool:
    """Whether a path is relative, stays below its folder, and can stand on a line of its own."""
    plain = path.isprintable() and "\\" not in path
    return plain and all(part not in ("", ".", "..") for part in path.split("/"))


def ours(text: str) -> str:
    """The text without git's conflict marks: the side that was checked out. Any other text is returned as it is."""
    kept, lines = True, []
    for line in text.split("\n"):
        mark = next((mark for mark in _CONFLICT_SIDES if line.startswith(mark)), None)
        if mark is not None:
            kept = _CONFLICT_SIDES[mark]
        elif kept:
            lines.append(line)
    return "\n".join(lines)


def read_text(folder: Path) -> str | None:
    """The record's text, or None when the folder has none. Raises ValueError when it is not a UTF-8 text file."""
    path = folder / NAME
    found = disk.look(path)
    if found is None:
        return None
    if not found.digest:
        raise ValueError(f"{path} is not a regular file")
    return disk.read(path).decode("utf-8")


def read(folder: Path) -> Record | None:
    """The record of a target folder, or None. Raises ValueError when it is damaged, FileProblem when unreadable."""
    text = read_text(folder)
    return None if text is None else loads(ours(text))
