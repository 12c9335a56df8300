"""The settings that a person wrote and a target does not render as they are meant."""

from __future__ import annotations

from collections.abc import Mapping

from aisearch_deploy.config.load import ConfigPath, dotted
from aisearch_deploy.findings import Position
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.targets.base import Gap
from aisearch_deploy.targets.registry import target_named


def gaps_report(deployment: Deployment) -> list[str]:
    """One line for each written setting that falls into a gap, in the order of the config."""
    found = []
    for path in written_paths(deployment):
        gap = gap_at(target_named(deployment.target).GAPS, path)
        if gap is not None:
            found.append(f"{deployment.target}: {path} is {gap.kind}: {gap.reason}")
    return list(dict.fromkeys(found))


def gap_at(gaps: Mapping[str, Gap], path: str) -> Gap | None:
    """The gap that covers `path`: its own, or that of a block above it."""
    while path:
        if path in gaps:
            return gaps[path]
        path = _above(path)
    return None


def _above(path: str) -> str:
    """The block that holds `path`; a quoted key (`labels["a.b"]`) may hold dots and brackets of its own."""
    if path.endswith('"]'):
        return path[: path.index('["')]
    return path.rpartition("[" if path.endswith("]") else ".")[0]


def written_paths(deployment: Deployment) -> list[str]:
    """The dotted paths of the leaves that stand in the person's file and reach this deployment, in its order."""
    origins = deployment.merged.origins
    leaves = [path for path, layer in origins.items() if layer.root is not None and not _has_below(path, deployment)]
    own_block = ("targets", deployment.target)
    reaching = [path for path in leaves if path[0] != "targets" or path[:2] == own_block]
    start = Position("", 1, 1)
    return [dotted(path) for path in sorted(reaching, key=lambda path: deployment.source(path).position or start)]


def _has_below(path: ConfigPath, deployment: Deployment) -> bool:
    value: object = deployment.merged.tree
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return isinstance(value, dict) and bool(value)
