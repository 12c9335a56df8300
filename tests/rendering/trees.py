"""Rendered files as parsed trees, and the first place where two of them differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aisearch_deploy.formats.registry import format_named
from aisearch_deploy.targets.base import Plan

# What a person reads; a setting that changes only this changes nothing.
PROSE = frozenset({"markdown"})


def trees(plan: Plan, texts: Mapping[str, bytes]) -> dict[str, Any]:
    """The parsed tree of every file but prose, by path; copied files count as their bytes."""
    return {
        file.path: texts[file.path] if file.content is not None else parsed(file.format, texts[file.path])
        for file in plan.files
        if file.format not in PROSE
    }


def parsed(fmt: str, content: bytes) -> Any:
    """One file's tree, of nothing but mappings, lists and scalars."""
    return _plain(format_named(fmt).parse(content.decode()))


def _plain(tree: Any) -> Any:
    if isinstance(tree, tuple) and hasattr(tree, "_asdict"):
        return _plain(tree._asdict())
    if isinstance(tree, Mapping):
        return {key: _plain(value) for key, value in tree.items()}
    return [_plain(value) for value in tree] if isinstance(tree, list | tuple) else tree


def first_difference(one: Any, other: Any, pointer: str = "") -> str | None:
    """A JSON pointer to the first leaf that differs, or None."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in [*one, *(key for key in other if key not in one)]:
            if key not in one or key not in other:
                return f"{pointer}/{key}"
            found = first_difference(one[key], other[key], f"{pointer}/{key}")
            if found is not None:
                return found
        return None
    if isinstance(one, list) and isinstance(other, list):
        for number, (left, right) in enumerate(zip(one, other, strict=False)):
            found = first_difference(left, right, f"{pointer}/{number}")
            if found is not None:
                return found
        return None if len(one) == len(other) else f"{pointer}/{min(len(one), len(other))}"
    return None if type(one) is type(other) and one == other else pointer or "/"
