"""All instances together answer the requests of the busiest time.

What it does: where the platform gives an instance so many requests and no more, multiplies that number (one on
Lambda, targets.cloudrun.concurrency on Cloud Run) by scaling.max, and compares the product with the streams and
requests that load declares. Where the load is what a preset assumes, it is said for your information.

Why it matters: the platform starts no more instances than it may and queues nothing for long: what is above is
answered 429, at the hour for which the deployment was sized. A stream takes its place for as long as it lasts.

Example: scaling: {max: 10} on Lambda with load: {streams: 100}.

Fix: more instances, or more requests for each where the app has the memory for them; or the load that is true.

References: https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html and
https://cloud.google.com/run/docs/about-concurrency
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.formulas import RESERVED_CONNECTIONS

ID = "AID107"
SLUG = "requests-at-the-peak"
SEVERITY = Severity.WARNING
TARGETS = frozenset({"lambda", "cloudrun"})
READS = ("load.streams", "load.peak_requests", "scaling.min", "scaling.max", "targets.cloudrun.concurrency")
MOST = 1000  # of instances, and of requests in one
_CONCURRENCY = "targets.cloudrun.concurrency"


def check(deployment: Deployment) -> Iterator[Finding]:
    """instances x requests in each >= streams + requests a second."""
    load, instances = deployment.config.load, deployment.sizes.max_replicas
    each = _requests_each(deployment)
    a_second = ceil(load.peak_requests / 60)
    asked = load.streams + a_second
    if each is None or instances * each >= asked:
        return
    replicas = "scaling.max" if deployment.sizes.autoscales else "scaling.min"
    path, wanted = ("scaling.max", asked) if deployment.target == "lambda" else (_CONCURRENCY, ceil(asked / instances))
    declared = any(deployment.source(("load", name)).position for name in ("streams", "peak_requests"))
    yield found(
        ID,
        Severity.WARNING if declared else Severity.INFO,
        deployment,
        path,
        f"{asked:,} requests at once at the peak, {instances * each:,} are answered.",
        proof=(
            Proof("at the peak", f"{load.streams:,} streams + {a_second:,} requests of a second each = {asked:,}"),
            Proof("room", f"{instances:,} instances x {each:,} requests = {instances * each:,}"),
            Proof(
                "from",
                said(
                    deployment,
                    streams=f"{load.streams} @ load.streams",
                    requests=f"{a_second}/s @ load.peak_requests",
                    instances=f"{instances} @ {replicas}",
                ),
            ),
        ),
        changes=(Change(path, wanted),) if wanted <= _most(deployment) else (),
        fix="Write the load that is true, or let more be answered at once.",
    )


def _most(deployment: Deployment) -> int:
    """Instances of a function have connections of their own, and more than the database accepts are refused."""
    database = deployment.config.database
    if deployment.target != "lambda" or not deployment.uses_database:
        return MOST
    each = database.pool.size + database.pool.overflow
    return min(MOST, (database.max_connections - RESERVED_CONNECTIONS) // each)


def _requests_each(deployment: Deployment) -> int | None:
    """None where the number follows from the load."""
    if deployment.target == "lambda":
        return 1
    options = deployment.config.targets.cloudrun
    return options.concurrency if options else None
