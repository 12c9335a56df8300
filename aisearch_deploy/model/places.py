"""Where something stands in the person's file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aisearch_deploy.config.load import ConfigPath, Document
from aisearch_deploy.findings import Position
from aisearch_deploy.model.layers import Merged


def written_place(
    document: Document, merged: Merged, path: ConfigPath, *, key: bool = False
) -> tuple[ConfigPath, Position]:
    """The path as it stands in the file (below `environments`, below a target's `override`), and its position.

    What is not written itself is at the key of the nearest block above it, and shorthand (`memory: 6Gi` for request and
    limit) at its value. `key` asks for the key's position instead of the value's.
    """
    layer = merged.nearest_origin(path)
    full = layer.written_path(path) if layer is not None else path
    exact = (document.keys if key else document.values).get(full)
    if exact is not None:
        return full, exact
    for length in range(len(full) - 1, 0, -1):
        above = full[:length]
        if above not in document.values:
            continue
        if not isinstance(value_at(document.data, above), Mapping | list):
            return above, document.values[above]
        return full, document.keys.get(above, document.values[above])
    return full, Position(document.file, 1, 1)


def value_at(tree: Any, path: ConfigPath) -> Any:
    """The value at `path`; None where there is none."""
    for part in path:
        if isinstance(tree, Mapping):
            tree = tree.get(part)
        elif isinstance(tree, list) and isinstance(part, int) and part < len(tree):
            tree = tree[part]
        else:
            return None
    return tree
