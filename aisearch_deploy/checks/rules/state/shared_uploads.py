"""Several replicas can have one disk for uploads.

What it does: where more than one replica may run in a cluster, refuses a storage class for uploads that is known to
give disks for one node, and notes that the default class has to offer ReadWriteMany.

Why it matters: the claim for uploads stays Pending, and every replica with it: nothing starts. Block disks of the
clouds (EBS, Persistent Disk, Azure Disk) are attached to one node at a time.

Example: uploads: {storage_class: gp3} with scaling: {min: 3}.

Fix: a class of files, not of blocks: EFS, Filestore, Azure Files, CephFS, NFS. `kubectl get storageclass` lists what
the cluster has.

References: https://github.com/aws/containers-roadmap/issues/1518
(EBS offers no ReadWriteMany)
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID203"
SLUG = "shared-uploads"
SEVERITY = Severity.ERROR
TARGETS = frozenset({"k8s", "helm"})
READS = ("uploads.storage_class", "scaling.min", "scaling.max", "contract.extends")
# Classes that providers and distributions ship under these names, each of block disks or of a node's own disk.
ONE_NODE = frozenset(
    {
        "gp2",
        "gp3",
        "standard-rwo",
        "premium-rwo",
        "managed-csi",
        "managed-csi-premium",
        "managed-premium",
        "do-block-storage",
        "linode-block-storage",
        "hcloud-volumes",
        "local-path",
    }
)


def check(deployment: Deployment) -> Iterator[Finding]:
    """More than one replica: ReadWriteMany."""
    sizes, chosen = deployment.sizes, deployment.config.uploads.storage_class
    if not deployment.shared_state or sizes.max_replicas == 1 or (chosen is not None and chosen not in ONE_NODE):
        return
    replicas = "scaling.max" if sizes.autoscales else "scaling.min"
    proof = Proof("replicas", said(deployment, replicas=f"{sizes.max_replicas} @ {replicas}"))
    yield found(
        ID,
        Severity.INFO if chosen is None else Severity.ERROR,
        deployment,
        "uploads.storage_class",
        "the cluster's default class has to offer ReadWriteMany: most clouds' does not."
        if chosen is None
        else f"{chosen} gives a disk to one node: the others' replicas never start.",
        proof=(proof,),
        fix="Name a class with ReadWriteMany: uploads.storage_class.",
    )
