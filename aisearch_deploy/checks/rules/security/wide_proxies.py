"""Only proxies that you run say who a client is.

What it does: refuses trusted_proxies that are wider than any network that somebody runs: more than a /8 of IPv4 or a
/16 of IPv6.

Why it matters: the edge believes X-Forwarded-For from these addresses. When everybody is among them, everybody chooses
the address that he is limited, allowed and logged by: rate_limit and edge.allow are off for whoever knows it.

Example: trusted_proxies: [0.0.0.0/0].

Fix: the addresses of your load balancers and nothing else. Cloudflare's are known: cdn: cloudflare.

References: https://nginx.org/en/docs/http/ngx_http_realip_module.html#set_real_ip_from
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID505"
SLUG = "wide-proxies"
SEVERITY = Severity.ERROR
# Lambda has no edge; Cloud Run's load balancer says who a client is.
TARGETS = frozenset({"compose", "systemd", "k8s", "helm", "ecs", "aci"})
READS = ("trusted_proxies",)
WIDEST = {4: 8, 6: 16}


def check(deployment: Deployment) -> Iterator[Finding]:
    """No network is wider than /8 (IPv4) or /16 (IPv6)."""
    proxies = deployment.config.trusted_proxies
    narrow = [text for text in proxies if not is_wide(text)]
    for number, text in enumerate(proxies):
        if text in narrow:
            continue
        network = ip_network(text)
        yield found(
            ID,
            Severity.ERROR,
            deployment,
            f"trusted_proxies[{number}]",
            f"{text} may say that it is any address, and is believed.",
            proof=(
                Proof(
                    "addresses",
                    f"2^{network.max_prefixlen - network.prefixlen} in {text}; "
                    f"at most 2^{network.max_prefixlen - WIDEST[network.version]} in /{WIDEST[network.version]}",
                ),
            ),
            changes=(Change("trusted_proxies", narrow or None),),
            fix="Then add the addresses of your load balancers.",
        )


def is_wide(text: str) -> bool:
    """Whether an address or network is wider than any that somebody runs."""
    network = ip_network(text)
    return network.prefixlen < WIDEST[network.version]
