"""The cores that are paid for are cores that the app was given.

What it does: says where Fargate or Cloud Run sells more cores than app.cpu.limit, since so much memory comes with no
fewer.

Why it matters: nothing breaks. But the cores are paid for around the clock, and `workers: auto` counts those that the
config names.

Example: app: {cpu: 1, memory: 12Gi} on Cloud Run: 12Gi come with four cores.

Fix: give the app what is paid for, or ask for less memory in more replicas.

References: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html and
https://cloud.google.com/run/docs/configuring/services/memory-limits
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.quantities import cores, written_bytes
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.fargate import PAIRS, pair_for, units

ID = "AID111"
SLUG = "sold-cores"
SEVERITY = Severity.INFO
TARGETS = frozenset({"ecs", "cloudrun"})
READS = (
    "app.cpu.limit",
    "app.memory.limit",
    "app.sidecars[].memory",
    "targets.ecs.cpu",
    "targets.ecs.memory",
)


def check(deployment: Deployment) -> Iterator[Finding]:
    """The cores that are sold are the next ones above app.cpu.limit."""
    app = deployment.config.app
    sold = _fargate(deployment) if deployment.target == "ecs" else _cloud_run(deployment)
    if sold is None:
        return
    options = deployment.config.targets.ecs if deployment.target == "ecs" else None
    given_at = "targets.ecs.cpu" if options and options.cpu else "app.cpu.limit"
    yield found(
        ID,
        Severity.INFO,
        deployment,
        "app.memory.limit",
        f"{written_bytes(app.memory.limit)} come with {cores(sold)} cores, the app is given {cores(app.cpu.limit)}.",
        proof=(
            Proof(
                "from",
                said(
                    deployment,
                    memory=f"{written_bytes(app.memory.limit)} @ app.memory.limit",
                    cpu=f"{cores(app.cpu.limit)} @ {given_at}",
                ),
            ),
        ),
        changes=(Change(given_at, cores(sold)),),
    )


def _fargate(deployment: Deployment) -> int | None:
    """Thousandths of a core, where memory alone makes it more."""
    pair = pair_for(deployment.config)
    asked = next((size for size in PAIRS if size >= units(deployment.config.app.cpu.limit)), None)
    return None if pair is None or asked is None or pair.cpu <= asked else pair.cpu * 1000 // 1024


def _cloud_run(deployment: Deployment) -> int | None:
    from aisearch_deploy.targets.cloudrun.place import CORES, CORES_BY_MEMORY, Place

    app = deployment.config.app
    asked = next((count for count in CORES if count >= ceil(app.cpu.limit / 1000)), None)
    if asked is None or app.memory.limit > max(CORES_BY_MEMORY) * 2**30:
        return None
    sold = Place(deployment).cores
    return sold * 1000 if sold > asked else None
