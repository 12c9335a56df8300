"""A database server has memory for every connection that it accepts.

What it does: compares max_connections with the bundled server's memory, at one connection for each 9.1 MiB: the
measure by which RDS chooses the number itself.

Why it matters: each connection is a process of its own, with its own caches and sort memory, beside a quarter of the
memory that is shared. A server that accepts more than it can hold is killed at its busiest, with every transaction
that was open, or does not start at all.

Example: database: {memory: 1Gi, max_connections: 400}: 1 GiB is enough for 112.

Fix: more memory, or fewer connections with a pooler in front.

References:
https://docs.aws.amazon.com/prescriptive-guidance/latest/tuning-postgresql-parameters/max-connections.html and
https://wiki.postgresql.org/wiki/Number_Of_Database_Connections
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.checks.servers import database_server
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.quantities import written_bytes
from aisearch_deploy.model.deployment import Deployment

ID = "AID104"
SLUG = "database-memory"
SEVERITY = Severity.WARNING
TARGETS = None
READS = (
    "database.max_connections",
    "database.memory",
    "database.cpu",
    "database.mode",
    "targets.ecs.database_class",
)
# The default of RDS: LEAST(DBInstanceClassMemory / 9531392, 5000).
A_CONNECTION = 9_531_392
GIBIBYTE = 2**30


def check(deployment: Deployment) -> Iterator[Finding]:
    """max_connections <= memory / 9,531,392."""
    database = deployment.config.database
    server = database_server(deployment) if deployment.bundles_database else None
    if server is None or database.max_connections * A_CONNECTION <= server.memory:
        return
    enough = server.memory // A_CONNECTION
    needed = -(-database.max_connections * A_CONNECTION // GIBIBYTE) * GIBIBYTE
    changes = [Change(server.named_at, None)] if server.named_at else []
    if needed > database.memory:
        changes.append(Change("database.memory", written_bytes(needed)))
    yield found(
        ID,
        Severity.WARNING,
        deployment,
        "database.max_connections",
        f"{database.max_connections:,} connections are accepted, {written_bytes(server.memory)} hold {enough:,}.",
        proof=(
            Proof("memory", f"{server.name}: {server.memory:,} bytes / {A_CONNECTION:,} a connection = {enough:,}"),
            Proof(
                "from",
                said(
                    deployment,
                    max_connections=f"{database.max_connections} @ database.max_connections",
                    memory=f"{written_bytes(database.memory)} @ database.memory",
                ),
            ),
        ),
        changes=tuple(changes),
        fix="Or accept fewer, with database.pooler: pgbouncer.",
    )
