"""Other people's pages may not read answers in the name of your visitors.

What it does: warns when cors_origins holds "*".

Why it matters: any page on the internet can then ask from a visitor's browser, and read the answer. Behind a VPN, or
with edge.allow, that is a way in; and each question costs.

Example: app: {cors_origins: ["*"]}.

Fix: the origins of your own pages; without any, the domains of this deployment.

References: https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Change, Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID503"
SLUG = "open-cors"
SEVERITY = Severity.WARNING
TARGETS = None
READS = ("app.cors_origins", "domains")


def check(deployment: Deployment) -> Iterator[Finding]:
    """No origin is a star."""
    if "*" in deployment.config.app.cors_origins:
        own = [f"https://{domain}" for domain in deployment.config.domains]
        yield found(
            ID,
            Severity.WARNING,
            deployment,
            "app.cors_origins",
            "every page on the internet may ask in a visitor's name, and read the answer.",
            changes=(Change("app.cors_origins", own),),
        )
