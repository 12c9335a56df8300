"""Local state has exactly one writer.

What it does: refuses contract local-state with more than one worker or replica.

Why it matters: SQLite, Chroma and uploads on local disk are each replica's own. Three replicas give three histories, of
which a person sees one at random, and all are lost with their containers.

Example: contract: local-state with scaling: {min: 3}.

Fix: one worker and one replica, or contract: shared-state.

References: https://www.sqlite.org/whentouse.html (client/server applications).
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.findings import Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID201"
SLUG = "local-state-alone"


def check(deployment: Deployment) -> Iterator[Finding]:
    """workers x replicas at most must be 1."""
    sizes = deployment.sizes
    writers = sizes.workers * sizes.max_replicas
    if deployment.shared_state or writers == 1:
        return
    path = ("scaling", "max") if sizes.autoscales else ("scaling", "min") if sizes.replicas > 1 else ("app", "workers")
    yield Finding(
        ID,
        Severity.ERROR,
        ".".join(path),
        deployment.source(path).position,
        f"workers {sizes.workers} x replicas {sizes.max_replicas} = {writers} writers, each with a SQLite of its own.",
        "Write app.workers: 1 and scaling: {min: 1, max: 1}, or contract: shared-state.",
    )
