"""`check`: the rules over every environment and target that is asked for."""

from __future__ import annotations

import os
from calendar import timegm
from datetime import date
from typing import NamedTuple

from aisearch_deploy.checks import registry
from aisearch_deploy.checks.once import once
from aisearch_deploy.checks.today import VARIABLE
from aisearch_deploy.checks.waivers import UNUSED, unused_everywhere, wrong_waivers
from aisearch_deploy.commands.reading import read_config
from aisearch_deploy.commands.refusals import refusal_finding
from aisearch_deploy.commands.selection import selected_environments, selected_targets
from aisearch_deploy.config.load import Document
from aisearch_deploy.errors import ConfigInvalid, UsageError
from aisearch_deploy.findings import Finding, Position, Severity
from aisearch_deploy.model.named import environment_names
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.targets.registry import target_named

ORDER = tuple(Severity)


class Request(NamedTuple):
    """The command line, as typed."""

    config: str = "aisearch.yaml"
    targets: tuple[str, ...] = ()
    environment: str | None = None
    all_environments: bool = False
    fail_on: str = "error"
    format: str = "text"
    today: str | None = None


def run(request: Request) -> int:
    """Prints the findings; 1 when one is as severe as `fail_on`."""
    _set_today(request.today)
    document = read_config(request.config)
    findings = gathered(document, request)
    print(_printed(findings, request.format, document))
    failing = ORDER[: ORDER.index(Severity(request.fail_on)) + 1]
    return 1 if any(finding.severity in failing and finding.waived is None for finding in findings) else 0


def gathered(document: Document, request: Request) -> list[Finding]:
    """Every finding once, with the targets where it holds, the worst first. Raises ConfigInvalid, UsageError."""
    found: list[Finding] = []
    invalid: dict[Finding, None] = {}
    for environment in selected_environments(document, request.environment, request.all_environments):
        for name in selected_targets(document, environment, request.targets, False):
            target = target_named(name)
            try:
                deployment = resolve(document, environment, target.TRAITS)
            except ConfigInvalid as error:
                invalid.update(dict.fromkeys(error.findings))
                continue
            refusal = target.refuses(deployment)
            if refusal is not None:
                invalid[refusal_finding(deployment, refusal)] = None
                continue
            invalid.update(dict.fromkeys(wrong_waivers(deployment, registry.RULES)))
            found += registry.check(deployment)
    if invalid:
        raise ConfigInvalid(invalid)
    merged = once(found)
    everything = not request.targets and (request.all_environments or not environment_names(document))
    merged = unused_everywhere(merged) if everything else [one for one in merged if one.rule != UNUSED]
    start = Position("", 0, 0)
    return sorted(merged, key=lambda one: (ORDER.index(one.severity), one.position or start, one.rule))


def _printed(findings: list[Finding], form: str, document: Document) -> str:
    if form == "json":
        from aisearch_deploy.output.findings_json import findings_json

        return findings_json(findings)
    if form == "sarif":
        from aisearch_deploy.output.findings_json import findings_sarif

        return findings_sarif(findings)
    if not findings:
        return f"{document.file}: nothing was found by {len(registry.RULES)} rules."
    from aisearch_deploy.output.check_text import check_text

    slugs = {rule: registry.rule_named(rule).SLUG for rule in registry.RULES}
    return check_text(findings, slugs, document.content.decode())


def _set_today(day: str | None) -> None:
    if day is None:
        return
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise UsageError(f"--today {day} is no date.", "Write it as 2026-11-24.") from None
    os.environ[VARIABLE] = str(timegm(wanted.timetuple()))
