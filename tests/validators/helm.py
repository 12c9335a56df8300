"""Helm 4 and 3, from the wheels of ``.ci/tools.txt``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.validators.kubernetes import documents
from tests.validators.tools import complaint, fetched, run

# What `.ci/unpack-tools` calls them.
VERSIONS = {"4": "helm", "3": "helm-3"}


def problems(chart: Path, version: str, *arguments: str) -> list[str]:
    """What ``helm lint --strict`` finds: warnings too."""
    finished = run([fetched(VERSIONS[version]), "lint", "--strict", chart, *arguments], cwd=chart)
    return complaint(finished) if finished.returncode else []


def template(chart: Path, version: str, *arguments: str) -> list[dict[str, Any]]:
    """The objects that ``helm template`` prints.

    Raises:
        ValueError: Helm refuses the chart or its values.
    """
    finished = run([fetched(VERSIONS[version]), "template", *arguments, "release", chart], cwd=chart)
    if finished.returncode:
        raise ValueError("\n".join(complaint(finished)))
    return documents(finished.stdout)
