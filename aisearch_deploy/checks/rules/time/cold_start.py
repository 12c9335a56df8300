"""A function that starts answers whoever woke it.

What it does: takes the ten seconds of Lambda's own start-up from app.startup. The rest is waited for by the first
request of each new instance: it has app.longest_request, the function's time-out, and its caller has the 60 seconds
that CloudFront waits for a first byte.

Why it matters: past the function's time-out Lambda stops the instance in the middle of its start, and the next
request begins again: no instance ever starts. Past CloudFront's patience the first caller of every instance gets 504.

Example: app: {startup: 3m, longest_request: 2m} with targets: {lambda: {}}.

Fix: an image that starts sooner (models in the image or on EFS, fewer imports, more memory, which brings CPU), or
another target.

References: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html and
https://awslabs.github.io/aws-lambda-web-adapter/configuration/async-init.html
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID306"
SLUG = "cold-start"
SEVERITY = Severity.ERROR
TARGETS = frozenset({"lambda"})
READS = ("app.startup", "app.longest_request")
INIT = 10  # seconds
FIRST_BYTE = 60


def check(deployment: Deployment) -> Iterator[Finding]:
    """startup - 10 s <= longest_request, and <= 60 s."""
    app = deployment.config.app
    waited = app.startup - INIT
    fails = waited > app.longest_request
    if not fails and waited <= FIRST_BYTE:
        return
    patience = f"the function's time-out of {app.longest_request} s" if fails else f"CloudFront's {FIRST_BYTE} s"
    yield found(
        ID,
        Severity.ERROR if fails else Severity.WARNING,
        deployment,
        "app.startup",
        f"the first request of an instance waits {waited} s for its start, longer than {patience}.",
        proof=(
            Proof("wait", f"{app.startup} s - {INIT} s that Lambda starts by itself = {waited} s"),
            Proof(
                "from",
                said(
                    deployment,
                    startup=f"{app.startup} s @ app.startup",
                    longest_request=f"{app.longest_request} s @ app.longest_request",
                ),
            ),
        ),
        fix=f"Make the image start within {FIRST_BYTE + INIT} s and write what you measure in app.startup, "
        "or take another target.",
    )
