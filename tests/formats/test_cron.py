"""Schedules: five fields, as cron and Kubernetes read them."""

from __future__ import annotations

import pytest

from aisearch_deploy.formats import cron


@pytest.mark.parametrize("text", ["0 2,14 * * *", "*/15 0-6 1,15 * 1-5", "59 23 31 12 7", "0 0-22/2 * * 0"])
def test_a_schedule_is_accepted(text: str) -> None:
    assert cron.problem(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0 25 * * *", "hour 25 is past 23"),
        ("60 2 * * *", "minute 60 is past 59"),
        ("0 2 0 * *", "day 0 is before 1"),
        ("0 2 * 13 *", "month 13 is past 12"),
        ("0 2 * * 8", "weekday 8 is past 7"),
        ("0 2 * *", "4 fields"),
        ("@daily", "1 field"),
        ("0 2 * * * *", "6 fields"),
        ("0  2 * * *", "6 fields"),
        ("0 5-2 * * *", "runs backwards"),
        ("0 a * * *", "not a number"),
        ("*/0 2 * * *", "step"),
        ("*/ 2 * * *", "step"),
        ("0 1-2-3 * * *", "not a number"),
        ("0 MON * * *", "not a number"),
        ("٠ 2 * * *", "not a number"),
    ],
)
def test_what_is_wrong_is_said(text: str, words: str) -> None:
    assert words in (cron.problem(text) or "")
