"""A caller may ask twice in a row.

What it does: warns of a rate limit whose burst is 0.

Why it matters: nginx spreads a limit evenly: 30 a minute is one every two seconds. Without a burst, a page that asks
two things at once, or a person who presses a button twice, is answered 429 with 29 requests unused.

Example: rate_limit: {requests: 30, per: minute, burst: 0}.

Fix: a burst of a third of the requests. The limit stays what it is, only its rhythm is free.

References: https://nginx.org/en/docs/http/ngx_http_limit_req_module.html#limit_req and
https://serverfault.com/questions/936670/nginx-rate-limiting-only-slowdown-if-ceiling-hit
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID401"
SLUG = "no-burst"
SEVERITY = Severity.WARNING
# Nothing counts callers in front of a function.
TARGETS = frozenset({"compose", "k8s", "helm", "systemd", "ecs", "cloudrun", "aci"})
READS = ("rate_limit.burst", "rate_limit.requests", "rate_limit.per")
SECONDS = {"second": 1, "minute": 60}
LEAST, MOST = 5, 100_000


def check(deployment: Deployment) -> Iterator[Finding]:
    """burst > 0."""
    limit = deployment.config.rate_limit
    if limit is None or limit.burst > 0:
        return
    every = SECONDS[limit.per] * 1000 / limit.requests
    between = f"{every / 1000:.1f} s" if every >= 1000 else f"{every:.0f} ms"
    yield found(
        ID,
        Severity.WARNING,
        deployment,
        "rate_limit.burst",
        f"of two requests within {between} the second is answered 429.",
        proof=(
            Proof("rhythm", f"{limit.requests:,} a {limit.per} = one every {between}"),
            Proof("from", said(deployment, requests=f"{limit.requests} @ rate_limit.requests")),
        ),
        changes=(Change("rate_limit.burst", min(MOST, max(LEAST, limit.requests // 3))),),
    )
