"""A copy of the data is somewhere else.

What it does: notes a missing backup.to where we keep data: a bundled database, or local state.

Why it matters: copies beside the data help against a mistake. They burn with the server, are encrypted with it by an
extortionist, and are deleted with the cluster.

Example: backup: {schedule: "0 2,14 * * *"} without to.

Fix: backup: {to: s3://bucket/folder} with credentials that write and do not delete; or a folder that is mounted from
another machine.

References: https://www.zen.net.au/protecting-backups-from-ransomware-is-as-easy-as-3-2-1/
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID703"
SLUG = "copies-beside"
SEVERITY = Severity.INFO
# The clouds keep backups in places of their own.
TARGETS = frozenset({"compose", "systemd", "k8s", "helm"})
READS = ("backup.to", "database.mode", "contract.extends")


def check(deployment: Deployment) -> Iterator[Finding]:
    """Data here: backup.to."""
    if deployment.config.backup.to is None and (deployment.bundles_database or not deployment.shared_state):
        message = "every copy is beside the data, and is lost with it."
        fix = "Write where copies go: backup: {to: s3://bucket/folder}."
        yield found(ID, Severity.INFO, deployment, "backup.to", message, fix=fix)
