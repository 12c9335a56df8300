"""Who reads the bucket does not read the data.

What it does: notes backups that go to a bucket without age recipients.

Why it matters: the bucket encrypts for itself, and opens for whoever has a key to it: a credential in a script, or a
rule that makes it public, is enough to read every row and every upload. A copy that is encrypted before it leaves is
read only with a key that was never there.

Example: backup: {to: s3://example-backups/ai-search}.

Fix: backup: {encrypt_to: [age1..., age1...]}, with keys that are kept elsewhere: age-keygen makes them.

References: https://github.com/FiloSottile/age
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID704"
SLUG = "readable-copies"
SEVERITY = Severity.INFO
# Elsewhere encrypt_to is not rendered: the platform's keys are used.
TARGETS = frozenset({"compose", "systemd"})
READS = ("backup.to", "backup.encrypt_to")


def check(deployment: Deployment) -> Iterator[Finding]:
    """A bucket: recipients."""
    backup = deployment.config.backup
    if backup.to is not None and "://" in backup.to and not backup.encrypt_to:
        message = f"whoever can read {backup.to} can read all data."
        fix = "Add backup.encrypt_to with two recipients, whose keys are kept elsewhere."
        yield found(ID, Severity.INFO, deployment, "backup.encrypt_to", message, fix=fix)
