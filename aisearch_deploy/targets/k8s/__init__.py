"""Kubernetes: a kustomize folder that runs on any cluster, and better on one that has more."""

from __future__ import annotations

from aisearch_deploy.config.schema import Config
from aisearch_deploy.config.targets import KubernetesTarget
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.traits import Traits
from aisearch_deploy.targets.base import Comparison, Plan, Tier
from aisearch_deploy.targets.k8s.kustomization import kustomization, patched
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.gaps import GAPS as OF_A_CLUSTER
from aisearch_deploy.targets.parts.kubernetes.namespace import image_list
from aisearch_deploy.targets.parts.kubernetes.objects import parts
from aisearch_deploy.targets.parts.kubernetes.refusals import refusal
from aisearch_deploy.targets.parts.kubernetes.runbook import next_steps, runbook


def _surge(config: Config) -> int:
    return config.targets.k8s.surge if config.targets.k8s else KubernetesTarget().surge


TRAITS = Traits("k8s", autoscales=True, surge=_surge)
ABOUT = "Kubernetes manifests with kustomize"
TIER = Tier.VALIDATED
COMPARISON = Comparison(
    ease=3, scalability=5, cost="Medium", autoscaling=True, load_balancing="Built-in", best_for="Medium-Large"
)
GAPS = OF_A_CLUSTER


def refuses(deployment: Deployment) -> str | None:
    """Why Kubernetes cannot carry this deployment, or None."""
    return refusal(Cluster(deployment))


def plan(deployment: Deployment) -> Plan:
    """The kustomize folder and its runbook."""
    cluster = Cluster(deployment)
    found = parts(cluster)
    files = [file for part in found for file in (*part.resources, *part.others)]
    return Plan(
        (kustomization(cluster, found), *files, *image_list(cluster), *patched(cluster), runbook(cluster, TIER)),
        next_steps(cluster),
    )
