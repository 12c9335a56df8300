"""Kubernetes: a kustomize folder that runs on any cluster, and better on one that has more."""

from __future__ import annotations

from aisearch_deploy.config.schema import Config
from aisearch_deploy.config.targets import KubernetesTarget
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.traits import Traits
from aisearch_deploy.targets.base import Comparison, Gap, GapKind, Plan, Tier
from aisearch_deploy.targets.k8s.app import app
from aisearch_deploy.targets.k8s.backup import backup
from aisearch_deploy.targets.k8s.cache import cache
from aisearch_deploy.targets.k8s.certificates import certificates
from aisearch_deploy.targets.k8s.cluster import Cluster
from aisearch_deploy.targets.k8s.database import database
from aisearch_deploy.targets.k8s.edge import edge
from aisearch_deploy.targets.k8s.gateway import gateway
from aisearch_deploy.targets.k8s.kustomization import accounts, image_list, kustomization, namespace, patched
from aisearch_deploy.targets.k8s.migration import migration
from aisearch_deploy.targets.k8s.network import network
from aisearch_deploy.targets.k8s.part import Part
from aisearch_deploy.targets.k8s.pods import authorities
from aisearch_deploy.targets.k8s.pooler import pooler
from aisearch_deploy.targets.k8s.refusals import refusal
from aisearch_deploy.targets.k8s.runbook import next_steps, runbook
from aisearch_deploy.targets.k8s.secrets import secrets


def _surge(config: Config) -> int:
    return config.targets.k8s.surge if config.targets.k8s else KubernetesTarget().surge


TRAITS = Traits("k8s", autoscales=True, surge=_surge)
ABOUT = "Kubernetes manifests with kustomize"
TIER = Tier.VALIDATED
COMPARISON = Comparison(
    ease=3, scalability=5, cost="Medium", autoscaling=True, load_balancing="Built-in", best_for="Medium-Large"
)
GAPS = {
    "image.build": Gap(
        GapKind.NOT_EXPRESSED, "a cluster pulls images, it does not build them: the compose target has the Dockerfile"
    ),
    "app.volumes.host_path": Gap(
        GapKind.NOT_EXPRESSED, "the restricted pod security standard forbids folders of a node: name a claim"
    ),
    "logs.max_size": Gap(
        GapKind.NOT_EXPRESSED, "the kubelet rotates logs, for a whole node alike: containerLogMaxSize, 10Mi by default"
    ),
    "logs.max_files": Gap(
        GapKind.NOT_EXPRESSED, "the kubelet rotates logs, for a whole node alike: containerLogMaxFiles, 5 by default"
    ),
    "backup.encrypt_to": Gap(
        GapKind.NOT_EXPRESSED, "no image here has age: let the bucket encrypt, and keep its key where backups are not"
    ),
    "targets.compose": Gap(GapKind.NOT_EXPRESSED, "another target's settings"),
}


def refuses(deployment: Deployment) -> str | None:
    """Why Kubernetes cannot carry this deployment, or None."""
    return refusal(Cluster(deployment))


def plan(deployment: Deployment) -> Plan:
    """The kustomize folder and its runbook."""
    cluster = Cluster(deployment)
    parts = [
        Part((namespace(cluster), accounts(cluster))),
        secrets(cluster),
        authorities(cluster),
        app(cluster),
        migration(cluster),
        edge(cluster),
        gateway(cluster),
        certificates(cluster),
        database(cluster),
        pooler(cluster),
        cache(cluster),
        backup(cluster),
        network(cluster),
    ]
    files = [file for part in parts for file in (*part.resources, *part.others)]
    return Plan(
        (
            kustomization(cluster, parts),
            *files,
            *image_list(cluster),
            *patched(cluster),
            runbook(cluster, TIER),
        ),
        next_steps(cluster),
    )
