"""Rules on what the config accepts."""

from __future__ import annotations

from tests.checks.cases.sound import Case

REASON = "the registry moves"

CASES: tuple[Case, ...] = (
    Case(
        "AID901",
        "waivers",
        [{"rule": "AID501", "reason": REASON, "until": "2026-11-23"}],
        [{"rule": "AID501", "reason": REASON, "until": "2026-11-24"}],
        severity="warning",
        says=("AID501", "2026-11-23", "2026-11-24"),
    ),
    Case(
        "AID902",
        "waivers",
        [{"rule": "AID501", "reason": REASON, "until": "2027-03-01"}],
        [],
        severity="warning",
        says=("AID501",),
    ),
)
