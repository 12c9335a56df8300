"""Rules on the contract of the image."""

from __future__ import annotations

from tests.checks.cases.sound import Case

CASES: tuple[Case, ...] = ()
