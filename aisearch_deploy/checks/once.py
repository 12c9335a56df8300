"""What holds in several targets is said once."""

from __future__ import annotations

from collections.abc import Iterable

from aisearch_deploy.findings import Finding


def once(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that differ only in their targets are one, with all of these, where the first of them was."""
    found: dict[Finding, dict[str, None]] = {}
    for finding in findings:
        found.setdefault(finding._replace(targets=()), {}).update(dict.fromkeys(finding.targets))
    return [finding._replace(targets=tuple(targets)) for finding, targets in found.items()]
