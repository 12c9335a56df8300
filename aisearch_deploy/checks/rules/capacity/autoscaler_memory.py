"""An autoscaler that watches memory is calm while nobody asks for anything.

What it does: compares what idle workers hold with the share of the requested memory at which the autoscaler adds a
replica.

Why it matters: workers of this app hold their memory from the start and never give it back. Where that alone is above
the target, the autoscaler goes to its maximum within minutes and stays there: ten replicas for ever, at ten times the
price.

Example: app: {workers: 4, memory: {request: 2Gi, limit: 4Gi}} with scaling: {memory: 80%}: 4.3 GiB at rest are 215 %
of the request.

Fix: leave memory out and scale on CPU, or request more memory. What is rendered leaves it out already; the config
says something that does not happen.

References: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.quantities import written_bytes
from aisearch_deploy.model.deployment import Deployment

ID = "AID103"
SLUG = "autoscaler-memory"
SEVERITY = Severity.ERROR
TARGETS = frozenset({"k8s", "helm", "ecs"})
READS = ("scaling.memory", "app.memory.request", "app.memory_per_worker.rest", "app.workers")


def check(deployment: Deployment) -> Iterator[Finding]:
    """workers x rest < request x target."""
    app, sizes, target = deployment.config.app, deployment.sizes, deployment.config.scaling.memory
    if target is None or not sizes.autoscales or sizes.scales_on_memory:
        return
    rest = sizes.workers * app.memory_per_worker.rest
    share = 100 * rest / app.memory.request
    yield found(
        ID,
        Severity.ERROR,
        deployment,
        "scaling.memory",
        f"idle workers hold {share:.0f} % of the requested memory; at {target} % replicas are added.",
        proof=(
            Proof(
                "at rest",
                f"{sizes.workers} workers x {written_bytes(app.memory_per_worker.rest)} = {rest / 2**30:.1f} GiB of "
                f"{written_bytes(app.memory.request)} requested = {share:.0f} %",
            ),
            Proof(
                "from",
                said(
                    deployment,
                    workers=f"{sizes.workers} @ app.workers",
                    rest=f"{written_bytes(app.memory_per_worker.rest)} @ app.memory_per_worker.rest",
                    request=f"{written_bytes(app.memory.request)} @ app.memory.request",
                ),
            ),
        ),
        changes=(Change("scaling.memory", None),),
        fix="CPU alone then decides.",
    )
