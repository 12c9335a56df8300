"""A waiver holds until the day that was agreed.

What it does: warns of waivers whose last day is over. They waive nothing any more: what they were about is found
again.

Why it matters: an exception without an end is how a risk is forgotten. The day is the reminder.

Example: waivers: [{rule: AID501, reason: the registry moves, until: "2026-01-31"}] after that day.

Fix: mend what the waiver was about and remove it; or write a later day, if the reason still stands.

References: https://github.com/mlab-sh/postmortem/wiki/Allowlist (why suppressions expire)
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.today import today
from aisearch_deploy.checks.waivers import is_expired
from aisearch_deploy.findings import Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID901"
SLUG = "expired-waiver"
SEVERITY = Severity.WARNING
TARGETS = None
READS = ("waivers[].rule", "waivers[].until")


def check(deployment: Deployment) -> Iterator[Finding]:
    """today <= until."""
    for number, waiver in enumerate(deployment.config.waivers):
        if is_expired(waiver.until):
            yield found(
                ID,
                Severity.WARNING,
                deployment,
                f"waivers[{number}].until",
                f"the waiver of {waiver.rule} ended on {waiver.until}.",
                proof=(Proof("today", today().isoformat()),),
                fix=f"Mend what {waiver.rule} finds and remove the waiver, or write a later day.",
            )
