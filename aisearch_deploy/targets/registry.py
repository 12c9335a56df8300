"""Every target, in the order in which people meet them."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from aisearch_deploy.targets.base import Target

TARGETS = {
    "compose": "aisearch_deploy.targets.compose",
    "k8s": "aisearch_deploy.targets.k8s",
    "helm": "aisearch_deploy.targets.helm",
    "systemd": "aisearch_deploy.targets.systemd",
    "ecs": "aisearch_deploy.targets.ecs",
    "lambda": "aisearch_deploy.targets.aws_lambda",
    "cloudrun": "aisearch_deploy.targets.cloudrun",
    "aci": "aisearch_deploy.targets.aci",
}


def target_named(name: str) -> Target:
    """The target's module, loaded when it is asked for. Raises KeyError."""
    return cast("Target", import_module(TARGETS[name]))
