"""Findings for a person: one line each, place first, then what ends the list."""

from __future__ import annotations

from collections.abc import Sequence

from aisearch_deploy.findings import Finding, Severity


def findings_text(findings: Sequence[Finding], end: str) -> str:
    """`file:line:column path: message fix`, aligned by nothing so that terminals can link the places."""
    lines = [line(finding) for finding in findings]
    return "\n".join([*lines, f"{count(findings)}, {end}."])


def line(finding: Finding) -> str:
    """One finding; only what is no error names its severity."""
    place = f"{finding.position}  " if finding.position else ""
    severity = "" if finding.severity is Severity.ERROR else f"{finding.severity}: "
    path = f"{finding.path}: " if finding.path else ""
    where = f" on {', '.join(finding.targets)}" if finding.targets else ""
    rule = "" if finding.rule == "config" else f"  [{finding.rule}]{where}"
    return f"{place}{severity}{path}{finding.message} {finding.fix}".rstrip() + rule


def count(findings: Sequence[Finding]) -> str:
    """`3 errors, 1 warning`."""
    parts = []
    for severity in Severity:
        number = sum(finding.severity is severity for finding in findings)
        if number:
            parts.append(f"{number} {severity}{'' if number == 1 or severity is Severity.INFO else 's'}")
    return ", ".join(parts) or "no findings"
