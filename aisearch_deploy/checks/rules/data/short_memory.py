"""Backups reach back to before a mistake was noticed.

What it does: warns of backup.keep below three days, and notes one below seven.

Why it matters: a table that was emptied on Friday evening is missed on Monday. With two days of backups each of them is
of the empty table.

Example: backup: {keep: 2d}.

Fix: a week at least; a month is the default.

References: https://docs.aws.amazon.com/config/latest/developerguide/rds-cluster-backup-retention-check.html
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.quantities import duration
from aisearch_deploy.model.deployment import Deployment

ID = "AID705"
SLUG = "short-memory"
SEVERITY = Severity.WARNING
# Azure's and Google's databases keep a week whatever is asked, Lambda keeps nothing.
TARGETS = frozenset({"compose", "systemd", "k8s", "helm", "ecs"})
READS = ("backup.keep",)
DAY = 86_400
WEEKEND, WEEK = 3 * DAY, 7 * DAY


def check(deployment: Deployment) -> Iterator[Finding]:
    """keep >= 7 days."""
    keep = deployment.config.backup.keep
    if keep >= WEEK:
        return
    proof = Proof("kept", said(deployment, keep=f"{duration(keep)} @ backup.keep") + "; a weekend and a day: 3d")
    yield found(
        ID,
        Severity.WARNING if keep < WEEKEND else Severity.INFO,
        deployment,
        "backup.keep",
        f"what is noticed after {duration(keep)} is in no backup any more.",
        proof=(proof,),
        changes=(Change("backup.keep", "7d"),),
    )
