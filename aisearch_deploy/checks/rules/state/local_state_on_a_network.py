"""SQLite's file is on a disk of the machine that writes it.

What it does: warns when the storage class for local state (uploads.storage_class, which its volumes are made from) has
the name of a network file system.

Why it matters: SQLite locks its file, and network file systems keep locks badly or not at all: "database is locked",
and in the end "database disk image is malformed". Write-ahead logging does not work there by design.

Example: contract: local-state with uploads: {storage_class: nfs}.

Fix: a class of block disks, or the cluster's default one; or contract: shared-state.

References: https://github.com/kubernetes/kubernetes/issues/61767 and
https://docs.posit.co/rspm/admin/file-storage/nfs
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Change, Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID204"
SLUG = "local-state-on-a-network"
SEVERITY = Severity.WARNING
TARGETS = frozenset({"k8s", "helm"})
READS = ("contract.extends", "uploads.storage_class")
NETWORK = re.compile(r"nfs|(^|[-.])(efs|smb|cifs|azurefile|azure-file|filestore|glusterfs)($|[-.])")


def check(deployment: Deployment) -> Iterator[Finding]:
    """No class with the name of a network file system."""
    chosen = deployment.config.uploads.storage_class
    if deployment.shared_state or chosen is None or NETWORK.search(chosen) is None:
        return
    yield found(
        ID,
        Severity.WARNING,
        deployment,
        "uploads.storage_class",
        f"{chosen} sounds like a network file system, on which SQLite's locks do not hold.",
        changes=(Change("uploads.storage_class", None),),
    )
