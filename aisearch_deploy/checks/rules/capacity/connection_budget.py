"""The app's pools ask the database for no more connections than it accepts.

What it does: multiplies workers, pool and replicas, adds what backups and migrations need, and compares the sum with
max_connections less the three that PostgreSQL keeps for its superuser. Too many in steady state is an error; too many
while an update runs old and new replicas side by side is a warning.

Why it matters: pools grow only under load, so a deployment that asks for too much works until its busiest hour. Then
PostgreSQL refuses ("FATAL: sorry, too many clients already"), at once and for every replica, and a person who wants
to look at it cannot log in either.

Example: database: {pool: {size: 20, overflow: 10}, max_connections: 100, pooler: none} with four workers and ten
replicas asks for 1,205.

Fix: a pooler (PgBouncer) in front of the database, smaller pools, or fewer workers or replicas. Raising
max_connections costs memory for each connection and helps only so far.

References: https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MAX-CONNECTIONS and
https://wiki.postgresql.org/wiki/Number_Of_Database_Connections
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.formulas import JOB_CONNECTIONS, RESERVED_CONNECTIONS

ID = "AID101"
SLUG = "connection-budget"
SEVERITY = Severity.ERROR
TARGETS = None
READS = (
    "app.workers",
    "database.pool.size",
    "database.pool.overflow",
    "database.max_connections",
    "database.pooler",
    "scaling.min",
    "scaling.max",
)
# An instance of Lambda has one worker and nobody beside it.
WITHOUT_POOLER = frozenset({"lambda"})


def check(deployment: Deployment) -> Iterator[Finding]:
    """workers x (size + overflow) x replicas + jobs <= max_connections - reserved."""
    sizes, database = deployment.sizes, deployment.config.database
    accepted = database.max_connections - RESERVED_CONNECTIONS
    if not deployment.uses_database or sizes.pooler or sizes.connections_update <= accepted:
        return
    fails = sizes.connections_steady > accepted
    pool = f"{sizes.workers} workers x ({database.pool.size} + {database.pool.overflow}) connections"
    surge = (sizes.connections_update - sizes.connections_steady) // sizes.connections_per_replica
    steady = Proof(
        "steady",
        f"{pool} x {sizes.max_replicas} replicas + {JOB_CONNECTIONS} for jobs = {sizes.connections_steady:,}; "
        f"the database accepts {database.max_connections:,} - {RESERVED_CONNECTIONS} = {accepted:,}",
    )
    update = Proof(
        "update",
        f"{pool} x ({sizes.max_replicas} + {surge} surging) + {JOB_CONNECTIONS} = {sizes.connections_update:,}",
    )
    inputs = Proof(
        "from",
        said(
            deployment,
            workers=f"{sizes.workers} @ app.workers",
            size=f"{database.pool.size} @ database.pool.size",
            overflow=f"{database.pool.overflow} @ database.pool.overflow",
            replicas=f"{sizes.max_replicas} @ {'scaling.max' if sizes.autoscales else 'scaling.min'}",
            max_connections=f"{database.max_connections} @ database.max_connections",
        ),
    )
    asked = sizes.connections_steady if fails else sizes.connections_update
    pooled = deployment.target not in WITHOUT_POOLER
    yield found(
        ID,
        Severity.ERROR if fails else Severity.WARNING,
        deployment,
        "database.max_connections",
        f"{asked:,} connections {'are asked for' if fails else 'during an update'}, {accepted:,} are accepted.",
        proof=(steady, update, inputs),
        changes=(Change("database.pooler", "pgbouncer"),) if pooled else (),
        fix="" if pooled else "Make the pool smaller, or put a pooler of yours at database.host.",
    )
