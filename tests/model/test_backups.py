"""How much data a lost disk takes with it, by the schedule alone."""

from __future__ import annotations

import pytest

from tests.goldens import WITHOUT_GOLDENS, Case, cases, deployment
from tests.model.deployments import deployment as of


@pytest.mark.parametrize("case", [case for case in cases() if case.example not in WITHOUT_GOLDENS], ids=str)
def test_g33_no_example_backs_up_only_once_a_day(case: Case) -> None:
    assert hours_apart(deployment(case).config.backup.schedule) <= 12


def test_g33_neither_does_a_config_that_says_nothing() -> None:
    assert hours_apart(of().config.backup.schedule) <= 12


def test_g33_once_a_day_loses_a_whole_day_and_the_time_a_backup_takes() -> None:
    assert hours_apart("0 2 * * *") == 24


def hours_apart(schedule: str) -> int:
    """The longest time between two backups, for a schedule of daily hours."""
    hours = sorted(int(hour) for hour in schedule.split()[1].split(","))
    return max(after - before for before, after in zip(hours, [*hours[1:], hours[0] + 24], strict=True))
