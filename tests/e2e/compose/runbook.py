"""Commands of a rendered RUNBOOK.md, so that what the tests do is what a person is told to do."""

from __future__ import annotations

import re


def commands(runbook: str, heading: str) -> list[str]:
    """The lines of every shell block below a heading, without comments at their ends."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", runbook, re.MULTILINE | re.DOTALL)
    assert section, f"RUNBOOK.md has no {heading!r}"
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", section[1], re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]
