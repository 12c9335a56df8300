"""What is spread over zones has a way out of each.

What it does: warns, in an environment named production, of one NAT gateway for tasks in several zones of a VPC that
the stack creates.

Why it matters: the one gateway stands in one zone. When that zone fails, the tasks in the others run on, pass their
health checks, and reach neither a language model nor a search API.

Example: targets: {ecs: {nat_gateways: one}} with scaling: {min: 3} in environments: {production: {}}.

Fix: a gateway in each zone, at a price an hour; or scheduling: {zones: any}, which promises nothing.

References: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html and
https://github.com/GetSimpl/cloudlift/issues/16
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.environments import is_production
from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.config.aws import EcsTarget
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID403"
SLUG = "one-way-out"
SEVERITY = Severity.WARNING
TARGETS = frozenset({"ecs"})
READS = ("targets.ecs.nat_gateways", "targets.ecs.vpc", "scheduling.zones", "scaling.min")


def check(deployment: Deployment) -> Iterator[Finding]:
    """A gateway in each zone."""
    from aisearch_deploy.targets.ecs.sizes import spread, zones

    options = deployment.config.targets.ecs or EcsTarget()
    ours = options.vpc is None and options.nat_gateways == "one"
    if not ours or not spread(deployment) or not is_production(deployment):
        return
    yield found(
        ID,
        Severity.WARNING,
        deployment,
        "targets.ecs.nat_gateways",
        f"tasks in {zones(deployment)} zones, and one way out: they reach nothing when its zone fails.",
        proof=(
            Proof(
                "from",
                said(
                    deployment,
                    gateways=f"{options.nat_gateways} @ targets.ecs.nat_gateways",
                    zones=f"{deployment.config.scheduling.zones} @ scheduling.zones",
                    replicas=f"{deployment.sizes.replicas} @ scaling.min",
                ),
            ),
        ),
        changes=(Change("targets.ecs.nat_gateways", "per-zone"),),
    )
