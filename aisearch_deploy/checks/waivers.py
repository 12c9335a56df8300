"""Findings that the config accepts, until a day."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import position
from aisearch_deploy.checks.today import today
from aisearch_deploy.findings import Finding, Severity, Waived
from aisearch_deploy.model.deployment import Deployment

# What is said about waivers themselves.
EXPIRED, UNUSED = "AID901", "AID902"
ABOUT_WAIVERS = frozenset({EXPIRED, UNUSED})


def is_expired(until: str) -> bool:
    """Whether the last day of a waiver is over."""
    return date.fromisoformat(until) < today()


def marked(findings: list[Finding], deployment: Deployment) -> list[Finding]:
    """The findings, those of a waived rule with the first waiver that still holds."""
    waived: dict[str, Waived] = {}
    for number, waiver in enumerate(deployment.config.waivers):
        if not is_expired(waiver.until):
            place = position(deployment, f"waivers[{number}].rule")
            waived.setdefault(waiver.rule, Waived(waiver.reason, waiver.until, place))
    return [finding._replace(waived=waived.get(finding.rule)) for finding in findings]


def unused_everywhere(findings: list[Finding]) -> list[Finding]:
    """The findings of several deployments, without unused waivers that one of the others uses."""
    used = {finding.waived.position for finding in findings if finding.waived is not None}
    return [finding for finding in findings if finding.rule != UNUSED or finding.position not in used]


def wrong_waivers(deployment: Deployment, rules: Collection[str]) -> Iterator[Finding]:
    """Waivers for rules that are not among `rules`, or about waivers: both are errors of the config."""
    for number, waiver in enumerate(deployment.config.waivers):
        path = f"waivers[{number}].rule"
        if waiver.rule not in rules:
            fix = "aisearch-deploy rules lists them."
            yield found("config", Severity.ERROR, deployment, path, f"there is no rule {waiver.rule}.", fix=fix)
        elif waiver.rule in ABOUT_WAIVERS:
            fix = "Remove the waiver that it is about."
            yield found("config", Severity.ERROR, deployment, path, f"{waiver.rule} cannot be waived.", fix=fix)
