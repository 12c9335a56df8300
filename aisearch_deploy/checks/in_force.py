"""Changes at the place in the person's file that is in force, which an environment or an override may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aisearch_deploy.config.load import ConfigPath, dotted
from aisearch_deploy.config.paths import parts_of
from aisearch_deploy.findings import Change
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.layers import Layer, expand_shorthand
from aisearch_deploy.model.resolve import layers


def in_force(deployment: Deployment, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """The same changes where they decide: `environments.production.database.pooler` if it is written there.

    A setting is taken away in every block that has it: what is below would come to light.
    """
    return tuple(change for wanted in changes for change in _where_it_decides(deployment, wanted))


def _where_it_decides(deployment: Deployment, change: Change) -> Iterator[Change]:
    path = tuple(parts_of(change.path))
    # Whoever wrote a block around the setting last may have replaced nothing of it: only the setting itself counts.
    written = [layer for layer in _written(deployment) if _holds(layer, path)]
    if not written:
        yield change
    elif change.value is None:
        yield from (Change(dotted(layer.written_path(path)), None) for layer in written)
    else:
        yield Change(dotted(written[-1].written_path(path)), change.value)


def _written(deployment: Deployment) -> list[Layer]:
    found = layers(deployment.document, deployment.environment, deployment.target)
    return [layer for layer in found if layer.root is not None]


def _holds(layer: Layer, path: ConfigPath) -> bool:
    if path[: len(layer.at)] != layer.at:
        return False
    block: Any = layer.content if layer.at else expand_shorthand(layer.content)
    for part in path[len(layer.at) :]:
        try:
            block = block[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True
