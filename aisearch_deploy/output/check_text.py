"""What the rules found, for a person: where, the lines of the config, the arithmetic, the fix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from aisearch_deploy.findings import Finding, Severity
from aisearch_deploy.output.findings_text import count

# A quoted text, or what ends with its line or with the block around it.
_VALUE = re.compile(r""""[^"]*"|'[^']*'|[^,\]}\s#:]+""")

# Its line of the config holds what may be a secret: not for a pipeline's log.
UNSHOWN = frozenset({"AID513"})


def check_text(findings: Sequence[Finding], slugs: Mapping[str, str], source: str) -> str:
    """One block for each finding. `slugs` are the rules' names by id, `source` is the config's text."""
    lines = source.splitlines()
    counted = [finding for finding in findings if finding.waived is None]
    blocks = ["\n".join(_block(finding, slugs, lines)) for finding in counted]
    waived = [_waived(finding, slugs) for finding in findings if finding.waived is not None]
    worst = [finding.rule for finding in counted if finding.severity is not Severity.INFO]
    more = f"  aisearch-deploy explain {worst[0]}" if worst else ""
    beside = f", {len(waived)} waived" if waived else ""
    return "\n\n".join([*blocks, *(["\n".join(waived)] if waived else []), f"{count(counted)}{beside}.{more}"])


def _waived(finding: Finding, slugs: Mapping[str, str]) -> str:
    """What is accepted, until when and why."""
    if finding.waived is None:
        return ""
    place = f"{finding.position}  " if finding.position else ""
    targets = f" ({', '.join(finding.targets)})" if finding.targets else ""
    accepted = f"until {finding.waived.until}: {finding.waived.reason}"
    head = f"waived   {finding.rule} {slugs.get(finding.rule, '')}  {place}{finding.path}{targets}"
    return f"{head}\n  {finding.message}\n  Waived {accepted}"


def _block(finding: Finding, slugs: Mapping[str, str], lines: Sequence[str]) -> Iterator[str]:
    place = f"{finding.position}  " if finding.position else ""
    yield f"{finding.severity:<7}  {finding.rule} {slugs.get(finding.rule, '')}  {place}{finding.path}".rstrip()
    if finding.rule not in UNSHOWN and finding.position and 0 < finding.position.line <= len(lines):
        line, column = lines[finding.position.line - 1], finding.position.column
        number = f"{finding.position.line:>5}"
        yield f"{number} | {line}"
        value = _VALUE.match(line[column - 1 :])
        yield f"{'':>5} | {' ' * (column - 1)}{'^' * len(value[0] if value else '^')}"
    yield f"  {finding.message}"
    width = max((len(proof.label) for proof in finding.proof), default=0)
    for proof in finding.proof:
        yield f"  {proof.label:<{width}}  {proof.text}"
    if finding.targets:
        yield f"  Targets: {', '.join(finding.targets)}."
    if finding.fix:
        yield f"  Fix:  {finding.fix}"
