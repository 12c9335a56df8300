"""An account lets a function reserve as many instances as scaling.max says.

What it does: compares scaling.max on Lambda with what an account of the usual quota may reserve: 1,000 instances, of
which 100 have to stay for other functions.

Why it matters: CloudFormation refuses the function and takes the whole stack back: "Specified
ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value".

Example: scaling: {max: 1000} with targets: {lambda: {}}.

Fix: 900 at most; or a higher quota from AWS, and a waiver that says so. New accounts may start with far less than the
usual quota: `aws lambda get-account-settings` shows it.

References: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html and
https://github.com/aws-samples/one-observability-demo/issues/278
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID110"
SLUG = "reserved-concurrency"
SEVERITY = Severity.WARNING
TARGETS = frozenset({"lambda"})
READS = ("scaling.max",)
QUOTA = 1000
FOR_OTHERS = 100


def check(deployment: Deployment) -> Iterator[Finding]:
    """scaling.max <= quota - 100."""
    # What is reserved is scaling.max, whether or not it is more than scaling.min.
    most, reservable = deployment.config.scaling.max, QUOTA - FOR_OTHERS
    if most <= reservable:
        return
    least = deployment.config.scaling.min
    yield found(
        ID,
        Severity.WARNING,
        deployment,
        "scaling.max",
        f"{most:,} instances are reserved; an account of the usual quota allows {reservable}.",
        proof=(
            Proof("quota", f"{QUOTA:,} - {FOR_OTHERS} for other functions = {reservable}"),
            Proof("from", said(deployment, instances=f"{most} @ scaling.max")),
        ),
        changes=(
            *((Change("scaling.min", reservable),) if least > reservable else ()),
            Change("scaling.max", reservable),
        ),
        fix="Or have AWS raise the quota.",
    )
