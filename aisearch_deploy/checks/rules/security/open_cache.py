"""A cache elsewhere asks who comes, and nobody listens in.

What it does: warns of a cache that is not bundled and has neither a password nor TLS; with one of the two it is a note.

Why it matters: the cache holds people's questions and the answers to them. Whoever reaches its port reads all of them,
and can write an answer that everybody then gets.

Example: cache: {mode: external, host: cache.example.com}.

Fix: cache: {tls: true, password_secret: CACHE_PASSWORD}. Inside a private network that only the app is in, a waiver
says so.

References: https://valkey.io/topics/security/ and
https://cloud.google.com/memorystore/docs/redis/in-transit-encryption
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Change, Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID509"
SLUG = "open-cache"
SEVERITY = Severity.WARNING
TARGETS = None
READS = ("cache.mode", "cache.tls", "cache.password_secret")
PASSWORD = "CACHE_PASSWORD"  # noqa: S105 - a name


def check(deployment: Deployment) -> Iterator[Finding]:
    """External or managed: a password and TLS."""
    cache = deployment.config.cache
    if not deployment.uses_cache or deployment.bundles_cache:
        return
    lacks = {
        "cache.tls": (not cache.tls, "what people ask goes over the network as it is", True),
        "cache.password_secret": (
            cache.password_secret is None,
            "whoever reaches its port may read and write",
            PASSWORD,
        ),
    }
    missing = {path: (problem, value) for path, (lacking, problem, value) in lacks.items() if lacking}
    if missing:
        yield found(
            ID,
            Severity.WARNING if len(missing) == len(lacks) else Severity.INFO,
            deployment,
            next(iter(missing)),
            f"{'; '.join(problem for problem, _ in missing.values())}.",
            changes=tuple(Change(path, value) for path, (_, value) in missing.items()),
        )
