"""The image's user is nobody on the node.

What it does: notes a contract.user below 10,000 in a cluster.

Why it matters: numbers below that belong to users of the node's own system. Whoever breaks out of the container is one
of them there, and reads what is that user's. Scanners report it.

Example: contract: {user: 1000}.

Fix: an image that runs as a user of 10,000 or above; then contract.user. The files that it wrote have to be given to
the new one.

References: https://docs.datadoghq.com/security/code_security/iac_security/iac_rules/k8s/containers_run_with_low_uid
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID602"
SLUG = "low-user"
SEVERITY = Severity.INFO
TARGETS = frozenset({"k8s", "helm"})
READS = ("contract.user",)
LOWEST = 10_000


def check(deployment: Deployment) -> Iterator[Finding]:
    """user >= 10,000."""
    user = deployment.config.contract.user
    if user < LOWEST:
        message = f"{user} may be a user of the node itself: those are below {LOWEST:,}."
        fix = "Build the image with a user of 10001, and write it here."
        yield found(ID, Severity.INFO, deployment, "contract.user", message, fix=fix)
