"""Settings changed in a person's own file: comments, order and quoting stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from io import StringIO
from typing import Any

from aisearch_deploy.config.paths import parts_of
from aisearch_deploy.findings import Change


def changed(text: str, changes: Iterable[Change]) -> str:
    """The YAML with each value at its path; blocks on the way are made, and None takes a setting away.

    A shorthand on the way (`memory: 6Gi`, `contract: local-state`) becomes the block that it stands for.
    """
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    tree = yaml.load(text)
    for change in changes:
        _set(tree, parts_of(change.path), change.value)
    out = StringIO()
    yaml.dump(tree, out)
    return out.getvalue()


def _set(tree: Any, path: list[str | int], value: Any) -> None:
    *above, last = path
    for part in above:
        below = tree[part] if isinstance(part, int) else tree.get(part)
        if not isinstance(below, MutableMapping | list):
            below = tree[part] = _expanded(part, below)
        tree = below
    if value is None:
        tree.pop(last, None)
    else:
        tree[last] = value


def _expanded(part: str | int, value: Any) -> dict[str, Any]:
    """The block that a shorthand stands for; an empty one where there was nothing."""
    if value is None:
        return {}
    return {"extends": value} if part == "contract" else {"request": value, "limit": value}
