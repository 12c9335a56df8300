"""A busy replica reaches the share of CPU at which another one is added.

What it does: compares the CPU at which the autoscaler acts (scaling.cpu of the request, and a tenth that it tolerates)
with the limit, which no replica exceeds. Where memory is a metric too, or sidecars use CPU of their own, it is silent.

Why it matters: a replica that is throttled at its limit never uses more, so the target is never passed, and the
deployment stays at its minimum however long the queue is. Nothing reports an error: the autoscaler is content.

Example: app: {cpu: 2} with scaling: {cpu: 95%}: replicas would be added above 2.09 cores.

Fix: 70 % or so, or a limit above the request.

References: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details and
https://github.com/kubernetes/kubernetes/pull/18294
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.quantities import cores
from aisearch_deploy.model.deployment import Deployment

ID = "AID112"
SLUG = "unreachable-target"
SEVERITY = Severity.ERROR
TARGETS = frozenset({"k8s", "helm"})
READS = (
    "scaling.cpu",
    "scaling.memory",
    "scaling.min",
    "scaling.max",
    "app.cpu.request",
    "app.cpu.limit",
    "app.sidecars[].name",
)
TOLERANCE = 10  # percent: --horizontal-pod-autoscaler-tolerance
USUAL = 70


def check(deployment: Deployment) -> Iterator[Finding]:
    """1.1 x scaling.cpu x request < limit."""
    app, sizes, target = deployment.config.app, deployment.sizes, deployment.config.scaling.cpu
    if not sizes.autoscales or sizes.scales_on_memory or app.sidecars:
        return
    # In ten-thousandths of a thousandth of a core, so that nothing is rounded.
    acts, most = app.cpu.request * target * (100 + TOLERANCE), app.cpu.limit * 10_000
    if acts < most:
        return
    above = f"{acts / 10_000_000:.2f}"
    yield found(
        ID,
        Severity.ERROR,
        deployment,
        "scaling.cpu",
        f"replicas are added above {above} cores, and each has {cores(app.cpu.limit)} at most: never.",
        proof=(
            Proof("acts", f"{cores(app.cpu.request)} cores x {target} % + {TOLERANCE} % tolerance = {above} cores"),
            Proof(
                "from",
                said(
                    deployment,
                    target=f"{target} % @ scaling.cpu",
                    request=f"{cores(app.cpu.request)} @ app.cpu.request",
                    limit=f"{cores(app.cpu.limit)} @ app.cpu.limit",
                ),
            ),
        ),
        changes=(Change("scaling.cpu", f"{USUAL}%"),),
    )
