"""A part of the deployment: the files that make it, and what kustomize has to know about them."""

from __future__ import annotations

from typing import NamedTuple

from aisearch_deploy.targets.base import File


class ConfigMap(NamedTuple):
    """A ConfigMap that kustomize makes and names after its content, so that pods restart when it changes.

    `files` are paths in the folder, or `key=path`; `literals` are NAME=value.
    """

    name: str
    component: str
    files: tuple[str, ...] = ()
    literals: tuple[str, ...] = ()


class Part(NamedTuple):
    """`resources` are applied, `others` are not: scripts, files of config maps, manifests for one occasion."""

    resources: tuple[File, ...] = ()
    others: tuple[File, ...] = ()
    config_maps: tuple[ConfigMap, ...] = ()


def literal(name: str, value: str) -> str:
    """NAME=value for kustomize, which takes away exactly one pair of quotes that surrounds the value.

    https://github.com/kubernetes-sigs/kustomize/blob/master/api/kv/kv.go, parseLiteralSource
    """
    return f"{name}='{value}'"
