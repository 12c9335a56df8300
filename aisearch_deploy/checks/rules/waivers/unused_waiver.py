"""A waiver is about something that is found.

What it does: warns of waivers that still hold, for rules that find nothing. `check` says so only when it looks at
every environment and target that the config names: a waiver may be about one of them.

Why it matters: the day that the problem comes back, in another place, it would be waived by a reason that was written
for something else.

Example: waivers: [{rule: AID501, reason: the registry moves, until: "2027-03-01"}] with image: {tag: "1.4.2"}.

Fix: remove the waiver.

References: https://eslint.org/docs/latest/use/configure/rules#report-unused-eslint-disable-comments
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.registry import RULES, unmarked
from aisearch_deploy.checks.waivers import ABOUT_WAIVERS, is_expired
from aisearch_deploy.findings import Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID902"
SLUG = "unused-waiver"
SEVERITY = Severity.WARNING
TARGETS = None
READS = ("waivers[].rule", "waivers[].until")


def check(deployment: Deployment) -> Iterator[Finding]:
    """Each waiver that holds has a finding in this deployment."""
    for number, waiver in enumerate(deployment.config.waivers):
        if is_expired(waiver.until) or waiver.rule in ABOUT_WAIVERS or waiver.rule not in RULES:
            continue
        if not unmarked(deployment, [waiver.rule]):
            message = f"{waiver.rule} finds nothing that could be waived."
            yield found(ID, Severity.WARNING, deployment, f"waivers[{number}].rule", message, fix="Remove this waiver.")
