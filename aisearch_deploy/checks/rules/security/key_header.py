"""The header with a caller's key has no other meaning.

What it does: refuses an api_keys.header that HTTP itself needs, and warns of Authorization.

Why it matters: the edge takes the key's header away before the app sees the request, so that no log of the app holds a
key. Host, Cookie or Content-Type taken away break the app. With Authorization the app's own logins never arrive, and
the whole value is compared: "Bearer ..." is not the key.

Example: api_keys: {header: Authorization}.

Fix: a name of its own: X-API-Key.

References: https://developer.mozilla.org/docs/Web/HTTP/Headers/Authorization
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Change, Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID510"
SLUG = "key-header"
SEVERITY = Severity.ERROR
# Lambda refuses api_keys.
TARGETS = frozenset({"compose", "systemd", "k8s", "helm", "ecs", "cloudrun", "aci"})
READS = ("api_keys.header",)
NEEDED = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "cookie",
        "expect",
        "forwarded",
        "host",
        "origin",
        "range",
        "referer",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-real-ip",
        "x-request-id",
    }
)


def check(deployment: Deployment) -> Iterator[Finding]:
    """Neither a header of HTTP nor Authorization."""
    keys = deployment.config.api_keys
    if keys is None:
        return
    needed = keys.header.lower() in NEEDED
    if needed or keys.header.lower() == "authorization":
        problem = "the app needs it" if needed else "the app's own logins do not arrive"
        yield found(
            ID,
            Severity.ERROR if needed else Severity.WARNING,
            deployment,
            "api_keys.header",
            f"the edge takes {keys.header} away from each request: {problem}.",
            changes=(Change("api_keys.header", "X-API-Key"),),
        )
