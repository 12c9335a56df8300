"""A replica asks for the memory that its idle workers hold.

What it does: compares what idle workers hold with the memory that a replica requests. What is above the limit too is
memory-budget's.

Why it matters: the scheduler fills nodes by requests. Replicas that hold more than they asked for are too many for
their node, and when its memory runs out the kubelet ends those first whose use exceeds their request: without a
grace period, whatever the disruption budget says.

Example: app: {workers: 3, memory: {request: 1Gi, limit: 6Gi}}: 3.2 GiB at rest of 1 GiB requested.

Fix: a request of at least what is held at rest; the same as the limit makes the pod one of the last to go.

References:
https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#pod-selection-for-kubelet-eviction
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.quantities import written_bytes
from aisearch_deploy.model.deployment import Deployment

ID = "AID105"
SLUG = "memory-request"
SEVERITY = Severity.WARNING
TARGETS = frozenset({"k8s", "helm"})
READS = ("app.memory.request", "app.memory.limit", "app.workers", "app.memory_per_worker.rest")


def check(deployment: Deployment) -> Iterator[Finding]:
    """workers x rest <= request, where it is <= limit."""
    app, workers = deployment.config.app, deployment.sizes.workers
    rest = workers * app.memory_per_worker.rest
    if not app.memory.request < rest <= app.memory.limit:
        return
    yield found(
        ID,
        Severity.WARNING,
        deployment,
        "app.memory.request",
        f"{written_bytes(app.memory.request)} are requested, idle workers hold {rest / 2**30:.1f} GiB.",
        proof=(
            Proof(
                "at rest", f"{workers} workers x {written_bytes(app.memory_per_worker.rest)} = {written_bytes(rest)}"
            ),
            Proof(
                "from",
                said(
                    deployment,
                    workers=f"{workers} @ app.workers",
                    rest=f"{written_bytes(app.memory_per_worker.rest)} @ app.memory_per_worker.rest",
                    request=f"{written_bytes(app.memory.request)} @ app.memory.request",
                    limit=f"{written_bytes(app.memory.limit)} @ app.memory.limit",
                ),
            ),
        ),
        changes=(Change("app.memory.request", written_bytes(app.memory.limit)),),
    )
