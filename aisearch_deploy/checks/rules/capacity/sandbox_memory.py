"""A replica has memory for the code that it executes.

What it does: adds sandbox.memory to what workers, requests and uploads need at the peak, and compares the sum with
the memory limit. Where it is too much without the sandbox, memory-budget says so.

Why it matters: code that the app executes runs in the app's own container, isolated from the node but not from the
app's limit. One execution that uses what it is allowed to gets the whole replica killed, with everybody's requests.

Example: app: {memory: 6Gi} that is nearly full, with sandbox: {mode: gvisor, memory: 2Gi}.

Fix: more memory for the replica, or less for the code.

References: https://gvisor.dev/docs/architecture_guide/resources/ and
https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.quantities import written_bytes
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.formulas import MEMORY_SHARE

ID = "AID109"
SLUG = "sandbox-memory"
SEVERITY = Severity.WARNING
# Code is not executed on the others.
TARGETS = frozenset({"compose", "k8s", "helm", "cloudrun", "aci"})
READS = (
    "sandbox.mode",
    "sandbox.memory",
    "app.memory.limit",
    "app.workers",
    "app.memory_per_worker.rest",
    "app.memory_per_worker.per_request",
    "app.upload_limit",
    "load.streams",
    "load.peak_requests",
    "scaling.min",
)
GIBIBYTE = 2**30


def check(deployment: Deployment) -> Iterator[Finding]:
    """What the app needs at the peak + sandbox.memory <= memory limit."""
    app, sizes, sandbox = deployment.config.app, deployment.sizes, deployment.config.sandbox
    needed = (
        sizes.workers * app.memory_per_worker.rest
        + sizes.requests_in_flight * app.memory_per_worker.per_request
        + sizes.temporary_space
    )
    limit = app.memory.limit
    if sandbox.mode == "none" or needed > limit or needed + sandbox.memory <= limit:
        return
    larger = written_bytes(-(-int((needed + sandbox.memory) / MEMORY_SHARE) // GIBIBYTE) * GIBIBYTE)
    yield found(
        ID,
        Severity.WARNING,
        deployment,
        "sandbox.memory",
        f"a replica needs {_gibibytes(needed + sandbox.memory)} while it executes code, and is killed at "
        f"{_gibibytes(limit)}.",
        proof=(
            Proof("at the peak", f"{_gibibytes(needed)} without it + {written_bytes(sandbox.memory)} for the code"),
            Proof(
                "from",
                said(
                    deployment,
                    sandbox=f"{written_bytes(sandbox.memory)} @ sandbox.memory",
                    memory=f"{written_bytes(limit)} @ app.memory.limit",
                    workers=f"{sizes.workers} @ app.workers",
                ),
            ),
        ),
        changes=(Change("app.memory.request", larger), Change("app.memory.limit", larger)),
    )


def _gibibytes(value: int) -> str:
    return f"{value / GIBIBYTE:.1f} GiB"
