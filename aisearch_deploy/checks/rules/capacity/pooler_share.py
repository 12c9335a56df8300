"""Poolers beside the app leave each replica at least one connection.

What it does: where every replica has a pooler of its own, divides what the database accepts among them. A share is
one connection at least, so more replicas than connections ask for too much all the same.

Why it matters: a pooler beside the app knows nothing of the others. When there are more of them than connections,
PostgreSQL refuses the last ones ("FATAL: sorry, too many clients already"), and their replicas answer nothing but
errors while they count as healthy.

Example: scaling: {max: 150} on Cloud Run with database: {max_connections: 100}.

Fix: fewer replicas with more workers each, or a database that accepts more.

References: https://www.pgbouncer.org/config.html#default_pool_size and
https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MAX-CONNECTIONS
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.formulas import JOB_CONNECTIONS, RESERVED_CONNECTIONS

ID = "AID106"
SLUG = "pooler-share"
SEVERITY = Severity.ERROR
# Elsewhere the poolers are two, or one, whatever the replicas are.
TARGETS = frozenset({"ecs", "cloudrun"})
READS = (
    "scaling.min",
    "scaling.max",
    "database.max_connections",
    "database.pooler",
    "database.pool.size",
    "database.pool.overflow",
    "app.workers",
)


def check(deployment: Deployment) -> Iterator[Finding]:
    """replicas + jobs <= max_connections - reserved."""
    sizes, database = deployment.sizes, deployment.config.database
    accepted = database.max_connections - RESERVED_CONNECTIONS
    steady = sizes.max_replicas
    surge = (sizes.connections_update - sizes.connections_steady) // sizes.connections_per_replica
    if not deployment.uses_database or not sizes.pooler or steady + surge + JOB_CONNECTIONS <= accepted:
        return
    fails = steady + JOB_CONNECTIONS > accepted
    needed = steady + surge + JOB_CONNECTIONS
    yield found(
        ID,
        Severity.ERROR if fails else Severity.WARNING,
        deployment,
        "scaling.max" if sizes.autoscales else "scaling.min",
        f"{steady if fails else steady + surge:,} poolers want a connection or more each, {accepted:,} are accepted.",
        proof=(
            Proof(
                "poolers",
                f"one beside each of {steady:,} replicas, and of {surge:,} more in an update, + {JOB_CONNECTIONS} for "
                f"jobs = {needed:,}; the database accepts {database.max_connections:,} - {RESERVED_CONNECTIONS} = "
                f"{accepted:,}",
            ),
            Proof(
                "from",
                said(
                    deployment,
                    replicas=f"{steady} @ {'scaling.max' if sizes.autoscales else 'scaling.min'}",
                    max_connections=f"{database.max_connections} @ database.max_connections",
                ),
            ),
        ),
        changes=(Change("database.max_connections", needed + RESERVED_CONNECTIONS),),
        fix="Or run fewer replicas with more workers each.",
    )
