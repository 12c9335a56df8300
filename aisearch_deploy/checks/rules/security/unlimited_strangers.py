"""Strangers are counted.

What it does: warns when nobody has to show a key, everybody may connect, and nothing is limited.

Why it matters: each question costs: the language model and the search are paid by request. One loop on one laptop
spends a month's budget in a night and leaves nothing for the others.

Example: rate_limit: null without api_keys and edge.allow.

Fix: rate_limit, which is on by default; api_keys; or edge.allow for the networks that may come.

References: https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Change, Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID506"
SLUG = "unlimited-strangers"
SEVERITY = Severity.WARNING
# Lambda has no edge that counts.
TARGETS = frozenset({"compose", "systemd", "k8s", "helm", "ecs", "cloudrun", "aci"})
READS = ("api_keys.secret", "rate_limit.requests", "edge.allow")
REQUESTS = 30


def check(deployment: Deployment) -> Iterator[Finding]:
    """Keys, a limit or a list of networks."""
    config = deployment.config
    if config.api_keys is None and config.rate_limit is None and not config.edge.allow:
        yield found(
            ID,
            Severity.WARNING,
            deployment,
            "rate_limit",
            "everybody may ask, as often as he likes, and each question is paid.",
            changes=(Change("rate_limit.requests", REQUESTS),),
            fix="Or api_keys: {}, or edge.allow with the networks that may connect.",
        )
