"""What says what the chart is: Chart.yaml, README.md, NOTES.txt, .helmignore."""

from __future__ import annotations

from aisearch_deploy.config.targets import HelmTarget
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.helm.bindings import Value
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster

# What is rendered needs no more: targets/parts/kubernetes/, templates/k8s/RUNBOOK.md.
OLDEST_KUBERNETES = ">=1.30.0-0"


def options(cluster: Cluster) -> HelmTarget:
    """What only the chart has."""
    return cluster.deployment.config.targets.helm or HelmTarget()


def about(cluster: Cluster, values: list[Value]) -> tuple[File, ...]:
    """Those four, and the script that publishes the chart where the config says where to."""
    deployment = cluster.deployment
    registry = options(cluster).registry
    image = deployment.config.image
    told = cluster.values(
        version=options(cluster).chart_version,
        registry=registry,
        registry_host=(registry or "").removeprefix("oci://").partition("/")[0],
        app_version=image.tag or (image.digest or "").removeprefix("sha256:")[:12],
        kubernetes=OLDEST_KUBERNETES,
        home=f"https://{deployment.domain}",
        domain=deployment.domain,
        health=f"https://{deployment.domain}{deployment.config.contract.health_path}",
        app=cluster.named("app"),
        edge=cluster.named("edge"),
        secret=cluster.named("secrets"),
        rows=[{"path": value.path, "default": _shown(value.default), "about": value.about} for value in values],
    )
    return (
        File("Chart.yaml", "the chart's name and version", values=told),
        File(".helmignore", "what does not belong into the package", "ignore", told),
        File("README.md", "how to install it, and every value", "markdown", told),
        File("templates/NOTES.txt", "what Helm says after an installation", "gotemplate", told),
        *([File("publish.sh", f"publishes it at {registry}", "shell", told, executable=True)] if registry else []),
    )


def _shown(default: object) -> str:
    """A default in one cell of a table; whole maps and lists are to be read in values.yaml."""
    if isinstance(default, dict | list):
        return "values.yaml" if default else "none"
    if isinstance(default, bool):
        return "true" if default else "false"
    return str(default) or "none"
