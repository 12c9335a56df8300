"""`validate`: the config alone, for one or every environment and every target it names."""

from __future__ import annotations

from aisearch_deploy.checks.registry import RULES
from aisearch_deploy.checks.waivers import wrong_waivers
from aisearch_deploy.commands.reading import read_config
from aisearch_deploy.commands.refusals import refusal_finding
from aisearch_deploy.config.load import Document
from aisearch_deploy.errors import ConfigInvalid
from aisearch_deploy.findings import Finding
from aisearch_deploy.model.named import environment_names, named_targets
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.targets.registry import TARGETS, target_named


def run(file: str, environment: str | None, format: str) -> int:
    """Prints what is wrong, or that nothing is; 2 when the config is invalid."""
    findings: list[Finding] = []
    summary = ""
    try:
        document = read_config(file)
        summary = _validate(document, environment)
    except ConfigInvalid as error:
        if format == "text":
            raise
        findings = list(error.findings)
    if format == "json":
        from aisearch_deploy.output.findings_json import findings_json

        print(findings_json(findings))
    elif format == "sarif":
        from aisearch_deploy.output.findings_json import findings_sarif

        print(findings_sarif(findings))
    else:
        print(summary)
    return ConfigInvalid.exit_code if findings else 0


def _validate(document: Document, environment: str | None) -> str:
    environments: list[str | None] = [environment] if environment else [*environment_names(document)] or [None]
    findings: dict[Finding, None] = {}
    checked: list[str] = []
    for name in environments:
        targets = [target for target in named_targets(document, name) if target in TARGETS]
        for target in targets or [next(iter(TARGETS))]:
            try:
                deployment = resolve(document, name, target_named(target).TRAITS)
            except ConfigInvalid as error:
                findings.update(dict.fromkeys(error.findings))
                continue
            findings.update(dict.fromkeys(wrong_waivers(deployment, RULES)))
            refusal = target_named(target).refuses(deployment) if target in targets else None
            if refusal is not None:
                findings[refusal_finding(deployment, refusal)] = None
        checked += targets
    if findings:
        raise ConfigInvalid(findings)
    scope = ", ".join(name for name in environments if name)
    names = ", ".join(dict.fromkeys(checked)) or "no targets named"
    return f"{document.file} is valid ({scope + '; ' if scope else ''}{names})."
