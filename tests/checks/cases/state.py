"""Rules on where data is kept."""

from __future__ import annotations

from tests.checks.cases.sound import LOCAL, OUTSIDE, Case

CASES: tuple[Case, ...] = (
    Case("AID201", "scaling.max", 3, 1, {**LOCAL}, says=("3 writers",)),
    Case("AID201", "app.workers", 2, 1, {**LOCAL}, target="compose", says=("2 writers",)),
    Case("AID202", "database.version", 14, 18, says=("2026-11-12", "2026-11-24")),
    Case("AID202", "database.version", 14, 18, OUTSIDE, severity="warning", says=("2026-11-12",)),
)
