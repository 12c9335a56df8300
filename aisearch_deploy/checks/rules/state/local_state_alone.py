"""Local state has exactly one writer.

What it does: refuses contract local-state with more than one worker or replica.

Why it matters: SQLite, Chroma and uploads on local disk are each replica's own. Three replicas give three histories,
of which a person sees one at random, and all are lost with their containers.

Example: contract: local-state with scaling: {min: 3}.

Fix: one worker and one replica, or contract: shared-state.

References: https://www.sqlite.org/whentouse.html (client/server applications).
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID201"
SLUG = "local-state-alone"
SEVERITY = Severity.ERROR
TARGETS = None
READS = ("contract.extends", "app.workers", "scaling.min", "scaling.max")


def check(deployment: Deployment) -> Iterator[Finding]:
    """workers x replicas at most must be 1."""
    sizes = deployment.sizes
    writers = sizes.workers * sizes.max_replicas
    if deployment.shared_state or writers == 1:
        return
    replicas = "scaling.max" if sizes.autoscales else "scaling.min"
    proof = Proof(
        "writers",
        f"{sizes.workers} workers x {sizes.max_replicas} replicas = {writers}: "
        + said(deployment, workers=f"{sizes.workers} @ app.workers", replicas=f"{sizes.max_replicas} @ {replicas}"),
    )
    yield found(
        ID,
        Severity.ERROR,
        deployment,
        replicas if sizes.max_replicas > 1 else "app.workers",
        f"workers {sizes.workers} x replicas {sizes.max_replicas} = {writers} writers, each with a SQLite of its own.",
        proof=(proof,),
        changes=(Change("app.workers", 1), Change("scaling.min", 1), Change("scaling.max", 1)),
        fix="Or contract: shared-state.",
    )
