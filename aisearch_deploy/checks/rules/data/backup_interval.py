"""Backups are made as often as the data's owner may lose work.

What it does: takes the longest gap between two backups, adds the time that one takes, and compares the sum with
backup.rpo.

Why it matters: what happened since the last backup that was finished is gone. One backup a day loses up to a day and
the time that it takes: it cannot keep a promise of "less than 24 hours".

Example: backup: {schedule: "0 2 * * *", rpo: 24h}.

Fix: two backups a day; or say what may be lost.

References: https://about.gitlab.com/blog/postmortem-of-database-outage-of-january-31/
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.calendar import in_words, longest_gap
from aisearch_deploy.formats.quantities import duration
from aisearch_deploy.model.deployment import Deployment

ID = "AID701"
SLUG = "backup-interval"
SEVERITY = Severity.ERROR
TARGETS = None
READS = ("backup.schedule", "backup.rpo", "database.storage", "uploads.storage", "vector_store.storage")
# A dump is written and read again at about this rate on modest disks; a guess that only has to be of the right size.
BYTES_A_SECOND = 50 * 2**20


def check(deployment: Deployment) -> Iterator[Finding]:
    """longest gap + duration of a backup <= rpo."""
    backup, config = deployment.config.backup, deployment.config
    gap = longest_gap(backup.schedule)
    size = config.database.storage + config.vector_store.storage
    takes = 2 * size // BYTES_A_SECOND
    if gap + takes <= backup.rpo:
        return
    twice = 12 * 3600 + takes <= backup.rpo
    yield found(
        ID,
        Severity.ERROR,
        deployment,
        "backup.schedule",
        f"up to {duration(gap)} and the time of a backup may be lost, more than backup.rpo ({duration(backup.rpo)}).",
        proof=(
            Proof(
                "may be lost",
                f"{duration(gap)} between backups + about {takes // 60} min for one, {in_words(backup.schedule)}",
            ),
            Proof(
                "from",
                said(
                    deployment,
                    schedule=f"{backup.schedule} @ backup.schedule",
                    rpo=f"{duration(backup.rpo)} @ backup.rpo",
                    disk=f"{size // 2**30} GiB @ database.storage",
                ),
            ),
        ),
        changes=(Change("backup.schedule", "0 2,14 * * *"),) if twice else (),
        fix="" if twice else "Make backups more often, or write what may be lost: backup.rpo.",
    )
