"""Azure Database accepts the connections that it is told to accept, less those that it keeps.

What it does: compares max_connections with what Azure lets it be, 25 to 5,000; and what the app's pools ask for, where
no pooler is between, with max_connections less the 15 that Azure keeps for replication and monitoring. What is too
much for any server is connection-budget's.

Why it matters: deploy.sh stops at a number that Azure refuses. And a pool that counts on the last connections is told
"remaining connection slots are reserved", at the busiest hour.

Example: database: {max_connections: 20} with targets: {aci: {...}}.

Fix: a number that Azure takes, with room for its 15.

References: https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-limits and
https://learn.microsoft.com/azure/postgresql/flexible-server/param-connections-authentication-connection-settings
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.formulas import RESERVED_CONNECTIONS

ID = "AID114"
SLUG = "azure-connections"
SEVERITY = Severity.ERROR
TARGETS = frozenset({"aci"})
READS = (
    "database.max_connections",
    "database.mode",
    "database.pooler",
    "database.pool.size",
    "database.pool.overflow",
    "app.workers",
    "scaling.min",
)
FEWEST, MOST = 25, 5000
KEPT = 15


def check(deployment: Deployment) -> Iterator[Finding]:
    """25 <= max_connections <= 5,000, and what is asked for <= max_connections - 15."""
    if not deployment.bundles_database:
        return
    accepted, asked = deployment.config.database.max_connections, deployment.sizes.connections_steady
    if not FEWEST <= accepted <= MOST:
        message = f"{accepted:,} connections; Azure takes {FEWEST} to {MOST:,}."
        yield _finding(deployment, message, min(MOST, max(FEWEST, accepted)))
    elif not deployment.sizes.pooler and accepted - KEPT < asked <= accepted - RESERVED_CONNECTIONS:
        message = f"{asked:,} connections are asked for, {accepted - KEPT:,} are left by Azure."
        yield _finding(deployment, message, asked + KEPT)


def _finding(deployment: Deployment, message: str, better: int) -> Finding:
    asked, accepted = deployment.sizes.connections_steady, deployment.config.database.max_connections
    return found(
        ID,
        Severity.ERROR,
        deployment,
        "database.max_connections",
        message,
        proof=(
            Proof("left", f"{accepted:,} - {KEPT} that Azure keeps; asked for by the pools and jobs: {asked:,}"),
            Proof("from", said(deployment, max_connections=f"{accepted} @ database.max_connections")),
        ),
        changes=(Change("database.max_connections", better),),
    )
