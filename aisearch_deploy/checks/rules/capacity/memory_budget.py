"""The workers of a replica fit into its memory, with requests in flight and the files that they hold.

What it does: adds up what idle workers hold, what requests at the peak add, and what uploads keep in temporary files,
and compares the sum with four fifths of the memory limit. A sum beyond the limit is an error, but a warning where only
the load that a preset assumes makes it so; between four fifths and the limit it is a warning.

Why it matters: the kernel kills whatever crosses the limit, in the middle of requests, and the replica that comes
back meets the same load. The app of today holds 1.05 GiB in each worker before the first request.

Example: app: {workers: 4, memory: 4Gi, memory_per_worker: {rest: 1100Mi, per_request: 20Mi}}.

Fix: workers: auto, which solves this very inequality; or more memory.

References:
https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-limits-are-run
and https://www.uvicorn.org/deployment/
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.quantities import binary_bytes, written_bytes
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.formulas import MEMORY_SHARE, auto_workers

ID = "AID102"
SLUG = "memory-budget"
SEVERITY = Severity.ERROR
TARGETS = None
READS = (
    "app.workers",
    "app.memory.limit",
    "app.memory_per_worker.rest",
    "app.memory_per_worker.per_request",
    "app.upload_limit",
    "app.cpu.limit",
    "load.streams",
    "load.peak_requests",
    "scaling.min",
)
STEP = 2**30


def check(deployment: Deployment) -> Iterator[Finding]:
    """workers x rest + requests x per_request + temporary files <= 0.8 x memory limit."""
    app, sizes = deployment.config.app, deployment.sizes
    rest, limit = sizes.workers * app.memory_per_worker.rest, app.memory.limit
    requests = sizes.requests_in_flight * app.memory_per_worker.per_request
    needed, budget = rest + requests + sizes.temporary_space, int(MEMORY_SHARE * limit)
    if needed <= budget:
        return
    # What a preset assumes may be wrong; what idle workers hold is there before the first request.
    certain = rest + sizes.temporary_space > limit or deployment.source(("load", "streams")).position is not None
    killed = needed > limit
    sum_of = Proof(
        "at the peak",
        f"{sizes.workers} workers x {written_bytes(app.memory_per_worker.rest)} = {_mebibytes(rest)}, "
        f"{sizes.requests_in_flight} requests x {written_bytes(app.memory_per_worker.per_request)} = "
        f"{_mebibytes(requests)}, uploads in flight {_mebibytes(sizes.temporary_space)}: {_mebibytes(needed)}",
    )
    against = Proof("limit", f"{_mebibytes(limit)}, of which four fifths are {_mebibytes(budget)}")
    inputs = Proof(
        "from",
        said(
            deployment,
            workers=f"{sizes.workers} @ app.workers",
            memory=f"{written_bytes(limit)} @ app.memory.limit",
            rest=f"{written_bytes(app.memory_per_worker.rest)} @ app.memory_per_worker.rest",
            per_request=f"{written_bytes(app.memory_per_worker.per_request)} @ app.memory_per_worker.per_request",
            streams=f"{deployment.config.load.streams} @ load.streams",
        ),
    )
    automatic = auto_workers(deployment.config, sizes.requests_in_flight, sizes.temporary_space)
    fits = (
        automatic < sizes.workers
        and automatic * app.memory_per_worker.rest + requests + sizes.temporary_space <= budget
    )
    larger = -(-int(needed / MEMORY_SHARE + 1) // STEP) * STEP
    enough = (Change("app.memory.request", binary_bytes(larger)), Change("app.memory.limit", binary_bytes(larger)))
    yield found(
        ID,
        Severity.ERROR if killed and certain else Severity.WARNING,
        deployment,
        "app.workers" if fits else "app.memory.limit",
        f"a replica needs {_mebibytes(needed)} at the peak and "
        + (f"is killed at {_mebibytes(limit)}." if killed else f"has {_mebibytes(limit)}: less than a fifth is spare."),
        proof=(sum_of, against, inputs),
        changes=(Change("app.workers", "auto"),) if fits else enough,
        fix=f"That is {automatic} of them." if fits else "",
    )


def _mebibytes(value: int) -> str:
    return f"{value / 2**30:.1f} GiB" if value >= 2**30 else f"{value / 2**20:.0f} MiB"
