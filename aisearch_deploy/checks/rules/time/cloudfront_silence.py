"""CloudFront waits longer than a stream is silent.

What it does: compares the longest silence inside a stream with the 60 seconds that CloudFront waits for each next
byte of a function's answer.

Why it matters: CloudFront hangs up on the function after 60 seconds without a byte. The answer ends in the middle,
while the function goes on, is paid for, and knows nothing of it.

Example: app: {token_gap: 90s} with targets: {lambda: {}}.

Fix: let the app send something (a comment line of server-sent events) at least every 55 seconds, and say so in
token_gap.

References:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html and
https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_cloudfront_origins.FunctionUrlOriginProps.html (more than
60 seconds need a quota that AWS raises on request).
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID305"
SLUG = "cloudfront-silence"
SEVERITY = Severity.ERROR
TARGETS = frozenset({"lambda"})
READS = ("app.token_gap",)
SILENCE = 60  # seconds; templates/lambda asks for no more
LONGEST = 55


def check(deployment: Deployment) -> Iterator[Finding]:
    """token_gap <= 60 s."""
    gap = deployment.config.app.token_gap
    if gap <= SILENCE:
        return
    yield found(
        ID,
        Severity.ERROR,
        deployment,
        "app.token_gap",
        f"{gap} s without a byte, and CloudFront hangs up after {SILENCE} s.",
        proof=(Proof("silence", said(deployment, token_gap=f"{gap} s @ app.token_gap") + f"; CloudFront {SILENCE} s"),),
        changes=(Change("app.token_gap", f"{LONGEST}s"),),
        fix="Then the app has to send something that often.",
    )
