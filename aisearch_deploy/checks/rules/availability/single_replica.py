"""In production, one replica that goes leaves another.

What it does: warns of scaling.min: 1 in an environment named production, where state is shared and more are possible.

Why it matters: a node that is drained or lost, a replica that is killed, and nobody is answered until another one has
started. An autoscaler adds replicas to busy ones, not to none; a disruption budget cannot help a single one.

Example: scaling: {min: 1, max: 4} in environments: {production: {}}.

Fix: two replicas or more.

References: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/ and
https://github.com/kubernetes/kubernetes/issues/48307
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.environments import is_production
from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.quantities import duration
from aisearch_deploy.model.deployment import Deployment

ID = "AID402"
SLUG = "single-replica"
SEVERITY = Severity.WARNING
# One server fails as a whole, a container group is one replica, and the others start instances by request.
TARGETS = frozenset({"k8s", "helm", "ecs"})
READS = ("scaling.min", "scaling.max", "app.startup")
LEAST = 2


def check(deployment: Deployment) -> Iterator[Finding]:
    """scaling.min > 1."""
    sizes, scaling = deployment.sizes, deployment.config.scaling
    if sizes.replicas >= LEAST or not deployment.shared_state or not is_production(deployment):
        return
    more = (Change("scaling.max", LEAST),) if scaling.max < LEAST else ()
    startup = duration(deployment.config.app.startup)
    yield found(
        ID,
        Severity.WARNING,
        deployment,
        "scaling.min",
        f"one replica: when it goes, nobody is answered for up to {startup}.",
        proof=(
            Proof(
                "from",
                said(deployment, replicas=f"{sizes.replicas} @ scaling.min", startup=f"{startup} @ app.startup"),
            ),
        ),
        changes=(Change("scaling.min", LEAST), *more),
    )
