"""A node waits for as long as its replicas take to stop.

What it does: compares the grace period of a pod (drain, what the edge needs to learn of it, and a margin) with the
ten minutes after which the cluster autoscaler removes a node whatever still runs there.

Why it matters: with each node that the autoscaler takes away, the requests that drain was meant for are cut after ten
minutes, without a trace in the app's log.

Example: app: {drain: 15m} with targets: {k8s: {}}.

Fix: nine minutes at most; or an autoscaler with --max-graceful-termination-sec raised, and a waiver that says so.

References: https://github.com/kubernetes/kubernetes/issues/94435 and
https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md#does-ca-respect-gracefultermination-in-scale-down
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID307"
SLUG = "node-drain"
SEVERITY = Severity.WARNING
TARGETS = frozenset({"k8s", "helm"})
READS = ("app.drain",)
LONGEST = 600  # seconds
ENOUGH = "9m"


def check(deployment: Deployment) -> Iterator[Finding]:
    """pre-stop + drain + margin <= 600 s."""
    sizes = deployment.sizes
    if sizes.stop_grace <= LONGEST:
        return
    yield found(
        ID,
        Severity.WARNING,
        deployment,
        "app.drain",
        f"a replica takes up to {sizes.stop_grace} s to stop, and its node is gone after {LONGEST} s.",
        proof=(
            Proof(
                "grace",
                f"{sizes.pre_stop} s until the edge knows + {sizes.drain} s drain + "
                f"{sizes.stop_grace - sizes.drain - sizes.pre_stop} s = {sizes.stop_grace} s",
            ),
            Proof("from", said(deployment, drain=f"{sizes.drain} s @ app.drain")),
        ),
        changes=(Change("app.drain", ENOUGH),),
    )
