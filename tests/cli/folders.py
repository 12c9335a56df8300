"""Small configs, and exact pictures of a folder."""

from __future__ import annotations

from pathlib import Path

MINIMAL = """\
version: 1
edition: "2026.11"
name: ai-search
domains: [search.example.com]
image: {repository: ghcr.io/example/ai-search, tag: "1.4.2"}
targets: {compose: {}}
"""


def config(change: str) -> str:
    """The smallest config, six lines long, with `change` in place of the line for the same key, else after them."""
    key = change.partition(":")[0]
    lines = MINIMAL.splitlines()
    same = [number for number, line in enumerate(lines) if line.partition(":")[0] == key]
    if same:
        lines[same[0]] = change
    else:
        lines.append(change)
    return "\n".join(lines) + "\n"


def picture(folder: Path) -> dict[str, str]:
    """Everything in a folder: its kind and mode, and what it holds."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file():
            found[name] = f"{path.stat().st_mode:o} {path.read_bytes().hex()}"
        else:
            found[name] = f"{path.stat().st_mode:o}"
    return found
