"""The disk for uploads holds the largest one.

What it does: compares uploads.storage with app.upload_limit, where the disk has a size.

Why it matters: a file that every hop lets through ends on a full disk, and with it everybody else's uploads.

Example: uploads: {storage: 1Gi} with app: {upload_limit: 2Gi}.

Fix: a larger disk, or a smaller limit. A claim can grow, and never shrinks.

References: https://docs.okd.io/latest/storage/expanding-persistent-volumes.html
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.quantities import binary_bytes
from aisearch_deploy.model.deployment import Deployment

ID = "AID706"
SLUG = "upload-disk"
SEVERITY = Severity.ERROR
# A server's disk and the clouds' buckets have no size of ours.
TARGETS = frozenset({"k8s", "helm", "aci"})
READS = ("uploads.storage", "app.upload_limit")
GIBIBYTE = 2**30


def check(deployment: Deployment) -> Iterator[Finding]:
    """storage >= the largest upload."""
    disk, largest = deployment.config.uploads.storage, deployment.config.app.upload_limit
    if disk >= largest:
        return
    enough = -(-10 * largest // GIBIBYTE)
    inputs = said(
        deployment,
        storage=f"{binary_bytes(disk)} @ uploads.storage",
        upload_limit=f"{binary_bytes(largest)} @ app.upload_limit",
    )
    yield found(
        ID,
        Severity.ERROR,
        deployment,
        "uploads.storage",
        f"an upload of {binary_bytes(largest)} is let in, and does not fit on {binary_bytes(disk)}.",
        proof=(Proof("from", inputs),),
        changes=(Change("uploads.storage", f"{enough}Gi"),),
    )
