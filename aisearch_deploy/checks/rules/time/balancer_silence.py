"""The load balancer can be told to wait as long as the app may be silent.

What it does: computes the idle timeout of the load balancer, which has to outlast the longest request and twice the
longest silence of a stream, and compares it with the 4,000 seconds that an Application Load Balancer takes.

Why it matters: CloudFormation refuses a larger number and takes the stack back. With a smaller one the balancer would
hang up on requests that the app goes on to answer.

Example: app: {longest_request: 2h} with targets: {ecs: {}}.

Fix: shorter requests: what takes hours belongs into a queue, with an answer that is asked for later.

References:
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html and
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.quantities import duration
from aisearch_deploy.model.deployment import Deployment

ID = "AID304"
SLUG = "balancer-silence"
SEVERITY = Severity.ERROR
TARGETS = frozenset({"ecs"})
READS = ("app.longest_request", "app.token_gap")
LONGEST_IDLE = 4000  # seconds
LONGEST_HELD = 3600
LONGEST_GAP = 1800


def check(deployment: Deployment) -> Iterator[Finding]:
    """The idle timeout <= 4,000 s."""
    from aisearch_deploy.targets.ecs.sizes import idle_timeout

    app, idle = deployment.config.app, idle_timeout(deployment)
    if idle <= LONGEST_IDLE:
        return
    changes = [
        Change(path, duration(longest))
        for path, seconds, longest in (
            ("app.longest_request", app.longest_request, LONGEST_HELD),
            ("app.token_gap", app.token_gap, LONGEST_GAP),
        )
        if seconds > longest
    ]
    yield found(
        ID,
        Severity.ERROR,
        deployment,
        changes[0].path,
        f"the load balancer would have to wait {idle:,} s, and takes {LONGEST_IDLE:,} s at most.",
        proof=(
            Proof(
                "idle timeout",
                f"the longer of {app.longest_request:,} s and 2 x {app.token_gap:,} s, "
                f"+ 15 s for the hops within = {idle:,} s",
            ),
            Proof(
                "from",
                said(
                    deployment,
                    longest_request=f"{app.longest_request} s @ app.longest_request",
                    token_gap=f"{app.token_gap} s @ app.token_gap",
                ),
            ),
        ),
        changes=tuple(changes),
    )
