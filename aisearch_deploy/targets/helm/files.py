"""What a chart carries beside its templates: the files of its config maps, and what is run before it is installed."""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.targets.base import File, Tier
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.namespace import image_list, namespace
from aisearch_deploy.targets.parts.kubernetes.objects import parts
from aisearch_deploy.targets.parts.kubernetes.runbook import runbook

# Run by a person, from the folder of the chart.
SCRIPTS = frozenset({"secrets.sh", "certificate.sh"})


def files_of(cluster: Cluster) -> Iterator[File]:
    """The files of the config maps, below files/, where no Helm template is read."""
    for part in parts(cluster):
        for file in part.others:
            if file.path not in SCRIPTS and not file.path.endswith(".yaml"):
                yield file._replace(path=f"files/{file.path}", template=f"k8s/{file.path}")


def outside(cluster: Cluster, tier: Tier) -> Iterator[File]:
    """What .helmignore keeps out of the package: scripts, the namespace, the runbook."""
    yield namespace(cluster)._replace(template="k8s/namespace.yaml")
    for part in parts(cluster):
        yield from (file._replace(template=f"k8s/{file.path}") for file in part.others if file.path in SCRIPTS)
    yield from image_list(cluster)
    yield runbook(cluster, tier, chart=True)._replace(template="k8s/RUNBOOK.md")
