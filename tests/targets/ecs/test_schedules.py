"""Schedules in AWS's own writing."""

from __future__ import annotations

import pytest

from aisearch_deploy.targets.ecs.schedules import aws_schedules


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("0 2 * * *", ["cron(0 2 * * ? *)"]),
        ("0 2,14 * * *", ["cron(0 2,14 * * ? *)"]),
        ("30 1 1 * *", ["cron(30 1 1 * ? *)"]),
        ("0 3 * * 0", ["cron(0 3 ? * 1 *)"]),
        ("0 3 * * 7", ["cron(0 3 ? * 1 *)"]),
        ("0 3 * * 1-5", ["cron(0 3 ? * 2,3,4,5,6 *)"]),
        ("0 3 * * 5-7", ["cron(0 3 ? * 1,6,7 *)"]),
        ("0 3 * * */2", ["cron(0 3 ? * 1,3,5,7 *)"]),
        ("0 3 15 * 1", ["cron(0 3 15 * ? *)", "cron(0 3 ? * 2 *)"]),
    ],
)
def test_as_aws_writes_it(schedule: str, expected: list[str]) -> None:
    assert aws_schedules(schedule) == expected
