"""Findings for machines: our own JSON (version 1) and SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from aisearch_deploy import __version__
from aisearch_deploy.findings import Finding, Severity

SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def findings_json(findings: Sequence[Finding]) -> str:
    """`{"version": 1, "findings": [{rule, severity, path, file, line, column, message, fix, ...}]}`; no position: null.

    What `check` finds also has `proof` ([{label, text}]), `changes` ([{path, value}], null takes a setting away) and
    `targets`, and `waived`: null, or {reason, until} of the config's waiver; then it counts for no verdict.
    """
    return json.dumps({"version": 1, "findings": [_plain(finding) for finding in findings]}, indent=2)


def findings_sarif(findings: Sequence[Finding]) -> str:
    """SARIF 2.1.0 with one run; each finding on its line of the config."""
    rules = sorted({finding.rule for finding in findings})
    driver = {
        "name": "aisearch-deploy",
        "version": __version__,
        "rules": [{"id": rule} for rule in rules],
    }
    run = {"tool": {"driver": driver}, "results": [_result(finding, rules) for finding in findings]}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2)


def _plain(finding: Finding) -> dict[str, Any]:
    position = finding.position
    plain: dict[str, Any] = {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "path": finding.path,
        "file": position.file if position else None,
        "line": position.line if position else None,
        "column": position.column if position else None,
        "message": finding.message,
        "fix": finding.fix,
    }
    if finding.targets:
        plain["proof"] = [proof._asdict() for proof in finding.proof]
        plain["changes"] = [change._asdict() for change in finding.changes]
        plain["targets"] = list(finding.targets)
        waived = finding.waived
        plain["waived"] = {"reason": waived.reason, "until": waived.until} if waived else None
    return plain


def _result(finding: Finding, rules: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": SARIF_LEVELS[finding.severity],
        "message": {"text": f"{finding.path}: {finding.message} {finding.fix}".strip()},
    }
    if finding.position:
        place = {
            "artifactLocation": {"uri": quote(finding.position.file)},
            "region": {"startLine": finding.position.line, "startColumn": finding.position.column},
        }
        result["locations"] = [{"physicalLocation": place}]
    if finding.targets:
        # An empty list says that suppressions were looked for: a viewer shows those without one.
        waived = finding.waived
        reason = f"{waived.reason} (until {waived.until})" if waived else ""
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": reason}] if waived else []
    return result
