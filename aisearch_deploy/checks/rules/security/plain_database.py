"""What goes to a database elsewhere is encrypted, and goes to that database.

What it does: refuses tls: disable for a database that is not bundled, and warns of tls: require where a certificate
authority is given that could be verified.

Why it matters: rows and the password cross networks that other people run. `require` encrypts, to whoever answers: it
does not look at the certificate.

Example: database: {mode: external, host: db.example.com, tls: disable}.

Fix: tls: verify-full with the server's authority in ca; require, where there is none.

References: https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Change, Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID504"
SLUG = "plain-database"
SEVERITY = Severity.ERROR
TARGETS = None
READS = ("database.tls", "database.mode", "database.ca")


def check(deployment: Deployment) -> Iterator[Finding]:
    """External: require; with an authority: verify-full."""
    database = deployment.config.database
    if not deployment.uses_database or deployment.bundles_database:
        return
    best = "verify-full" if database.ca else "require"
    if database.tls == "disable":
        message = "rows and the password go over the network as they are."
        yield found(ID, Severity.ERROR, deployment, "database.tls", message, changes=(Change("database.tls", best),))
    elif database.tls == "require" and database.ca:
        message = "encrypted, to whoever answers: database.ca is there and is not looked at."
        yield found(ID, Severity.WARNING, deployment, "database.tls", message, changes=(Change("database.tls", best),))
