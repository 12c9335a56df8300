"""Where something is in the config, and what is wrong there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aisearch_deploy.config.scalars import quoted
from aisearch_deploy.findings import Finding, Severity

if TYPE_CHECKING:
    from aisearch_deploy.findings import Position

ConfigPath = tuple[str | int, ...]

_PART = re.compile(r'\["([^"]*)"\]|\[(\d+)\]|([^.\[\]]+)')


def dotted(path: ConfigPath) -> str:
    """`app.workers`, `domains[0]`; a key that is no plain word is quoted: `labels["a.b/c"]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.isascii() and step.replace("-", "_").isidentifier():
            text += f".{step}" if text else step
        else:
            text += f"[{quoted(step)}]"
    return text


def parts_of(path: str) -> list[str | int]:
    """`app.volumes[0].name` as its keys and places."""
    return [
        int(index) if index else quoted if quoted is not None and not plain else plain
        for quoted, index, plain in (match.groups() for match in _PART.finditer(path))
    ]


def problem(path: ConfigPath, position: Position, message: str, fix: str) -> Finding:
    """Something in the file that makes it unusable, whatever the schema says."""
    return Finding("config", Severity.ERROR, dotted(path), position, message, fix)
