"""Rules on backups and restores."""

from __future__ import annotations

from tests.checks.cases.sound import OTHER, RECIPIENT, Case

CASES: tuple[Case, ...] = (
    Case("AID701", "backup.schedule", "0 2 * * *", "0 2,14 * * *", says=("1d",)),
    Case("AID701", "backup.rpo", "6h", "24h", says=("12h", "6h")),
    Case("AID702", "backup.encrypt_to", [RECIPIENT], [RECIPIENT, OTHER], target="compose", severity="warning"),
)
