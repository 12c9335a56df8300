"""Browsers remember that the search is reached by HTTPS alone.

What it does: notes an edge.hsts below six months, zero included, which makes browsers forget.

Why it matters: between two visits that are further apart the first request goes out by HTTP again, and whoever runs the
network answers it in the search's place.

Example: edge: {hsts: 1d}.

Fix: 2y, the default, once every subdomain is reached by HTTPS. A short time is right for the first days, while that is
tried.

References: https://tenable.com/audits/items/CIS_NGINX_v2.0.1_Level_1_Webserver.audit:7283439a3667cc73f9f8f20e2ba833e3
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.quantities import duration
from aisearch_deploy.model.deployment import Deployment

ID = "AID516"
SLUG = "short-hsts"
SEVERITY = Severity.INFO
TARGETS = None
READS = ("edge.hsts",)
# CIS Benchmark for nginx 2.0.1, 4.1.8: six months.
SHORTEST = 15_768_000


def check(deployment: Deployment) -> Iterator[Finding]:
    """hsts >= six months."""
    hsts = deployment.config.edge.hsts
    if hsts >= SHORTEST:
        return
    written = f"{duration(hsts)} @ edge.hsts"
    yield found(
        ID,
        Severity.INFO,
        deployment,
        "edge.hsts",
        f"who comes back after {duration(hsts)} comes by HTTP first.",
        proof=(Proof("remembered", f"{said(deployment, hsts=written)}; six months are {SHORTEST:,} s"),),
        changes=(Change("edge.hsts", "2y"),),
    )
