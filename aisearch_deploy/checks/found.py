"""A rule's finding, at its place in the person's file and with its fix in words."""

from __future__ import annotations

from aisearch_deploy.checks.provenance import position
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment


def found(
    rule: str,
    severity: Severity,
    deployment: Deployment,
    path: str,
    message: str,
    *,
    proof: tuple[Proof, ...] = (),
    changes: tuple[Change, ...] = (),
    fix: str = "",
) -> Finding:
    """`changes`, where they are in force, begin the fix; `fix` says more, or what no setting can do."""
    from aisearch_deploy.checks.in_force import in_force  # not loaded where nothing is found

    changes = in_force(deployment, changes)
    words = " ".join([*_words(changes), fix]).strip()
    return Finding(rule, severity, path, position(deployment, path), message, words, proof, changes)


def _words(changes: tuple[Change, ...]) -> list[str]:
    from aisearch_deploy.config.examples import flow

    written = [f"{change.path}: {flow(change.value)}" for change in changes if change.value is not None]
    removed = [change.path for change in changes if change.value is None]
    return [
        *([f"Write {' and '.join(written)}."] if written else []),
        *([f"Remove {' and '.join(removed)}."] if removed else []),
    ]
