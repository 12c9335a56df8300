"""Rules on restarts, updates and room to move."""

from __future__ import annotations

from tests.checks.cases.sound import Case

CASES: tuple[Case, ...] = ()
