"""The CDN waits longer than the app is silent.

What it does: with cdn: cloudflare, compares the longest silence inside a stream and the longest request with the time
after which Cloudflare gives up on an origin that sends nothing.

Why it matters: Cloudflare answers 524 after 100 seconds without a byte, whatever the edge and the app agreed on. An
answer that thinks for two minutes never arrives, while the app goes on to pay for it.

Example: cdn: cloudflare with app: {token_gap: 150s}.

Fix: let the app send something (a comment line of server-sent events) at least every 90 seconds, and say so in
token_gap; or no CDN in front of these paths.

References:
https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/error-524/
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID301"
SLUG = "cdn-silence"
SEVERITY = Severity.ERROR
TARGETS = None
READS = ("cdn", "app.token_gap", "app.longest_request")
SILENCE = 100  # seconds
LONGEST = 90


def check(deployment: Deployment) -> Iterator[Finding]:
    """token_gap and longest_request <= 100 s behind Cloudflare."""
    app = deployment.config.app
    if deployment.config.cdn != "cloudflare":
        return
    for name, seconds, severity in (
        ("token_gap", app.token_gap, Severity.ERROR),
        # A request may send bytes long before it ends; whether it does is not known.
        ("longest_request", app.longest_request, Severity.INFO),
    ):
        if seconds > SILENCE:
            path = f"app.{name}"
            yield found(
                ID,
                severity,
                deployment,
                path,
                f"{seconds} s without a byte, and Cloudflare answers 524 after {SILENCE} s.",
                proof=(
                    Proof("silence", said(deployment, **{name: f"{seconds} s @ {path}"}) + f"; Cloudflare {SILENCE} s"),
                ),
                changes=(Change(path, f"{LONGEST}s"),),
                fix="Then the app has to send something that often.",
            )
