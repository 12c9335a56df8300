"""The CDN lets through what the app takes.

What it does: with cdn: cloudflare, compares upload_limit with the largest body of Cloudflare's plans Free and Pro.

Why it matters: Cloudflare answers 413 to anything larger, before the edge sees it. Nothing in your logs says so.

Example: cdn: cloudflare with app: {upload_limit: 200Mi}.

Fix: 100Mi; or a plan with more (Business 200 MB, Enterprise 500 MB), and a waiver that names it.

References: https://developers.cloudflare.com/support/troubleshooting/http-status-codes/4xx-client-error/error-413/
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.quantities import written_bytes
from aisearch_deploy.model.deployment import Deployment

ID = "AID302"
SLUG = "cdn-uploads"
SEVERITY = Severity.WARNING
TARGETS = None
READS = ("cdn", "app.upload_limit")
LARGEST = 100 * 2**20


def check(deployment: Deployment) -> Iterator[Finding]:
    """upload_limit <= 100 MiB behind Cloudflare."""
    limit = deployment.config.app.upload_limit
    if deployment.config.cdn == "cloudflare" and limit > LARGEST:
        yield found(
            ID,
            Severity.WARNING,
            deployment,
            "app.upload_limit",
            f"{written_bytes(limit)} at most, and Cloudflare's plans Free and Pro take {written_bytes(LARGEST)}.",
            proof=(Proof("largest", f"the app {written_bytes(limit)}, Cloudflare {written_bytes(LARGEST)}"),),
            changes=(Change("app.upload_limit", "100Mi"),),
        )
