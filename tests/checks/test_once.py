"""What holds in several targets is said once."""

from __future__ import annotations

from aisearch_deploy.checks.once import once
from aisearch_deploy.findings import Finding, Severity


def found(message: str, *targets: str) -> Finding:
    return Finding("AID101", Severity.ERROR, "app.workers", None, message, targets=targets)


def test_findings_that_differ_only_in_their_targets_are_one() -> None:
    assert once([found("1", "compose"), found("2", "k8s"), found("1", "k8s"), found("1", "k8s")]) == [
        found("1", "compose", "k8s"),
        found("2", "k8s"),
    ]
