"""What kustomize has to know: the files, the config maps that it makes, your labels and patches."""

from __future__ import annotations

from pathlib import PurePosixPath

from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.part import Part

PATCHES = PurePosixPath("patches/k8s")


def kustomization(cluster: Cluster, parts: list[Part]) -> File:
    """Everything that `kubectl apply -k .` sends, in the order of the parts."""
    patches = [file.path for file in patched(cluster)]
    component = "patches/kustomization.yaml" in patches
    values = cluster.values(
        your_labels=dict(cluster.deployment.config.labels),
        resources=[file.path for part in parts for file in part.resources],
        config_maps=[
            {"literals": [literal(*setting) for setting in config_map.settings.items()], **config_map._asdict()}
            for part in parts
            for config_map in part.config_maps
        ],
        patches=[] if component else [path for path in patches if path.endswith((".yaml", ".yml"))],
        components=["patches"] if component else [],
    )
    return File("kustomization.yaml", "everything below, in one: kubectl apply -k .", values=values)


def patched(cluster: Cluster) -> list[File]:
    """The person's own patches from beside the config, copied; with a kustomization.yaml they are a component."""
    return [
        File(f"patches/{PurePosixPath(name).relative_to(PATCHES)}", "your patch, applied last", content=content)
        for name, content in sorted(cluster.deployment.inputs.items())
        if PurePosixPath(name).is_relative_to(PATCHES)
    ]


def literal(name: str, value: str) -> str:
    """NAME=value for kustomize, which takes away exactly one pair of quotes that surrounds the value.

    https://github.com/kubernetes-sigs/kustomize/blob/master/api/kv/kv.go, parseLiteralSource
    """
    return f"{name}='{value}'"
