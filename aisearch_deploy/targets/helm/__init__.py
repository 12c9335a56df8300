"""Helm: a chart with the objects of k8s, in which a release may change what differs between installations."""

from __future__ import annotations

from aisearch_deploy.config.schema import Config
from aisearch_deploy.config.targets import KubernetesTarget
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.traits import Traits
from aisearch_deploy.targets.base import Comparison, Plan, Tier
from aisearch_deploy.targets.helm.about import about
from aisearch_deploy.targets.helm.chart import Chart, in_files
from aisearch_deploy.targets.helm.files import files_of, outside
from aisearch_deploy.targets.helm.manifests import manifests
from aisearch_deploy.targets.helm.refusals import refusal
from aisearch_deploy.targets.helm.values import values_files
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.gaps import GAPS as OF_A_CLUSTER
from aisearch_deploy.targets.parts.kubernetes.runbook import before


def _surge(config: Config) -> int:
    return config.targets.k8s.surge if config.targets.k8s else KubernetesTarget().surge


TRAITS = Traits("helm", autoscales=True, surge=_surge)
ABOUT = "A Helm chart with the objects of k8s"
TIER = Tier.VALIDATED
COMPARISON = Comparison(
    ease=3, scalability=5, cost="Medium", autoscaling=True, load_balancing="Built-in", best_for="Medium-Large"
)
GAPS = OF_A_CLUSTER


def refuses(deployment: Deployment) -> str | None:
    """Why a chart cannot carry this deployment, or None."""
    return refusal(Cluster(deployment))


def plan(deployment: Deployment) -> Plan:
    """The chart, and beside it what is run before it is installed."""
    cluster, chart = Cluster(deployment), Chart.of(deployment)
    objects, values = manifests(cluster, chart)
    return Plan(
        (
            *about(cluster, values),
            *values_files(cluster, values),
            *objects,
            *files_of(in_files(deployment)),
            *outside(cluster, TIER),
        ),
        _next_steps(cluster),
    )


def _next_steps(cluster: Cluster) -> tuple[str, ...]:
    name, place = cluster.deployment.name, f"--namespace {cluster.namespace}"
    return (
        *(before(cluster) or ("kubectl apply -f namespace.yaml",)),
        f"helm upgrade --install {name} . {place} --wait --timeout 15m",
        f"helm test {name} {place}",
    )
