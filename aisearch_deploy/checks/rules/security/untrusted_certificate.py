"""Visitors' browsers know the authority that signed the certificate.

What it does: warns in an environment named production of a self-signed certificate, and anywhere of Let's Encrypt's
staging server (a note outside production). A self-signed one behind Cloudflare, other proxies or a Gateway that is
there already is left alone: browsers do not see it. cert-manager asks the server that its issuer names.

Why it matters: browsers show a page of warning in place of the search, and programs refuse to connect. Who learns to
click it away clicks away the real attack too.

Example: tls: {from: self-signed} with environments: {production: {}}.

Fix: tls: {from: letsencrypt, email: ...} for names that are public, else files of your own authority.

References: https://letsencrypt.org/docs/staging-environment/
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.environments import is_production
from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Change, Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID508"
SLUG = "untrusted-certificate"
SEVERITY = Severity.WARNING
# The others have their platform's certificates.
TARGETS = frozenset({"compose", "systemd", "k8s", "helm"})
READS = (
    "tls.from",
    "tls.server",
    "cdn",
    "trusted_proxies",
    "targets.k8s.tls_secret",
    "targets.k8s.gateway.name",
    "targets.k8s.has",
)
STAGING = "acme-staging"
SERVER = "https://acme-v02.api.letsencrypt.org/directory"


def check(deployment: Deployment) -> Iterator[Finding]:
    """No self-signed certificate in production, and none from a staging server."""
    config, production = deployment.config, is_production(deployment)
    cluster = config.targets.k8s if deployment.target in ("k8s", "helm") else None
    if cluster is not None and (cluster.tls_secret is not None or cluster.gateway is not None):
        return
    issued = cluster is not None and "cert-manager" in cluster.has
    if config.tls.source == "letsencrypt" and STAGING in config.tls.server and not issued:
        yield found(
            ID,
            Severity.WARNING if production else Severity.INFO,
            deployment,
            "tls.server",
            "certificates of the staging server are trusted by no browser.",
            changes=(Change("tls.server", SERVER),),
        )
    elif config.tls.source == "self-signed" and production and config.cdn == "none" and not config.trusted_proxies:
        yield found(
            ID,
            Severity.WARNING,
            deployment,
            "tls.from",
            f"in {deployment.environment} each browser warns of a certificate that nobody signed.",
            fix="Write tls: {from: letsencrypt, email: ops@example.com}, or files of your own authority.",
        )
