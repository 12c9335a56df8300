"""A part of the deployment: the files that make it, and the config maps that hold some of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from aisearch_deploy.targets.base import File


class ConfigMap(NamedTuple):
    """A ConfigMap with the content of files or with settings; pods that use it restart when it changes.

    `files` are paths in the folder; `settings` are texts by name.
    """

    name: str
    component: str
    files: tuple[str, ...] = ()
    settings: Mapping[str, str] = MappingProxyType({})


class Part(NamedTuple):
    """`resources` are applied, `others` are not: scripts, files of config maps, manifests for one occasion."""

    resources: tuple[File, ...] = ()
    others: tuple[File, ...] = ()
    config_maps: tuple[ConfigMap, ...] = ()
