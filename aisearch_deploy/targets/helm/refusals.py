"""What no chart can carry."""

from __future__ import annotations

from aisearch_deploy.targets.parts.kubernetes import refusals
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster

PATCHES = "patches/helm/"


def refusal(cluster: Cluster) -> str | None:
    """The first reason, or None."""
    patches = [name for name in cluster.deployment.inputs if name.startswith(PATCHES)]
    if patches:
        return (
            f"{patches[0]}: a chart is not patched. Set a value, add to extraObjects, or patch what Helm renders "
            "with kustomize in your pipeline."
        )
    return refusals.refusal(cluster)
