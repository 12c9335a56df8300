"""What is under way when an update begins has the time to end.

What it does: compares drain, the time that a replica has after SIGTERM, with the longest request, as far as the
platform lets a replica drain at all. Where you have written drain alone, the longest request is a preset's
assumption, and this is for your information; a preset's own pair is not mentioned.

Why it matters: every update stops every replica. Requests and streams that take longer than drain are cut in the
middle, at each deployment, and look to the caller like a fault of the app.

Example: app: {longest_request: 5m}, while drain is the preset's 30 s.

Fix: a drain of as long as a request may take. Updates then take that much longer for each replica.

References: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination and
https://www.uvicorn.org/settings/#timeouts (timeout-graceful-shutdown)
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.aws import LONGEST_STOP, STOP_MARGIN
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.formulas import PRE_STOP, SHUTDOWN_MARGIN

ID = "AID309"
SLUG = "cut-by-updates"
SEVERITY = Severity.WARNING
# Cloud Run gives everybody ten seconds, a function ends with its request, a container group is replaced as a whole.
TARGETS = frozenset({"compose", "k8s", "helm", "systemd", "ecs"})
READS = ("app.drain", "app.longest_request")
# A node of Kubernetes is gone after ten minutes (AID307).
NODE = 600 - PRE_STOP - SHUTDOWN_MARGIN
LONGEST_DRAIN = {"ecs": LONGEST_STOP - STOP_MARGIN, "k8s": NODE, "helm": NODE}


def check(deployment: Deployment) -> Iterator[Finding]:
    """drain >= longest_request."""
    app = deployment.config.app
    possible = min(app.longest_request, LONGEST_DRAIN.get(deployment.target, app.longest_request))
    written = [name for name in ("longest_request", "drain") if deployment.source(("app", name)).position]
    if app.drain >= possible or not written:
        return
    yield found(
        ID,
        Severity.WARNING if "longest_request" in written else Severity.INFO,
        deployment,
        f"app.{written[-1]}",
        f"an update cuts what takes longer than {app.drain} s, and a request may take {app.longest_request} s.",
        proof=(
            Proof(
                "from",
                said(
                    deployment,
                    drain=f"{app.drain} s @ app.drain",
                    longest_request=f"{app.longest_request} s @ app.longest_request",
                ),
            ),
        ),
        changes=(Change("app.drain", f"{possible}s"),),
    )
