"""Copies that are there at once, counted one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aisearch_deploy.checks.rules.data.backup_room import least_copies

HOUR = 3600


@given(keep=st.integers(1, 2000), gap=st.integers(1, 200))
def test_copies_are_those_that_a_schedule_leaves(keep: int, gap: int) -> None:
    made = range(0, (keep + gap) * 3, gap)
    now = made[-1]
    there = [start for start in made if now - start <= keep]
    assert least_copies(keep * HOUR, gap * HOUR) == len(there)
