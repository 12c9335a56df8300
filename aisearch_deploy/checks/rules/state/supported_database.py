"""The database's major version is one that still gets fixes.

What it does: compares the major with PostgreSQL's end-of-life dates, on the day of --today. A major past its end is
an error for a server that we run, a warning for one that is somebody else's; one that ends within half a year is a
warning.

Why it matters: after the end there are no fixes, for security or lost data either, and each year adds a major to the
upgrade.

Example: database: {version: 14} after 2026-11-12.

Fix: a supported major. A bundled server's data moves with a dump: back up, change the version with an empty volume,
restore.

References: https://www.postgresql.org/support/versioning/
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.today import today
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID202"
SLUG = "supported-database"
SEVERITY = Severity.ERROR
TARGETS = None
READS = ("database.version", "database.mode")
SUPPORTED = 18
NOTICE = timedelta(days=183)


def check(deployment: Deployment) -> Iterator[Finding]:
    """The day is before the major's last."""
    from aisearch_deploy.checks.dates import POSTGRESQL

    version = deployment.config.database.version
    if not deployment.uses_database or version not in POSTGRESQL:
        return
    end = POSTGRESQL[version]
    ended, soon = today() > end, today() + NOTICE > end
    if not (ended or soon):
        return
    severe = ended and deployment.bundles_database
    yield found(
        ID,
        Severity.ERROR if severe else Severity.WARNING,
        deployment,
        "database.version",
        f"PostgreSQL {version} {'has had' if ended else 'gets'} its last fix on {end.isoformat()}.",
        proof=(Proof("today", today().isoformat()),),
        changes=(Change("database.version", SUPPORTED),) if deployment.bundles_database else (),
        fix="Data moves with a dump: back up, render, deploy with an empty volume, restore."
        if deployment.bundles_database
        else "Have the server upgraded, then write its version here.",
    )
