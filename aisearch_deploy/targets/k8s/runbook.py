"""RUNBOOK.md: the exact commands for this deployment."""

from __future__ import annotations

from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.k8s.cluster import Cluster


def next_steps(cluster: Cluster) -> tuple[str, ...]:
    """What a person runs after `render`, from inside the folder."""
    return ("kubectl apply -k .",)


def runbook(cluster: Cluster) -> File:
    """The runbook."""
    return File("RUNBOOK.md", "x", "markdown", cluster.values())
