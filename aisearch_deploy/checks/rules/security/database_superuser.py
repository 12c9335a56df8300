"""The app logs in to a database elsewhere as a user of its own.

What it does: warns when database.user of a server that is not bundled is the one that it was set up with: postgres, or
what the clouds call it.

Why it matters: a superuser passes every check. An injection in one query then reads other applications' databases on
the same server, and files of it, and can run programs there.

Example: database: {mode: external, host: db.example.com, user: postgres}.

Fix: CREATE ROLE aisearch LOGIN, which owns its database and nothing else.

References: https://www.postgresql.org/docs/current/role-attributes.html
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Change, Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID515"
SLUG = "database-superuser"
SEVERITY = Severity.WARNING
TARGETS = None
READS = ("database.user", "database.mode")
SETUP = frozenset({"postgres", "rdsadmin", "cloudsqlsuperuser", "azure_superuser", "root"})


def check(deployment: Deployment) -> Iterator[Finding]:
    """External: not the user that the server began with."""
    user = deployment.config.database.user
    if deployment.uses_database and not deployment.bundles_database and user in SETUP:
        yield found(
            ID,
            Severity.WARNING,
            deployment,
            "database.user",
            f"{user} may do everything on that server, and so may whoever speaks through the app.",
            changes=(Change("database.user", "aisearch"),),
            fix="Make that role first, and give it the database.",
        )
