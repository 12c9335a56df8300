"""The app can reach the services that its answers come from.

What it does: warns where no port on the internet is open to the app, and no proxy either.

Why it matters: the network policy then lets the app reach its database, its cache and nothing else. Language models
and search APIs are somewhere else: every question ends in a time-out, while all health checks are green.

Example: targets: {k8s: {egress_ports: []}}.

Fix: the port that they answer on, or network.proxy.

References: https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-egress-traffic
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.config.targets import KubernetesTarget
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID404"
SLUG = "closed-egress"
SEVERITY = Severity.WARNING
TARGETS = frozenset({"k8s", "helm"})
READS = (
    "targets.k8s.egress_ports",
    "targets.helm.egress_ports",
    "network.proxy.https",
    "network.proxy.http",
    "app.sidecars[].name",
)


def check(deployment: Deployment) -> Iterator[Finding]:
    """A port, a proxy, or a neighbour that may answer instead."""
    config = deployment.config
    options, proxy = config.targets.k8s or KubernetesTarget(), config.network.proxy
    # A patch of yours may be a policy.
    patched = any(path.startswith("patches/") for path in deployment.inputs)
    if options.egress_ports or proxy.https or proxy.http or config.app.sidecars or patched:
        return
    path = f"targets.{deployment.target}.egress_ports"
    yield found(
        ID,
        Severity.WARNING,
        deployment,
        path,
        "no port on the internet is open: the app reaches no language model and no search API.",
        proof=(Proof("open", "names, the database and the cache"),),
        changes=(Change(path, [443]),),
    )
