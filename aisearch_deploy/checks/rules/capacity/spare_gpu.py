"""An update has graphics processors for the new replicas beside the old ones.

What it does: adds up what the replicas hold at the busiest time and what those that an update starts on top want.

Why it matters: a new replica waits for a card that the old one holds, and the old one stays until the new one is
ready. Nobody gives way: the update hangs as Pending ("Insufficient nvidia.com/gpu") until its deadline. A single
replica is not concerned: it stops before the next one starts.

Example: app: {gpu: {count: 1}} with scaling: {min: 2, max: 4} on four cards.

Fix: as many cards as are counted, or fewer replicas than there are cards.

References: https://github.com/defilantech/LLMKube/issues/192 and
https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.config.targets import KubernetesTarget
from aisearch_deploy.findings import Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID113"
SLUG = "spare-gpu"
# How many cards there are is nowhere in the config.
SEVERITY = Severity.INFO
TARGETS = frozenset({"k8s", "helm"})
READS = ("app.gpu.count", "scaling.min", "scaling.max", "targets.k8s.surge", "targets.helm.surge")


def check(deployment: Deployment) -> Iterator[Finding]:
    """(replicas + surge) x cards."""
    count, replicas = deployment.config.app.gpu.count, deployment.sizes.max_replicas
    if count == 0 or replicas == 1:
        return
    surge = (deployment.config.targets.k8s or KubernetesTarget()).surge
    cards = (replicas + surge) * count
    yield found(
        ID,
        Severity.INFO,
        deployment,
        "app.gpu.count",
        f"an update at the busiest time hangs with fewer than {cards:,} graphics processors.",
        proof=(
            Proof("cards", f"({replicas:,} replicas + {surge} surging) x {count} = {cards:,}"),
            Proof(
                "from",
                said(
                    deployment,
                    count=f"{count} @ app.gpu.count",
                    replicas=f"{replicas} @ {'scaling.max' if deployment.sizes.autoscales else 'scaling.min'}",
                ),
            ),
        ),
        fix=f"Have {cards:,} of them, or write a scaling.max that leaves {surge * count} free.",
    )
