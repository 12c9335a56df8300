"""More than one key opens the backups.

What it does: warns when backups are encrypted to a single recipient.

Why it matters: the day on which backups are needed is a bad one to find that the only key was on the server that
burned down, or belonged to somebody who left.

Example: backup: {encrypt_to: [age1...]}.

Fix: a second recipient, whose key is kept elsewhere (on paper, in a safe).

References: https://github.com/FiloSottile/age#multiple-recipients
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID702"
SLUG = "backup-readers"
SEVERITY = Severity.WARNING
TARGETS = frozenset({"compose", "systemd"})
READS = ("backup.encrypt_to",)


def check(deployment: Deployment) -> Iterator[Finding]:
    """None or two recipients and more."""
    if len(deployment.config.backup.encrypt_to) == 1:
        message = "one key alone opens the backups; when it is lost, so are they."
        fix = "Add a second recipient, whose key is kept elsewhere."
        yield found(ID, Severity.WARNING, deployment, "backup.encrypt_to", message, fix=fix)
