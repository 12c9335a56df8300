"""The disk for copies has room for as many as are kept.

What it does: divides backup.storage by the copies that backup.keep and the schedule make, at least, and notes a share
for each that is less than a hundredth of the data's own disk.

Why it matters: when the disk is full no backup is made any more, and the data grows on. A copy is smaller than the
data, but embeddings hardly compress.

Example: backup: {storage: 1Gi, keep: 30d} with two backups a day: 61 copies of at most 16 MiB.

Fix: a larger disk for copies; or fewer days here, and more in the bucket by a rule of its own. `ls -l /backups` shows
how large a copy is.

References: https://about.gitlab.com/blog/postmortem-of-database-outage-of-january-31/ (backups that nobody missed) and
https://github.com/pgvector/pgvector/issues/208 (how large embeddings are)
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Finding, Proof, Severity
from aisearch_deploy.formats.calendar import longest_gap
from aisearch_deploy.formats.quantities import binary_bytes, duration
from aisearch_deploy.model.deployment import Deployment

ID = "AID707"
SLUG = "backup-room"
SEVERITY = Severity.INFO
# Elsewhere copies are on the server's disk or in what has no size.
TARGETS = frozenset({"k8s", "helm"})
READS = (
    "backup.storage",
    "backup.keep",
    "backup.schedule",
    "database.storage",
    "vector_store.storage",
    "database.mode",
)
SHARE = 100
MEBIBYTE = 2**20


def check(deployment: Deployment) -> Iterator[Finding]:
    """storage / copies >= the data's disk / 100."""
    if deployment.shared_state and not deployment.bundles_database:
        return
    config = deployment.config
    backup = config.backup
    disk = config.database.storage + config.vector_store.storage
    copies = least_copies(backup.keep, longest_gap(backup.schedule))
    if backup.storage // copies * SHARE >= disk:
        return
    share = backup.storage // copies // MEBIBYTE
    inputs = said(
        deployment,
        storage=f"{binary_bytes(backup.storage)} @ backup.storage",
        keep=f"{duration(backup.keep)} @ backup.keep",
        schedule=f"{backup.schedule} @ backup.schedule",
        disk=f"{binary_bytes(disk)} @ database.storage",
    )
    yield found(
        ID,
        Severity.INFO,
        deployment,
        "backup.storage",
        f"{copies} copies fit when each has at most {share:,} MiB; the data's disk has {binary_bytes(disk)}.",
        proof=(
            Proof("room", f"{binary_bytes(backup.storage)} / {copies} copies = {share:,} MiB"),
            Proof("from", inputs),
        ),
        fix="Write more backup.storage, or less backup.keep, when copies are larger than that.",
    )


def least_copies(keep: int, gap: int) -> int:
    """Copies that are there at once: those of `keep` seconds, at most `gap` apart, and the one that is being made."""
    return keep // gap + 1
