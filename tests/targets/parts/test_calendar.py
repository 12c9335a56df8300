"""Cron's schedules as systemd writes them; each expression was put to `systemd-analyze calendar`."""

from __future__ import annotations

import pytest

from aisearch_deploy.targets.parts.calendar import calendars, in_words, longest_gap


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("0 2 * * *", ["*-*-* 02:00:00 UTC"]),
        ("0 2,14 * * *", ["*-*-* 02,14:00:00 UTC"]),
        ("*/15 * * * *", ["*-*-* *:00/15:00 UTC"]),
        ("5-20/5 0-6 1,15 * *", ["*-*-01,15 00..06:05..20/5:00 UTC"]),
        ("5/10 * * * *", ["*-*-* *:05/10:00 UTC"]),
        ("30 1 * * 0", ["Sun *-*-* 01:30:00 UTC"]),
        ("30 1 * * 7", ["Sun *-*-* 01:30:00 UTC"]),
        ("0 3 * * 1-5", ["Mon,Tue,Wed,Thu,Fri *-*-* 03:00:00 UTC"]),
        ("0 3 * * 5-7", ["Sun,Fri,Sat *-*-* 03:00:00 UTC"]),
        ("0 3 * * */2", ["Sun,Tue,Thu,Sat *-*-* 03:00:00 UTC"]),
        ("0 3 * * 2/2", ["Tue,Thu,Sat *-*-* 03:00:00 UTC"]),
        ("0 3 * */3 *", ["*-01/3-* 03:00:00 UTC"]),
        # Day or weekday when both are restricted, day and weekday when one begins with *.
        ("0 3 1 * 1", ["*-*-01 03:00:00 UTC", "Mon *-*-* 03:00:00 UTC"]),
        ("0 3 1-7 6 1,3", ["*-06-01..07 03:00:00 UTC", "Mon,Wed *-06-* 03:00:00 UTC"]),
        ("0 3 */2 * 1", ["Mon *-*-01/2 03:00:00 UTC"]),
        ("0 3 1 * */2", ["Sun,Tue,Thu,Sat *-*-01 03:00:00 UTC"]),
    ],
)
def test_a_schedule_means_the_same(schedule: str, expected: list[str]) -> None:
    assert calendars(schedule) == expected


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("0 2 * * *", "at 02:00 UTC"),
        ("5 14,2 * * *", "at 02:05 and 14:05 UTC"),
        ("0 2,8,14 * * *", "at 02:00, 08:00 and 14:00 UTC"),
        ("0 2 * * 1", "at 0 2 * * 1 (minute hour day month weekday, in UTC)"),
        ("*/5 2 * * *", "at */5 2 * * * (minute hour day month weekday, in UTC)"),
    ],
)
def test_words(schedule: str, words: str) -> None:
    assert in_words(schedule) == words


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [
        ("0 2 * * *", 24),
        ("0 2,14 * * *", 12),
        ("0 1,4 * * *", 21),
        ("*/15 * * * *", 0.25),
        ("0 2 * * 1-5", 72),
        ("0 2 * * 7", 168),
        ("0 2 1 * *", 31 * 24),
        ("0 2 1 * 1", 7 * 24),
        ("0 2 29 2 *", 1461 * 24),
        ("0 2 30 2 *", 1461 * 24),
    ],
)
def test_the_longest_time_between_two(schedule: str, hours: float) -> None:
    assert longest_gap(schedule) == hours * 3600
