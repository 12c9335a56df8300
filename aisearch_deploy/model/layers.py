"""Partial configs laid over each other, with the origin of every leaf kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from aisearch_deploy.config.load import ConfigPath
from aisearch_deploy.findings import Position


class Origin(StrEnum):
    """Which layer a value comes from."""

    BASE = "config"
    ENVIRONMENT = "environment"
    TARGET = "target"
    PRESET = "preset"
    CONTRACT = "contract"
    DEFAULT = "default"
    FORMULA = "formula"


class Source(NamedTuple):
    """Where a resolved value comes from.

    `detail` names the preset, contract, environment or formula; `inputs` are the config paths that a formula reads.
    """

    origin: Origin
    detail: str = ""
    position: Position | None = None
    inputs: tuple[str, ...] = ()


class Layer(NamedTuple):
    """A partial config. `root` is where it stands in the person's file; None for layers of ours.

    `at` is the block of the result that it changes: `targets.helm` is laid over `targets.k8s`.
    """

    origin: Origin
    detail: str
    content: Mapping[str, Any]
    root: ConfigPath | None = None
    at: tuple[str, ...] = ()

    def written_path(self, path: ConfigPath) -> ConfigPath:
        """Where in the person's file `path` of the result is set by this layer."""
        return (*(self.root or ()), *path[len(self.at) :])


@dataclass(slots=True)
class Merged:
    """The result: one tree, and for each path the layer that set it last."""

    tree: dict[str, Any] = field(default_factory=dict)
    origins: dict[ConfigPath, Layer] = field(default_factory=dict)

    def origin_of(self, path: ConfigPath) -> Layer | None:
        """The layer that set `path` or, for a value inside a list, the list; None for what no layer set."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                is_inside = length == len(path) or isinstance(path[length], int)
                return self.origins[path[:length]] if is_inside else None
        return None

    def nearest_origin(self, path: ConfigPath) -> Layer | None:
        """The layer that set `path`, or the nearest block above it."""
        return next((self.origins[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self.origins), None)


def merge(layers: list[Layer]) -> Merged:
    """Later layers win. Mappings are merged, everything else is replaced."""
    merged = Merged()
    for layer in layers:
        block = merged.tree
        for key in layer.at:
            below = block.get(key)
            block[key] = below if isinstance(below, dict) else {}
            block = block[key]
        _lay(merged, block, expand_shorthand(layer.content), layer.at, layer)
    return merged


def _lay(merged: Merged, onto: dict[str, Any], content: Mapping[str, Any], path: ConfigPath, layer: Layer) -> None:
    for key, value in content.items():
        here = (*path, key)
        merged.origins[here] = layer
        if isinstance(value, Mapping):
            below = onto.get(key)
            if not isinstance(below, dict):
                below = onto[key] = {}
            _lay(merged, below, value, here, layer)
        else:
            onto[key] = value


def expand_shorthand(content: Mapping[str, Any]) -> dict[str, Any]:
    """`contract: local-state`, `app.memory: 6Gi` and `app.cpu: "2"` in their long form, to be merged."""
    long = dict(content)
    if isinstance(long.get("contract"), str):
        long["contract"] = {"extends": long["contract"]}
    app = long.get("app")
    if isinstance(app, Mapping):
        both = {key: app[key] for key in ("cpu", "memory") if isinstance(app.get(key), str | int | float)}
        long["app"] = {**app, **{key: {"request": value, "limit": value} for key, value in both.items()}}
    return long
